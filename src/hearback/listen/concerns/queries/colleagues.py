"""Who else at a desk could be let in to a concern, and what a newcomer cannot open yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.access.queries import desks_of, readers
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries.desk import sharable_with
from hearback.listen.concerns.queries.threads import words_readers

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


def could_be_let_in(concern: Concern) -> list[User]:
    """People who read at the desk and to whom this concern is not sealed; whether it names them is not known here."""
    inside = words_readers(concern)
    return [person for person in readers(concern.desk) if person not in inside]


def closed_to(newcomer: User, *, person: User) -> list[Concern]:
    """What `person` can open and `newcomer`, who reads at the same desk, cannot."""
    shared = [desk for desk in desks_of(person) if newcomer in readers(desk)]
    return [concern for concern in sharable_with(person, newcomer) if concern.desk in shared]


def colleagues_of(person: User) -> list[User]:
    """Everybody else who reads at a desk of this person's, by name."""
    found = {colleague.pk: colleague for desk in desks_of(person) for colleague in readers(desk)}
    found.pop(person.pk, None)
    return sorted(found.values(), key=str)
