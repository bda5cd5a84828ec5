"""Addresses of one's own key."""

from __future__ import annotations

from django.urls import path

from hearback.foundation.vault import views

app_name = "vault"
desk_patterns = [
    path("keys/", views.key, name="key"),
    path("keys/make/", views.make, name="make"),
    path("keys/replace/", views.replace, name="replace"),
    path("keys/confirm/", views.confirm, name="confirm"),
    path("keys/unlock/", views.unlock, name="unlock"),
    path("keys/lock/", views.lock, name="lock"),
    path("keys/passphrase/", views.passphrase, name="passphrase"),
    path("keys/recover/", views.recover, name="recover"),
]
