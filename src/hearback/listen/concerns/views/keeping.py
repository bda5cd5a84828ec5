"""What is kept and for how long, what is erased, and what the law can open: told before anything is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hearback.listen.concerns.actions.tallies import KEPT_FOR
from hearback.listen.concerns.queries import promises

A_YEAR = 365

FIELDS = {
    "kind": _("What it is"),
    "words": _("Your words"),
    "desk": _("Who may read it"),
    "area": _("The area"),
    "pin": _("The place on the map"),
    "file": _("A photo or a voice note"),
    "contact": _("How we may reach you"),
    "safety": _("What you say for your safety"),
    "language": _("Your language"),
}
"""What each field of the form is called here, in the order of the form."""


@require_safe
def keeping(request: HttpRequest) -> HttpResponse:
    """Made from the same numbers and sentences that the actions and the form use."""
    shown = {
        "schedule": [(line, how_long(line.keep_days)) for line in promises.retention_schedule()],
        "afterwards": promises.AFTERWARDS,
        "at_once": promises.AT_ONCE,
        "held": promises.HELD,
        "never": promises.NEVER,
        "fields": [(title, promises.disclosability(field).sentence) for field, title in FIELDS.items()],
        "counts_kept": how_long(KEPT_FOR.days),
    }
    return render(request, "concerns/public/keeping.html", shown)


def how_long(days: int) -> str:
    """Days in words; whole years as years."""
    years, left = divmod(days, A_YEAR)
    if years and not left:
        return ngettext("{count} year", "{count} years", years).format(count=years)
    return ngettext("{count} day", "{count} days", days).format(count=days)
