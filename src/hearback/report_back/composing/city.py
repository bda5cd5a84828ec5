"""The release about the city as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from hearback.importers import nibrs
from hearback.report_back.composing.material import Material
from hearback.report_back.payloads import Choice, CityPage, Kind


def compose(material: Material) -> Iterator[tuple[Kind, str, CityPage]]:
    """One release."""
    populations = [area.population for area in material.areas]
    known = [people for people in populations if people is not None]
    yield (
        Kind.CITY,
        "",
        CityPage(
            name=material.city.name,
            invented=material.city.invented,
            population=sum(known) if len(known) == len(populations) else None,
            area_count=len(material.areas),
            area_singular=material.layer.singular,
            area_plural=material.layer.plural,
            emergency_number=material.city.emergency_number,
            incident_categories=incident_categories(material),
            incident_years=tuple(sorted({pattern.year for pattern in material.patterns})),
            organization_kinds=organization_kinds(material),
            dataset_count=len(material.datasets),
            need_title=material.assessment.title if material.assessment else "",
            built_on=material.at.date().isoformat(),
        ),
    )


def incident_categories(material: Material) -> tuple[Choice, ...]:
    """The released categories, the most frequent first."""
    totals: dict[str, int] = {}
    for pattern in material.patterns:
        totals[pattern.category] = totals.get(pattern.category, 0) + int(pattern.counts.sum())
    return tuple(Choice(key, nibrs.category(key).title) for key in sorted(totals, key=lambda key: (-totals[key], key)))


def organization_kinds(material: Material) -> tuple[Choice, ...]:
    """The kinds of organisation there are, by name."""
    kinds = sorted({organization.kind for organization in material.organizations})
    return tuple(Choice(kind, kind.replace("-", " ").capitalize()) for kind in kinds)
