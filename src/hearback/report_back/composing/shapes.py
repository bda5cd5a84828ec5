"""The release of the areas' outlines, which every map is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hearback.report_back.composing.material import Material
from hearback.report_back.drawing.shapes import outline_city
from hearback.report_back.payloads import Kind, ShapesPage


def compose(material: Material) -> Iterator[tuple[Kind, str, ShapesPage]]:
    """One release."""
    drawn = outline_city(
        material.geometries,
        areas=[area.key for area in material.areas],
        names=[area.name for area in material.areas],
        where=[choices[0].title if choices else "" for choices in material.lies_in],
    )
    yield Kind.SHAPES, "", replace(drawn.page, schematic=not material.layer.outlined)
