"""The invented city as a whole: drawn from one seed, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from hearback.demo import (
    attitudes,
    conditions,
    geography,
    incidents,
    indicators,
    offences,
    organizations,
    people,
    truth,
)
from hearback.demo.streams import stream

DEFAULT_SEED = 6


@dataclass(frozen=True)
class DemoCity:
    """All parts of one invented city; `truth` is what the software must find out from the rest."""

    seed: int
    geography: geography.Geography
    conditions: conditions.Conditions
    people: people.People
    indicators: indicators.Indicators
    offences: offences.Offences
    incidents: incidents.Incidents
    organizations: tuple[organizations.Organization, ...]
    truth: truth.Truth


def generate(seed: int = DEFAULT_SEED) -> DemoCity:
    """The same city for the same seed. Every part has a random stream of its own (streams.py)."""
    land = geography.draw_map(stream(seed, "geography"))
    places = conditions.settle(land, stream(seed, "conditions"))
    residents = people.settle(land, places, stream(seed, "people"))
    measured = indicators.measure(land, places, residents, stream(seed, "indicators"))
    rates = offences.happen(land, places, residents, stream(seed, "offences"))
    minds = attitudes.form(land, places, residents, rates, stream(seed, "attitudes"))
    records = incidents.record(land, rates, minds.trust_of_area(residents), stream(seed, "incidents"))
    return DemoCity(
        seed=seed,
        geography=land,
        conditions=places,
        people=residents,
        indicators=measured,
        offences=rates.offences,
        incidents=records,
        organizations=organizations.found(land, places, residents, stream(seed, "organizations")),
        truth=truth.know(land, places, residents, measured, rates, minds, records),
    )
