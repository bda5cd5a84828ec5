"""A survey on record with estimates as small as can be followed by hand, for tests of what is said of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hearback.listen.surveys.models import GroupKind, Item, Scale, Survey, Wave
from hearback.understand.trust.enums import Method, Statistic
from hearback.understand.trust.models import Contrast, Estimate

ITEM = "fair"
WORDING = "The police treat people fairly."


def wave(survey: Survey, year: int, **changed: Any) -> Wave:
    """A wave that asked one question, in three age groups."""
    fields: dict[str, Any] = {
        "key": str(year),
        "name": str(year),
        "kind": "responses",
        "mode": "probability",
        "population": "Adults",
        "frame": "Addresses",
        "languages": ["en", "es"],
        "fielded_from": date(year, 9, 1),
        "fielded_to": date(year, 10, 1),
        "exact_wording": True,
        "rows": 900,
        "dispositions": {"complete": 900, "refusal": 600, "non_contact": 1500},
        "areas": "square",
        "dataset": f"wave-{year}",
        "stored": f"wave-{year}",
    }
    made = Wave.objects.create(survey=survey, **fields | changed)
    Item.objects.create(
        wave=made,
        key=ITEM,
        place=0,
        wording=WORDING,
        translations={"es": "La policía trata a las personas de manera justa."},
        kind="ordinal",
        labels=[[1, "Disagree"], [2, "Neither"], [3, "Agree"]],
        favourable=[3],
        reversed=False,
        answered=880,
    )
    Scale.objects.create(wave=made, key="treatment", title="Treatment", items=[ITEM])
    GroupKind.objects.create(wave=made, key="age", title="Age", names=["Young", "Middle", "Old"])
    return made


def survey(key: str = "panel", name: str = "The panel") -> Survey:
    """A survey without waves."""
    return Survey.objects.create(key=key, name=name)


def estimate(wave: Wave, value: float | None, half: float | None = 0.03, **changed: Any) -> Estimate:
    """An estimate with an interval of `value` less and more `half`."""
    ends = {} if value is None or half is None else {"low": value - half, "high": value + half, "se": half / 1.96}
    fields: dict[str, Any] = {
        "item": ITEM,
        "statistic": Statistic.FAVOURABLE,
        "method": Method.DESIGN,
        "estimate": value,
        "level": 0.95,
        "n": 880,
        "deff": 1.4,
    }
    return Estimate.objects.create(wave=wave, **fields | ends | changed)


def contrast(wave: Wave, difference: float | None, half: float = 0.03, *, p_more: float, **changed: Any) -> Contrast:
    """A difference with its interval."""
    ends = {} if difference is None else {"low": difference - half, "high": difference + half}
    fields: dict[str, Any] = {
        "item": ITEM,
        "statistic": Statistic.FAVOURABLE,
        "method": Method.DESIGN,
        "difference": difference,
        "level": 0.95,
        "p_more": p_more,
    }
    return Contrast.objects.create(wave=wave, **fields | ends | changed)
