"""Reading the audit log, and checking that nobody rewrote it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from hearback.foundation.audit.models import Entry

FIRST = "0" * 64
"""The digest before the first entry."""


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds: the number of entries, the last digest, and the first number where it breaks."""

    entries: int
    head: str
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        """True when every entry follows from the one before."""
        return self.broken_at is None


def last() -> Entry | None:
    """The newest entry."""
    return Entry.objects.order_by("-number").first()


def verify() -> Verdict:
    """Walk the whole chain, recomputing every digest."""
    digest, count = FIRST, 0
    for entry in Entry.objects.order_by("number").iterator():
        count += 1
        if entry.number != count or entry.previous != digest or entry.digest != digest_of(entry):
            return Verdict(count, digest, broken_at=entry.number)
        digest = entry.digest
    return Verdict(count, digest)


def digest_of(entry: Entry) -> str:
    """SHA-256 of the entry's fields and of the digest before it, in one canonical JSON line."""
    line = json.dumps(
        [
            entry.number,
            entry.at.astimezone(UTC).isoformat(),
            entry.by,
            entry.role,
            entry.verb,
            entry.subject,
            entry.detail,
            entry.previous,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(line.encode()).hexdigest()


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"audit_entries": Entry.objects.count()}


def ailments() -> list[str]:
    """What is wrong here, in sentences; empty when nothing is."""
    verdict = verify()
    return [] if verdict.holds else [f"The audit log was changed at entry {verdict.broken_at}."]
