"""What waits for a person on their start page, and what is held here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from hearback.foundation.people.enums import DeskCard, Role
from hearback.listen.engagements.enums import State
from hearback.listen.engagements.models import Engagement
from hearback.listen.engagements.queries.desk import is_late, overview

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


def desk_cards(person: User, *, at: datetime) -> list[DeskCard]:
    """Announcements to read (oversight sees those it was asked about and those that wait too long), announcements that
    came back, and meetings that are over and not counted."""
    found = overview(person, at=at)
    pressing = [one for one in found.to_decide if one.state == State.APPEALED or is_late(one, at=at)]
    to_read = pressing if person.role == Role.OVERSIGHT else found.to_decide
    return [
        *_card(
            len(to_read),
            _("Announcements to read"),
            _("Somebody wants to invite people. Nothing is published before a second person has read it."),
            urgent=bool(pressing),
        ),
        *_card(
            len(found.returned),
            _("Announcements that came back"),
            _("Read why, and say it in other words."),
            urgent=True,
        ),
        *_card(len(found.to_count), _("Not counted yet"), _("It is over. Who took part, and who was missing?")),
    ]


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {
        "engagements": Engagement.objects.exclude(state=State.WITHDRAWN).count(),
        "engagements_counted": Engagement.objects.exclude(people=None).count(),
    }


def _card(count: int, title: str, text: str, *, urgent: bool = False) -> list[DeskCard]:
    if not count:
        return []
    address = reverse("engagement_desk:engagements")
    return [DeskCard(title=title, text=text, address=address, link=_("Look"), count=count, urgent=urgent)]
