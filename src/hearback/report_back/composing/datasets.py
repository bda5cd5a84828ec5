"""The releases about datasets: licence, vintage, checksum and the whole quality report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hearback.report_back.composing.material import Material
from hearback.report_back.payloads import DatasetPage, JoinPage, Kind, Message, RefusedGroup

if TYPE_CHECKING:
    from hearback.foundation.datasets.models import Dataset


def compose(material: Material) -> Iterator[tuple[Kind, str, DatasetPage]]:
    """One release per dataset. Examples of refused rows stay behind: they quote the raw file."""
    for dataset in material.datasets:
        yield Kind.DATASET, dataset.name, _page(dataset, material)


def _page(dataset: Dataset, material: Material) -> DatasetPage:
    report = dataset.report
    return DatasetPage(
        name=dataset.name,
        title=dataset.title,
        source=dataset.source,
        licence=dataset.licence,
        vintage=dataset.vintage,
        checksum=dataset.checksum,
        rows_read=report["rows_read"],
        rows_kept=report["rows_kept"],
        refused=tuple(RefusedGroup(Message(**group["reason"]), group["rows"]) for group in report["refused"]),
        joins=tuple(
            JoinPage(
                left=join["left"],
                right=material.layer_titles.get(join["right"], join["right"]),
                matched=join["matched"],
                left_over=tuple(join["left_over"]),
                right_over=tuple(join["right_over"]),
                accepted=join["accepted"],
            )
            for join in report["joins"]
        ),
        notes=tuple(Message(**note) for note in report["notes"]),
    )
