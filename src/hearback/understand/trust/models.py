"""Estimates from surveys, contrasts between them, and checks: finished numbers about groups, none about a person."""

from __future__ import annotations

from django.db import models

from hearback.understand.trust.enums import Method, Showing, Statistic, Verdict


class Estimate(models.Model):
    """What a wave says of one item, for everybody or for one group; empty fields mean that it cannot be said."""

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="estimates")
    item = models.CharField(max_length=50)
    statistic = models.CharField(max_length=20, choices=Statistic)
    by = models.CharField(max_length=50, blank=True)
    """The kind of group, "area", or nothing for everybody."""
    group = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=20, choices=Method)
    estimate = models.FloatField(null=True)
    se = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.FloatField()
    df = models.FloatField(null=True)
    deff = models.FloatField(null=True)
    n = models.PositiveIntegerField(null=True)
    """How many people answered; unknown for published scores."""
    showing = models.CharField(max_length=20, choices=Showing, default=Showing.SHOWN)
    pooled_with = models.JSONField(default=list)
    """Keys of the areas whose estimate this one is too."""
    notes = models.JSONField(default=list)
    """Sentences as `hearback.sentence` keeps them: warnings, and why a number is missing."""

    class Meta:
        ordering = ("wave", "item", "by", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "item", "statistic", "by", "group", "method"), name="one_estimate_of_each"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} in {self.wave} ({self.group or 'everybody'})"


class Contrast(models.Model):
    """A difference: of one group between two waves, or of two groups within one wave (then `earlier` is empty)."""

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="contrasts")
    earlier = models.ForeignKey("surveys.Wave", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    item = models.CharField(max_length=50)
    statistic = models.CharField(max_length=20, choices=Statistic)
    method = models.CharField(max_length=20, choices=Method)
    by = models.CharField(max_length=50, blank=True)
    group = models.CharField(max_length=120, blank=True)
    other = models.CharField(max_length=120, blank=True)
    """The group that is taken away; empty between waves."""
    difference = models.FloatField(null=True)
    se = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.FloatField()
    p_more = models.FloatField(null=True)
    """The probability that the true difference is above 0."""
    p_value = models.FloatField(null=True)
    """Two-sided, where the method has one."""
    p_adjusted = models.FloatField(null=True)
    """The same when all comparisons that were made beside it are counted (Benjamini and Hochberg)."""
    showing = models.CharField(max_length=20, choices=Showing, default=Showing.SHOWN)
    """Withheld where one of its sides is."""
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ("wave", "item", "by", "pk")

    def __str__(self) -> str:
        return f"{self.item}: {self.group or 'everybody'}, {self.wave}"


class ScaleCheck(models.Model):
    """How well a scale's items measure one thing, or (with a kind of group) whether they mean the same to all."""

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="scale_checks")
    scale = models.CharField(max_length=50)
    by = models.CharField(max_length=50, blank=True)
    """Nothing: reliability among everybody. A kind of group: invariance across its groups."""
    n = models.PositiveIntegerField()
    """How many answered every item."""
    alpha = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.FloatField()
    omega = models.FloatField(null=True)
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True)
    comparable = models.BooleanField(null=True)
    """Whether scores may be compared between the groups."""
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ("wave", "scale", "by")
        constraints = (models.UniqueConstraint(fields=("wave", "scale", "by"), name="one_check_of_each"),)

    def __str__(self) -> str:
        return f"{self.scale} in {self.wave}{self.by and f', by {self.by}'}"


class ModelCheck(models.Model):
    """Whether a model of areas foresaw each area's own answers, and how much of their differences it keeps."""

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="model_checks")
    item = models.CharField(max_length=50)
    statistic = models.CharField(max_length=20, choices=Statistic)
    level = models.FloatField()
    """The share of areas whose own answers a model that fits foresees."""
    compared = models.PositiveIntegerField()
    """How many areas have answers of their own."""
    foreseen = models.PositiveIntegerField()
    """In how many of them they lie where the model expects them."""
    fits = models.BooleanField()
    """Whether so few may be chance."""
    kept = models.FloatField(null=True)
    """The share of the differences between own answers that the estimates keep; unknown where there are none."""
    areas = models.JSONField(default=list)
    """Of every area its key, how many answered (`n`), their plain mean (`direct`), the estimate (`modelled`), and
    whether the model foresaw the mean (`foreseen`)."""

    class Meta:
        ordering = ("wave", "item", "statistic")
        constraints = (models.UniqueConstraint(fields=("wave", "item", "statistic"), name="one_check_of_each_model"),)

    def __str__(self) -> str:
        return f"Model of {self.item} in {self.wave}"
