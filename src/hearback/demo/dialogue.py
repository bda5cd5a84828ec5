"""Plays what was said in the invented city: through the same actions and keys as a real one, with earlier moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction

from hearback.demo.concerns import Told
from hearback.foundation.access.queries import desks_open_to_residents, readers
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.calendar.queries import WorkCalendar, agency_calendar
from hearback.foundation.people.queries import person_named
from hearback.foundation.places.queries import areas
from hearback.foundation.vault.queries import key_of
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident
from hearback.listen.concerns.actions.submitting import Draft, Submission, submit
from hearback.listen.concerns.enums import ConcernKind, Helped
from hearback.listen.concerns.queries import keys as secrets_of
from hearback.sealing import personal_keys

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.people.models import User

ANSWERED_AT = time(11, 0)
HELD = timedelta(days=3)
"""How long after an answer its resident replies or judges, and the desk closes."""


@dataclass(frozen=True)
class _Reader:
    """Somebody at a desk with an unlocked key."""

    person: User
    private_key: bytes


@transaction.atomic
def play(told: Sequence[Told], *, passphrases: Mapping[str, str], keys_of_areas: Sequence[str], at: datetime) -> int:
    """Says everything and answers what was answered before now; returns how many concerns there are.

    `passphrases` by sign-in name are the invented people's; each key is unlocked once.
    """
    calendar = agency_calendar()
    desks = desks_open_to_residents()
    seats = {desk.key: _readers(desk, passphrases) for desk in desks}
    places = {area.key: area for area in areas()}
    said = [(one, fitting) for one in told if (fitting := _fitting(desks, one))]
    for number, (one, fitting) in enumerate(said):
        desk = fitting[number % len(fitting)]
        area = places.get(keys_of_areas[one.area])
        received = at - timedelta(minutes=one.minutes_ago)
        done = _say(one, desk=desk, area=area, at=received)
        crew = seats[desk.key]
        _answer(one, done, crew[number % len(crew)], calendar, received=received, now=at)
    return len(said)


def _fitting(desks: Sequence[Desk], one: Told) -> list[Desk]:
    """Desks of the kind that is told; those that speak the resident's language, where there is one."""
    fitting = [desk for desk in desks if desk.kind == one.desk]
    return [desk for desk in fitting if one.language in desk.languages] or fitting


def _readers(desk: Desk, passphrases: Mapping[str, str]) -> list[_Reader]:
    crew = []
    for reader in readers(desk):
        person, passphrase = person_named(reader.username), passphrases.get(reader.username)
        key = key_of(reader)
        if person and passphrase and key:
            crew.append(_Reader(person, personal_keys.unlock(key.locked, passphrase)))
    return crew


def _say(one: Told, *, desk: Desk, area: Any, at: datetime) -> Submission:
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    draft = Draft(kind=ConcernKind(one.kind), text=one.text, language=one.language, desk=desk, area=area)
    return submit(draft, token=token, by=RESIDENT, at=at)


def _answer(
    one: Told, done: Submission, reader: _Reader, calendar: WorkCalendar, *, received: datetime, now: datetime
) -> None:
    """The answer after as many working days as it truly takes, and what comes of it, as far as that is past."""
    concern, by = done.concern, reader.person.actor
    if one.wait is None:
        return
    day = calendar.due(calendar.day_of(received), working_days=one.wait)
    answered = datetime.combine(day, ANSWERED_AT, tzinfo=ZoneInfo(calendar.timezone))
    if answered > now:
        return
    at_desk.assign(concern, reader.person, by=by, at=max(received, answered - timedelta(hours=1)))
    at_desk.answer(concern, one.answer, person=reader.person, private_key=reader.private_key, by=by, at=answered)
    later = answered + HELD
    if later > now:
        return
    keys = secrets_of.keys_of(done.receipt)
    if one.helped:
        resident.judge(concern, Helped(one.helped), keys=keys, by=RESIDENT, at=later)
    if one.reply:
        resident.reply(concern, one.reply, keys=keys, by=RESIDENT, at=later)
    elif one.closed:
        at_desk.close(concern, by=by, at=later)
