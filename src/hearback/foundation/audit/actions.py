"""Adding to the audit log; nothing here changes or removes an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.audit.queries import digest_of, end

CHAIN_LOCK = 0x48454152
"""Key of the PostgreSQL advisory lock that makes writers queue for the chain's end."""


@transaction.atomic(savepoint=False)
def record(*, verb: str, subject: str, by: Actor, at: datetime, detail: dict[str, Any] | None = None) -> Entry:
    """Add one entry to the chain, inside the caller's transaction: what is rolled back leaves no trace."""
    _queue_for_the_end()
    number, digest = end()
    entry = Entry(
        number=number + 1,
        at=at,
        by=str(by),
        role=by.role,
        verb=verb,
        subject=subject,
        detail=detail or {},
        previous=digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def _queue_for_the_end() -> None:
    """SQLite's IMMEDIATE transactions already queue; PostgreSQL needs a lock of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
