"""Pages of one's own key: make it, unlock it, lock it, change what opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from secrets import token_bytes

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from hearback.foundation.vault import actions, queries
from hearback.foundation.vault.forms import (
    ChangePassphrase,
    NewPassphrase,
    Recovery,
    ReplacingKey,
    TypedBack,
    Unlocking,
)
from hearback.foundation.vault.permissions import may_make_key
from hearback.permission import demand
from hearback.refusal import Refusal
from hearback.sealing import base64url
from hearback.sealing.binding import KEY_BYTES

View = Callable[[HttpRequest], HttpResponse]


def _own_key_page(view: View) -> View:
    """For whoever may have a key; nothing that was typed reaches an error report."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        demand(may_make_key, request.user.actor, request.user)
        return view(request)

    return login_required(sensitive_post_parameters()(sensitive_variables()(shown)))


@_own_key_page
def key(request: HttpRequest) -> HttpResponse:
    """One's key: whether there is one, whether it is unlocked, and what can be done."""
    own = queries.key_of(request.user)
    if own is None or own.confirmed_at is None:
        return redirect("vault:make")
    fingerprint = queries.fingerprint(own)
    return render(
        request,
        "vault/key.html",
        {"key": own, "fingerprint": fingerprint, "unlocked": queries.unlocked_key(request) is not None},
    )


@_own_key_page
def make(request: HttpRequest) -> HttpResponse:
    """A first key."""
    return _make(request, NewPassphrase, "vault/make.html", replacing=False)


@_own_key_page
def replace(request: HttpRequest) -> HttpResponse:
    """A new key for somebody who lost passphrase and recovery key."""
    return _make(request, ReplacingKey, "vault/replace.html", replacing=True)


@_own_key_page
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The recovery key was written down: two groups are typed back."""
    form = TypedBack(request.POST)
    if form.is_valid():
        try:
            actions.confirm_key(request.user, **form.cleaned_data, by=request.user.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error("typed", capfirst(refusal.sentence))
        else:
            return redirect("vault:key")
    return render(request, "vault/recovery_key.html", {"recovery_key": form["recovery_key"].value(), "form": form})


@_own_key_page
def unlock(request: HttpRequest) -> HttpResponse:
    """The passphrase in, the private key into this browser's session; then on to where the person came from."""
    if not queries.has_key(request.user):
        return redirect("vault:make")
    form = Unlocking(request.POST or None)
    address = _onward(request)
    if form.is_valid() and _not_too_often(request, form):
        try:
            private_key = actions.unlock(
                request.user, passphrase=form.cleaned_data["passphrase"], by=request.user.actor, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error("passphrase", capfirst(refusal.sentence))
        else:
            return _keep_unlocked(request, redirect(address), private_key)
    return render(request, "vault/unlock.html", {"form": form, "next": address})


@_own_key_page
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Forget the private key here and now."""
    request.session.pop(queries.SESSION_ENTRY, None)
    response = redirect("vault:key")
    response.delete_cookie(queries.COOKIE, path=settings.SESSION_COOKIE_PATH, samesite="Strict")
    return response


@_own_key_page
def passphrase(request: HttpRequest) -> HttpResponse:
    """Another passphrase for the same key."""
    form = ChangePassphrase(request.POST or None)
    if form.is_valid() and _not_too_often(request, form):
        old, new = form.cleaned_data["old"], form.cleaned_data["passphrase"]
        try:
            actions.change_passphrase(request.user, old=old, new=new, by=request.user.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, capfirst(refusal.sentence))
        else:
            return redirect("vault:key")
    return render(request, "vault/passphrase.html", {"form": form})


@_own_key_page
def recover(request: HttpRequest) -> HttpResponse:
    """A new passphrase by the printed recovery key, which is then replaced."""
    form = Recovery(request.POST or None)
    if form.is_valid() and _not_too_often(request, form):
        typed, new = form.cleaned_data["recovery_key"], form.cleaned_data["passphrase"]
        try:
            renewed = actions.recover(
                request.user, recovery_key=typed, passphrase=new, by=request.user.actor, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, capfirst(refusal.sentence))
        else:
            return render(request, "vault/recovery_key.html", {"recovery_key": renewed})
    return render(request, "vault/recover.html", {"form": form})


def _make(request: HttpRequest, form_class: type[Form], template: str, *, replacing: bool) -> HttpResponse:
    if not replacing and queries.has_key(request.user):
        return redirect("vault:key")
    form = form_class(request.POST or None)
    if form.is_valid() and _not_too_often(request, form):
        try:
            recovery_key = actions.make_key(
                request.user,
                passphrase=form.cleaned_data["passphrase"],
                replacing=replacing,
                by=request.user.actor,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error("passphrase", capfirst(refusal.sentence))
        else:
            shown = {"recovery_key": recovery_key, "form": TypedBack(initial={"recovery_key": recovery_key})}
            return render(request, "vault/recovery_key.html", shown)
    return render(request, template, {"form": form})


def _not_too_often(request: HttpRequest, form: Form) -> bool:
    """Every try costs memory and a guess."""
    if ratelimit.consume(request, action="unlock", user=request.user):
        return True
    form.add_error(None, _("That was too many tries. Wait a quarter of an hour, or use your recovery key."))
    return False


def _keep_unlocked(request: HttpRequest, response: HttpResponse, private_key: bytes) -> HttpResponse:
    cookie = token_bytes(KEY_BYTES)
    request.session[queries.SESSION_ENTRY] = queries.kept_under(cookie, private_key, request.user)
    response.set_cookie(
        queries.COOKIE,
        base64url.encoded(cookie),
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}) and wanted.startswith("/desk/")
    return wanted if safe else reverse("vault:key")
