"""The words for where an area stands and for what pattern it is part of; the same on every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hearback.report_back.opinions import Verdict
from hearback.report_back.payloads import Standing

STANDINGS = {
    Standing.HIGHER: _("Surely more need"),
    Standing.UNCERTAIN: _("Cannot be told apart"),
    Standing.LOWER: _("Surely less need"),
    Standing.UNKNOWN: _("Too little is known"),
}
"""In the order in which tables and legends show them."""

VOICES = {
    "quiet": _("Surely quieter than expected"),
    "loud": _("Surely louder than expected"),
    "uncertain": _("Cannot be told apart"),
    "unknown": _("Too little is known"),
}

PATTERNS = {
    "hot": _("High here and around"),
    "uncertain": _("No clear pattern"),
    "cold": _("Low here and around"),
    "unknown": _("Too little is known"),
}

VERDICTS = {
    Verdict.MORE_VERY_LIKELY: _("Very likely rose"),
    Verdict.MORE_PROBABLY: _("Probably rose"),
    Verdict.LESS_VERY_LIKELY: _("Very likely fell"),
    Verdict.LESS_PROBABLY: _("Probably fell"),
    Verdict.HARDLY: _("Hardly changed"),
    Verdict.CANNOT_TELL: _("We cannot tell"),
    Verdict.NOT_COMPARED: _("Not compared"),
}
"""How something changed, as sure as it is known; all in the same type size."""

MODES = {
    "probability": _("Random sample: people were drawn by chance"),
    "opt-in": _("No random sample: open to whoever wished"),
    "census": _("Everybody was asked"),
    "not-stated": _("How people were found is not stated"),
}

BASES = {
    "design": _("weighted to the population"),
    "small-area": _("modelled from this area and similar ones"),
    "opt-in": _("weighted to the population"),
    "answers": _("as if those who answered had been drawn by chance"),
    "census": _("some did not answer"),
    "published": _("published by others"),
}
