"""An organisation or a site."""

from __future__ import annotations

from django.db import models


class Organization(models.Model):
    """A local organisation or site, as its source describes it. `contact` is never published."""

    dataset = models.CharField(max_length=80)
    reference = models.CharField(max_length=80)
    """Names the row within its dataset, so that a newer file brings it up to date."""
    name = models.CharField(max_length=300)
    kind = models.SlugField(max_length=60)
    address = models.TextField(blank=True)
    languages = models.JSONField(default=list)
    contact = models.JSONField(default=dict)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    area = models.ForeignKey("places.Area", null=True, on_delete=models.SET_NULL, related_name="organizations")
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "reference")
        constraints = (models.UniqueConstraint(fields=("dataset", "reference"), name="one_organization_per_reference"),)

    def __str__(self) -> str:
        return self.name
