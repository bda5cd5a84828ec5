"""Legal holds: what the law asks to be kept, placed and ended with a reason; no word is opened here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hearback.foundation.people.enums import Role
from hearback.listen.concerns.actions import upkeep
from hearback.listen.concerns.actions._writing import NotNow
from hearback.listen.concerns.forms.desk import Holding, Reasoning
from hearback.listen.concerns.permissions import may_hold, may_see_holds
from hearback.listen.concerns.queries import holds as queries
from hearback.permission import demand


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """What is held, and a form to hold one more."""
    demand(may_see_holds, request.user.actor)
    form = Holding(request.POST or None)
    if form.is_valid():
        concern, reason = form.cleaned_data["reference"], form.cleaned_data["reason"]
        demand(may_hold, request.user.actor, concern)
        try:
            upkeep.hold(concern, reason=reason, by=request.user.actor, at=timezone.now())
        except NotNow as refusal:
            form.add_error("reference", refusal.sentence)
        else:
            return redirect("concern_desk:holds")
    shown = {
        "form": form,
        "holds": queries.holds(request.user),
        "may_hold": request.user.role == Role.OVERSIGHT,
    }
    return render(request, "concerns/desk/holds.html", shown, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Look at a hold once more, and end it."""
    concern = queries.concern_called(reference)
    demand(may_hold, request.user.actor, concern)
    held = next((hold for hold in queries.holds(request.user) if hold.reference == reference), None)
    if concern is None or held is None:
        raise Http404
    form = Reasoning(request.POST or None)
    if form.is_valid():
        upkeep.release_hold(concern, reason=form.cleaned_data["reason"], by=request.user.actor, at=timezone.now())
        return redirect("concern_desk:holds")
    return render(request, "concerns/desk/hold.html", {"form": form, "hold": held}, status=422 if form.errors else 200)
