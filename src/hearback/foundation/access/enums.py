"""The kinds of desk a resident can write to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskKind(models.TextChoices):
    """Who reads at a desk: the agency's liaisons, a partner organisation, or independent oversight."""

    LIAISON = "liaison", _("The liaison team of the police")
    PARTNER = "partner", _("A partner organisation")
    OVERSIGHT = "oversight", _("Independent oversight")
