"""An area's value of an indicator."""

from __future__ import annotations

from django.db import models


class Value(models.Model):
    """One published estimate, with its 90 % margin of error where the source gives one."""

    area = models.ForeignKey("places.Area", on_delete=models.CASCADE, related_name="values")
    indicator = models.SlugField(max_length=80)
    dataset = models.CharField(max_length=80)
    vintage = models.CharField(max_length=200)
    estimate = models.FloatField()
    margin = models.FloatField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("area", "indicator", "dataset"), name="one_value_per_dataset"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.estimate}"
