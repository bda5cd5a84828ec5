"""The words for where an area stands and for what pattern it is part of; the same on every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hearback.report_back.payloads import Standing

STANDINGS = {
    Standing.HIGHER: _("Surely more need"),
    Standing.UNCERTAIN: _("Cannot be told apart"),
    Standing.LOWER: _("Surely less need"),
    Standing.UNKNOWN: _("Too little is known"),
}
"""In the order in which tables and legends show them."""

PATTERNS = {
    "hot": _("High here and around"),
    "uncertain": _("No clear pattern"),
    "cold": _("Low here and around"),
    "unknown": _("Too little is known"),
}
