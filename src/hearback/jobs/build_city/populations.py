"""Populations on their way in: read and joined with their areas, cells into the evidence store, the rest on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hearback.evidence import populations as evidence
from hearback.evidence.dataset import Dataset
from hearback.evidence.store import EvidenceStore
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.enums import Holds
from hearback.foundation.populations import actions
from hearback.foundation.populations.enums import Who
from hearback.importers import joins, populations
from hearback.importers.city import PopulationSource
from hearback.importers.populations import Population
from hearback.importers.quality import Imported
from hearback.jobs.build_city.datasets import provenance, put_on_record


@dataclass(frozen=True)
class StoredPopulation:
    """A population, its dataset in the evidence store, and what was read."""

    source: PopulationSource
    found: Imported[Population]
    dataset: Dataset


def read_population(source: PopulationSource, *, keys_of: Mapping[str, tuple[str, ...]]) -> Imported[Population]:
    """Read one population; its areas must be those of its layer. `keys_of`: the keys of each layer's areas."""
    read = populations.read(
        source.file, count=source.count, groups=source.groups, area=source.area, margin=source.margin
    )
    if source.areas is None or read.table.area is None:
        return read
    audit = joins.audit(
        tuple(dict.fromkeys(read.table.area.tolist())),
        keys_of[source.areas],
        left=source.title,
        right=source.areas,
        file=source.file,
        accepted=source.accept_unmatched,
    )
    return replace(read, report=replace(read.report, joins=(audit,)))


def store_population(
    source: PopulationSource, found: Imported[Population], *, store: EvidenceStore
) -> StoredPopulation:
    """Write the cells of a population; they are nowhere else."""
    written = evidence.store_population(store, found.table, provenance=provenance(source), report=found.report)
    return StoredPopulation(source, found, written)


def record_population(stored: StoredPopulation, *, by: Actor, at: datetime) -> str:
    """Put the dataset and the population on record, in the caller's transaction; returns the dataset's name."""
    source = stored.source
    reference = stored.dataset.reference
    name = put_on_record(source, Holds.POPULATIONS, stored.found.report, stored=reference, by=by, at=at)
    actions.record(
        stored.found.table,
        dataset=name,
        stored=reference,
        who=Who(source.who),
        areas=source.areas or "",
        by=by,
        at=at,
    )
    return name
