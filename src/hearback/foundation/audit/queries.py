"""Reading the audit log, and checking that nobody rewrote it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from hearback.foundation.audit.models import Entry
from hearback.prepared import Prepared

FIRST = "0" * 64
"""The digest before the first entry."""


FIELDS = ("number", "at", "by", "role", "verb", "subject", "detail", "previous")
"""What a digest covers, in this order."""

_END = Prepared(lambda: Entry.objects.order_by("-number").values_list("number", "digest")[:1])


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds: the number of entries, the last digest, and the first number where it breaks."""

    entries: int
    head: str
    broken_at: int | None = None
    lacks: str = ""
    """A digest that was to stand in the log and does not: the log was written anew, or its end was cut off."""

    @property
    def holds(self) -> bool:
        """True when every entry follows from the one before, and the log is the one that was looked for."""
        return self.broken_at is None and not self.lacks

    @property
    def sentence(self) -> str:
        """The verdict for a person."""
        if self.broken_at is not None:
            return f"The audit log was changed at entry {self.broken_at}."
        if self.lacks:
            return f"The audit log is not the one that held {self.lacks}: it was written anew, or its end was cut off."
        return f"The audit log holds: {self.entries} entries, the last with digest {self.head}."


def last(**wanted: str) -> Entry | None:
    """The newest entry, of all or of those with this verb or subject."""
    return Entry.objects.filter(**wanted).order_by("-number").first()


def end() -> tuple[int, str]:
    """The number and the digest that the next entry follows."""
    return next(iter(_END()), (0, FIRST))


def history(subject: str, *, verbs: Iterable[str]) -> list[Entry]:
    """What was done to something, of these verbs, oldest first."""
    return list(Entry.objects.filter(subject=subject, verb__in=verbs).order_by("number"))


def subjects_of(verb: str) -> set[str]:
    """Everything that this was ever done to."""
    return set(Entry.objects.filter(verb=verb).values_list("subject", flat=True))


def verify(*, head: str = "") -> Verdict:
    """Walk the whole chain, recomputing every digest. With `head`, a digest noted earlier must stand in it."""
    return _walk(map(_as_fields, Entry.objects.order_by("number").iterator()), head)


def verify_lines(lines: Iterable[str], *, head: str = "") -> Verdict:
    """The same for an exported log."""
    return _walk((_read(line) for line in lines if line.strip()), head)


def exported() -> Iterator[str]:
    """Every entry as one line of JSON, oldest first."""
    for entry in Entry.objects.order_by("number").iterator():
        yield json.dumps(_as_fields(entry), ensure_ascii=False)


def digest_of(entry: Entry) -> str:
    """SHA-256 of the entry's fields and of the digest before it, in one canonical JSON line."""
    return _digest(_as_fields(entry))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"audit_entries": Entry.objects.count()}


def ailments() -> list[str]:
    """What is wrong here, in sentences; empty when nothing is."""
    verdict = verify()
    return [] if verdict.holds else [verdict.sentence]


def _walk(entries: Iterable[dict[str, Any]], head: str) -> Verdict:
    digest, count, lacks = FIRST, 0, head
    for entry in entries:
        count += 1
        fits = entry.get("number") == count and entry.get("previous") == digest
        if not fits or entry.get("digest") != _digest(entry):
            number = entry.get("number")
            return Verdict(count, digest, broken_at=number if isinstance(number, int) else count)
        digest = entry["digest"]
        lacks = "" if digest == head else lacks
    return Verdict(count, digest, lacks=lacks)


def _as_fields(entry: Entry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in (*FIELDS, "digest")}
    return fields | {"at": entry.at.astimezone(UTC).isoformat()}


def _read(line: str) -> dict[str, Any]:
    """The entry of a line; a line that is none breaks the chain like any other change."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {}


def _digest(fields: dict[str, Any]) -> str:
    line = json.dumps([fields.get(name) for name in FIELDS], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
