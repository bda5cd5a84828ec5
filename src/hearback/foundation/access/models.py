"""A desk, and a seat at it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearback.foundation.access.enums import DeskKind


class Desk(models.Model):
    """A group of people whom residents may choose as readers."""

    key = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=DeskKind)
    name = models.CharField(max_length=200)
    organization = models.OneToOneField("organizations.Organization", null=True, blank=True, on_delete=models.PROTECT)
    """The partner organisation; empty for other desks."""
    languages = models.JSONField(default=list)
    open = models.BooleanField(default=True)
    """Whether residents can choose it; a desk nobody can read at is not offered either."""

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A person's place at a desk, for a district or for the whole city. A seat that was left stays on record."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    district = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.SET_NULL)
    """What the person looks after first; it limits nothing that was sealed to them."""
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("desk", "person"), condition=models.Q(left_at=None), name="one_seat_at_a_desk"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} at {self.desk}"
