"""Addresses of desks, seats and invitations."""

from __future__ import annotations

from django.urls import path

from hearback.foundation.access import views

app_name = "access"
desk_patterns = [
    path("desks/", views.desks, name="desks"),
    path("desks/new/", views.new_desk, name="new-desk"),
    path("desks/invitation/", views.invitation, name="invitation"),
    path("desks/<slug:key>/", views.desk, name="desk"),
    path("desks/<slug:key>/seat/", views.give_seat, name="give-seat"),
    path("desks/<slug:key>/leave/", views.leave_seat, name="leave-seat"),
    path("desks/<slug:key>/invite/", views.invite, name="invite"),
    path("desks/<slug:key>/close/", views.close, name="close"),
    path("desks/<slug:key>/reopen/", views.reopen, name="reopen"),
]
