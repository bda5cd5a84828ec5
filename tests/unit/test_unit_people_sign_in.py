"""Signing in: two locks, slow for guessers, short, and without a trace of any machine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from allauth.account import app_settings as account_settings
from allauth.core.internal.ratelimit import parse_rates
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from hearback.config.desk_door import BEFORE_SIGN_IN, NOTICED_EVERY
from hearback.foundation.people import actions
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.people.queries import has_second_factor
from hearback.foundation.people.views import passkeys_work_at
from hearback.jobs.forget_sessions import forget_sessions
from standing_roles import CODE_SECRET, PASSWORD, SETTING_UP, code_now, signed_in, welcomed

pytestmark = pytest.mark.django_db
WRONG = "wrong-password-99"
HOME = "/desk/desks/"
"""A page that opens to everybody who signed in."""


@pytest.fixture
def lia(at: datetime) -> User:
    """Somebody with a password and a code app."""
    return welcomed("lia", Role.LIAISON, at=at)


def try_password(client: Client, name: str = "lia", password: str = WRONG) -> int:
    return client.post("/desk/login/", {"login": name, "password": password}).status_code


def test_a_password_alone_opens_nothing(lia: User, client: Client) -> None:
    answer = client.post("/desk/login/", {"login": "lia", "password": PASSWORD})
    assert answer.headers["Location"] == "/desk/sign-in/authenticate/"
    assert client.get(HOME).headers["Location"].startswith("/desk/login/")


def test_a_code_works_once(lia: User) -> None:
    code = code_now()
    for expected in (302, 200):
        client = Client()
        try_password(client, password=PASSWORD)
        assert client.post("/desk/sign-in/authenticate/", {"code": code}).status_code == expected


def test_a_code_of_the_half_minute_before_is_good_but_not_twice(lia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # the half minute does not end meanwhile
    code = auth.format_hotp_value(auth.hotp_value(CODE_SECRET, int(now) // 30 - 1))
    for expected in (302, 200):
        client = Client()
        try_password(client, password=PASSWORD)
        cache.delete(f"allauth.mfa.totp.used?user={lia.pk}&code={code}")  # allauth forgets it after half a minute
        assert client.post("/desk/sign-in/authenticate/", {"code": code}).status_code == expected


def test_wrong_codes_run_out(lia: User, client: Client) -> None:
    try_password(client, password=PASSWORD)
    for _ in range(6):
        client.post("/desk/sign-in/authenticate/", {"code": "000000"})
    refused = client.post("/desk/sign-in/authenticate/", {"code": code_now()})
    assert b"Too many failed login attempts" in refused.content


@pytest.mark.parametrize("role", list(Role))
def test_whoever_has_no_second_lock_is_led_to_set_one_up(role: Role, at: datetime, client: Client) -> None:
    actions.welcome(username="sam", role=role, password=PASSWORD, by=SETTING_UP, at=at)
    try_password(client, "sam", PASSWORD)
    for page in ("/desk/", "/desk/desks/", "/desk/keys/", "/desk/people/", "/desk/password/", "/desk/sign-in/"):
        assert client.get(page).headers["Location"] == "/desk/second-factor/", page
    assert client.get("/desk/second-factor/").status_code == 200


def test_the_app_is_set_up_in_one_walk_without_typing_the_password_again(at: datetime, client: Client) -> None:
    person = actions.welcome(username="sam", role=Role.ANALYST, password=PASSWORD, by=SETTING_UP, at=at)
    try_password(client, "sam", PASSWORD)
    assert client.get("/desk/sign-in/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post("/desk/sign-in/totp/activate/", {"code": "000000"}).status_code == 200
    code = auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/desk/sign-in/totp/activate/", {"code": code})
    assert answer.headers["Location"] == "/desk/sign-in/recovery-codes/"
    assert client.get(answer.headers["Location"]).content.count(b"<li>") >= 10
    assert b"not shown again" in client.get(answer.headers["Location"]).content
    assert client.get(HOME).status_code == 200
    assert has_second_factor(person)


@pytest.mark.parametrize(
    ("host", "works"),
    [
        ("localhost:8000", True),
        ("hearback.example.gov", True),
        ("127.0.0.1:8000", False),
        ("127.0.0.1", False),
        ("[::1]:8000", False),
        ("[::1]", False),
    ],
)
def test_passkeys_are_offered_where_the_site_has_a_name(host: str, works: bool) -> None:
    assert passkeys_work_at(host) is works


def test_secrets_of_second_locks_are_not_stored_as_they_are(lia: User) -> None:
    stored = Authenticator.objects.get(user=lia).data["secret"]
    assert CODE_SECRET not in stored
    assert Authenticator.objects.get(user=lia).wrap().validate_code(code_now())


def test_five_wrong_passwords_lock_the_name_for_everybody(lia: User) -> None:
    assert [try_password(Client(REMOTE_ADDR=f"203.0.113.{n}")) for n in range(5)] == [200] * 4 + [429]
    assert try_password(Client(REMOTE_ADDR="198.51.100.7"), password=PASSWORD) == 429


def test_capitals_and_blanks_give_no_further_tries(lia: User, client: Client) -> None:
    for name in ("lia", "LIA", "Lia", "lIA ", "liA"):
        try_password(client, name)
    assert try_password(client, password=PASSWORD) == 429


def test_a_name_that_nobody_has_is_locked_like_any_other(client: Client) -> None:
    assert [try_password(client, "nobody") for _ in range(5)][-1] == 429


def test_another_name_is_not_locked(lia: User, at: datetime, client: Client) -> None:
    welcomed("tom", Role.LIAISON, at=at)
    for _ in range(6):
        try_password(client)
    assert try_password(client, "tom", PASSWORD) == 302


def test_who_is_signed_in_already_stays_in_while_the_name_is_locked(lia: User, client: Client) -> None:
    inside = signed_in(lia)
    for _ in range(6):
        try_password(client)
    assert inside.get(HOME).status_code == 200


def test_tries_are_not_counted_by_network_address() -> None:
    rates = {**account_settings.RATE_LIMITS, **mfa_settings.RATE_LIMITS}
    assert not [name for name, rate in rates.items() if any(one.per == "ip" for one in parse_rates(rate))]


ADDRESS, PROXIED, BROWSER = "203.0.113.77", "198.51.100.99", "Curious-Browser/7.7"


def test_no_table_holds_an_address_or_a_browser_after_signing_in(lia: User) -> None:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_X_FORWARDED_FOR=PROXIED, HTTP_USER_AGENT=BROWSER)
    try_password(client)
    try_password(client, "nobody")
    try_password(client, password=PASSWORD)
    client.post("/desk/sign-in/authenticate/", {"code": "000000"})
    client.post("/desk/sign-in/authenticate/", {"code": code_now()})
    assert client.get(HOME).status_code == 200
    client.post("/desk/keys/unlock/", {"passphrase": "not this one"})
    held = [*_everything_in_the_database(), str(Session.objects.get().get_decoded())]
    assert any("lia" in cell for cell in held)
    assert not [cell for cell in held if ADDRESS in cell or PROXIED in cell or BROWSER in cell]
    remembered = str(cache._cache)
    assert ADDRESS not in remembered
    assert BROWSER not in remembered


def _everything_in_the_database() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from (str(cell) for cell in row)


def test_nothing_under_the_desk_opens_to_strangers(client: Client) -> None:
    opened = [
        address
        for name, address in _desk_pages()
        if name not in BEFORE_SIGN_IN and not client.get(address).headers.get("Location", "").startswith("/desk/login/")
    ]
    assert opened == []


def _desk_pages() -> Iterator[tuple[str, str]]:
    """Names and addresses of every page below /desk/, with 1 wherever an address has a gap."""
    for resolver in get_resolver().url_patterns:
        if str(resolver.pattern) == "desk/":
            yield from _pages_below(resolver, "/desk/", "")


def _pages_below(resolver: URLResolver, prefix: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + re.sub("<[^>]+>", "1", str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", route
        else:
            yield from _pages_below(entry, route, f"{entry.namespace}:" if entry.namespace else space)


def test_a_session_ends_after_half_an_hour_without_a_click(lia: User) -> None:
    client = signed_in(lia)
    client.get(HOME)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=28) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(HOME).headers["Location"].startswith("/desk/login/")


def test_a_click_begins_the_half_hour_anew(lia: User) -> None:
    client = signed_in(lia)
    client.get(HOME)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=2))
    session = client.session
    session["seen_at"] = int(time.time()) - NOTICED_EVERY
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=2))
    client.get(HOME)
    assert Session.objects.get().expire_date - timezone.now() > timedelta(minutes=28)


def test_a_session_ends_after_eight_hours_however_busy(lia: User) -> None:
    client = signed_in(lia)
    client.get(HOME)
    session = client.session
    session["signed_in_at"] = int(time.time()) - 8 * 60 * 60
    session.save()
    assert client.get(HOME).headers["Location"] == f"/desk/login/?next={HOME}"
    assert not Session.objects.exists()


def test_sessions_that_ended_are_deleted_and_no_other(lia: User, at: datetime) -> None:
    for _ in range(2):
        signed_in(lia).get(HOME)
    ended = Session.objects.order_by("pk").first()
    assert ended is not None
    Session.objects.filter(pk=ended.pk).update(expire_date=at - timedelta(seconds=1))
    assert forget_sessions(by=SETTING_UP, at=at) == 1
    assert not Session.objects.filter(pk=ended.pk).exists()
    assert Session.objects.count() == 1


def test_signing_out_leaves_nothing_in_the_browser(lia: User) -> None:
    client = signed_in(lia)
    client.get(HOME)
    answer = client.post("/desk/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["desk"].value == ""
    assert not Session.objects.exists()
    assert client.get(HOME).status_code == 302


def test_pages_of_the_workspace_are_never_kept_by_a_browser(lia: User) -> None:
    assert "no-store" in signed_in(lia).get(HOME).headers["Cache-Control"]


def test_a_passkey_that_is_not_known_is_refused_in_words_and_without_another_cookie(client: Client) -> None:
    answer = client.post("/desk/sign-in/webauthn/login/", {"credential": "{}"})
    assert answer.headers["Location"] == "/desk/login/"
    assert b'role="alert"' in client.get("/desk/login/").content
    assert set(client.cookies) <= {"desk", "csrftoken"}


def test_cookies_never_leave_the_workspace(lia: User, client: Client) -> None:
    try_password(client, password=PASSWORD)
    client.post("/desk/sign-in/authenticate/", {"code": code_now()})
    assert {cookie["path"] for cookie in client.cookies.values()} == {"/desk/"}
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Strict"}
    assert not client.get("/").cookies
