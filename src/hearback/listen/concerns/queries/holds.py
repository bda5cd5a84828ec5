"""What the law asks to be kept: which concerns, since when and why; never what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hearback.foundation.access.enums import DeskKind
from hearback.foundation.audit.queries import history
from hearback.foundation.people.enums import Role
from hearback.listen.concerns.enums import State
from hearback.listen.concerns.models import Concern

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

HOLD, RELEASE = "concerns.hold", "concerns.release_hold"


@dataclass(frozen=True)
class Hold:
    """A concern that is held."""

    reference: str
    desk: str
    since: datetime
    reasons: tuple[str, ...]
    """Every order or law since it is held, oldest first."""
    taken_back: bool
    """Whether its resident took it back: then it is erased in the moment the hold ends."""


def holds(person: User) -> list[Hold]:
    """Oversight sees all, a coordinator those of liaison desks; in the order in which they were placed."""
    if person.role not in (Role.COORDINATOR, Role.OVERSIGHT):
        return []
    found = Concern.objects.filter(legal_hold=True).select_related("desk")
    if person.role == Role.COORDINATOR:
        found = found.filter(desk__kind=DeskKind.LIAISON)
    return sorted(map(_hold, found), key=lambda hold: hold.since)


def concern_called(reference: str) -> Concern | None:
    """A concern by what desks call it, whoever may read it."""
    return Concern.objects.filter(reference=reference).first()


def _hold(concern: Concern) -> Hold:
    since: list[tuple[datetime, str]] = []
    for entry in history(f"concern:{concern.reference}", verbs=(HOLD, RELEASE)):
        since = [] if entry.verb == RELEASE else [*since, (entry.at, str(entry.detail.get("reason", "")))]
    return Hold(
        reference=concern.reference,
        desk=concern.desk.name,
        since=since[0][0],
        reasons=tuple(reason for _, reason in since),
        taken_back=concern.state == State.WITHDRAWN,
    )
