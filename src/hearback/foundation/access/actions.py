"""Making desks, giving seats and leaving them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hearback.foundation.access.enums import SEATED, DeskKind
from hearback.foundation.access.models import Desk, Invitation, Seat
from hearback.foundation.access.permissions import (
    may_answer_invitation,
    may_close_desk,
    may_end_seat,
    may_give_seat,
    may_invite,
    may_open_desk,
)
from hearback.foundation.access.queries import unfit_seats_of
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.vault.queries import has_key
from hearback.permission import demand
from hearback.refusal import Refusal

if TYPE_CHECKING:
    from hearback.foundation.organizations.models import Organization
    from hearback.foundation.people.models import User
    from hearback.foundation.places.models import Area


class OtherKindOfDesk(Refusal):
    """A desk stays what it is: what was sealed to a partner must not end at the police."""


class CannotSit(Refusal):
    """The person's role, or the lack of a key, rules out a seat at this desk."""


class AlreadyAnswered(Refusal):
    """An invitation is answered once."""


@transaction.atomic
def open_desk(
    *,
    key: str,
    kind: DeskKind,
    name: str,
    by: Actor,
    at: datetime,
    organization: Organization | None = None,
    languages: Sequence[str] = (),
) -> Desk:
    """Make a desk, or bring an existing one's name, organisation and languages up to date."""
    demand(may_open_desk, by)
    desk = Desk.objects.filter(key=key).first() or Desk(key=key, kind=kind)
    if desk.kind != kind:
        raise OtherKindOfDesk(f"this desk is a {desk.kind}'s", where=key, remedy="Choose another key for the new desk")
    desk.name, desk.organization, desk.languages = name, organization, list(languages)
    desk.save()
    audit.record(verb="access.open-desk", subject=f"desk:{key}", by=by, at=at, detail={"kind": kind, "name": name})
    return desk


@transaction.atomic
def close_desk(desk: Desk, *, by: Actor, at: datetime) -> None:
    """Residents can no longer choose the desk; what was sent to it stays with its readers."""
    _set_open(desk, False, by=by)
    audit.record(verb="access.close-desk", subject=f"desk:{desk.key}", by=by, at=at)


@transaction.atomic
def reopen_desk(desk: Desk, *, by: Actor, at: datetime) -> None:
    """Residents can choose the desk again, while somebody can read there."""
    _set_open(desk, True, by=by)
    audit.record(verb="access.reopen-desk", subject=f"desk:{desk.key}", by=by, at=at)


@transaction.atomic
def give_seat(desk: Desk, *, person: User, by: Actor, at: datetime, district: Area | None = None) -> Seat:
    """A seat for somebody with a key: from now on what is sent to the desk is sealed to them too, and nothing that
    came before. Somebody who sits there already gets the district."""
    demand(may_give_seat, by, desk)
    seat = _seat(desk, person, by=by, at=at, district=district)
    detail = {"person": person.username, "district": district.key if district else None}
    audit.record(verb="access.give-seat", subject=f"desk:{desk.key}", by=by, at=at, detail=detail)
    return seat


@transaction.atomic
def leave_seat(desk: Desk, *, person: User, by: Actor, at: datetime) -> None:
    """End somebody's seat: nothing new is sealed to them. What was sealed to them before they can still open."""
    demand(may_end_seat, by, desk, person)
    desk.seats.filter(person=person, left_at=None).update(left_at=at)
    audit.record(verb="access.leave-seat", subject=f"desk:{desk.key}", by=by, at=at, detail={"person": person.username})


@transaction.atomic
def leave_unfit_seats(person: User, *, by: Actor, at: datetime) -> None:
    """End the seats at which the person can no longer read, after their role, key or sign-in changed."""
    for seat in unfit_seats_of(person):
        seat.left_at = at
        seat.save()
        audit.record(
            verb="access.leave-seat", subject=f"desk:{seat.desk.key}", by=by, at=at, detail={"person": person.username}
        )


@transaction.atomic
def invite(desk: Desk, *, person: User, by: Actor, at: datetime) -> Invitation:
    """Ask the first person of a partner or of oversight to take a seat; an earlier invitation is withdrawn."""
    demand(may_invite, by, desk)
    _check_role(desk, person)
    desk.invitations.filter(answered_at=None).update(answered_at=at)
    invitation = Invitation.objects.create(desk=desk, person=person, made_by=str(by), made_at=at)
    audit.record(verb="access.invite", subject=f"desk:{desk.key}", by=by, at=at, detail={"person": person.username})
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> Seat:
    """The organisation's person takes the first seat, while nobody else has."""
    desk = invitation.desk
    demand(may_answer_invitation, by, invitation)
    _answer(invitation, accepted=True, at=at)
    seat = _seat(desk, invitation.person, by=by, at=at)
    audit.record(
        verb="access.accept-invitation",
        subject=f"desk:{desk.key}",
        by=by,
        at=at,
        detail={"person": invitation.person.username, "invited_by": invitation.made_by},
    )
    return seat


@transaction.atomic
def decline_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """The invited person does not take the seat."""
    demand(may_answer_invitation, by, invitation)
    _answer(invitation, accepted=False, at=at)
    audit.record(verb="access.decline-invitation", subject=f"desk:{invitation.desk.key}", by=by, at=at)


def _set_open(desk: Desk, wanted: bool, *, by: Actor) -> None:
    demand(may_close_desk, by, desk)
    desk.open = wanted
    desk.save()


def _seat(desk: Desk, person: User, *, by: Actor, at: datetime, district: Area | None = None) -> Seat:
    _check_role(desk, person)
    if not has_key(person):
        raise CannotSit("this person has no key yet", where=person.username, remedy="Ask them to make their key first")
    seat = desk.seats.filter(person=person, left_at=None).first()
    seat = seat or Seat(desk=desk, person=person, taken_at=at, given_by=str(by))
    seat.district = district
    seat.save()
    return seat


def _check_role(desk: Desk, person: User) -> None:
    if not person.is_active or person.role not in SEATED[DeskKind(desk.kind)]:
        raise CannotSit(
            f"somebody with the role {person.role} cannot sit at this desk",
            where=person.username,
            remedy="Choose somebody whose role fits",
        )


def _answer(invitation: Invitation, *, accepted: bool, at: datetime) -> None:
    if invitation.answered_at is not None or (accepted and not invitation.desk.is_empty):
        raise AlreadyAnswered("this invitation was answered, withdrawn or overtaken", remedy="Ask for a new one")
    invitation.answered_at, invitation.accepted = at, accepted
    invitation.save()
