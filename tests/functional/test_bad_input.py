"""Junk in addresses and forms of the served city: no broken page, no echo, and a kind word where nothing is."""

from __future__ import annotations

import http.client
import re
from urllib.parse import quote, urlsplit

import pytest

from conftest import Served

pytestmark = pytest.mark.functional

PAGES = (
    "/",
    "/map/",
    "/map/?layer=need",
    "/map/?layer=incidents",
    "/map/?layer=organizations",
    "/map/pin/",
    "/areas/",
    "/data/",
    "/methods/",
    "/charter/",
    "/accessibility/",
    "/clock/",
    "/tell/",
    "/receipt/",
    "/verify/",
    "/health/",
)
ECHO = "<script>alert(7)</script>"
JUNK = (
    quote(ECHO),
    "9" * 400,
    "-1",
    "1e9",
    "0x10",
    "%D9%A3",
    "NaN",
    "%00",
    "%ff%fe",
    "a" * 5_000,
    "%0d%0aSet-Cookie:%20a=b",
    "..%2f..%2fetc%2fpasswd",
    "%7B%7B7*7%7D%7D",
    "&&=&;==",
)
KEYS = ("layer", "year", "category", "kind", "page", "sort", "q", "next", "language", "unheard-of")
NOWHERE = (
    "/areas/nowhere/",
    "/areas/../",
    "/areas/a/b/c/",
    "/areas/%00/",
    "/areas/%ff/",
    f"/areas/{quote(ECHO)}/",
    f"/areas/{'a' * 3_000}/",
    "/areas/..%2f..%2fhealth/",
    "/areas//",
    "/data/nothing/",
    "/data/%2e%2e%2fsecret-key/",
    f"/data/{quote(ECHO)}/",
    "/map/tiles/1/2/3.png",
    "/xx/",
    "/xx/map/",
    "/zz-latn-zz/areas/",
    f"/{quote(ECHO)}/",
    "/static/../secret-key",
    "/static/%2e%2e/%2e%2e/secret-key",
    "/.git/config",
    "/%c0%ae%c0%ae/",
    "//evil.example/",
    "/receipt/confirm/x",
    "/verify/x",
)


def ask(city: Served, address: str, *, method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, str, str]:
    """Status, page and where it leads, for an address that is sent exactly as it is written."""
    connection = http.client.HTTPConnection(urlsplit(city.address).netloc, timeout=60)
    connection.putrequest(method, address, skip_accept_encoding=True)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    answer = connection.getresponse()
    page = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, page, answer.getheader("Location") or ""


@pytest.mark.parametrize("address", PAGES)
def test_junk_behind_a_question_mark_breaks_no_page_and_is_not_echoed(demo: Served, address: str) -> None:
    first, _, asked = address.partition("?")
    for junk in JUNK:
        query = "&".join(f"{key}={junk}" for key in KEYS if not asked.startswith(f"{key}="))
        status, page, location = ask(demo, f"{first}?{asked}&{query}")
        assert status in (200, 301, 302, 404), (junk, status)
        assert ECHO not in page, junk
        assert "Traceback" not in page
        assert not location.startswith(("//", "http")), location


@pytest.mark.parametrize("key", ["layer", "year", "category", "kind"])
def test_what_is_not_among_the_choices_is_said_kindly(demo: Served, key: str) -> None:
    layer = {"kind": "organizations"}.get(key, "incidents")
    status, page, _ = ask(demo, f"/map/?{'' if key == 'layer' else f'layer={layer}&'}{key}=9999")
    assert status == 404
    assert "<h1" in page
    said = re.sub(r'<details class="languages">.*?</details>', "", page, flags=re.DOTALL)  # the same in other languages
    assert "9999" not in said


@pytest.mark.parametrize("number", ["-1", "0", "1e9", "99999999999999999999", "x", "%00", "1.5"])
def test_a_page_of_a_table_that_is_none_is_the_nearest(demo: Served, number: str) -> None:
    status, page, _ = ask(demo, f"/map/?layer=incidents&page={number}")
    assert status == 200
    assert "<table" in page


@pytest.mark.parametrize("address", NOWHERE)
def test_an_address_where_nothing_is_gets_a_kind_answer(demo: Served, address: str) -> None:
    status, page, location = ask(demo, address)
    assert status in (301, 302, 400, 404), page[:200]
    assert ECHO not in page
    assert "Traceback" not in page
    assert not location.startswith("//"), location
    if status == 404:
        assert "<h1" in page
        assert '<a href="/' in page


@pytest.mark.parametrize("address", ["/areas/nowhere/", "/data/nothing/", "/xx/", "/map/?layer=streets"])
def test_a_page_that_is_not_there_says_so_in_the_frame_of_the_site(demo: Served, address: str) -> None:
    status, page, _ = ask(demo, address)
    assert status == 404
    assert "Invented city." in page


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "NONSENSE"])
@pytest.mark.parametrize("address", ["/", "/map/", "/areas/", "/data/", "/methods/", "/tell/", "/receipt/", "/health/"])
def test_other_methods_than_asking_break_nothing(demo: Served, method: str, address: str) -> None:
    body = b"words=" + ECHO.encode() if method == "POST" else b""
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    status, page, _ = ask(demo, address, method=method, body=body, **form)
    assert status < 500, page[:200]
    assert ECHO not in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept_Language": "xx, *;q=nan, " + "a-" * 500},
        {"Accept_Language": "../../etc/passwd"},
        {"Cookie": "sessionid=" + "x" * 3_000 + "; csrftoken=" + ECHO},
        {"Cookie": "=;;=="},
        {"If_None_Match": ECHO + '"' * 50},
        {"If_Modified_Since": "yesterday"},
        {"Accept_Encoding": "br;q=-1, gzip;q=x"},
        {"Range": "bytes=-1-5,9-"},
        {"X_Forwarded_Host": "evil.example"},
        {"Content_Type": "multipart/form-data"},
    ],
)
def test_junk_in_headers_breaks_no_page(demo: Served, headers: dict[str, str]) -> None:
    for address in ("/", "/map/", "/tell/", "/desk/"):
        status, page, location = ask(demo, address, **headers)
        assert status in (200, 302), (address, status)
        assert ECHO not in page
        assert "evil.example" not in page + location


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "[::1", "x" * 2_000])
def test_a_host_that_is_not_ours_is_not_answered(demo: Served, host: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(demo.address).netloc, timeout=60)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    page = answer.read().decode(errors="replace")
    connection.close()
    assert answer.status == 400
    assert "evil.example" not in page


@pytest.mark.parametrize("address", ["/tell/", "/receipt/", "/receipt/confirm/", "/verify/"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "application/x-www-form-urlencoded",
            b"%ff%fe=%00&words=%00%ff&kind=%00&desk=%00&area=%00&token=%00&proof=%00",
        ),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5_000))),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nhalf'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=" + "y" * 500, b"--y"),
        ("application/json", b'{"words": "' + ECHO.encode() + b'"}'),
        ("text/plain; charset=utf-7", b"+ADw-script+AD4-"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"words=a"),
    ],
)
def test_junk_in_a_form_is_answered_and_not_echoed(demo: Served, address: str, kind: str, body: bytes) -> None:
    status, page, _ = ask(demo, address, method="POST", body=body, Content_Type=kind)
    assert 400 <= status < 500 or status == 200, page[:300]
    assert ECHO not in page
    assert "Traceback" not in page
