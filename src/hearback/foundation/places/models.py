"""The city, its layers of areas, and the areas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    import shapely


class City(models.Model):
    """The one city this installation is about."""

    name = models.CharField(max_length=200)
    invented = models.BooleanField(default=False)
    timezone = models.CharField(max_length=60)
    emergency_number = models.CharField(max_length=20)
    default_language = models.CharField(max_length=20)
    languages = models.JSONField(default=list)
    workdays = models.JSONField(default=list)
    """0 for Monday to 6 for Sunday."""
    holidays_country = models.CharField(max_length=10, blank=True)
    holidays_subdivision = models.CharField(max_length=10, blank=True)
    days_off = models.JSONField(default=list)
    """ISO dates on which nobody is there although the law names no holiday."""
    promises = models.JSONField(default=dict)
    """By kind of concern: working days until an answer and until the end, and days that it is kept."""

    def __str__(self) -> str:
        return self.name


class Layer(models.Model):
    """One way of dividing the city: tracts, neighbourhoods, police districts."""

    key = models.SlugField(unique=True)
    singular = models.CharField(max_length=100)
    plural = models.CharField(max_length=100)
    vintage = models.CharField(max_length=200)
    primary = models.BooleanField(default=False)
    """The layer that maps, pages and estimates are about; exactly one."""
    outlined = models.BooleanField(default=True)
    """Whether its areas have outlines; if not, squares stand for them and lie nowhere."""

    def __str__(self) -> str:
        return self.plural


class Area(models.Model):
    """One area of a layer. An area that a newer file lacks is retired, not deleted: people may have named it."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="areas")
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    population = models.PositiveIntegerField(null=True)
    wkb = models.BinaryField()
    """The polygon in longitude and latitude (WGS84), as well-known binary."""
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ("layer", "key")
        constraints = (models.UniqueConstraint(fields=("layer", "key"), name="one_area_per_key"),)

    def __str__(self) -> str:
        return self.name

    @cached_property
    def geometry(self) -> shapely.Geometry:
        """The polygon."""
        import shapely  # web processes draw released outlines and never need it

        return shapely.from_wkb(bytes(self.wkb))
