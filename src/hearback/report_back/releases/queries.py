"""Reading what was released."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import connection

from hearback.refusal import Refusal
from hearback.report_back.payloads import Kind
from hearback.report_back.releases.enums import SHAPES
from hearback.report_back.releases.models import Edition, Release


class NotReleased(Refusal):
    """Nothing was released under that name."""


def edition() -> Edition | None:
    """The newest edition, once there is one."""
    return Edition.objects.order_by("-number").first()


def newest_mark() -> tuple[int, str] | None:
    """Number and checksum of the newest edition, in plain SQL because it is asked before every public page: the
    object-relational mapper takes five times as long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, checksum FROM releases_edition ORDER BY number DESC LIMIT 1")
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def current(kind: Kind, key: str = "") -> Any:
    """The newest payload of this kind and key, as its dataclass."""
    found = Release.objects.filter(edition=edition(), kind=kind, key=key).values_list("payload", flat=True).first()
    if found is None:
        raise NotReleased(
            f"nothing was released as {kind}/{key}", remedy="Build the city first: hearback build CITY.toml"
        )
    return msgspec.json.decode(found, type=SHAPES[kind])


def keys(kind: Kind) -> tuple[str, ...]:
    """The keys of everything released of this kind."""
    found = Release.objects.filter(edition=edition(), kind=kind).order_by("key")
    return tuple(found.values_list("key", flat=True))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    newest = edition()
    return {"releases": newest.releases.count() if newest else 0, "editions": Edition.objects.count()}
