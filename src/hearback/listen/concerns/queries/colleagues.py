"""Who at a desk can open a concern, who else there could be let in, and what a newcomer cannot open yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.access.queries import desks_of, readers, seats_at
from hearback.listen.concerns.models import Concern, SealedKey
from hearback.listen.concerns.queries.desk import sharable_with

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


def readers_of(concern: Concern) -> list[User]:
    """People at the concern's desk who can open it, by name."""
    return sorted(_split(concern)[0], key=str)


def could_be_let_in(concern: Concern) -> list[User]:
    """People who read at the desk and to whom this concern is not sealed, by name; whether it names them is not
    known here."""
    return sorted(_split(concern)[1], key=str)


def closed_to(newcomer: User, *, person: User) -> list[Concern]:
    """What `person` can open and `newcomer`, who reads at the same desk, cannot."""
    shared = [desk for desk in desks_of(person) if newcomer in readers(desk)]
    return [concern for concern in sharable_with(person, newcomer) if concern.desk in shared]


def colleagues_of(person: User) -> list[User]:
    """Everybody who reads at a desk of this person's, by name."""
    found = {colleague.pk: colleague for desk in desks_of(person) for colleague in readers(desk)}
    found.pop(person.pk, None)
    return sorted(found.values(), key=str)


def _split(concern: Concern) -> tuple[list[User], list[User]]:
    """People with a seat at the desk who hold the key of the words, and those who read there without it."""
    sealed = SealedKey.objects.filter(concern=concern, purpose=SealedKey.Purpose.WORDS).exclude(reader=None)
    holding = set(sealed.values_list("reader_id", flat=True))
    seated = [seat.person for seat in seats_at(concern.desk)]
    return (
        [person for person in seated if person.pk in holding],
        [person for person in readers(concern.desk) if person.pk not in holding],
    )
