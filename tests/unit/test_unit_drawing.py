"""The drawings: valid, escaped, without styles or scripts, and marked so that nobody needs the colours."""

from __future__ import annotations

import gzip
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely

from hearback.report_back.drawing.choropleth import draw_areas
from hearback.report_back.drawing.levels import level_class, round_breaks
from hearback.report_back.drawing.locator import draw_locator
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.drawing.points import DOTS, dot_class, draw_points
from hearback.report_back.drawing.ranges import WIDTH, draw_range
from hearback.report_back.drawing.shapes import LONGER_SIDE, outline_city
from hearback.report_back.drawing.swatches import area_swatch, dot_swatch, hatch_swatch, mark_swatch
from hearback.report_back.payloads import ShapesPage

HOSTILE = '"><script>alert(1)</script>&<b style="x">'


@pytest.fixture(scope="module")
def shapes() -> ShapesPage:
    """Three by three squares near the equator, the middle one with a hostile name."""
    squares = [shapely.box(x, y, x + 1, y + 1) for y in (2, 1, 0) for x in (0, 1, 2)]
    names = [HOSTILE if i == 4 else f"Area {i}" for i in range(9)]
    return outline_city(squares, areas=[str(i) for i in range(9)], names=names).page


def parsed(svg: Svg) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_every_area_has_its_class_its_title_and_its_link(shapes: ShapesPage) -> None:
    svg = draw_areas(
        shapes,
        name="m",
        title="Map",
        classes={str(i): f"level-{i % 5 + 1}" for i in range(9)},
        titles={"0": "First area: little"},
        links={str(i): f"/areas/{i}/" for i in range(9)},
    )
    links = parsed(svg).findall("a")
    assert [link.get("href") for link in links] == [f"/areas/{i}/" for i in range(9)]
    assert [link.findtext("title") for link in links][:2] == ["First area: little", "Area 1"]
    assert [link.find("path").get("class") for link in links] == [f"level-{i % 5 + 1}" for i in range(9)]


def test_an_area_without_a_class_is_drawn_as_unknown(shapes: ShapesPage) -> None:
    svg = parsed(draw_areas(shapes, name="m", title="Map", classes={"0": "level-1"}))
    assert [path.get("class") for path in svg.findall("path")] == ["level-1", *["unknown"] * 8]


def test_hostile_names_stay_text(shapes: ShapesPage) -> None:
    svg = draw_areas(
        shapes,
        name=HOSTILE,
        title=HOSTILE,
        description=HOSTILE,
        classes={"4": HOSTILE},
        links={"4": HOSTILE},
        thin={"4"},
    )
    root = parsed(svg)
    assert root.findall(".//script") == root.findall(".//b") == []
    assert root.findtext("title") == root.findtext("desc") == root.find("a").findtext("title") == HOSTILE
    assert root.find("a").get("href") == root.find("a/path").get("class") == HOSTILE


def test_a_map_with_links_is_a_group_and_a_map_without_is_one_image(shapes: ShapesPage) -> None:
    without = parsed(draw_areas(shapes, name="m", title="Map", description="Of squares", classes={}))
    with_links = parsed(draw_areas(shapes, name="m", title="Map", classes={}, links={"0": "/"}))
    assert (without.get("role"), with_links.get("role")) == ("img", "group")
    assert without.get("aria-labelledby") == without.find("title").get("id")
    assert without.get("aria-describedby") == without.find("desc").get("id")
    assert with_links.get("aria-describedby") is None


def test_no_drawing_has_inline_styles_scripts_or_anything_from_elsewhere(shapes: ShapesPage) -> None:
    drawings = [
        draw_areas(shapes, name="m", title="Map", classes={}, thin={"1"}, marks={"2": "hot", "3": "cold"}),
        draw_points(shapes, name="p", title="Dots", points={0: [(1, 2)], 11: [(3, 4)]}),
        draw_locator(shapes, area="4", name="l", title="Here"),
        draw_range(1, 3, value=2, least=0, most=4),
        *(area_swatch("level-1"), hatch_swatch(), mark_swatch("hot"), dot_swatch(3)),
    ]
    for drawing in drawings:
        attributes = {name for element in parsed(drawing).iter() for name in element.attrib}
        assert not attributes & {"style", "onload", "onclick", "src", "{http://www.w3.org/1999/xlink}href"}
        assert not re.search(r"https?:|<script|<style", drawing)


def test_thin_areas_are_hatched_over_their_colour_and_only_they(shapes: ShapesPage) -> None:
    plain = parsed(draw_areas(shapes, name="m", title="Map", classes={}))
    svg = parsed(draw_areas(shapes, name="m", title="Map", classes={"1": "level-5"}, thin={"1", "8"}))
    hatching = svg.find("path[@class='hatching']")
    assert hatching.get("fill") == f"url(#{svg.find('pattern').get('id')})"
    assert hatching.get("d") == shapes.outlines[1].path + shapes.outlines[8].path
    assert [path.get("class") for path in svg.findall("path")][1] == "level-5"
    assert plain.find("pattern") is None


def test_hot_and_cold_areas_carry_triangles_that_differ_in_form(shapes: ShapesPage) -> None:
    svg = parsed(
        draw_areas(shapes, name="m", title="Map", classes={}, marks={"0": "hot", "1": "cold", "2": "hot", "3": "none"})
    )
    hot, cold = (svg.find(f"path[@class='mark {mark}']").get("d") for mark in ("hot", "cold"))
    assert (hot.count("M"), cold.count("M")) == (2, 1)
    assert hot.split("m")[-1] != cold.split("m")[-1]
    assert len(svg.findall("path")) == 9 + 2


def test_every_point_is_drawn_once_in_the_shape_of_its_kind(shapes: ShapesPage) -> None:
    points = {kind: [(kind * 10 + i, 50) for i in range(kind + 1)] for kind in range(len(DOTS))}
    svg = parsed(draw_points(shapes, name="p", title="Dots", points=points))
    for kind, places in points.items():
        path = svg.find(f"path[@class='{dot_class(kind)}']").get("d")
        assert re.findall(r"M(\d+) (\d+)", path) == [(str(x), str(y)) for x, y in places]
        assert path.count(DOTS[kind]) == len(places)


def test_the_first_seventy_two_kinds_look_different() -> None:
    assert len({(dot_class(kind), DOTS[kind % len(DOTS)]) for kind in range(72)}) == 72


def test_the_locator_marks_one_area_and_survives_one_it_lacks(shapes: ShapesPage) -> None:
    svg = parsed(draw_locator(shapes, area="4", name="l", title="Here"))
    assert svg.find("path[@class='here']").get("d") == shapes.outlines[4].path
    assert (svg.find("circle").get("cx"), svg.find("circle").get("cy")) == (
        str(shapes.outlines[4].x),
        str(shapes.outlines[4].y),
    )
    assert parsed(draw_locator(shapes, area="nowhere", name="l", title="Here")).find("circle") is None


def test_a_template_prints_a_drawing_as_it_is(shapes: ShapesPage) -> None:
    svg = draw_areas(shapes, name="m", title="Map", classes={})
    assert svg.__html__() is svg


def test_the_map_fits_its_view_box_and_fills_its_longer_side(shapes: ShapesPage) -> None:
    for polygon in (shapely.box(0, 0, 3, 1), shapely.box(0, 59, 1, 60)):
        page = outline_city([polygon], areas=["a"], names=["A"]).page
        numbers = [int(n) for n in re.findall(r"-?\d+", page.outlines[0].path)]
        corners = np.cumsum(np.array(numbers).reshape(-1, 2), axis=0)
        assert max(page.width, page.height) == LONGER_SIDE
        assert corners.min() >= 0
        assert (corners.max(axis=0) <= (page.width, page.height)).all()


def test_a_degree_east_is_as_long_as_on_the_ground() -> None:
    page = outline_city([shapely.box(0, 59.5, 1, 60.5)], areas=["a"], names=["A"]).page
    assert page.width / page.height == pytest.approx(0.5, abs=0.01)


def test_an_area_too_small_to_draw_is_a_diamond_and_not_lost() -> None:
    speck = shapely.box(0.5, 0.5, 0.50001, 0.50001)
    page = outline_city([shapely.box(0, 0, 1, 1), speck], areas=["a", "b"], names=["A", "B"]).page
    assert {outline.area: outline.path for outline in page.outlines}["b"].endswith("l2 2-2 2-2-2z")


def test_areas_come_in_reading_order_and_keep_their_names_and_neighbourhoods() -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in ((1, 0), (0, 1), (0, 0), (1, 1))]
    page = outline_city(squares, areas=list("abcd"), names=list("ABCD"), where=list("wxyz")).page
    assert [(o.area, o.name, o.where) for o in page.outlines] == [
        ("b", "B", "x"),
        ("d", "D", "z"),
        ("c", "C", "y"),
        ("a", "A", "w"),
    ]


def test_a_hole_and_an_island_are_part_of_the_path() -> None:
    ring = shapely.difference(shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2))
    page = outline_city([shapely.union(ring, shapely.box(4, 0, 5, 1))], areas=["a"], names=["A"]).page
    assert page.outlines[0].path.count("M") == 3


def test_three_hundred_areas_are_small_enough_for_a_slow_connection() -> None:
    rng = np.random.default_rng(1)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.random((300, 2)))))
    page = outline_city(list(cells), areas=[str(i) for i in range(300)], names=[f"Tract {i}" for i in range(300)]).page
    links = {str(i): f"/areas/{i}/" for i in range(300)}
    classes = {str(i): f"level-{rng.integers(1, 6)}" for i in range(300)}
    svg = draw_areas(page, name="m", title="Map", classes=classes, links=links, thin=set(list(links)[::10]))
    assert len(gzip.compress(svg.encode())) < 11_000


def test_breaks_lie_around_the_mean_and_in_two_digits() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan, 6.0, 18.37])
    assert round_breaks(values) == (3.0, 4.9, 7.6, 12.0)


@pytest.mark.parametrize("values", [[], [np.nan], [0.0, 0.0]])
def test_where_nothing_is_known_or_nothing_happened_there_are_no_breaks(values: list[float]) -> None:
    assert round_breaks(np.array(values)) == ()


def test_a_value_on_a_break_belongs_to_the_class_above() -> None:
    breaks = (1.0, 2.0, 3.0, 4.0)
    assert [level_class(value, breaks) for value in (0.0, 1.0, 1.5, 4.0, None)] == [
        "level-1",
        "level-2",
        "level-2",
        "level-5",
        "unknown",
    ]


@pytest.mark.parametrize(("low", "high", "value"), [(1, 9, 5), (-5, 99, 0), (3, 3, None), (0, 0, 0)])
def test_a_range_stays_on_its_line(low: float, high: float, value: float | None) -> None:
    paths = [path.get("d") for path in parsed(draw_range(low, high, value=value, least=0, most=10)).findall("path")]
    for start, length in re.findall(r"M(\d+) 6h(\d+)", " ".join(paths)):
        assert int(start) >= 1
        assert int(start) + int(length) <= WIDTH
    assert len(paths) == (2 if value is None else 3)
