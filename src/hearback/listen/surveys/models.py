"""A survey, its waves, and for each wave its items, scales and kinds of group. No row is about one respondent."""

from __future__ import annotations

from typing import Any

from django.db import models

from hearback.listen.surveys.enums import ItemKind, Mode, WaveKind


class Survey(models.Model):
    """What its waves have in common."""

    key = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class Wave(models.Model):
    """One time that a survey was held. `stored` names its rows in the evidence store."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    key = models.SlugField(max_length=50)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=WaveKind)
    mode = models.CharField(max_length=20, choices=Mode)
    population = models.TextField()
    """Whom it wants to speak about."""
    frame = models.TextField()
    """How people were found."""
    contact = models.TextField(blank=True)
    languages = models.JSONField(default=list)
    fielded_from = models.DateField(null=True)
    fielded_to = models.DateField(null=True)
    exact_wording = models.BooleanField()
    """Whether items are worded as they were asked."""
    areas = models.CharField(max_length=50, blank=True)
    """The key of the layer whose areas respondents live in; empty where they do not say."""
    rows = models.PositiveIntegerField()
    """Respondents, or published scores."""
    dispositions = models.JSONField(null=True)
    """What became of everybody who was asked, as `stats.response_rates.Dispositions` takes it; None where not known."""
    fieldwork = models.JSONField(null=True)
    """[area, asked, answered] for each area where anybody was asked; None where not known."""
    stated_response_rate = models.FloatField(null=True)
    """As somebody printed it, for want of the counts."""
    design = models.JSONField(default=dict)
    """`weights`, `strata`: whether there are; `psu`, `fpc`: stages; `replicates`: their kind, or None."""
    dataset = models.CharField(max_length=80)
    """The name of the dataset on record."""
    stored = models.CharField(max_length=200)
    by_hand = models.BooleanField(default=False)
    """Added by itself, so that no description of a city names it."""

    class Meta:
        ordering = ("survey", "fielded_from", "pk")
        constraints = (models.UniqueConstraint(fields=("survey", "key"), name="one_wave_per_key"),)

    def __str__(self) -> str:
        return f"{self.survey}, {self.name}"

    @property
    def respondents(self) -> int:
        """How many people answered; published scores do not say."""
        return self.rows if self.kind == WaveKind.RESPONSES else 0


class Item(models.Model):
    """One question of a wave."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=50)
    place = models.PositiveSmallIntegerField()
    wording = models.TextField()
    translations = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, choices=ItemKind)
    labels = models.JSONField(default=list)
    """[code, label] in the order of the codebook."""
    favourable = models.JSONField(default=list)
    reversed = models.BooleanField()
    lowest = models.FloatField(null=True)
    highest = models.FloatField(null=True)
    answered = models.PositiveIntegerField()
    missing = models.JSONField(default=dict)
    """How many are missing for which reason."""

    class Meta:
        ordering = ("wave", "place")
        constraints = (models.UniqueConstraint(fields=("wave", "key"), name="one_item_per_key"),)

    def __str__(self) -> str:
        return self.wording

    @property
    def label_of(self) -> dict[float, str]:
        """From each code to its label."""
        pairs: list[tuple[float, Any]] = self.labels
        return {code: str(label) for code, label in pairs}


class Scale(models.Model):
    """Items of a wave that together measure one thing."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="scales")
    key = models.CharField(max_length=50)
    title = models.CharField(max_length=200)
    items = models.JSONField()
    """Keys of items."""
    fewest = models.PositiveSmallIntegerField(null=True)
    """How many of them somebody must have answered; all where empty."""

    class Meta:
        ordering = ("wave", "key")

    def __str__(self) -> str:
        return self.title


class GroupKind(models.Model):
    """A way in which a wave tells people apart, such as by age, and the names of its groups."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="group_kinds")
    key = models.CharField(max_length=50)
    title = models.CharField(max_length=200)
    names = models.JSONField()
    codes = models.JSONField(default=dict)
    """The name of each word that stands in the file, where they differ: a population may be counted by these words."""

    class Meta:
        ordering = ("wave", "key")

    def __str__(self) -> str:
        return self.title


class TrueValue(models.Model):
    """What is true of everybody, or of all people of a group or an area: known only in an invented city."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="truth")
    item = models.CharField(max_length=50)
    statistic = models.CharField(max_length=20)
    by = models.CharField(max_length=50, blank=True)
    """The kind of group, "area", or nothing for everybody; as in an estimate."""
    group = models.CharField(max_length=120, blank=True)
    value = models.FloatField()

    class Meta:
        ordering = ("wave", "pk")
        constraints = (
            models.UniqueConstraint(fields=("wave", "item", "statistic", "by", "group"), name="one_truth_of_each"),
        )

    def __str__(self) -> str:
        return f"{self.item} in {self.wave} ({self.group or 'everybody'})"
