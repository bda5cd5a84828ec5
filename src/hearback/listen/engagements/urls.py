"""Addresses of engagements: the public page, and those of the workspace."""

from __future__ import annotations

from django.urls import path

from hearback.listen.engagements.views import deciding, desk, public

app_name = "engagements"
public_patterns = [path("events/", public.events, name="events")]

desk_app_name = "engagement_desk"
desk_patterns = [
    path("engagements/", desk.engagements, name="engagements"),
    path("engagements/new/", desk.announce, name="announce"),
    path("engagements/held/", desk.record_held, name="held"),
    path("engagements/<slug:reference>/", desk.engagement, name="engagement"),
    path("engagements/<slug:reference>/reword/", desk.reword, name="reword"),
    path("engagements/<slug:reference>/count/", desk.count, name="count"),
    path("engagements/<slug:reference>/withdraw/", desk.withdraw, name="withdraw"),
    path("engagements/<slug:reference>/appeal/", desk.appeal, name="appeal"),
    path("engagements/<slug:reference>/call-off/", desk.call_off, name="call-off"),
    path("engagements/<slug:reference>/publish/", deciding.publish, name="publish"),
    path("engagements/<slug:reference>/send-back/", deciding.send_back, name="send-back"),
]
