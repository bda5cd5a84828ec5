"""What the rows of a dataset are."""

from __future__ import annotations

from django.db import models


class Holds(models.TextChoices):
    """What the rows of a dataset are."""

    AREAS = "areas"
    INDICATORS = "indicators"
    INCIDENTS = "incidents"
    ORGANIZATIONS = "organizations"
    POPULATIONS = "populations"
    SURVEYS = "surveys"
