"""Adds one wave of a survey to an installation, or brings it up to date; everything else published stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.queries import evidence_store, in_use
from hearback.foundation.places.queries import areas, layers
from hearback.importers.codebook_parts import Codebook
from hearback.importers.codebooks import SurveySource
from hearback.importers.nearest import advice
from hearback.jobs.build_city.estimating import estimate_surveys
from hearback.jobs.build_city.surveys import StoredSurvey, read_survey, record_survey, store_survey
from hearback.refusal import Refusal
from hearback.report_back.composing import datasets, trust
from hearback.report_back.composing.material import gather
from hearback.report_back.payloads import Kind
from hearback.report_back.releases import actions as releases
from hearback.report_back.releases.queries import edition

SEED = 2026
"""Of simulations: the same file gives the same numbers."""


class NoSuchLayer(Refusal):
    """The city has no layer of areas of this name."""


def add_survey(
    codebook: Codebook,
    *,
    areas_of: str | None = None,
    accept_unmatched: str = "",
    by: Actor,
    at: datetime,
) -> StoredSurvey:
    """Read the wave, store its rows, estimate what its survey says, and publish that, where the wave comes from and
    what was recoded, all or nothing. The pages of areas follow when the city is built anew.

    areas_of: the layer whose keys the respondents' areas are. Raises NoSuchLayer and the refusals of the importer.
    """
    source = SurveySource(codebook=codebook, areas=areas_of, accept_unmatched=accept_unmatched)
    known = [layer.key for layer in layers()]
    if areas_of is not None and areas_of not in known:
        raise NoSuchLayer(f'there is no layer "{areas_of}"', where=str(codebook.path), remedy=advice(areas_of, known))
    keys_of = {areas_of: tuple(area.key for area in areas(areas_of))} if areas_of else {}
    store = evidence_store()
    try:
        stored = store_survey(source, read_survey(source, keys_of=keys_of), store=store)
        with transaction.atomic():
            record_survey(stored, by_hand=True, by=by, at=at)
            estimate_surveys([codebook.key], seed=SEED, by=by, at=at)
            if edition() is not None:
                material = gather((), at=at)
                payloads = [*datasets.compose(material), *trust.compose(material)]
                releases.replace((Kind.DATASET, Kind.TRUST, Kind.TRUST_ITEM), payloads, by=by, at=at)
    finally:
        store.prune(keep=[dataset.stored for dataset in in_use() if dataset.stored])
    return stored
