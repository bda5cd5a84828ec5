"""Words with fixed values: how people were found, and what a wave is made of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How people came to be in a wave; it decides what may be said about everybody else."""

    PROBABILITY = "probability", _("A random sample")
    OPT_IN = "opt-in", _("Open to whoever wished")
    CENSUS = "census", _("Everybody was asked")
    NOT_STATED = "not-stated", _("Not stated")


class WaveKind(models.TextChoices):
    """What a wave is made of."""

    RESPONSES = "responses", _("Answers")
    SCORES = "scores", _("Published scores")


class ItemKind(models.TextChoices):
    """What sort of answers an item has."""

    ORDINAL = "ordinal", _("Ordered answers")
    NOMINAL = "nominal", _("Answers without an order")
    NUMBER = "number", _("A number")
    TEXT = "text", _("Own words")
