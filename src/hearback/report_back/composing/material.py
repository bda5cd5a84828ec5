"""What releases are composed of: everything on record, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.foundation.datasets.enums import Holds
from hearback.foundation.datasets.queries import in_use
from hearback.foundation.organizations.queries import directory
from hearback.foundation.places import queries as places
from hearback.report_back.drawing.shapes import Projection
from hearback.report_back.payloads import Choice, Message
from hearback.understand.hotspots.queries import Pattern
from hearback.understand.need import queries as need

if TYPE_CHECKING:
    from hearback.foundation.datasets.models import Dataset
    from hearback.foundation.organizations.models import Organization
    from hearback.foundation.places.models import Area, City, Layer
    from hearback.understand.need.models import Assessment, Score


FEW_PEOPLE = 100
"""Below this, rates and shares of an area say little."""


@dataclass(frozen=True)
class Material:
    """The city as it is on record; areas of the primary layer in the order of their keys."""

    city: City
    layer: Layer
    layer_titles: dict[str, str]
    """What the areas of each layer are called, by the layer's key."""
    areas: tuple[Area, ...]
    lies_in: tuple[tuple[Choice, ...], ...]
    """For each area, the areas of other layers that its middle lies in."""
    geometries: NDArray[np.object_]
    projection: Projection
    organizations: tuple[Organization, ...]
    datasets: tuple[Dataset, ...]
    assessment: Assessment | None
    scores: dict[int, Score]
    """By the area's primary key in the database."""
    patterns: tuple[Pattern, ...]
    at: datetime

    @property
    def titles(self) -> dict[str, str]:
        """The title of every dataset by its name."""
        return {one.name: one.title for one in self.datasets}

    def citations(self, holds: Holds) -> tuple[str, ...]:
        """Source and vintage of every dataset of a sort, for the line below a figure."""
        return tuple(f"{one.source}, {one.vintage}" for one in self.datasets if one.holds == holds)


def gather(patterns: Sequence[Pattern], *, at: datetime) -> Material:
    """Read everything that releases are made of."""
    city = places.city()
    if city is None:
        raise LookupError("a city is described before anything is released")
    primary, *others = places.layers()
    areas = tuple(places.areas())
    geometries = np.array([area.geometry for area in areas], dtype=object)
    assessment = need.latest()
    return Material(
        city=city,
        layer=primary,
        layer_titles={layer.key: layer.plural for layer in (primary, *others)},
        areas=areas,
        lies_in=_lies_in(geometries, [layer for layer in others if layer.outlined and primary.outlined]),
        geometries=geometries,
        projection=Projection.over(shapely.total_bounds(geometries)),
        organizations=tuple(directory()),
        datasets=tuple(in_use()),
        assessment=assessment,
        scores={score.area_id: score for score in need.scores(assessment)} if assessment else {},
        patterns=tuple(patterns),
        at=at,
    )


def thin_people(area: Area) -> tuple[Message, ...]:
    """Why few people make an area's figures thin; empty where they do not."""
    if area.population is None:
        return (Message("It is not known how many people live here.", {}),)
    if area.population < FEW_PEOPLE:
        return (Message("Only {people} people live here.", {"people": area.population}),)
    return ()


def _lies_in(geometries: NDArray[np.object_], layers: list[Layer]) -> tuple[tuple[Choice, ...], ...]:
    inside = shapely.point_on_surface(geometries)
    found: list[list[Choice]] = [[] for _ in geometries]
    for layer in layers:
        areas = places.areas(layer.key)
        tree = shapely.STRtree([area.geometry for area in areas])
        for point, other in tree.query(inside, predicate="within").T.tolist():
            found[point].append(Choice(layer.singular, areas[other].name))
    return tuple(map(tuple, found))
