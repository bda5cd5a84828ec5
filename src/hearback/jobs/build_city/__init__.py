"""Builds a city, or brings it up to date, from its description: files in, one new edition out, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
from django.db import transaction

from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.queries import evidence_store, in_use
from hearback.importers.city import City
from hearback.jobs.build_city.assessing import LARGEST_SEED, assess
from hearback.jobs.build_city.populations import store_population
from hearback.jobs.build_city.reading import read_sources
from hearback.jobs.build_city.recording import record
from hearback.jobs.build_city.storing import store_evidence
from hearback.jobs.build_city.surveys import store_survey

STEPS = 5
"""How many steps `tell` announces."""


def build_city(
    city: City, *, by: Actor, at: datetime, rng: np.random.Generator, tell: Callable[[str], None] = lambda _: None
) -> int:
    """Read every file the description names, compute, and publish; returns the number of the new edition.

    Anything refused on the way leaves the former edition as it was: evidence folders are named by their content
    and become current only in the one transaction at the end; those of no edition are removed. `tell` hears what is
    being done, once per step.
    """
    store = evidence_store()
    try:
        tell("Reading areas, indicators, organisations and surveys")
        sources = read_sources(city)
        tell("Reading incidents")
        stored = store_evidence(sources, store=store, latest_year=at.year)
        people = [store_population(source, found, store=store) for source, found in sources.populations]
        surveys = [store_survey(source, read, store=store) for source, read in sources.surveys]
        tell("Estimating need and clusters, with their uncertainty")
        findings = assess(sources, stored, rng=rng)
        seed = int(rng.integers(LARGEST_SEED))
        tell("Publishing")
        with transaction.atomic():
            edition = record(sources, stored, people, surveys, findings, seed=seed, by=by, at=at)
        tell("Tidying up")
    finally:
        store.prune(keep=[dataset.stored for dataset in in_use() if dataset.stored])
    return edition.number
