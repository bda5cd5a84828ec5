"""Trusted intake: a partner, a walk-in desk or a phone listener records for somebody, and hands the receipt over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from hearback.design.templatetags.languages import is_translated
from hearback.foundation.access.queries import desks_open_to_residents
from hearback.foundation.places.queries import area_choices
from hearback.listen.concerns.actions.submitting import AlreadySent, Draft, NobodyMayRead, submit
from hearback.listen.concerns.enums import ConcernKind, Safety, Source
from hearback.listen.concerns.forms.intake import Beginning, Recording
from hearback.listen.concerns.permissions import may_record_for_others
from hearback.listen.concerns.queries import keys
from hearback.listen.concerns.queries.promises import DISCLOSABILITY
from hearback.permission import demand
from hearback.refusal import Refusal
from hearback.sealing import retyping
from hearback.sealing.tokens import FormToken


@login_required
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """First how it comes in and in which language; then the questions, to be read out; then the receipt."""
    demand(may_record_for_others, request.user.actor)
    at = timezone.now()
    beginning = Beginning(request.POST or request.GET or None, role=request.user.role)
    if not beginning.is_valid():
        return _begin(request, beginning)
    if request.method == "POST":
        return _record(request, beginning, at)
    return _ask(request, beginning, _form(), token=keys.hand_out_form(at=at))


def _begin(request: HttpRequest, beginning: Beginning) -> HttpResponse:
    translated = [language for language in settings.LANGUAGES if is_translated(language[0])]
    paper = [(code, own_name, translate_url(reverse("concerns:paper"), code)) for code, own_name in translated]
    return render(request, "concerns/desk/record_begin.html", {"form": beginning, "paper": paper})


def _record(request: HttpRequest, beginning: Beginning, at: datetime) -> HttpResponse:
    """What stands in the way in its turn; a form that is too old is handed out anew with everything that was typed."""
    form, typed = _form(request), request.POST.get("token", "")
    try:
        token = keys.take_back_form(typed, at=at)
    except Refusal:
        remark = _("This page was open for too long. Nothing was kept so far. Please look at it and send it again.")
        return _ask(request, beginning, form, token=keys.hand_out_form(at=at), remark=remark, status=422)
    if not form.is_valid():
        return _ask(request, beginning, form, token=typed, status=422)
    if form.seems_to_state_status and "send_anyway" not in request.POST:
        return _ask(request, beginning, form, token=typed, warned=True)
    try:
        return _handed_over(request, beginning, form, token, at)
    except NobodyMayRead:
        form.add_error("desk", _("Everybody there is named in the text, so nobody there may read it. Choose another."))
        return _ask(request, beginning, form, token=typed, status=422)
    except AlreadySent:
        remark = _("Other words were kept from this page before. To keep these too, send them again.")
        return _ask(request, beginning, form, token=keys.hand_out_form(at=at), remark=remark, status=409)


def _handed_over(
    request: HttpRequest, beginning: Beginning, form: Recording, token: FormToken, at: datetime
) -> HttpResponse:
    given = form.cleaned_data
    draft = Draft(
        kind=ConcernKind(given["kind"]),
        text=given["words"],
        language=beginning.cleaned_data["language"],
        desk=given["desk"],
        area=given["area"],
        contact=given["contact"],
        safety=Safety(given["safety"]),
        source=Source(beginning.cleaned_data["source"]),
        uploads=[given["file"]] if given["file"] else [],
    )
    done = submit(draft, token=token, by=request.user.actor, at=at)
    shown = {
        "words": done.receipt.words,
        "word_language": done.receipt.language,
        "concern": done.concern,
        "proof": done.proof,
        "salt": retyping.written(done.salt),
        "site": request.get_host(),
        "unscanned": form.unscanned,
    }
    return render(request, "concerns/desk/recorded.html", shown)


def _form(request: HttpRequest | None = None) -> Recording:
    given = (request.POST, request.FILES) if request else ()
    return Recording(*given, desks=desks_open_to_residents())


def _ask(
    request: HttpRequest, beginning: Beginning, form: Recording, *, token: str, status: int = 200, **shown: Any
) -> HttpResponse:
    chosen = beginning.cleaned_data
    shown |= {"form": form, "token": token, "spoken": chosen["language"], "source": Source(chosen["source"])}
    shown |= {"areas": area_choices(), "law": DISCLOSABILITY}
    return render(request, "concerns/desk/record.html", shown, status=status)
