"""A dataset in use."""

from __future__ import annotations

from django.db import models

from hearback.foundation.datasets.enums import Holds


class Dataset(models.Model):
    """One dataset as it was last read. `stored` names its folder in the evidence store."""

    name = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    holds = models.CharField(max_length=20, choices=Holds)
    source = models.TextField()
    licence = models.CharField(max_length=200)
    vintage = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    """SHA-256 of the file as it was read."""
    stored = models.CharField(max_length=200, blank=True)
    report = models.JSONField()
    """The reader's quality report."""
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.title
