"""Reading what is on record of trust and safety. Nothing here computes, so that web pages load no numpy for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.understand.trust.models import Contrast, Estimate, ModelCheck, ScaleCheck

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave


def scale_checks(wave: Wave) -> list[ScaleCheck]:
    """How well the scales of a wave measure one thing, and whether they mean the same to all."""
    return list(ScaleCheck.objects.filter(wave=wave))


def model_checks(wave: Wave, **chosen: str) -> list[ModelCheck]:
    """Whether the models of the areas of a wave may be leaned on; of one item and one statistic, where chosen."""
    return list(ModelCheck.objects.filter(wave=wave, **chosen))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"trust_estimates": Estimate.objects.count(), "trust_contrasts": Contrast.objects.count()}
