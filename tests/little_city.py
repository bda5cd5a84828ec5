"""A little city of nine square areas, small enough to follow by hand, with files as a real city would have them."""

from __future__ import annotations

from pathlib import Path

import shapely

from vector_files import geojson

KEYS = [f"{row}{column}" for row in "123" for column in "123"]
PEOPLE = [900, 800, 1000, 1200, 40, 700, 600, 1100, 950]
POVERTY = [0.10, 0.12, 0.11, 0.30, 0.20, 0.15, 0.45, 0.40, 0.13]
MARGINS = [0.02, 0.02, 0.03, 0.03, 0.15, 0.02, 0.03, 0.03, 0.02]
ROBBERIES = [0, 6, 7, 9, 1, 3, 12, 14, 5]
YEAR = 2024

DESCRIPTION = f"""
[city]
name = "Little Nine"
timezone = "America/New_York"
invented = true

[areas.square]
file = "squares.geojson"
key = "id"
name = "called"
population = "people"
singular = "Square"
plural = "Squares"
primary = true
vintage = "{YEAR}"
source = "Invented for tests"
licence = "CC0-1.0"

[[indicators]]
title = "Poverty in squares"
file = "poverty.csv"
areas = "square"
key = "id"
vintage = "{YEAR}"
source = "Invented for tests"
licence = "CC0-1.0"
[indicators.columns]
poverty = {{ estimate = "share", margin = "moe" }}

[[incidents]]
title = "Robberies in squares"
file = "robberies.csv"
layout = "points"
longitude = "x"
latitude = "y"
date = "on"
category = "what"
vintage = "{YEAR}"
source = "Invented for tests"
licence = "CC0-1.0"
[incidents.categories]
"ROB" = "robbery"

[[organizations]]
title = "Places in squares"
file = "places.geojson"
name = "called"
kind_column = "kind"
languages = "speaks"
contacts = ["phone"]
vintage = "{YEAR}"
source = "Invented for tests"
licence = "CC0-1.0"
[organizations.kinds]
"library" = "library"
"shelter" = "domestic-violence-shelter"

[need]
definition = "need.yaml"
draws = 200
"""

NEED = """
id: little
title: Need in Little Nine
source: Invented for tests
themes:
  - title: Money
    indicators:
      - {id: POV, title: People in poverty, column: poverty, margin: poverty, need_is: high, possible: [0, 1]}
"""


def corner(number: int) -> tuple[float, float]:
    """The south-western corner of the n-th square; squares are a hundredth of a degree wide."""
    return -77 + number % 3 / 100, 39 + number // 3 / 100


def write(folder: Path) -> Path:
    """Write every file of the little city; returns its description."""
    folder.mkdir(parents=True, exist_ok=True)
    squares = [
        (
            {"id": key, "called": f"Square {key}", "people": PEOPLE[n]},
            shapely.box(*corner(n), corner(n)[0] + 0.01, corner(n)[1] + 0.01),
        )
        for n, key in enumerate(KEYS)
    ]
    geojson(folder / "squares.geojson", squares)
    lines = [f"{key},{share},{moe}" for key, share, moe in zip(KEYS, POVERTY, MARGINS, strict=True)]
    (folder / "poverty.csv").write_text("id,share,moe\n" + "\n".join(lines) + "\n")
    rows = [
        f"{corner(n)[0] + 0.005},{corner(n)[1] + 0.005},{YEAR}-03-0{1 + k % 9},ROB"
        for n, robberies in enumerate(ROBBERIES)
        for k in range(robberies)
    ]
    (folder / "robberies.csv").write_text("x,y,on,what\n" + "\n".join(rows) + "\n")
    places = [
        ({"called": "Reading Room", "kind": "library", "speaks": "Spanish", "phone": "555-0100"}, _middle(0)),
        ({"called": "Quiet House", "kind": "shelter", "speaks": "", "phone": "555-0199"}, _middle(4)),
    ]
    geojson(folder / "places.geojson", places)
    (folder / "need.yaml").write_text(NEED)
    (folder / "city.toml").write_text(DESCRIPTION)
    return folder / "city.toml"


def _middle(number: int) -> shapely.Point:
    return shapely.Point(corner(number)[0] + 0.005, corner(number)[1] + 0.005)
