"""The form on paper, in every language, made from the same definition as the one on screens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hearback.foundation.access.queries import desks_open_to_residents
from hearback.listen.concerns.forms.resident import Tell
from hearback.listen.concerns.views.public import emergency_number

LINES = range(14)
"""Lines to write on: about a page with the questions."""


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """A page to print, fill in by hand and bring to somebody who enters it."""
    form = Tell(desks=desks_open_to_residents())
    shown = {"section": "tell", "form": form, "lines": LINES, "emergency_number": emergency_number()}
    return render(request, "concerns/public/paper.html", shown)
