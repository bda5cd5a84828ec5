"""The second step of a build: incident rows into the evidence store, each located in every layer of areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hearback.evidence.dataset import Dataset
from hearback.evidence.incidents import StoredIncidents, store_incident_counts, store_incidents
from hearback.evidence.store import EvidenceStore
from hearback.importers import incidents, joins
from hearback.importers.city import AreaLayer, IncidentSource
from hearback.importers.incidents import IncidentReader
from hearback.importers.quality import QualityReport
from hearback.jobs.build_city.datasets import provenance
from hearback.jobs.build_city.reading import Sources
from hearback.refusal import Refusal
from hearback.sentence import Sentence

OUTSIDE_TOLERANCE = 0.02
"""Share of incidents that may lie outside every primary area without the description accepting it."""


class TooManyOutside(Refusal):
    """Many incidents lie outside the areas: a wrong projection, or areas that do not cover the city."""


@dataclass(frozen=True)
class Stored:
    """A source of incidents, its dataset in the evidence store, and its quality report."""

    source: IncidentSource
    dataset: Dataset
    report: QualityReport

    def located_in(self, layer: AreaLayer) -> bool:
        """Whether each incident has its area in this layer; those that came counted have it in their own layer only."""
        return self.source.layout == "points" or self.source.areas == layer.id


def store_evidence(sources: Sources, *, store: EvidenceStore, latest_year: int) -> list[Stored]:
    """Write every source of incidents; one with too many outside the areas is refused unless accepted by name."""
    return [_store(source, sources, store, latest_year) for source in sources.city.incidents]


def _store(source: IncidentSource, sources: Sources, store: EvidenceStore, latest_year: int) -> Stored:
    reader = incidents.read(
        source.file,
        layout=source.columns,
        categories=source.categories,
        latest_year=latest_year,
        within=sources.city.bounds,
    )
    write = _store_counts if source.layout == "counts" else _store_points
    written, report = write(source, reader, sources, store)
    return Stored(source, written.dataset, _with_notes(source, report, written, sources))


def _store_points(
    source: IncidentSource, reader: IncidentReader[Any], sources: Sources, store: EvidenceStore
) -> tuple[StoredIncidents, QualityReport]:
    layers = {name: (found.table.keys, found.table.geometries) for name, found in sources.layers.items()}
    written = store_incidents(
        store, reader.chunks(), layers=layers, provenance=provenance(source), report=reader.report
    )
    _refuse_too_many_outside(source, written, sources.city.primary.id, reader.report().rows_kept)
    return written, reader.report()


def _store_counts(
    source: IncidentSource, reader: IncidentReader[Any], sources: Sources, store: EvidenceStore
) -> tuple[StoredIncidents, QualityReport]:
    """Counts name their areas, so that they are joined with the layer as any table is."""
    layer = str(source.areas)
    keys = sources.layers[layer].table.keys
    named: dict[str, int] = {}

    def noted() -> Iterator[Any]:
        for chunk in reader.chunks():
            for area, count in zip(chunk.area.tolist(), chunk.count.tolist(), strict=True):
                named[area] = named.get(area, 0) + count
            yield chunk

    def report() -> QualityReport:
        audit = joins.audit(
            tuple(named),
            keys,
            left=source.title,
            right=layer,
            file=source.file,
            accepted=source.accept_unmatched,
        )
        return replace(reader.report(), joins=(audit,), adds_up_to=sum(named.values()))

    written = store_incident_counts(
        store, noted(), layer=layer, keys=keys, provenance=provenance(source), report=report
    )
    return written, report()


def _with_notes(
    source: IncidentSource, report: QualityReport, written: StoredIncidents, sources: Sources
) -> QualityReport:
    notes = [
        Sentence(
            "{outside} of {all} lie outside every area of “{areas}”",
            outside=outside,
            all=report.things,
            areas=layer.plural,
        )
        for layer in sources.city.areas
        if (outside := written.outside.get(layer.id))
    ]
    if report.adds_up_to is not None:
        notes.append(Sentence("the rows add up to {count} incidents", count=report.adds_up_to))
    if source.areas not in (None, sources.city.primary.id):
        notes.append(
            Sentence(
                "counted by another layer than “{areas}”, so not on the map of these",
                areas=sources.city.primary.plural,
            )
        )
    return replace(report, notes=(*report.notes, *notes))


def _refuse_too_many_outside(source: IncidentSource, written: StoredIncidents, layer: str, rows: int) -> None:
    outside = written.outside.get(layer, 0)
    if outside > OUTSIDE_TOLERANCE * rows and not source.accept_outside:
        raise TooManyOutside(
            f"{outside:,} of {rows:,} incidents lie outside every area of the layer “{layer}”",
            where=str(source.file),
            remedy=(
                "Check that areas and incidents are about the same city, or accept it by adding the line: "
                'accept_outside = "why this is right"'
            ),
        )
