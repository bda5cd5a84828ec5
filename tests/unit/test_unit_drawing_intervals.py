"""Charts of estimates: every mark where its number is, nothing where there is none, mirrored from right to left."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.report_back.drawing.intervals import WIDTH, Mark, Scale, draw_groups, draw_waves
from hearback.report_back.drawing.markup import Svg

SCALE = Scale(0.0, 1.0, ((0.0, "0 %"), (1.0, "100 %")))
SURE = Mark("2024", 0.5, 0.4, 0.6)
shares = st.floats(0, 1)


def waves(*marks: Mark, mirrored: bool = False) -> Svg:
    return draw_waves(marks, scale=SCALE, name="w", title="Title", description="More", mirrored=mirrored)


def groups(*marks: Mark, mirrored: bool = False, everybody: float | None = None) -> Svg:
    return draw_groups(
        marks, everybody=everybody, scale=SCALE, name="g", title="Title", description="More", mirrored=mirrored
    )


def places(svg: Svg, css_class: str) -> list[list[float]]:
    """The numbers in the paths of a class."""
    return [
        [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", "").split("m")[0])]
        for path in ET.fromstring(svg).iter("path")
        if path.get("class", "").startswith(css_class)
    ]


@given(shares, shares)
def test_more_stands_higher_and_further_along(first: float, second: float) -> None:
    drawn = waves(Mark("a", first, None, None), Mark("b", second, None, None))
    heights = [y for _, y in places(drawn, "point")]
    rows = groups(Mark("a", first, None, None), Mark("b", second, None, None))
    along = [x for x, _ in places(rows, "point")]
    if first - second > 0.01:
        assert heights[0] < heights[1]
        assert along[0] > along[1]


@given(shares, st.floats(0, 0.3))
def test_the_whisker_reaches_from_low_to_high_around_its_point(value: float, half: float) -> None:
    mark = Mark("a", value, max(0.0, value - half), min(1.0, value + half))
    ((_, low, high),) = places(waves(mark), "whisker")
    ((_, y),) = places(waves(mark), "point")
    assert high <= y <= low
    ((left, _, right),) = places(groups(mark), "whisker")
    ((x, _),) = places(groups(mark), "point")
    assert left <= x <= right


@given(shares)
def test_mirrored_means_counted_from_the_other_side(value: float) -> None:
    mark = Mark("a", value, None, None)
    ((there, _),) = places(groups(mark), "point")
    ((back, _),) = places(groups(mark, mirrored=True), "point")
    assert there + back == pytest.approx(WIDTH, abs=0.2)


def test_what_may_not_be_shown_is_words_in_the_place_of_a_mark() -> None:
    drawn = groups(Mark("Few", None, 0.2, 0.4, missing="too little is known"))
    assert "too little is known" in drawn
    assert places(drawn, "point") == places(drawn, "whisker") == []


def test_only_what_may_be_compared_is_joined() -> None:
    wished = Mark("link", 0.3, 0.1, 0.5, sort="open")
    assert len(places(waves(SURE, SURE, wished), "trend")[0]) == 4
    assert places(waves(SURE, wished), "trend") == []


def test_the_shape_tells_an_interval_from_a_range_that_is_none() -> None:
    shapes = {sort: waves(Mark("a", 0.5, 0.4, 0.6, sort=sort)).split('class="point')[1] for sort in ("sure", "open")}
    assert len(set(shapes.values())) == 2


def test_long_names_stand_at_the_ends_only() -> None:
    names = ["first quarter of 2021", "second quarter of 2021", "third quarter of 2021"]
    drawn = waves(*(Mark(name, 0.5, 0.4, 0.6) for name in names))
    assert [name in drawn for name in names] == [True, False, True]
    mirrored = ET.fromstring(waves(*(Mark(name, 0.5, 0.4, 0.6) for name in names), mirrored=True))
    assert [text.text for text in mirrored.iter("text")][-2:] == [names[2], names[0]]


@pytest.mark.parametrize("name", ["Native American, Pacific Islander, or of several origins", "美洲原住民" * 6])
def test_a_groups_name_that_would_leave_the_chart_is_cut_off(name: str) -> None:
    drawn = groups(Mark(name, 0.5, 0.4, 0.6))
    assert name not in drawn
    assert f">{name[:20]}" in drawn
    assert "…</text>" in drawn


def test_a_name_written_right_to_left_keeps_its_own_order_in_a_mirrored_chart() -> None:
    assert "\u206865 فأكثر\u2069</text>" in groups(Mark("65 فأكثر", 0.5, 0.4, 0.6), mirrored=True)


def test_names_from_outside_are_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    drawn = groups(Mark(hostile, 0.5, 0.4, 0.6))
    assert "<script" not in drawn
    assert [text.text for text in ET.fromstring(drawn).iter("text") if text.text == hostile]


def test_everybody_is_a_line_through_all_rows() -> None:
    assert len(places(groups(SURE, SURE, everybody=0.5), "everybody")) == 1
    assert places(groups(SURE), "everybody") == []


def test_a_screen_reader_hears_one_image_with_its_name() -> None:
    root = ET.fromstring(waves(SURE))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "w-title"
    assert [title.text for title in root.iter("title")] == ["Title"]
