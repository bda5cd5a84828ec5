"""Addresses of concerns: public ones, and those of the workspace."""

from __future__ import annotations

from django.urls import path

from hearback.listen.concerns.views import (
    desk,
    desk_drafts,
    desk_steps,
    holds,
    intake,
    keeping,
    late,
    newcomers,
    paper,
    receipt,
    tell,
    verify,
)

app_name = "concerns"
public_patterns = [
    path("tell/", tell.tell, name="tell"),
    path("tell/paper/", paper.paper, name="paper"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("receipt/confirm/", tell.confirm, name="confirm"),
    path("verify/", verify.verify, name="verify"),
    path("privacy/", keeping.keeping, name="keeping"),
]

desk_app_name = "concern_desk"
desk_patterns = [
    path("concerns/", desk.show_inbox, name="inbox"),
    path("concerns/new/", intake.record, name="record"),
    path("concerns/newcomers/", newcomers.newcomers, name="newcomers"),
    path("concerns/newcomers/<str:username>/", newcomers.newcomer, name="newcomer"),
    path("concerns/holds/", holds.holds, name="holds"),
    path("concerns/holds/<slug:reference>/", holds.release, name="release"),
    path("concerns/<slug:reference>/", desk.show_concern, name="concern"),
    path("concerns/<slug:reference>/attachments/<int:number>/", desk.attachment, name="attachment"),
    path("concerns/<slug:reference>/drafts/<int:number>/", desk_drafts.draft, name="draft"),
    path("concerns/<slug:reference>/answer/", desk_steps.answer, name="answer"),
    path("concerns/<slug:reference>/grade/", desk_steps.grade, name="grade"),
    path("concerns/<slug:reference>/assign/", desk_steps.assign, name="assign"),
    path("concerns/<slug:reference>/note/", desk_steps.note, name="note"),
    path("concerns/<slug:reference>/contact/", desk_steps.contact, name="contact"),
    path("concerns/<slug:reference>/merge/", desk_steps.merge, name="merge"),
    path("concerns/<slug:reference>/unmerge/", desk_steps.unmerge, name="unmerge"),
    path("concerns/<slug:reference>/handover/", desk_steps.propose_handover, name="handover"),
    path("concerns/<slug:reference>/share/", desk_steps.share, name="share"),
    path("concerns/<slug:reference>/close/", desk_steps.close, name="close"),
    path("late/", late.late, name="late"),
]
