"""What many tests share: a moment, an actor, and a city's description in small."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from django.utils import timezone, translation

from hearback.foundation.audit.enums import Actor, software

pytest_plugins = ("standing_roles", "concerns", "engagements", "installations", "pseudo", "translators")

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver runs an event loop beside the database


hypothesis.settings.register_profile(  # the same examples every time; `make verify` looks for others
    "shared machine", deadline=None, derandomize="HEARBACK_FULL_SIMULATIONS" not in os.environ
)
hypothesis.settings.load_profile("shared machine")


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Every test begins in English, whatever language a page that was asked for before was in."""
    translation.activate("en")


@pytest.fixture
def at() -> datetime:
    """A moment."""
    return datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def still_clock(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """For pages it is half an hour later all along: no hour ends between two steps of a test."""
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(minutes=30))


@pytest.fixture
def by() -> Actor:
    """The software itself, acting for a test."""
    return software("test")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything that builds and serves whole cities stays together on one core, so that each is built once."""
    for item in items:
        if "functional" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("cities"))
