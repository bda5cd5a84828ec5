"""Addresses of the workspace about estimates."""

from __future__ import annotations

from django.urls import path

from hearback.understand.trust.views import desk

app_name = "trust"
desk_patterns = [
    path("trust/", desk.estimates, name="estimates"),
    path("trust/<str:what>.csv", desk.download, name="download"),
]
