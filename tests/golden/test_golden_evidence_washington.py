"""Washington's incidents, located by us, against the counts by neighbourhood cluster that were published."""

from __future__ import annotations

import csv
import json
from collections import Counter

import numpy as np
import pytest
import shapely

from hearback.evidence.counts import Counts, count_incidents
from hearback.evidence.incidents import StoredIncidents, store_incidents
from hearback.evidence.provenance import Provenance, SourceFile
from hearback.evidence.store import EvidenceStore
from hearback.importers import incidents
from hearback.importers.incident_columns import PointColumns
from hearback.importers.times import TimeColumns
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]

WASHINGTON = SHARED / "data" / "washington-dc"
PUBLISHED = {"robbery": 61_886, "aggassault": 46_643, "homicide": 2_560}
YEARS = range(2000, 2015)
"""The published table has 39 clusters × 15 years; one robbery of 2015 is in the file of incidents only."""


@pytest.fixture(scope="module")
def layers() -> dict[str, tuple[list[str], list[shapely.Geometry]]]:
    return {
        "cluster": polygons("neighborhood-clusters.geojson", "name"),
        "tract": polygons("census-tracts-2010.geojson", "geoid"),
    }


def polygons(file: str, key: str) -> tuple[list[str], list[shapely.Geometry]]:
    features = json.loads((WASHINGTON / file).read_text(encoding="utf-8"))["features"]
    keys = [str(feature["properties"][key]) for feature in features]
    return keys, [shapely.geometry.shape(feature["geometry"]) for feature in features]


@pytest.fixture(scope="module")
def stored(
    layers: dict[str, tuple[list[str], list[shapely.Geometry]]], tmp_path_factory: pytest.TempPathFactory
) -> StoredIncidents:
    source = WASHINGTON / "incidents-2000-2015.csv"
    reader = incidents.read(
        source,
        layout=PointColumns(
            longitude="Longitude", latitude="Latitude", category="offense", time=TimeColumns(year="year")
        ),
        categories={"Homicide": "homicide", "Robbery": "robbery", "ADW": "assault"},
        latest_year=2016,
    )
    return store_incidents(
        EvidenceStore(tmp_path_factory.mktemp("evidence")),
        reader.chunks(),
        layers=layers,
        provenance=Provenance(
            name="incidents",
            title="Homicides, robberies and assaults with a dangerous weapon",
            source="DC Metropolitan Police, via Urban Institute",
            licence="public",
            vintage="2000-2015",
            files=(SourceFile.of(source),),
        ),
        report=reader.report,
    )


@pytest.fixture(scope="module")
def by_cluster(stored: StoredIncidents) -> Counts:
    return count_incidents(stored.dataset, area="area_cluster", by=("year", "category"))


def test_all_incidents_are_kept(stored: StoredIncidents) -> None:
    assert (stored.dataset.record.rows_in, stored.dataset.record.rows) == (111_090, 111_090)


def test_exactly_883_incidents_lie_outside_all_clusters_and_the_report_says_so(stored: StoredIncidents) -> None:
    assert stored.outside == {"cluster": 883, "tract": 350}
    assert stored.dataset.record.report["outside"] == stored.outside


@pytest.mark.parametrize(
    ("offence", "category"), [("robbery", "robbery"), ("aggassault", "assault"), ("homicide", "homicide")]
)
def test_sums_over_the_published_cluster_years_come_within_one_and_a_half_percent(
    by_cluster: Counts,
    layers: dict[str, tuple[list[str], list[shapely.Geometry]]],
    offence: str,
    category: str,
) -> None:
    cube = by_cluster.cube(areas=layers["cluster"][0], years=YEARS, categories=[category])
    assert published(offence).total() == PUBLISHED[offence]
    assert cube[:-1].sum() == pytest.approx(PUBLISHED[offence], rel=0.015)


def test_each_cluster_by_itself_comes_close_to_what_was_published(
    by_cluster: Counts, layers: dict[str, tuple[list[str], list[shapely.Geometry]]]
) -> None:
    clusters, tabled = layers["cluster"][0], published("robbery")
    ours = by_cluster.cube(areas=clusters, years=YEARS, categories=["robbery"])[:-1].sum(axis=(1, 2))
    theirs = np.array([tabled[name] for name in clusters])
    assert np.corrcoef(ours, theirs)[0, 1] > 0.99


def published(offence: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    with (WASHINGTON / "published-cluster-crime.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert int(row["year"]) in YEARS
            sums[f"Cluster {row['cluster']}"] += int(row[offence])
    return sums
