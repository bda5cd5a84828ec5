"""A small description of a city, with empty files beside it, for tests that change one thing in it."""

from __future__ import annotations

from pathlib import Path

SAID = 'vintage = "2020"\nsource = "a test"\nlicence = "CC0-1.0"\n'

CITY = '[city]\nname = "Our City"\ntimezone = "Europe/London"\n'
AREAS = f'[areas.tract]\nfile = "a.geojson"\nkey = "id"\nsingular = "Tract"\nplural = "Tracts"\nprimary = true\n{SAID}'
INDICATORS = (
    f'[[indicators]]\ntitle = "Living"\nfile = "i.csv"\nareas = "tract"\nkey = "id"\n{SAID}'
    '[indicators.columns]\npoverty = "POV"\n'
)
INCIDENTS = (
    '[[incidents]]\ntitle = "Incidents"\nfile = "c.csv"\nlayout = "points"\nlongitude = "x"\nlatitude = "y"\n'
    f'date = "on"\ncategory = "what"\n{SAID}[incidents.categories]\n"ROB" = "robbery"\n'
)
COUNTS = (
    '[[incidents]]\ntitle = "Counts"\nfile = "c.csv"\nlayout = "counts"\nareas = "tract"\narea = "id"\n'
    f'year = "y"\ncategory = "what"\ncount = "n"\n{SAID}[incidents.categories]\n"ROB" = "robbery"\n'
)
ORGANIZATIONS = f'[[organizations]]\ntitle = "Places"\nfile = "o.geojson"\nname = "n"\nkind = "library"\n{SAID}'
NEED = '[need]\ndefinition = "cdc-svi-2020"\n'
WHOLE = "\n".join((CITY, AREAS, INDICATORS, INCIDENTS, ORGANIZATIONS, NEED))


def described(folder: Path, text: str) -> Path:
    """The description as a file, with every data file it could name."""
    for name in ("a.geojson", "b.shp", "i.csv", "c.csv", "o.geojson", "need.yaml"):
        (folder / name).touch()
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return path
