"""What every slice says it holds, and what ails it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


def everything_held() -> dict[str, int]:
    """Counts of every slice, in the order of the loop: a slice adds its own by having `holdings` in its queries."""
    counts: dict[str, int] = {}
    for queries in _queries_with("holdings"):
        counts |= queries.holdings()
    return counts


def everything_wrong() -> list[str]:
    """What ails any slice, in sentences; a slice adds its own by having `ailments` in its queries."""
    return [sentence for queries in _queries_with("ailments") for sentence in queries.ailments()]


def _queries_with(function: str) -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if app.name.startswith("hearback.") and find_spec(f"{app.name}.queries"):
            queries = import_module(f"{app.name}.queries")
            if hasattr(queries, function):
                yield queries
