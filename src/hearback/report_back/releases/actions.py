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
    before = newest_edition()
    edition = Edition(number=before.number + 1 if before else 1, published_at=at)
    texts = [(kind, key, msgspec.json.encode(payload).decode()) for kind, key, payload in payloads]
    digest = hashlib.sha256()
    for part in sorted(texts):
        digest.update("\x1f".join(part).encode())
    edition.checksum = digest.hexdigest()
    edition.save(force_insert=True)
    Release.objects.exclude(edition=edition).delete()
    Release.objects.bulk_create(
        [Release(edition=edition, kind=kind, key=key, payload=text) for kind, key, text in texts]
    )
    audit.record(
        verb="releases.publish",
        subject=f"edition:{edition.number}",
        by=by,
        at=at,
        detail={"releases": len(texts), "checksum": edition.checksum},
    )
    return edition
