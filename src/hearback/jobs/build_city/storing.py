"""The second step of a build: incident rows into the evidence store, each located in every layer of areas."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hearback.evidence.dataset import Dataset
from hearback.evidence.incidents import StoredIncidents, store_incident_counts, store_incidents
from hearback.evidence.provenance import Provenance, SourceFile
from hearback.evidence.store import EvidenceStore
from hearback.importers import incidents
from hearback.importers.city import IncidentSource
from hearback.importers.quality import QualityReport
from hearback.jobs.build_city.naming import dataset_name
from hearback.jobs.build_city.reading import Sources
from hearback.refusal import Refusal

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
    provenance = Provenance(
        name=dataset_name(source.title),
        title=source.title,
        source=source.source,
        licence=source.licence,
        vintage=source.vintage,
        files=(SourceFile.of(source.file),),
    )
    if source.layout == "counts":
        layer = str(source.areas)
        keys = sources.layers[layer].table.keys
        written = store_incident_counts(
            store, reader.chunks(), layer=layer, keys=keys, provenance=provenance, report=reader.report
        )
    else:
        layers = {name: (found.table.keys, found.table.geometries) for name, found in sources.layers.items()}
        written = store_incidents(store, reader.chunks(), layers=layers, provenance=provenance, report=reader.report)
    report = _with_outside(reader.report(), written, sources)
    _refuse_too_many_outside(source, written, sources.city.primary.id, report.rows_kept)
    return Stored(source, written.dataset, report)


def _with_outside(report: QualityReport, written: StoredIncidents, sources: Sources) -> QualityReport:
    notes = tuple(
        f"{outside:,} of {report.rows_kept:,} lie outside every area of “{layer.plural}”"
        for layer in sources.city.areas
        if (outside := written.outside.get(layer.id))
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
