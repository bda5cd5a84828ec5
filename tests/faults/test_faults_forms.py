"""Forms that no browser would send, or that are longer than anything that is taken, are refused in words."""

from __future__ import annotations

import pytest
from django.test import Client

from hearback.foundation.people.models import User
from standing_roles import signed_in

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

RESIDENTS = ("/tell/", "/es/tell/", "/receipt/", "/receipt/confirm/", "/verify/")
DESK = ("/desk/login/", "/desk/concerns/ABCD-EFGH/answer/", "/desk/concerns/new/")
FORM = b'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n61\r\n--b--\r\n'
MUCH = "a" * 3_000_000
"""More than Django reads of a form's text."""


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "utf-7", "utf-16", "latin-1"])
@pytest.mark.parametrize("address", [*RESIDENTS, *DESK])
def test_a_form_that_is_no_utf8_text_is_refused_in_words(
    client: Client, liaison: User, address: str, charset: str
) -> None:
    browser = signed_in(liaison) if address.startswith("/desk/") else client
    for kind in ("multipart/form-data; boundary=b", "application/x-www-form-urlencoded"):
        answer = browser.generic("POST", address, FORM, content_type=f"{kind}; charset={charset}")
        assert answer.status_code == 400
        assert b"<h1>" in answer.content


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "utf_8", "no-such-encoding"])
def test_a_form_that_is_utf8_text_is_read(client: Client, liaison: User, charset: str) -> None:
    answer = client.generic("POST", "/tell/", FORM, content_type=f"multipart/form-data; boundary=b; charset={charset}")
    assert (answer.status_code, b"61</textarea>" in answer.content) == (422, True)


@pytest.mark.parametrize("address", DESK)
@pytest.mark.parametrize("way", ["multipart", "plain", "page by page"])
def test_too_long_a_text_at_a_desk_is_refused_in_words(liaison: User, address: str, way: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(liaison, backend="allauth.account.auth_backends.AuthenticationBackend")
    headers = {"hx-request": "true"} if way == "page by page" else {}
    sent = (
        browser.post(address, {"text": MUCH})
        if way == "multipart"
        else browser.generic(
            "POST", address, f"text={MUCH}", content_type="application/x-www-form-urlencoded", headers=headers
        )
    )
    assert sent.status_code == 413
    page = sent.content.decode()
    assert "longer than anything that is taken here" in page
    assert "Nothing of it was kept" in page
    assert sent["Cache-Control"] == "no-store"
    assert MUCH[:100] not in page


def test_too_long_a_text_before_signing_in_is_refused_in_the_same_words(client: Client, liaison: User) -> None:
    answer = client.post("/desk/login/", {"login": MUCH})
    assert answer.status_code == 413
    assert "longer than anything that is taken here" in answer.content.decode()


def test_a_site_asked_for_under_another_name_says_so_and_notes_nothing(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "HEARBACK_HOSTS" in answer.content.decode()
    assert "elsewhere" not in answer.content.decode()
    assert caplog.records == []
