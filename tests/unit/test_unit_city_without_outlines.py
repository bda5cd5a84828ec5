"""A city whose areas nobody has outlines of: no neighbours, no place and no cluster is made up for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from city_files import CITY, COUNTS, SAID
from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.report_back.payloads import Kind, incident_key
from hearback.report_back.releases import queries as releases

pytestmark = pytest.mark.django_db
SQUARES = b"areas are drawn as equal squares by key, and not where they lie"
WARDS = (
    '[areas.{key}]\nfile = "{key}.csv"\nkey = "id"\npopulation = "people"\n'
    'singular = "{key}"\nplural = "{key}s"\nprimary = {primary}\n' + SAID
)


@pytest.fixture(autouse=True)
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    settings.DATA_DIR = tmp_path / "data"
    source = tmp_path / "source"
    source.mkdir()
    for layer in ("tract", "ward"):
        (source / f"{layer}.csv").write_text("id,people\n" + "".join(f"{n},5000\n" for n in range(1, 10)))
    (source / "c.csv").write_text(
        "id,y,what,n\n" + "".join(f"{n},2025,ROB,{200 if n < 4 else 5}\n" for n in range(1, 10))
    )
    layers = [WARDS.format(key="tract", primary="true"), WARDS.format(key="ward", primary="false")]
    (source / "city.toml").write_text("\n".join((CITY, *layers, COUNTS)))
    build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))


def test_no_area_has_neighbours_or_lies_in_another() -> None:
    pages = [releases.current(Kind.AREA, str(key)) for key in range(1, 10)]
    assert {page.neighbours for page in pages} == {()}
    assert {page.lies_in for page in pages} == {()}


def test_its_maps_say_what_the_squares_are(client: Client) -> None:
    assert SQUARES in client.get("/map/").content
    assert b"lies in the city" not in client.get("/areas/1/").content


def test_no_cluster_is_named_where_nobody_knows_who_is_whose_neighbour() -> None:
    shown = releases.current(Kind.INCIDENTS, incident_key("robbery", 2025))
    assert {row.pattern for row in shown.rows} == {"unknown"}
    assert [row.count for row in shown.rows if row.area == "1"] == [200]
