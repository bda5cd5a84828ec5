"""Which shape each kind of release has."""

from __future__ import annotations

from hearback.report_back import opinions, payloads
from hearback.report_back.payloads import Kind
from hearback.report_back.voices import VoicesPage

SHAPES: dict[Kind, type] = {
    Kind.CITY: payloads.CityPage,
    Kind.CLOCK: payloads.ClockPage,
    Kind.VOICES: VoicesPage,
    Kind.SHAPES: payloads.ShapesPage,
    Kind.NEED: payloads.NeedPage,
    Kind.INCIDENTS: payloads.IncidentPage,
    Kind.ORGANIZATIONS: payloads.OrganizationPage,
    Kind.AREA: payloads.AreaPage,
    Kind.DATASET: payloads.DatasetPage,
    Kind.TRUST: opinions.TrustPage,
    Kind.TRUST_ITEM: opinions.TrustItemPage,
}
