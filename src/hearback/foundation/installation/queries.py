"""What every slice says it holds, what ails it, and what waits in it for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from hearback.foundation.people.enums import DeskCard
    from hearback.foundation.people.models import User


def everything_held() -> dict[str, int]:
    """Counts of every slice, in the order of the loop: a slice adds its own by having `holdings` in its queries."""
    counts: dict[str, int] = {}
    for queries in _queries_with("holdings"):
        counts |= queries.holdings()
    return counts


def everything_wrong() -> list[str]:
    """What ails any slice, in sentences; a slice adds its own by having `ailments` in its queries."""
    return [sentence for queries in _queries_with("ailments") for sentence in queries.ailments()]


def cards_for(person: User, *, at: datetime) -> list[DeskCard]:
    """What waits for a person, urgent things first; a slice adds its own by having `desk_cards` in its queries."""
    cards = [card for queries in _queries_with("desk_cards") for card in queries.desk_cards(person, at=at)]
    return sorted(cards, key=lambda card: not card.urgent)


def _queries_with(function: str) -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if app.name.startswith("hearback.") and find_spec(f"{app.name}.queries"):
            queries = import_module(f"{app.name}.queries")
            if hasattr(queries, function):
                yield queries
