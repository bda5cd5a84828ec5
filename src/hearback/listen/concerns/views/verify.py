"""Checking a proof of submission, for whoever is shown one."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hearback.listen.concerns.forms.resident import CheckProof
from hearback.listen.concerns.queries import keys
from hearback.listen.concerns.views.public import for_residents, form_token
from hearback.refusal import Refusal
from hearback.sealing import proofs, retyping


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """What a proof shows, what it does not, and the public key with which anybody can check it elsewhere."""
    at = timezone.now()
    if request.method != "POST":
        return _page(request, CheckProof(), at=at)
    form = CheckProof(request.POST)
    if form_token(request, at=at) is None:
        form.add_error(None, _("This page was open for too long. Please send it again."))
    if not form.is_valid():
        return _page(request, form, at=at, status=422)
    statement = _checked(form)
    shows = _shows(form, statement) if statement else None
    return _page(
        request,
        form,
        at=at,
        status=422 if form.errors else 200,
        statement=None if form.errors else statement,
        shows=shows,
    )


def _checked(form: CheckProof) -> proofs.Statement | None:
    try:
        return proofs.verify(form.cleaned_data["proof"], public_keys=[keys.proof_public_key()])
    except retyping.Mistyped as mistyped:
        sentence = _("Line {number} is mistyped or not complete. Compare it with the paper, group by group.")
        form.add_error("proof", sentence.format(number=mistyped.line))
    except Refusal:
        form.add_error("proof", _("This proof was not signed here. Check it where the concern was sent."))
    return None


def _shows(form: CheckProof, statement: proofs.Statement) -> bool | None:
    """Whether it was these words; nothing where none were given."""
    given = form.cleaned_data
    if not given["words"]:
        return None
    try:
        salt = retyping.read(given["salt"])
    except Refusal:
        form.add_error("salt", _("This line is mistyped or not complete. It stands below the proof."))
        return None
    return statement.shows(proofs.content_of(given["words"]), salt=salt)


def _page(
    request: HttpRequest,
    form: CheckProof,
    *,
    at: datetime,
    status: int = 200,
    statement: proofs.Statement | None = None,
    shows: bool | None = None,
) -> HttpResponse:
    public_key = keys.proof_public_key()
    shown = {
        "section": "receipt",
        "form": form,
        "token": keys.hand_out_form(at=at),
        "statement": statement,
        "shows": shows,
        "public_key": public_key.hex(),
        "key_name": retyping.written(proofs.key_id(public_key)),
    }
    return render(request, "concerns/public/verify.html", shown, status=status)
