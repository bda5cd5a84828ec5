"""The exported audit log: checked by Hearback and by an outsider's short script, and every tampering found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from concerns import Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.audit import actions, queries
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import resident, upkeep
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries.upkeep import emptied, vanished
from places import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(by: Actor, at: datetime) -> list[str]:
    """An exported log of five entries."""
    for number in range(5):
        actions.record(verb="test.act", subject=f"thing:{number}", by=by, at=at, detail={"naïve": [number, "ü", 0.5]})
    return list(queries.exported())


def _other(line: str, **changes: object) -> str:
    return json.dumps(json.loads(line) | changes, ensure_ascii=False)


TAMPERINGS: dict[str, Callable[[list[str]], list[str]]] = {
    "a changed actor": lambda log: [*log[:2], _other(log[2], by="person:nobody"), *log[3:]],
    "a changed time": lambda log: [*log[:2], _other(log[2], at="2026-03-04T15:00:01+00:00"), *log[3:]],
    "a changed detail": lambda log: [*log[:2], _other(log[2], detail={}), *log[3:]],
    "a removed entry": lambda log: [*log[:2], *log[3:]],
    "a removed first entry": lambda log: log[1:],
    "two exchanged": lambda log: [log[0], log[2], log[1], *log[3:]],
    "one twice": lambda log: [*log[:3], log[2], *log[3:]],
    "a line that is no entry": lambda log: [*log[:2], "[1, 2]", *log[2:]],
    "half a line": lambda log: [*log[:4], log[4][:40]],
}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script that docs/audit.md gives to outsiders."""
    found = re.search(r"```py\n(.*?)```", (ROOT / "docs/audit.md").read_text(), re.DOTALL)
    assert found is not None
    assert found[1].count("\n") <= 30
    file = tmp_path_factory.mktemp("outsider") / "check.py"
    file.write_text(found[1])
    return file


def _outsiders_verdict(script: Path, log: list[str], *heads: str) -> int:
    (script.parent / "log").write_text("".join(f"{line}\n" for line in log), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", script, script.parent / "log", *heads], check=False, capture_output=True
    ).returncode


def test_an_untouched_log_holds_for_both(log: list[str], script: Path) -> None:
    head = json.loads(log[3])["digest"]
    assert queries.verify_lines(log, head=head) == queries.verify(head=head)
    assert queries.verify_lines(log).holds
    assert _outsiders_verdict(script, log, head) == 0


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_tampering_is_found_by_both(log: list[str], script: Path, tampering: str) -> None:
    tampered = TAMPERINGS[tampering](log)
    assert not queries.verify_lines(tampered).holds
    assert _outsiders_verdict(script, tampered) != 0


def test_a_log_written_anew_or_cut_is_found_by_a_digest_noted_before(
    log: list[str], script: Path, by: Actor, at: datetime
) -> None:
    head = json.loads(log[-1])["digest"]
    cut = log[:-1]
    Entry.objects.all().delete()
    for number in range(5):
        actions.record(verb="test.other", subject=f"thing:{number}", by=by, at=at)
    anew = list(queries.exported())
    for other in (cut, anew):
        assert queries.verify_lines(other).holds
        assert not queries.verify_lines(other, head=head).holds
        assert _outsiders_verdict(script, other, head) != 0
    assert "written anew" in queries.verify(head=head).sentence


def test_a_concern_that_vanished_without_a_trace_is_named(
    sent: Callable[..., Sent], liaison: User, liaison_desk: Desk
) -> None:
    one, other = sent(liaison_desk), sent(liaison_desk, "other")
    assert vanished() == []
    Concern.objects.filter(pk=one.concern.pk).delete()
    assert vanished() == [one.submission.concern.reference]
    assert other.concern.reference not in vanished()


def test_a_concern_emptied_by_hand_is_named_and_one_its_resident_withdrew_is_not(
    sent: Callable[..., Sent], liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    emptied_by_hand, marked_by_hand, withdrawn = (sent(liaison_desk, text) for text in ("one", "two", "three"))
    resident.withdraw(withdrawn.concern, keys=withdrawn.keys, by=RESIDENT, at=at)
    assert emptied() == []
    emptied_by_hand.concern.messages.all().delete()
    Concern.objects.filter(pk=marked_by_hand.concern.pk).update(state="withdrawn", resident_key=b"")
    assert emptied() == sorted([emptied_by_hand.concern.reference, marked_by_hand.concern.reference])


def test_what_the_law_holds_and_somebody_emptied_is_named_although_its_resident_withdrew(
    sent: Callable[..., Sent], liaison: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    held = sent(liaison_desk)
    upkeep.hold(held.concern, reason="Court order 7", by=overseer.actor, at=at)
    resident.withdraw(held.concern, keys=held.keys, by=RESIDENT, at=at)
    assert emptied() == []
    held.concern.messages.all().delete()
    assert emptied() == [held.concern.reference]
