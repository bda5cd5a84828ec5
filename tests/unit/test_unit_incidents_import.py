"""Real incident files are read to the last row, and what was refused on the way is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hearback.importers import incidents
from hearback.importers.incident_columns import Incidents, PointColumns, WideCountColumns
from hearback.importers.times import TimeColumns
from places import SHARED, needs_shared

DC = SHARED / "data" / "washington-dc"
YEAR = TimeColumns(year="year")
POINTS = PointColumns(longitude="Longitude", latitude="Latitude", category="offense", time=YEAR)
WORDS = {"Homicide": "homicide", "ADW": "assault", "Robbery": "robbery"}


def counts(reader: incidents.IncidentReader[Incidents]) -> dict[str, int]:
    total = np.zeros(len(reader.categories), dtype=np.int64)
    for chunk in reader.chunks():
        total += np.bincount(chunk.category, minlength=len(total))
    return dict(zip(reader.categories, total.tolist(), strict=True))


@needs_shared
def test_all_incidents_of_washington_are_kept_and_none_is_moved() -> None:
    reader = incidents.read(
        DC / "incidents-2000-2015.csv",
        layout=POINTS,
        categories=WORDS,
        latest_year=2026,
        within=(-77.2, 38.7, -76.9, 39),
    )
    assert counts(reader) == {"homicide": 2_560, "assault": 46_643, "robbery": 61_887}
    report = reader.report()
    assert (report.rows_read, report.rows_kept, report.refused) == (111_090, 111_090, ())
    assert report.notes == (
        '"Homicide" is read as homicide: 2,560 rows',
        '"ADW" is read as assault: 46,643 rows',
        '"Robbery" is read as robbery: 61,887 rows',
    )
    chunks = list(reader.chunks())
    assert len(chunks) > 1, "the file is read in parts"
    years = np.concatenate([chunk.year for chunk in chunks])
    latitudes = np.concatenate([chunk.latitude for chunk in chunks])
    longitudes = np.concatenate([chunk.longitude for chunk in chunks])
    assert (years.min(), years.max(), len(np.unique(years))) == (2000, 2015, 16)
    assert (latitudes.min(), latitudes.max()) == (38.8134995, 38.9934006)
    assert (longitudes.min(), longitudes.max()) == (-77.1092987, -76.9097977)
    assert not any(chunk.month.any() for chunk in chunks)


@needs_shared
def test_the_counts_published_by_cluster_are_read_from_a_column_for_each_offence() -> None:
    reader = incidents.read(
        DC / "published-cluster-crime.csv",
        layout=WideCountColumns(area="cluster", time=YEAR),
        categories={"homicide": "homicide", "aggassault": "assault", "robbery": "robbery"},
        latest_year=2026,
    )
    (chunk,) = reader.chunks()
    sums = np.bincount(chunk.category, weights=chunk.count).astype(int)
    assert dict(zip(reader.categories, sums.tolist(), strict=True)) == {
        "homicide": 2_560,
        "assault": 46_643,
        "robbery": 61_886,
    }
    assert (reader.report().rows_read, reader.report().rows_kept, len(chunk)) == (585, 585, 3 * 585)
    assert sorted(set(chunk.area.tolist()), key=int) == [str(number) for number in range(1, 40)]


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["offense,year,Longitude,Latitude", *rows]) + "\n")
    return path


def test_each_refused_row_is_told_with_its_reason_and_what_stood_there(tmp_path: Path) -> None:
    path = written(
        tmp_path / "points.csv",
        "ADW,2015,-77,38.9",
        "ADW,2015,,38.9",
        "ADW,2015,0,0",
        "ADW,2015,-77,98.9",
        ",2015,-77,38.9",
        "Lost dog,2015,-77,38.9",
        *["Robbery,2015,-77,38.9"] * 60,
        "ADW,1066,-77,38.9",
    )
    reader = incidents.read(
        path, layout=POINTS, categories={**WORDS, "Lost dog": incidents.NOT_WANTED}, latest_year=2026
    )
    assert counts(reader) == {"homicide": 0, "assault": 1, "robbery": 60}
    assert {group.reason: group.examples for group in reader.report().refused} == {
        "coordinates missing or no numbers": ("row 3: , 38.9",),
        "coordinates (0, 0)": ("row 4: 0, 0",),
        "coordinates outside the world": ("row 5: -77, 98.9",),
        "no category": ("row 6: ",),
        "left out by the city's description": ("row 7: Lost dog",),
        "impossible year": ("row 68: 1066",),
    }


def test_several_words_may_mean_one_category(tmp_path: Path) -> None:
    path = written(tmp_path / "points.csv", "ADW,2015,-77,38.9", "Knife,2015,-77,38.9")
    reader = incidents.read(
        path, layout=POINTS, categories={"ADW": "assault", "Knife": "assault", "Arson": "arson"}, latest_year=2026
    )
    assert counts(reader) == {"assault": 2, "arson": 0}


def test_the_report_waits_for_the_last_row(tmp_path: Path) -> None:
    reader = incidents.read(
        written(tmp_path / "points.csv", "ADW,2015,-77,38.9"), layout=POINTS, categories=WORDS, latest_year=2026
    )
    with pytest.raises(ValueError, match="only after all chunks"):
        reader.report()
    list(reader.chunks())
    assert reader.report().rows_kept == 1
