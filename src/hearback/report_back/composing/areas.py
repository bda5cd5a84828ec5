"""The releases about single areas: what is known, how surely, from where and when, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hearback.foundation.datasets.enums import Holds
from hearback.foundation.indicators.queries import Indicator, definitions, values_of
from hearback.importers import nibrs
from hearback.report_back.composing.incidents import PER, SMALLEST_SHOWN
from hearback.report_back.composing.material import Material
from hearback.report_back.composing.need import need_row
from hearback.report_back.composing.organizations import KEPT_BACK, organization_row
from hearback.report_back.composing.trust_facts import facts_by_area
from hearback.report_back.payloads import AreaPage, Choice, Fact, Kind, Message, NeedRow
from hearback.stats.disclose.counts import protect
from hearback.stats.margins import moe_to_se
from hearback.stats.spatial_weights import contiguity
from hearback.understand.need.queries import indicators_used

if TYPE_CHECKING:
    from hearback.foundation.indicators.models import Value
    from hearback.foundation.places.models import Area
    from hearback.understand.hotspots.queries import Pattern

UNRELIABLE_CV = 0.40
"""Coefficient of variation above which a figure is called unsure (ACS guidance names 30 to 40 %)."""


def compose(material: Material) -> Iterator[tuple[Kind, str, AreaPage]]:
    """One release per area of the primary layer."""
    values = values_of(list(material.areas))
    known = {value.indicator for ours in values.values() for value in ours}
    neighbours = contiguity(material.geometries).matrix
    newest = _newest_patterns(material)
    opinions = facts_by_area(material)
    vintage = _need_vintage(values, material)
    organizations = [one for one in material.organizations if one.area_id and one.kind not in KEPT_BACK]
    for i, area in enumerate(material.areas):
        row = need_row(area, material)
        ours = values.get(area.pk, [])
        facts = [
            *_need_facts(row, material, vintage=vintage),
            *opinions.get(area.key, ()),
            *(_indicator_fact(value, material) for value in ours),
            *_incident_facts(i, newest, material),
        ]
        yield (
            Kind.AREA,
            area.key,
            AreaPage(
                area=area.key,
                name=area.name,
                population=area.population,
                standing=row.standing,
                facts=tuple(facts),
                unknowns=tuple(_unknowns(area, ours, known, asked=area.key in opinions)),
                organizations=tuple(organization_row(one, material) for one in organizations if one.area_id == area.pk),
                neighbours=tuple(
                    Choice(material.areas[j].key, material.areas[j].name)
                    for j in neighbours.indices[neighbours.indptr[i] : neighbours.indptr[i + 1]]
                ),
                lies_in=material.lies_in[i],
            ),
        )


def _need_vintage(values: dict[int, list[Value]], material: Material) -> str:
    """From when the figures are that the index is made of, not when it was computed."""
    used = indicators_used(material.assessment) if material.assessment else frozenset()
    return ", ".join(sorted({value.vintage for ours in values.values() for value in ours if value.indicator in used}))


def _need_facts(row: NeedRow, material: Material, *, vintage: str) -> Iterator[Fact]:
    if material.assessment is None or row.rank is None:
        return
    ranked = sum(score.rank is not None for score in material.scores.values())
    if row.rank_low is None:
        certainty = Message("The sources give no margins of error: nobody can say how sure this is.", {})
    else:
        certainty = Message(
            "Its rank lies between {low} and {high}; all areas' ranges hold together with {percent} % confidence.",
            {
                "low": row.rank_low,
                "high": row.rank_high or row.rank_low,
                "percent": round(material.assessment.level * 100),
            },
        )
    yield Fact(
        subject="Need",
        sentence=Message("It ranks {rank} of {areas} by need, 1 being most.", {"rank": row.rank, "areas": ranked}),
        certainty=certainty,
        source=material.assessment.title,
        vintage=vintage,
    )


def _indicator_fact(value: Value, material: Material) -> Fact:
    indicator = definitions()[value.indicator]
    return Fact(
        subject=indicator.title,
        sentence=Message(indicator.sentence, {"value": _amount(indicator, value.estimate)}),
        certainty=_certainty(indicator, value),
        source=material.titles[value.dataset],
        vintage=value.vintage,
    )


def _certainty(indicator: Indicator, value: Value) -> Message:
    if value.margin is None:
        return Message("The source gives no margin of error: nobody can say how sure this is.", {})
    low, high = value.estimate - value.margin, value.estimate + value.margin
    between = {
        "low": _amount(indicator, max(low, 0.0)),
        "high": _amount(indicator, min(high, 1.0) if indicator.unit == "share" else high),
    }
    if value.estimate and float(moe_to_se(value.margin)) / value.estimate > UNRELIABLE_CV:
        return Message("Very unsure: few people were asked. Probably between {low} and {high}.", between)
    return Message("Probably between {low} and {high} (9 times in 10).", between)


def _amount(indicator: Indicator, value: float) -> Message | float:
    if indicator.unit == "share":
        percent = round(100 * value) if value >= 0.0995 or value == 0 else round(100 * value, 1)
        return Message("{number} %", {"number": percent})
    if indicator.unit == "dollars":
        return Message("${number}", {"number": round(value)})
    rounded = float(f"{value:.4g}")
    return int(rounded) if rounded.is_integer() else rounded


def _newest_patterns(material: Material) -> list[Pattern]:
    newest = max((pattern.year for pattern in material.patterns), default=0)
    return [pattern for pattern in material.patterns if pattern.year == newest]


def _incident_facts(i: int, newest: list[Pattern], material: Material) -> Iterator[Fact]:
    source = "; ".join(one.title for one in material.datasets if one.holds == Holds.INCIDENTS)
    for pattern in newest:
        title = nibrs.category(pattern.category).title
        said = Message(title, {})
        hidden = bool(protect(pattern.counts, threshold=SMALLEST_SHOWN).hidden[i])
        if hidden:
            sentence = Message("{title}: so few reported that the number is not shown.", {"title": said})
            certainty = Message("Few reports can mean few incidents, or little trust in reporting.", {})
        else:
            count = int(pattern.counts[i])
            sentence = Message("{title}: {count} reported.", {"title": said, "count": count})
            certainty = _rate_certainty(i, pattern)
        yield Fact(
            subject=title,
            sentence=sentence,
            certainty=certainty,
            source=source,
            vintage=str(pattern.year),
        )


def _rate_certainty(i: int, pattern: Pattern) -> Message:
    if np.isnan(pattern.rates.rate[i]):
        return Message("It is not known how many people live here, so there is no rate.", {})
    low, high = (round(PER * float(values[i]), 1) for values in (pattern.rates.low, pattern.rates.high))
    return Message("Between {low} and {high} per 1,000 residents (19 times in 20).", {"low": low, "high": high})


def _unknowns(area: Area, values: list[Value], elsewhere: set[str], *, asked: bool) -> Iterator[Message]:
    here = {value.indicator for value in values}
    for indicator in sorted(elsewhere - here):
        yield Message("{title}: no figure for this area.", {"title": Message(definitions()[indicator].title, {})})
    if area.population is None:
        yield Message("How many people live here.", {})
    yield Message("What happened and was never reported.", {})
    if asked:
        yield Message("What those who live here think who did not answer any survey.", {})
    else:
        yield Message("What the people who live here think of the police, and whether they feel safe.", {})
