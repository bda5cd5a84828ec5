"""What the tests do inside a demonstration city, in a process of its own: `in_a_demo.py VERB DIR`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hearback.cli.installation import open_existing

LIAISONS = "liaison-team"
OFFICER = {"first_name": "Rosa", "last_name": "Delgado", "badge": "4711"}
"""What residents call the liaison of the demonstration."""


def look_back(data_dir: Path) -> dict[str, Any]:
    """What happened weeks ago: a concern that nobody answered, and two that were answered, one of them about violence;
    gives their references and the words of their receipts."""
    from hearback.listen.concerns.enums import Safety

    name_the_officer()
    told = {
        "late": say("Nobody came back to me.", days_ago=40),
        "answered": say("The lamp is out.", days_ago=33),
        "violence": say("He hits me.", days_ago=33, safety=Safety.VIOLENCE),
    }
    answer([told["answered"].concern, told["violence"].concern], data_dir, days_ago=29)
    return {key: {"reference": done.concern.reference, "words": done.receipt.words} for key, done in told.items()}


def escalate(data_dir: Path) -> None:
    """The hour of the timetable's job, whenever it ran last."""
    from hearback.jobs import timetable

    job = next(job for job in timetable.timetable() if job.name == "escalate")
    timetable.run(job, at=datetime.now(UTC))


def name_the_officer() -> None:
    """An administrator writes down what residents may call the liaison."""
    from hearback.foundation.people import actions as people
    from hearback.foundation.people.queries import person_named

    administrator, liaison = person_named("demo-administrator"), person_named("demo-liaison")
    assert administrator is not None
    assert liaison is not None
    people.correct_names(liaison, **OFFICER, by=administrator.actor, at=datetime.now(UTC))


def say(text: str, *, days_ago: int, **more: Any) -> Any:
    """One submission to the liaisons, as a page makes it."""
    from hearback.foundation.access.queries import desk_with
    from hearback.foundation.audit.enums import RESIDENT
    from hearback.listen.concerns.actions.submitting import Draft, submit
    from hearback.listen.concerns.enums import ConcernKind
    from hearback.listen.concerns.queries import keys as secrets_of

    at = datetime.now(UTC) - timedelta(days=days_ago)
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    draft = Draft(kind=ConcernKind.CONCERN, text=text, language="en", desk=desk_with(LIAISONS), **more)
    return submit(draft, token=token, by=RESIDENT, at=at)


def answer(concerns: list[Any], data_dir: Path, *, days_ago: int) -> None:
    """The liaison answers them, with her own key."""
    from hearback.foundation.people.queries import person_named
    from hearback.foundation.vault.queries import key_of
    from hearback.listen.concerns.actions import desk
    from hearback.sealing import personal_keys

    liaison, at = person_named("demo-liaison"), datetime.now(UTC) - timedelta(days=days_ago)
    lines = [line.split() for line in (data_dir / "demo-sign-ins.txt").read_text().splitlines()]
    passphrase = next(passphrase for name, _, _, passphrase in lines if name == liaison.username)
    private_key = personal_keys.unlock(key_of(liaison).locked, passphrase)
    for concern in concerns:
        desk.answer(concern, "It was mended.", person=liaison, private_key=private_key, by=liaison.actor, at=at)


VERBS: dict[str, Callable[[Path], Any]] = {verb.__name__: verb for verb in (look_back, escalate)}

if __name__ == "__main__":
    verb, folder = sys.argv[1:]
    open_existing(Path(folder))
    print(json.dumps(VERBS[verb](Path(folder))))
