"""The audit log: a chain that shows every rewriting."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from django.db import transaction

from hearback.foundation.audit import actions, queries
from hearback.foundation.audit.enums import RESIDENT, Actor, ActorKind
from hearback.foundation.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_entries(by: Actor, at: datetime) -> None:
    for number in range(3):
        actions.record(verb="test.act", subject=f"thing:{number}", by=by, at=at, detail={"n": number})


def test_an_empty_log_holds() -> None:
    assert queries.verify().holds
    assert queries.last() is None


def test_each_entry_names_the_digest_before_it(three_entries: None) -> None:
    first, second, third = Entry.objects.all()
    assert first.previous == queries.FIRST
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert queries.verify() == queries.Verdict(entries=3, head=third.digest)


@pytest.mark.parametrize(
    "change",
    [{"by": "person:nobody"}, {"verb": "test.other"}, {"subject": "x"}, {"detail": {"n": 9}}, {"role": "oversight"}],
    ids=lambda change: next(iter(change)),
)
def test_a_rewritten_entry_is_found(three_entries: None, change: dict[str, object]) -> None:
    Entry.objects.filter(number=2).update(**change)
    assert queries.verify().broken_at == 2
    assert "entry 2" in queries.ailments()[0]


def test_a_removed_entry_is_found(three_entries: None) -> None:
    Entry.objects.filter(number=2).delete()
    assert queries.verify().broken_at == 3


def test_a_changed_time_is_found(three_entries: None, at: datetime) -> None:
    Entry.objects.filter(number=1).update(at=at + timedelta(seconds=1))
    assert queries.verify().broken_at == 1


def test_the_digest_does_not_depend_on_how_the_time_zone_is_written(by: Actor, at: datetime) -> None:
    entry = actions.record(verb="test.act", subject="thing", by=by, at=at)
    same = Entry(
        number=1,
        at=at.astimezone(timezone(timedelta(hours=-5))),
        by=str(by),
        verb="test.act",
        subject="thing",
        detail={},
        previous=queries.FIRST,
    )
    assert queries.digest_of(same) == entry.digest


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_trace(by: Actor, at: datetime) -> None:
    with transaction.atomic():
        actions.record(verb="test.act", subject="thing", by=by, at=at)
        transaction.set_rollback(True)
    assert queries.verify().entries == 0


def test_a_resident_is_nobody_in_particular() -> None:
    assert RESIDENT.kind is ActorKind.RESIDENT
    assert RESIDENT.person_id is None
    assert str(RESIDENT) == "resident:somebody"


def test_the_log_counts_its_entries(three_entries: None) -> None:
    assert queries.holdings() == {"audit_entries": 3}
