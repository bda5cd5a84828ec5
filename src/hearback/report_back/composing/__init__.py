"""Composing releases: what is on record becomes finished copies, one file per kind, found by folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from hearback.report_back.composing.material import Material, gather
from hearback.report_back.payloads import Kind
from hearback.understand.hotspots.queries import Pattern

Composed = tuple[Kind, str, Any]


def compose(patterns: Sequence[Pattern], *, at: datetime) -> Iterator[Composed]:
    """Every release of a new edition: kind, key and payload."""
    material: Material = gather(patterns, at=at)
    for module in pkgutil.iter_modules(__path__):
        composer = import_module(f"{__name__}.{module.name}")
        if hasattr(composer, "compose"):
            yield from composer.compose(material)
