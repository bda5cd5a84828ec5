"""The releases of the directory: every organisation, and those of each kind. Contacts stay behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hearback.foundation.datasets.enums import Holds
from hearback.report_back.composing.city import organization_kinds
from hearback.report_back.composing.material import Material
from hearback.report_back.payloads import ALL_KINDS, Choice, Kind, OrganizationPage, OrganizationRow

if TYPE_CHECKING:
    from hearback.foundation.organizations.models import Organization

KEPT_BACK = frozenset({"domestic-violence-shelter", "safe-house"})
"""Kinds whose place is never shown: somebody may be hiding there."""


def compose(material: Material) -> Iterator[tuple[Kind, str, OrganizationPage]]:
    """One release for all kinds, and one for each."""
    yield _page(material, Choice(ALL_KINDS, "All kinds"), material.organizations)
    for kind in organization_kinds(material):
        yield _page(material, kind, tuple(one for one in material.organizations if one.kind == kind.key))


def organization_row(organization: Organization, material: Material) -> OrganizationRow:
    """An organisation as the public may see it."""
    known = organization.longitude is not None and material.layer.outlined
    x, y = _map_place(organization, material) if known and organization.kind not in KEPT_BACK else (None, None)
    area = organization.area if organization.kind not in KEPT_BACK else None
    return OrganizationRow(
        name=organization.name,
        kind=organization.kind,
        area=area.key if area else "",
        area_name=area.name if area else "",
        languages=tuple(organization.languages),
        x=x,
        y=y,
    )


def _page(
    material: Material, kind: Choice, organizations: tuple[Organization, ...]
) -> tuple[Kind, str, OrganizationPage]:
    rows = tuple(organization_row(organization, material) for organization in organizations)
    without_area = sum(not row.area for row in rows)
    return (
        Kind.ORGANIZATIONS,
        kind.key,
        OrganizationPage(
            kind=kind, rows=rows, without_area=without_area, sources=material.citations(Holds.ORGANIZATIONS)
        ),
    )


def _map_place(organization: Organization, material: Material) -> tuple[int, int]:
    place = np.array([[organization.longitude, organization.latitude]], dtype=np.float64)
    ((x, y),) = material.projection.units(place).tolist()
    return x, y
