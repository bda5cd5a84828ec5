"""Reading what is on record of trust and safety. Nothing here computes, so that web pages load no numpy for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.understand.trust.models import Contrast, Estimate, ScaleCheck

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave


def scale_checks(wave: Wave) -> list[ScaleCheck]:
    """How well the scales of a wave measure one thing, and whether they mean the same to all."""
    return list(ScaleCheck.objects.filter(wave=wave))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"trust_estimates": Estimate.objects.count(), "trust_contrasts": Contrast.objects.count()}
