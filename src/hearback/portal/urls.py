"""Addresses of the public pages; they stay."""

from __future__ import annotations

from django.urls import path

from hearback.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("map/", views.city_map, name="map"),
    path("map/pin/", views.pin_map, name="pin-map"),
    path("who-is-missing/", views.who_is_missing, name="who-is-missing"),
    path("trust/", views.trust, name="trust"),
    path("clock/", views.clock, name="clock"),
    path("areas/", views.areas, name="areas"),
    path("areas/<path:area>/", views.area, name="area"),
    path("data/", views.data, name="data"),
    path("data/<str:name>/", views.dataset, name="dataset"),
    path("methods/", views.methods, name="methods"),
    path("charter/", views.charter, name="charter"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
