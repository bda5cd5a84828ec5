"""Publishing an edition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.report_back.payloads import Kind
from hearback.report_back.releases.models import Edition, Release
from hearback.report_back.releases.queries import edition as newest_edition


@transaction.atomic
def publish(payloads: Iterable[tuple[Kind, str, Any]], *, by: Actor, at: datetime) -> Edition:
    """Publish these payloads (kind, key, dataclass) as the new edition; the former edition's copies are dropped."""
    edition = _store([(kind, key, _written(payload)) for kind, key, payload in payloads], at=at)
    audit.record(
        verb="releases.publish",
        subject=f"edition:{edition.number}",
        by=by,
        at=at,
        detail={"releases": edition.releases.count(), "checksum": edition.checksum},
    )
    return edition


def replace(
    kinds: Kind | tuple[Kind, ...], payloads: Iterable[tuple[Kind, str, Any]], *, by: Actor, at: datetime
) -> Edition:
    """A new edition in which only these kinds are new; everything else is copied from the former one.

    Payloads are composed before the transaction begins, since residents' words wait for its end.
    """
    replaced = (kinds,) if isinstance(kinds, Kind) else kinds
    new = [(kind, key, _written(payload)) for kind, key, payload in payloads]
    with transaction.atomic():
        former = Release.objects.filter(edition=newest_edition()).exclude(kind__in=replaced)
        others = former.values_list("kind", "key", "payload")
        edition = _store([*((Kind(other), key, text) for other, key, text in others), *new], at=at)
        audit.record(
            verb="releases.replace",
            subject=f"edition:{edition.number}",
            by=by,
            at=at,
            detail={"kind": ", ".join(replaced), "checksum": edition.checksum},
        )
    return edition


def _store(texts: list[tuple[Kind, str, str]], *, at: datetime) -> Edition:
    before = newest_edition()
    edition = Edition(number=before.number + 1 if before else 1, published_at=at)
    digest = hashlib.sha256()
    for part in sorted(texts):
        digest.update("\x1f".join(part).encode())
    edition.checksum = digest.hexdigest()
    edition.save(force_insert=True)
    Release.objects.exclude(edition=edition).delete()
    Release.objects.bulk_create(
        [Release(edition=edition, kind=kind, key=key, payload=text) for kind, key, text in texts]
    )
    return edition


def _written(payload: Any) -> str:
    return msgspec.json.encode(payload).decode()
