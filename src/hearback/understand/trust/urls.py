"""Addresses of the workspace about estimates."""

from __future__ import annotations

from django.urls import path

from hearback.understand.trust.views import desk

app_name = "trust"
desk_patterns = [
    path("trust/", desk.estimates, name="estimates"),
    path("trust/estimates.csv", desk.download, {"what": "estimates"}, name="estimates-file"),
    path("trust/contrasts.csv", desk.download, {"what": "contrasts"}, name="contrasts-file"),
]
