"""The invented city's map is a map: whole, without gaps or overlaps, and the same for everyone."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from hearback.demo import geography
from hearback.demo.geography import Geography
from hearback.demo.land import ORIGIN_LATITUDE, ORIGIN_LONGITUDE
from hearback.demo.streams import stream

SEEDS = (6, 102, 209, 321)
"""The demonstration city; one whose forest would meet its marsh; one in which snapping closes an area's neck; one
with a block that no line along the streets divides."""


@pytest.fixture(scope="module", params=SEEDS)
def land(request: pytest.FixtureRequest) -> Geography:
    return geography.draw(rng=stream(request.param, "geography"))


def test_there_are_120_areas_in_six_districts(land: Geography) -> None:
    assert len(land.polygons) == len(land.names) == len(land.keys) == 120
    assert np.bincount(land.district_of).tolist() == [land.district_of.tolist().count(number) for number in range(6)]
    assert np.bincount(land.district_of).min() >= 15


def test_keys_are_text_that_begins_with_zero_and_names_the_district(land: Geography) -> None:
    assert len(set(land.keys)) == 120
    assert all(len(key) == 4 and key.isdigit() and key.startswith("0") for key in land.keys)
    assert [key[:2] for key in land.keys] == [land.districts[district] for district in land.district_of]
    assert list(land.keys) == sorted(land.keys)


def test_no_name_is_used_twice(land: Geography) -> None:
    assert len(set(land.names)) == 120
    assert sum(kind != "" for kind in land.reserved) == 6


def test_each_area_is_one_valid_polygon_of_a_believable_shape(land: Geography) -> None:
    assert all(polygon.geom_type == "Polygon" and polygon.is_valid for polygon in land.polygons)
    assert land.square_km.min() > 0.15
    fullness = [polygon.area / polygon.minimum_rotated_rectangle.area for polygon in land.polygons]
    assert min(fullness) > 0.4, "no area is a sliver"


def test_neighbours_share_every_vertex_so_that_nothing_overlaps_and_nothing_is_missing(land: Geography) -> None:
    assert shapely.coverage_is_valid(land.polygons)
    banks = shapely.get_parts(shapely.coverage_union_all(list(land.polygons)))
    assert len(banks) == 2, "the river parts the city"
    assert [len(bank.interiors) for bank in banks] == [0, 0], "a bank has no gaps"
    assert sum(bank.area for bank in banks) == pytest.approx(sum(polygon.area for polygon in land.polygons), rel=1e-9)


def test_districts_are_whole_areas_and_hold_together(land: Geography) -> None:
    assert shapely.coverage_is_valid(land.district_polygons)
    for number, district in enumerate(land.district_polygons):
        assert district.geom_type == "Polygon"
        own = np.array(land.polygons)[land.district_of == number]
        assert district.equals(shapely.union_all(own)) or district.symmetric_difference(
            shapely.union_all(own)
        ).area == pytest.approx(0, abs=1e-12)


def test_every_area_has_a_neighbour(land: Geography) -> None:
    one, other = shapely.STRtree(land.polygons).query(land.polygons, predicate="touches")
    assert set(one.tolist()) == set(range(120))
    assert np.isin(other, one).all()


def test_square_kilometres_are_those_of_the_polygons(land: Geography) -> None:
    km = shapely.transform(
        np.array(land.polygons),
        lambda xy: (xy - [ORIGIN_LONGITUDE, ORIGIN_LATITUDE]) * [85.394, 111.035],
    )
    rounded_away = 5e-5 * shapely.length(km)  # a border moves by at most 5 cm in each direction
    assert (np.abs(shapely.area(km) - land.square_km) < rounded_away).all()


def test_the_city_lies_in_the_open_sea(land: Geography) -> None:
    west, south, east, north = shapely.total_bounds(land.polygons)
    assert (west, east) > (-70.2, -69.9)
    assert -70.2 < west < east < -69.8
    assert 39.9 < south < north < 40.2


def test_reserved_land_is_large_and_downtown_is_small(land: Geography) -> None:
    reserved = land.is_reserved
    distance = np.hypot(*(land.centres - geography.DOWNTOWN).T)
    downtown = np.argsort(np.where(reserved, np.inf, distance))[:9]
    assert land.square_km[downtown].mean() < 0.6 * land.square_km[~reserved].mean()
    assert land.square_km[reserved].mean() > 2 * land.square_km[~reserved].mean()
