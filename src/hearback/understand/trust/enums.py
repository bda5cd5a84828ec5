"""Words with fixed values: what is estimated, how, and whether it may be shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

AREA = "area"
"""Stands among the kinds of group for the areas in which respondents live."""
BETWEEN_GROUPS = "; "
"""Between names of groups in a note; names may have commas."""


class Statistic(models.TextChoices):
    """What is estimated of an item's answers."""

    FAVOURABLE = "favourable", _("Share of favourable answers")
    MEAN = "mean", _("Mean")


class Method(models.TextChoices):
    """How an estimate comes about."""

    DESIGN = "design", _("From the sample's design")
    """Weights and design of a random sample, raked to the population where it is known."""
    SMALL_AREA = "small-area", _("Modelled for small areas")
    """Multilevel regression and poststratification of a random sample."""
    OPT_IN = "opt-in", _("Open to whoever wished, adjusted")
    """Adjusted to the population; no margin of error, but a range of what those who did not take part may think."""
    ANSWERS = "answers", _("Of those who answered")
    """As if those who answered had been drawn by chance, by the file's own design where it brings one: the source says
    too little about how they were found."""
    PUBLISHED = "published", _("Published by others")
    """A score without a size or an error."""


class Showing(models.TextChoices):
    """Whether the public sees an estimate."""

    SHOWN = "shown", _("Shown")
    POOLED = "pooled", _("Together with its neighbours")
    WITHHELD = "withheld", _("Too little is known")


class Verdict(models.TextChoices):
    """What a scale means to the groups of a kind, as `stats.scales.invariance` finds it."""

    SCALAR = "scalar", _("The same")
    PARTLY_SCALAR = "partly scalar", _("The same but for some questions")
    METRIC_ONLY = "metric only", _("Answered differently by people of equal standing")
    CONFIGURAL_ONLY = "configural only", _("To different degrees the same")
    NONE = "none", _("Not one thing in every group")
    UNKNOWN = "cannot be checked", _("Cannot be checked")
