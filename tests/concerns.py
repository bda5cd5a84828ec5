"""Concerns for tests: submitted through the real actions, opened with the real keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.people.models import User
from hearback.foundation.vault.queries import key_of
from hearback.listen.concerns.actions.submitting import Draft, Submission, submit
from hearback.listen.concerns.enums import ConcernKind
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries import keys as secrets_of
from hearback.sealing import personal_keys
from hearback.sealing.receipts import ReceiptKeys
from standing_roles import PASSPHRASE

WORDS = "The street light at the corner has been dark for months, and my daughter walks there."


@dataclass(frozen=True)
class Sent:
    """A concern, and what its resident took home."""

    submission: Submission
    keys: ReceiptKeys

    @property
    def concern(self) -> Concern:
        """The concern as the database has it now."""
        return Concern.objects.get(pk=self.submission.concern.pk)


def send(desk: Desk, text: str = WORDS, *, at: datetime, **more: Any) -> Sent:
    """What a resident does: a form taken out, filled in and sent."""
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    by = more.pop("by", RESIDENT)
    draft = Draft(
        kind=more.pop("kind", ConcernKind.CONCERN), text=text, language=more.pop("language", "en"), desk=desk, **more
    )
    done = submit(draft, token=token, by=by, at=at)
    return Sent(done, secrets_of.keys_of(done.receipt))


def private_key(person: User) -> bytes:
    """The person's own key, unlocked."""
    key = key_of(person)
    assert key is not None
    return personal_keys.unlock(key.locked, PASSPHRASE)


def hands(person: User) -> dict[str, Any]:
    """What a person's action takes: who, with which key, by whom."""
    return {"person": person, "private_key": private_key(person), "by": person.actor}


@pytest.fixture
def sent(at: datetime) -> Callable[..., Sent]:
    """Sends a concern to a desk: `sent(desk, "words")`."""
    return lambda desk, text=WORDS, **more: send(desk, text, at=more.pop("at", at), **more)
