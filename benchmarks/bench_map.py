"""A map of 300 areas: how long its outlines and its drawing take, and how much a phone has to load."""

from __future__ import annotations

import gzip
import statistics

import numpy as np
import shapely

from benchmarks.line import Line, seconds
from hearback.report_back.drawing.choropleth import draw_areas
from hearback.report_back.drawing.shapes import outline_city
from hearback.report_back.payloads import ShapesPage

AREAS = 300
RUNS = 5


def run() -> list[Line]:
    """Outlines are made once per edition, a drawing for every page that is not in the cache; no peer does the same."""
    polygons = _winding_city()
    keys = [f"11001{i:06d}" for i in range(AREAS)]
    page = outline_city(polygons, areas=keys, names=[f"Tract {i}" for i in range(AREAS)]).page
    outlining = statistics.median(seconds(lambda: outline_city(polygons, areas=keys, names=keys)) for _ in range(RUNS))
    drawing = statistics.median(seconds(lambda: _draw(page)) for _ in range(RUNS))
    svg = _draw(page)
    corners = int(shapely.get_num_coordinates(np.array(polygons)).sum())
    return [
        Line(what=f"outlines of {AREAS} areas, {corners:,} corners, once per edition", ours=f"{outlining:.3f} s"),
        Line(what=f"map of {AREAS} areas with links, titles and hatching", ours=f"{drawing:.4f} s", goal="0.04 s"),
        Line(
            what="that map, to load",
            ours=f"{len(svg) / 1000:.0f} kB, gzipped {len(gzip.compress(svg.encode(), 6)) / 1000:.1f} kB",
            goal="about 11 kB gzipped",
        ),
    ]


def _draw(page: ShapesPage) -> str:
    keys = [outline.area for outline in page.outlines]
    return draw_areas(
        page,
        name="map",
        title="Map",
        description="A map of areas",
        classes={key: f"level-{int(key) % 5 + 1}" for key in keys},
        titles={key: f"Tract {key}: 3 to 8 per 1,000 residents" for key in keys},
        links={key: f"/areas/{key}/" for key in keys},
        thin=set(keys[::10]),
    )


def _winding_city() -> list[shapely.Geometry]:
    """Cells with borders that wind as streets and rivers do; a bend is the same for both neighbours."""
    rng = np.random.default_rng(6)
    cells = shapely.voronoi_polygons(shapely.multipoints(rng.random((AREAS, 2))))
    fine = shapely.set_precision(shapely.segmentize(cells, 0.004), 1e-7)
    bent = shapely.transform(fine, lambda at: at + 0.004 * np.sin(37 * at[:, ::-1]) + 0.001 * np.sin(211 * at[:, ::-1]))
    return list(shapely.get_parts(shapely.transform(bent, lambda at: at * 0.15 + (-77.1, 38.8))))
