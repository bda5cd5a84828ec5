"""The invented city as a whole: drawn from one seed, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from hearback.demo import (
    adults,
    attitudes,
    concerns,
    conditions,
    engagements,
    geography,
    incidents,
    indicators,
    offences,
    organizations,
    people,
    staff,
    surveys,
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
    adults: adults.Adults
    staff: staff.Staff
    indicators: indicators.Indicators
    offences: offences.Offences
    attitudes: attitudes.Attitudes
    incidents: incidents.Incidents
    organizations: tuple[organizations.Organization, ...]
    concerns: concerns.Concerns
    engagements: engagements.Engagements
    surveys: tuple[surveys.Wave, ...]
    truth: truth.Truth


def generate(seed: int = DEFAULT_SEED) -> DemoCity:
    """The same city for the same seed. Every part has a random stream of its own (streams.py)."""
    land = geography.draw(rng=stream(seed, "geography"))
    places = conditions.draw(land, rng=stream(seed, "conditions"))
    residents = people.draw(land, places, rng=stream(seed, "people"))
    measured = indicators.draw(land, places, residents, rng=stream(seed, "indicators"))
    rates = offences.draw(land, places, residents, rng=stream(seed, "offences"))
    minds = attitudes.draw(land, places, residents, rates, rng=stream(seed, "attitudes"))
    grown = adults.count(residents)
    trust = minds.trust_of_area(residents)
    records = incidents.draw(land, rates, trust=trust, rng=stream(seed, "incidents"))
    founded = organizations.draw(land, places, residents, rng=stream(seed, "organizations"))
    return DemoCity(
        seed=seed,
        geography=land,
        conditions=places,
        people=residents,
        adults=grown,
        staff=staff.draw(residents, rng=stream(seed, "staff")),
        indicators=measured,
        offences=rates.offences,
        attitudes=minds,
        incidents=records,
        organizations=founded,
        concerns=concerns.draw(land, residents, rng=stream(seed, "concerns")),
        engagements=engagements.draw(land, residents, grown, founded, rng=stream(seed, "engagements")),
        surveys=surveys.draw(land, residents, grown, minds, rng=stream(seed, "surveys")),
        truth=truth.gather(
            geography=land,
            conditions=places,
            people=residents,
            indicators=measured,
            rates=rates,
            attitudes=minds,
            incidents=records,
        ),
    )
