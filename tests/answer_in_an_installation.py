"""Somebody at the desk answers whatever waits, in a process of its own: `answer_in_an_installation.py DIR TEXT`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from hearback.cli.installation import open_existing
from in_an_installation import PASSPHRASES


def answer_everything(text: str) -> None:
    """Lia of the liaison team answers every concern that waits there."""
    from hearback.foundation.people.queries import person_named
    from hearback.foundation.vault.queries import key_of
    from hearback.listen.concerns.actions import desk
    from hearback.listen.concerns.queries.desk import Filter, inbox
    from hearback.sealing import personal_keys

    lia, now = person_named("lia"), datetime.now(UTC)
    private_key = personal_keys.unlock(key_of(lia).locked, PASSPHRASES["lia"])
    for concern in inbox(lia, Filter(), today=now.date()):
        desk.answer(concern, text, person=lia, private_key=private_key, by=lia.actor, at=now)


if __name__ == "__main__":
    folder, text = sys.argv[1:]
    open_existing(Path(folder))
    answer_everything(text)
