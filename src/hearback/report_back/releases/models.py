"""An edition, and the releases it consists of."""

from __future__ import annotations

from django.db import models


class Edition(models.Model):
    """Everything that was published at one moment. Its checksum covers every release in it."""

    number = models.PositiveIntegerField(primary_key=True)
    published_at = models.DateTimeField()
    checksum = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"edition {self.number}"


class Release(models.Model):
    """One published payload: a copy, with no key back to a person or a raw row."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="releases")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120, blank=True)
    payload = models.TextField()
    """The JSON of one of the shapes in `report_back.payloads`."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("edition", "kind", "key"), name="one_release_per_key"),)

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"
