"""A population on record; its cells lie in the evidence store."""

from __future__ import annotations

from django.db import models

from hearback.foundation.populations.enums import Who


class Population(models.Model):
    """A table of people by area and group. `stored` names its cells in the evidence store."""

    dataset = models.CharField(max_length=80, unique=True)
    """The name of the dataset on record."""
    stored = models.CharField(max_length=200)
    who = models.CharField(max_length=20, choices=Who)
    areas = models.CharField(max_length=50, blank=True)
    """The key of the layer whose areas are told apart; empty where none are."""
    groups = models.JSONField(default=list)
    """Kinds of group, such as `age`."""
    names = models.JSONField(default=dict)
    """The groups of each kind that have people, in the source's order."""
    people = models.FloatField()

    class Meta:
        ordering = ("dataset",)

    def __str__(self) -> str:
        return self.dataset
