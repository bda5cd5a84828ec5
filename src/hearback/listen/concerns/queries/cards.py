"""What concerns put on a person's start page."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import DeskCard
from hearback.listen.concerns.enums import WAITING, State
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.permissions import READERS
from hearback.listen.concerns.queries.colleagues import closed_to, colleagues_of
from hearback.listen.concerns.queries.desk import Filter, inbox, late

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


def desk_cards(person: User, *, at: datetime) -> list[DeskCard]:
    """How many concerns wait for this person, how many of them are late, and which colleagues are new."""
    if person.role not in READERS:
        return []
    calendar = agency_calendar()
    today = calendar.day_of(at)
    found = [one for one in inbox(person, Filter(), today=today) if one.assignee_id in (None, person.pk)]
    waiting = [one for one in found if one.state in WAITING]
    answered = [one for one in found if one.state == State.ANSWERED and one.resolution_due < today]
    return [
        *_waiting_cards(waiting, today),
        *_unclosed_cards(answered),
        *_late_elsewhere(person, today),
        *_newcomer_cards(person),
    ]


def _waiting_cards(waiting: list[Concern], today: date) -> list[DeskCard]:
    overdue = sum(concern.answer_due < today for concern in waiting)
    address = reverse("concern_desk:inbox")
    cards = [
        DeskCard(
            title=_("Residents wait for an answer"),
            text=_("Yours, and those that nobody took so far."),
            address=address,
            link=_("Open the inbox"),
            count=len(waiting),
        )
    ]
    if overdue:
        text = ngettext("It should have been answered by now.", "They should have been answered by now.", overdue)
        cards.append(
            DeskCard(
                title=_("Late"),
                text=text,
                address=f"{address}?state=waiting&late=on",
                link=_("Answer the late ones"),
                count=overdue,
                urgent=True,
            )
        )
    return cards


def _unclosed_cards(answered: list[Concern]) -> list[DeskCard]:
    if not answered:
        return []
    return [
        DeskCard(
            title=_("Answered, and not closed in time"),
            text=_("Say what came of it and close it, or say what is still to come."),
            address=f"{reverse('concern_desk:inbox')}?state=answered&late=on",
            link=_("Look at them"),
            count=len(answered),
        )
    ]


def _late_elsewhere(person: User, today: date) -> list[DeskCard]:
    found = late(person, today=today)
    if not found:
        return []
    return [
        DeskCard(
            title=_("Late at the desks"),
            text=_("You see that they are late and at which desk, not what they say."),
            address=reverse("concern_desk:late"),
            link=_("See where"),
            count=len(found),
            urgent=True,
        )
    ]


def _newcomer_cards(person: User) -> list[DeskCard]:
    return [
        DeskCard(
            title=_("{name} cannot open everything yet").format(name=colleague.username),
            text=_("These concerns came before they had a seat. Whoever can open them may share them."),
            address=reverse("concern_desk:newcomer", args=[colleague.username]),
            link=_("Choose what to share"),
            count=len(closed),
        )
        for colleague in colleagues_of(person)
        if (closed := closed_to(colleague, person=person))
    ]
