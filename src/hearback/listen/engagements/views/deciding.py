"""What those who moderate do with an announcement: publish it, send it back, take it off the page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import Ground, State
from hearback.listen.engagements.forms.desk import SendingBack
from hearback.listen.engagements.models import Engagement
from hearback.listen.engagements.permissions import may_moderate
from hearback.listen.engagements.queries.desk import last_decision
from hearback.listen.engagements.views.desk import called, in_agency_time, refused, show
from hearback.permission import demand


@login_required
@require_POST
@in_agency_time
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Publish the wording that was read."""
    found = called(reference)
    demand(may_moderate, request.user.actor, found)
    return _decide(request, found, actions.publish, done="publish")


@login_required
@require_POST
@in_agency_time
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Not publish it, or no longer, on one of the grounds."""
    found = called(reference)
    demand(may_moderate, request.user.actor, found)
    form = SendingBack(request.POST)
    if not form.is_valid():
        return show(request, found, form=form, status=422)
    given = {"ground": Ground(form.cleaned_data["ground"]), "remark": form.cleaned_data["remark"]}
    return _decide(request, found, actions.send_back, done="send-back", **given)


def _decide(
    request: HttpRequest, found: Engagement, action: Callable[..., Engagement], *, done: str, **given: str
) -> HttpResponse:
    seen = _seen(request)
    try:
        action(found, seen=seen, **given, by=request.user.actor, at=timezone.now())
    except actions.NotNow as refusal:
        if not _decided_just_so(found.reference, person_id=request.user.pk, seen=seen, **given):
            return refused(request, found.reference, refusal)
    return redirect(f"{reverse('engagement_desk:engagements')}?done={done}")


def _seen(request: HttpRequest) -> int:
    """Which wording was read; none where the page does not say so."""
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _decided_just_so(reference: str, *, person_id: int, seen: int, ground: str = "", remark: str = "") -> bool:
    """Whether this is the second click of two, and nothing happened between them."""
    found = called(reference)
    last = last_decision(found)
    if last is None or found.state != (State.RETURNED if ground else State.PUBLISHED):
        return False
    return (last.decided_by_id, last.version, last.ground, last.remark) == (person_id, seen, ground, remark)
