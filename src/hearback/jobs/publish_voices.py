"""Renews the public page about who is missing, as voices come in; everything else published stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.foundation.audit.enums import Actor
from hearback.report_back.composing.voices import compose_voices
from hearback.report_back.payloads import Kind
from hearback.report_back.releases import actions as releases
from hearback.report_back.releases.queries import edition

EVERY = timedelta(days=1)


def publish_voices(*, by: Actor, at: datetime) -> int | None:
    """The number of the new edition; nothing before a city was published."""
    if edition() is None:
        return None
    return releases.replace(Kind.VOICES, compose_voices(at=at), by=by, at=at).number
