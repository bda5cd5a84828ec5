"""What the people of a desk do with engagements: see them, announce, reword, take back, call off, count."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearback.foundation.access.queries import desks_of
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import Role
from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import UNDECIDED, Ground, State
from hearback.listen.engagements.forms.desk import Announcing, Counting, SendingBack, field_name
from hearback.listen.engagements.models import Engagement
from hearback.listen.engagements.permissions import (
    MODERATORS,
    may_announce,
    may_look_after,
    may_see,
    may_see_engagements,
)
from hearback.listen.engagements.queries import desk as queries
from hearback.listen.engagements.queries.board import board
from hearback.listen.engagements.queries.counted import kinds_asked
from hearback.listen.engagements.queries.possible import possible
from hearback.permission import NotAllowed, demand

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.people.models import User
    from hearback.refusal import Refusal

View = Callable[..., HttpResponse]
A_PAGE = 50

DONE = {
    "announce": gettext_lazy("It waits to be read now. You find here what comes of it."),
    "record": gettext_lazy("It is on record. Now count who took part."),
    "reword": gettext_lazy("Your new words wait to be read now."),
    "withdraw": gettext_lazy("It is taken back, and its words are erased."),
    "appeal": gettext_lazy("Oversight is asked, and decides alone."),
    "call-off": gettext_lazy("It is called off. The public page says so from now on."),
    "count": gettext_lazy("It is counted."),
    "publish": gettext_lazy("It is published."),
    "send-back": gettext_lazy("It is sent back, with what you wrote. It is not on the public page."),
}


def in_agency_time(view: View) -> View:
    """Moments are read and shown as clocks at the agency show them."""

    @wraps(view)
    def shown(request: HttpRequest, **address: str) -> HttpResponse:
        with timezone.override(agency_calendar().timezone):
            return view(request, **address)

    return shown


@login_required
@require_safe
@in_agency_time
def engagements(request: HttpRequest) -> HttpResponse:
    """What waits for this person, then what is to come and what was counted."""
    demand(may_see_engagements, request.user.actor)
    at, moderates = timezone.now(), request.user.role in MODERATORS
    found = queries.overview(request.user, at=at)
    coming = board(at=at) if moderates else found.coming
    shown = {
        "found": found,
        "to_decide": [(one, queries.is_late(one, at=at)) for one in found.to_decide],
        "returned": [(one, queries.last_decision(one)) for one in found.returned],
        "coming": coming,
        "page": Paginator(found.over, A_PAGE).get_page(request.GET.get("page")),
        "nothing": not coming and not any(vars(found).values()),
        "may_announce": bool(_desks(request.user)),
        "done": DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "engagements/desk/engagements.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_agency_time
def announce(request: HttpRequest) -> HttpResponse:
    """A form for one that is to come."""
    return _new(request, actions.announce, done="announce")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_agency_time
def record_held(request: HttpRequest) -> HttpResponse:
    """A form for one that is over."""
    return _new(request, actions.record_held, done="record", held=True)


@login_required
@require_safe
@in_agency_time
def engagement(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them: its words, what was decided about them, and what this person can do with it now."""
    found = called(reference)
    demand(may_see, request.user.actor, found)
    return show(request, found, done=DONE.get(request.GET.get("done", ""), ""))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_agency_time
def reword(request: HttpRequest, reference: str) -> HttpResponse:
    """The form with the words that stand now."""
    found, at = called(reference), timezone.now()
    demand(may_look_after, request.user.actor, found)
    if request.method != "POST" and "reword" not in possible(request.user, found, at=at):
        return redirect("engagement_desk:engagement", reference)
    now = vars(found) | {"area": found.area.key if found.area else ""}
    form = Announcing(request.POST or None, at=at, initial=now)
    if form.is_valid():
        try:
            actions.reword(found, form.occasion, by=request.user.actor, at=at)
        except actions.NotNow as refusal:
            form.add_error(None, capfirst(refusal.sentence))
        else:
            return back(found, done="reword")
    return _written(request, form, engagement=called(reference))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_agency_time
def count(request: HttpRequest, reference: str) -> HttpResponse:
    """How many took part, and of which groups; an earlier count is shown, and replaced."""
    found, at = called(reference), timezone.now()
    demand(may_look_after, request.user.actor, found)
    if request.method != "POST" and "count" not in possible(request.user, found, at=at):
        return redirect("engagement_desk:engagement", reference)
    before = {field_name(one.kind, one.group): one.people for one in found.head_counts.all()}
    form = Counting(request.POST or None, kinds=kinds_asked(), before=before | {"people": found.people})
    if form.is_valid():
        people, groups = form.cleaned_data["people"], form.groups
        try:
            actions.count(found, people=people, groups=groups, by=request.user.actor, at=at)
        except actions.Miscounted as refusal:
            form.refuse(refusal)
        except actions.NotNow as refusal:
            return refused(request, reference, refusal)
        else:
            return back(found, done="count")
    shown = {"engagement": found, "form": form, "fewest": actions.FEWEST_FOR_GROUPS}
    status = 422 if form.errors or form.wrong else 200
    return render(request, "engagements/desk/count.html", shown, status=status)


@login_required
@require_POST
@in_agency_time
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take it back; nothing is left to look at."""
    return _step(request, reference, actions.withdraw, done="withdraw")


@login_required
@require_POST
@in_agency_time
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask oversight to decide."""
    return _step(request, reference, actions.appeal, done="appeal")


@login_required
@require_POST
@in_agency_time
def call_off(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that it does not take place."""
    return _step(request, reference, actions.call_off, done="call-off")


def called(reference: str) -> Engagement:
    """The engagement as it stands now."""
    found = queries.engagement_called(reference)
    if found is None:
        raise Http404
    return found


def show(request: HttpRequest, engagement: Engagement, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of an engagement; `more` has what was done, what was refused, or a form that was not filled in well."""
    at, person, roles = timezone.now(), request.user, dict(Role.choices)
    shown = {
        "engagement": engagement,
        "zone": timezone.get_current_timezone_name(),
        "can": possible(person, engagement, at=at),
        "undecided": engagement.state in UNDECIDED,
        "late": queries.is_late(engagement, at=at),
        "read_by": queries.read_by(engagement),
        "own": person.role in MODERATORS and engagement.written_by_id == person.pk,
        "decisions": [(one, roles.get(one.role, "")) for one in engagement.decisions.all()],
        "counts": _counts(engagement) if may_look_after(person.actor, engagement) else [],
        "form": SendingBack(),
    }
    return render(request, "engagements/desk/engagement.html", shown | more, status=status)


def back(engagement: Engagement, *, done: str) -> HttpResponse:
    """To the page of an engagement after a step."""
    return redirect(f"{reverse('engagement_desk:engagement', args=[engagement.reference])}?done={done}")


def refused(request: HttpRequest, reference: str, refusal: Refusal) -> HttpResponse:
    """The page as it stands now, with why a step was not taken."""
    return show(request, called(reference), refusal=capfirst(refusal.sentence), status=409)


def _desks(person: User) -> list[Desk]:
    return [desk for desk in desks_of(person) if may_announce(person.actor, desk)]


def _new(request: HttpRequest, action: Callable[..., Engagement], *, done: str, held: bool = False) -> HttpResponse:
    desks, at = _desks(request.user), timezone.now()
    if not desks:
        raise NotAllowed(f"{request.user.actor.name} may not announce", remedy="Ask for a seat at a desk")
    form = Announcing(request.POST or None, desks=desks, at=at, held=held)
    if form.is_valid():
        try:
            made = action(form.cleaned_data["desk"], form.occasion, by=request.user.actor, at=at)
        except (actions.NotNow, actions.TooManyWaiting) as refusal:
            form.add_error(None, capfirst(refusal.sentence))
        else:
            return back(made, done=done)
    return _written(request, form)


def _written(request: HttpRequest, form: Announcing, **more: object) -> HttpResponse:
    shown = {"form": form, "grounds": Ground.labels, "days": queries.DECIDE_WITHIN}
    return render(request, "engagements/desk/announce.html", shown | more, status=422 if form.errors else 200)


def _step(request: HttpRequest, reference: str, action: Callable[..., Engagement], *, done: str) -> HttpResponse:
    found = called(reference)
    demand(may_look_after, request.user.actor, found)
    try:
        action(found, by=request.user.actor, at=timezone.now())
    except actions.NotNow as refusal:
        return refused(request, reference, refusal)
    if found.state == State.WITHDRAWN:
        return redirect(f"{reverse('engagement_desk:engagements')}?done={done}")
    return back(found, done=done)


def _counts(engagement: Engagement) -> list[tuple[str, list[tuple[str, int]]]]:
    """Kinds of group with those of their groups that were counted, as they are called."""
    people = {(one.kind, one.group): one.people for one in engagement.head_counts.all()}
    found = [
        (kind.title, [(title, people[kind.key, group]) for group, title in kind.groups if (kind.key, group) in people])
        for kind in (kinds_asked() if people else ())
    ]
    return [(title, groups) for title, groups in found if groups]
