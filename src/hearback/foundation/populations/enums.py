"""Who is counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Who(models.TextChoices):
    """Whom a population counts."""

    RESIDENTS = "residents", _("Residents")
    ADULTS = "adults", _("Adult residents")
    STAFF = "staff", _("The agency's staff")
