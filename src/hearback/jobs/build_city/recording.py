"""The last step of a build: everything that was read and found becomes current, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from hearback.evidence.point_in_polygon import OUTSIDE, PolygonLocator
from hearback.foundation.access import actions as access
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets import actions as datasets
from hearback.foundation.datasets.enums import Holds
from hearback.foundation.indicators import actions as indicators
from hearback.foundation.organizations import actions as organizations
from hearback.foundation.organizations.queries import directory
from hearback.foundation.places import actions as places
from hearback.foundation.places.queries import areas
from hearback.foundation.populations import actions as populations
from hearback.importers.city import City
from hearback.importers.organizations import Organizations
from hearback.jobs.build_city.assessing import Findings
from hearback.jobs.build_city.datasets import put_on_record
from hearback.jobs.build_city.estimating import estimate_surveys
from hearback.jobs.build_city.populations import StoredPopulation, record_population
from hearback.jobs.build_city.reading import Sources
from hearback.jobs.build_city.storing import Stored
from hearback.jobs.build_city.surveys import StoredSurvey, record_survey
from hearback.listen.surveys import actions as survey_actions
from hearback.listen.surveys import queries as surveys
from hearback.refusal import Refusal
from hearback.report_back.composing import compose
from hearback.report_back.releases import actions as releases
from hearback.report_back.releases.models import Edition
from hearback.understand.need import actions as need


class UnknownOrganization(Refusal):
    """A desk is said to be of an organisation that nobody knows."""


def record(
    sources: Sources,
    stored: list[Stored],
    people: list[StoredPopulation],
    waves: list[StoredSurvey],
    findings: Findings,
    *,
    seed: int,
    by: Actor,
    at: datetime,
) -> Edition:
    """Put everything on record, estimate what surveys say, and publish the new edition."""
    names = [
        *_record_areas(sources, by=by, at=at),
        *_record_indicators(sources, by=by, at=at),
        *_record_organizations(sources, by=by, at=at),
        *_record_incidents(stored, by=by, at=at),
        *(record_population(one, by=by, at=at) for one in people),
        *(record_survey(wave, by=by, at=at) for wave in waves),
        *(wave.dataset for wave in surveys.added_by_hand()),
    ]
    _open_desks(sources.city, by=by, at=at)
    populations.keep_only(names, by=by, at=at)
    survey_actions.keep_only(names, by=by, at=at)
    datasets.keep_only(names, by=by, at=at)
    if findings.need:
        need.record(findings.need, by=by, at=at)
    estimate_surveys([survey.key for survey in surveys.surveys()], seed=seed, by=by, at=at)
    return releases.publish(compose(findings.patterns, at=at), by=by, at=at)


def _open_desks(city: City, *, by: Actor, at: datetime) -> None:
    """Desks that the description no longer names stay as they are: residents may have written to them."""
    named = {organization.name: organization for organization in directory()}
    for source in city.desks:
        if source.organization and source.organization not in named:
            raise UnknownOrganization(
                f'no source of organisations holds "{source.organization}"',
                where=f"desk {source.key}",
                remedy="Write its name as the source does, or leave the line out",
            )
        access.open_desk(
            key=source.key,
            kind=DeskKind(source.kind),
            name=source.name,
            organization=named.get(source.organization or ""),
            languages=source.languages,
            by=by,
            at=at,
        )


def _record_areas(sources: Sources, *, by: Actor, at: datetime) -> list[str]:
    places.describe_city(sources.city, by=by, at=at)
    names = []
    for layer in sources.city.areas:
        found = sources.layers[layer.id]
        places.lay_areas(layer, found.table, by=by, at=at)
        names.append(put_on_record(layer, Holds.AREAS, found.report, by=by, at=at))
    return names


def _record_indicators(sources: Sources, *, by: Actor, at: datetime) -> list[str]:
    names = []
    for source, found in sources.indicators:
        name = put_on_record(source, Holds.INDICATORS, found.report, by=by, at=at)
        indicators.replace_values(
            found.table, dataset=name, vintage=source.vintage, areas=areas(source.areas), by=by, at=at
        )
        names.append(name)
    return names


def _record_organizations(sources: Sources, *, by: Actor, at: datetime) -> list[str]:
    on_record = areas()
    locator = PolygonLocator([area.geometry for area in on_record])
    names = []
    for source, found in sources.organizations:
        name = put_on_record(source, Holds.ORGANIZATIONS, found.report, by=by, at=at)
        lies_in = [None if row == OUTSIDE else on_record[row] for row in _located(found.table, locator)]
        organizations.bring_up_to_date(found.table, dataset=name, areas=lies_in, by=by, at=at)
        names.append(name)
    return names


def _record_incidents(stored: list[Stored], *, by: Actor, at: datetime) -> list[str]:
    return [
        put_on_record(one.source, Holds.INCIDENTS, one.report, stored=one.dataset.reference, by=by, at=at)
        for one in stored
    ]


def _located(table: Organizations, locator: PolygonLocator) -> list[int]:
    return locator.locate(np.asarray(table.longitude), np.asarray(table.latitude)).tolist()
