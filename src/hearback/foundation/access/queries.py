"""Reading which desks there are, who sits at them and who can read what is sent there."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hearback.foundation.access.enums import INDEPENDENT, SEATED, DeskKind
from hearback.foundation.access.models import Desk, Invitation, Seat
from hearback.foundation.people.enums import DeskCard, Role
from hearback.prepared import Asked, Prepared

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

NEW_FOR = timedelta(days=30)
"""How long a new seat is pointed out to everybody at the desk, and to oversight."""

_ROLE_FITS = reduce(or_, (Q(desk__kind=kind, person__role__in=roles) for kind, roles in SEATED.items()))
_HAS_THE_KEY = Q(
    left_at=None,
    person__is_active=True,
    person__key__confirmed_at__isnull=False,
    person__key__made_at__lte=F("taken_at"),
)
_CAN_READ = _ROLE_FITS & _HAS_THE_KEY

NAMING = ("id", "username", "first_name", "last_name", "badge")
"""What tells whether a text is about somebody; the rest of a reader is fetched when it is asked for."""
_READERS = Prepared(
    lambda: Seat.objects.filter(_CAN_READ, desk=Asked("desk")).values_list(
        *(f"person__{name}" for name in NAMING), "person__key__public_key"
    )
)


def all_desks() -> list[Desk]:
    """Every desk, closed ones too, by kind and name."""
    return list(Desk.objects.select_related("organization"))


def desk_with(key: str) -> Desk | None:
    """The desk with this key."""
    return Desk.objects.filter(key=key).select_related("organization").first()


def desks_open_to_residents() -> list[Desk]:
    """Desks that are open and have at least one reader, by kind and name."""
    return list(Desk.objects.filter(Exists(Seat.objects.filter(_CAN_READ, desk=OuterRef("pk"))), open=True))


def readers(desk: Desk) -> list[User]:
    """People to whom what is sent to this desk is sealed: a current seat, a fitting role, and the key the seat was
    given to, at hand as `person.public_key`."""
    found = []
    for *person, public_key in _READERS(desk=desk.pk):
        reader = get_user_model().from_db(None, NAMING, person)
        reader.public_key = bytes(public_key)
        found.append(reader)
    return found


def seats_at(desk: Desk) -> list[Seat]:
    """Current seats, readers or not, in the order they were taken."""
    return list(desk.seats.filter(left_at=None).select_related("person__key", "district"))


def seats_of(person: User) -> list[Seat]:
    """The person's current seats, with their desks."""
    return list(_seats_of(person).select_related("desk"))


def desks_of(person: User) -> list[Desk]:
    """Desks at which the person sits now."""
    return [seat.desk for seat in seats_of(person)]


def independent_desks_of(person: User) -> list[Desk]:
    """Those of them that are a partner's or oversight's."""
    return [desk for desk in desks_of(person) if desk.independent]


def unfit_seats_of(person: User) -> list[Seat]:
    """Current seats at which the person can no longer read: another role, another key, or no sign-in any more."""
    return list(_seats_of(person).exclude(pk__in=_seats_of(person).filter(_CAN_READ)).select_related("desk"))


def people_whose_role_fits(desk: Desk) -> list[User]:
    """Everybody who could ever sit at this desk, by name."""
    return list(_fitting(desk))


def people_who_could_sit_at(desk: Desk) -> list[User]:
    """Those of them who have a key, whether they sit there already or not."""
    return list(_fitting(desk).filter(key__confirmed_at__isnull=False))


def is_seated(person_id: int | None, desk: Desk) -> bool:
    """Whether this person sits at this desk now."""
    return desk.seats_person(person_id)


def newcomers(*, since: datetime, desks: list[Desk] | None = None) -> list[Seat]:
    """Current seats taken after a moment, newest first: at these desks, or at all partners' and oversight's."""
    wanted = Q(desk__kind__in=INDEPENDENT) if desks is None else Q(desk__in=desks)
    seats = Seat.objects.filter(wanted, left_at=None, taken_at__gt=since).select_related("desk", "person")
    return list(seats.order_by("-taken_at"))


def invitation_for(person: User) -> Invitation | None:
    """The invitation that waits for this person's answer."""
    return Invitation.objects.filter(person=person, answered_at=None).select_related("desk__organization").first()


def invitation_to(desk: Desk) -> Invitation | None:
    """The invitation to this desk that waits for an answer."""
    return desk.invitations.filter(answered_at=None).select_related("person").first()


def desk_cards(person: User, *, at: datetime) -> list[DeskCard]:
    """An invitation, newcomers at the person's desks (for oversight, at all independent desks), and for
    administrators the desks that nobody can read at."""
    return [*_invitation_card(person), *_newcomer_cards(person, at), *_empty_desk_cards(person)]


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"desks": len(desks_open_to_residents()), "seats": Seat.objects.filter(_CAN_READ).count()}


def _fitting(desk: Desk) -> QuerySet[User]:
    people = get_user_model().objects.filter(is_active=True, role__in=SEATED[DeskKind(desk.kind)])
    return people.order_by("username")


def _seats_of(person: User) -> QuerySet[Seat]:
    return Seat.objects.filter(person=person, left_at=None)


def _invitation_card(person: User) -> list[DeskCard]:
    invitation = invitation_for(person)
    if invitation is None:
        return []
    return [
        DeskCard(
            title=_("You are invited"),
            text=_("to take the first seat at: {desk}").format(desk=invitation.desk.name),
            address=reverse("access:invitation"),
            link=_("Read what it means"),
            urgent=True,
        )
    ]


def _newcomer_cards(person: User, at: datetime) -> list[DeskCard]:
    desks = None if person.role == Role.OVERSIGHT else desks_of(person)
    new = [seat for seat in newcomers(since=at - NEW_FOR, desks=desks) if seat.person_id != person.pk]
    return [
        DeskCard(
            title=_("New at a desk"),
            text=_("{name} reads at {desk} since {day}. Did you expect it? If not, ask.").format(
                name=seat.person.username, desk=seat.desk.name, day=f"{seat.taken_at:%Y-%m-%d}"
            ),
            address=reverse("access:desk", args=[seat.desk.key]),
            link=_("See who sits there"),
        )
        for seat in new
    ]


def _empty_desk_cards(person: User) -> list[DeskCard]:
    if person.role != Role.ADMINISTRATOR:
        return []
    offered = {desk.pk for desk in desks_open_to_residents()}
    empty = [desk for desk in all_desks() if desk.open and desk.pk not in offered]
    return [
        DeskCard(
            title=_("Nobody can read at {desk}").format(desk=desk.name),
            text=_("Residents cannot choose it until somebody with a key has a seat there."),
            address=reverse("access:desk", args=[desk.key]),
            link=_("See the desk"),
            urgent=desk.kind == DeskKind.OVERSIGHT,
        )
        for desk in empty
    ]
