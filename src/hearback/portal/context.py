"""What every public page shows: the city's name, whether it is invented, its emergency number."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hearback.report_back.payloads import CityPage, Kind
from hearback.report_back.releases import queries as releases


def city(request: HttpRequest) -> dict[str, object]:
    """`city` for every template: the released city, or nothing before the first edition; read only when shown."""
    return {"city": SimpleLazyObject(_city)}


def _city() -> CityPage | None:
    try:
        released: CityPage = releases.current(Kind.CITY)
    except releases.NotReleased:
        return None
    return released
