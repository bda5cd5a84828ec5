"""Addresses of the workspace's start page and of signing in."""

from __future__ import annotations

from django.urls import path

from hearback.foundation.people import views

app_name = "people"
desk_patterns = [path("", views.desk, name="desk")]
