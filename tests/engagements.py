"""Engagements for tests of their pages: a partner's forum to come, one that was held, and a form filled in well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from hearback.foundation.access.models import Desk
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.models import Population
from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import EngagementKind
from hearback.listen.engagements.models import Engagement
from standing_roles import signed_in

HOME, NEW, HELD = "/desk/engagements/", "/desk/engagements/new/", "/desk/engagements/held/"
WRITTEN = {
    "kind": "forum",
    "title": "What should change on Mill Street?",
    "text": "The police listen. In two weeks you read here what was said.",
    "language": "en",
    "spoken": ["en", "es"],
    "starts_at": "2026-03-10T18:00",
    "ends_at": "2026-03-10T20:00",
    "place": "Library, 2 Mill Street",
    "area": "",
}
"""A form filled in well; the clock stands at half past three (UTC) on 4 March 2026."""
OVER = WRITTEN | {"starts_at": "2026-03-01T18:00", "ends_at": "2026-03-01T20:00"}


@pytest.fixture
def partner(partner_desk: Desk, join: Callable[..., User]) -> User:
    return join("pia", Role.PARTNER, partner_desk)


@pytest.fixture
def coordinator(join: Callable[..., User]) -> User:
    return join("cora", Role.COORDINATOR)


@pytest.fixture
def announced(partner: User, partner_desk: Desk, at: datetime) -> Engagement:
    """A partner's forum in six days; nobody has read it."""
    return actions.announce(partner_desk, occasion(at + timedelta(days=6)), by=partner.actor, at=at)


@pytest.fixture
def held(partner: User, partner_desk: Desk, at: datetime) -> Engagement:
    """A partner's forum of last week."""
    return actions.record_held(partner_desk, occasion(at - timedelta(days=7)), by=partner.actor, at=at)


@pytest.fixture
def languages() -> Population:
    """It is known how many people speak what."""
    return Population.objects.create(
        dataset="speakers", who=Who.ADULTS, groups=["language"], names={"language": ["en", "h t<'"]}, people=900
    )


def occasion(starts_at: datetime, title: str = "Mill Street") -> actions.Occasion:
    return actions.Occasion(
        kind=EngagementKind.FORUM,
        title=title,
        language="en",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        text="The police listen.",
        spoken=("en",),
        place="Library",
    )


def page_of(one: Engagement, step: str = "") -> str:
    return f"{HOME}{one.reference}/{step}{'/' if step else ''}"


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def errors_of(answer: HttpResponse) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


def decides(person: User, one: Engagement, step: str = "publish", **fields: Any) -> HttpResponse:
    return signed_in(person).post(page_of(one, step), {"seen": one.version} | fields)


def sends_back(person: User, one: Engagement) -> HttpResponse:
    return decides(person, one, "send-back", ground="unclear", remark="Which Mill Street?")


def state_of(one: Engagement) -> str:
    return Engagement.objects.get(pk=one.pk).state
