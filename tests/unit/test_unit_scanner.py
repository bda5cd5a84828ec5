"""The scanner for attachments: a real socket that speaks clamd's protocol, one that says nothing, and none at all."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns import queries
from hearback.listen.concerns.models import Attachment, Concern
from hearback.listen.concerns.queries import scanner
from hearback.listen.concerns.queries.scanner import NotScanned, ailments, scan
from hearback.listen.concerns.queries.uploads import UnusableFile
from residents import open_thread, said, send, step, words_of
from standing_roles import signed_in

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TOO_LARGE = 1_000_000


class Clamd:
    """Speaks as much of clamd's protocol as there is to it: zPING and zINSTREAM."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self.scanned: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # closed at the end of the test
            while True:
                connection, _ = self.listening.accept()
                with connection, connection.makefile("rb") as asked:
                    connection.sendall(self._answer(asked))

    def _answer(self, asked: Any) -> bytes:
        command = b"".join(iter(lambda: asked.read(1), b"\0"))
        if command == b"zPING":
            return b"PONG\0"
        assert command == b"zINSTREAM"
        pieces = []
        while size := struct.unpack("!L", asked.read(4))[0]:
            pieces.append(asked.read(size))
        self.scanned.append(b"".join(pieces))
        if len(self.scanned[-1]) > TOO_LARGE:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Eicar-Signature FOUND\0" if EICAR in self.scanned[-1] else b"stream: OK\0"


@pytest.fixture(params=["port", "path"])
def listening(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[socket.socket]:
    """A socket to which the settings point."""
    if request.param == "port":
        server = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD = f"127.0.0.1:{server.getsockname()[1]}"
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(tmp_path / "clamd"))
        server.listen()
        settings.CLAMD = str(tmp_path / "clamd")
    yield server
    server.close()


@pytest.fixture
def clamd(listening: socket.socket) -> Clamd:
    """A scanner that works."""
    return Clamd(listening)


@pytest.fixture
def nobody_there(settings: Settings) -> None:
    """Settings that point to a port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"127.0.0.1:{server.getsockname()[1]}"


def photo(hidden: bytes = b"") -> SimpleUploadedFile:
    """A photo, with something behind its end."""
    made = BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(made, "JPEG")
    return SimpleUploadedFile("x.jpg", made.getvalue() + hidden, "image/jpeg")


@pytest.mark.parametrize("content", [b"a", b"clean" * 50_000], ids=["short", "in several pieces"])
def test_a_clean_file_reaches_the_scanner_whole_and_passes(clamd: Clamd, content: bytes) -> None:
    scan(content)
    assert clamd.scanned == [content]


def test_a_virus_is_refused_in_a_plain_sentence(clamd: Clamd) -> None:
    with pytest.raises(UnusableFile, match="carries a virus"):
        scan(b"before" + EICAR)


def test_a_file_that_the_scanner_cannot_judge_does_not_pass(clamd: Clamd) -> None:
    with pytest.raises(NotScanned, match="size limit"):
        scan(bytes(TOO_LARGE + 1))


def test_a_scanner_that_says_nothing_is_given_up_after_some_seconds(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "PATIENCE", 0.05)
    with pytest.raises(NotScanned, match="TimeoutError"):
        scan(b"clean")


def test_a_scanner_that_hangs_up_does_not_count_as_clean(listening: socket.socket) -> None:
    threading.Thread(target=lambda: listening.accept()[0].close(), daemon=True).start()
    with pytest.raises(NotScanned):
        scan(b"clean")


@pytest.mark.parametrize("address", ["/no/such/socket", "127.0.0.1:port", "nonsense"])
def test_an_address_that_leads_nowhere_is_an_absent_scanner(address: str, settings: Settings) -> None:
    settings.CLAMD = address
    with pytest.raises(NotScanned):
        scan(b"clean")
    assert ailments() != []


def test_without_a_scanner_nothing_is_asked(settings: Settings) -> None:
    settings.CLAMD = ""
    scan(EICAR)
    assert ailments() == []


@pytest.mark.django_db
def test_status_says_whether_the_scanner_answers(clamd: Clamd, settings: Settings) -> None:
    assert queries.ailments() == []
    clamd.listening.close()
    settings.CLAMD = "/no/such/socket"
    (told,) = queries.ailments()
    assert told.startswith("Attachments are refused, because the scanner at /no/such/socket does not work")


@pytest.mark.django_db
@pytest.mark.usefixtures("liaison", "teammate")
class TestOnThePages:
    """What residents and those who write for them are told."""

    def test_a_clean_photo_is_received(self, client: Client, clamd: Clamd) -> None:
        answer = send(client, "team", file=photo())
        assert len(words_of(answer).split()) == 7
        assert Attachment.objects.count() == 1
        assert "viruses" not in said(answer)

    def test_a_virus_is_told_beside_the_field_and_nothing_is_sent(self, client: Client, clamd: Clamd) -> None:
        answer = send(client, "team", file=photo(EICAR))
        assert answer.status_code == 422
        assert "This file carries a virus." in said(answer)
        assert not Concern.objects.exists()

    @pytest.mark.usefixtures("nobody_there")
    def test_with_a_silent_scanner_words_are_received_and_the_file_is_not(self, client: Client) -> None:
        answer = send(client, "team", file=photo())
        assert len(words_of(answer).split()) == 7
        assert "The photo or voice note was not: it could not be checked" in said(answer)
        assert Concern.objects.count() == 1
        assert not Attachment.objects.exists()

    @pytest.mark.usefixtures("nobody_there")
    def test_so_it_is_in_the_thread(self, client: Client) -> None:
        thread = open_thread(client, words_of(send(client, "team")))
        added = step(client, thread, "reply", words="Here is a photo.", file=photo())
        assert "Here is a photo." in said(added)
        assert "it could not be checked for viruses just now" in said(added)
        assert not Attachment.objects.exists()

    @pytest.mark.usefixtures("nobody_there")
    def test_so_it_is_at_the_desk(self, liaison: User, liaison_desk: Desk) -> None:
        client = signed_in(liaison)
        begun = {"source": "phone", "language": "en"}
        page = client.get("/desk/concerns/new/", begun).content.decode()
        token = page.partition('name="token" value="')[2].partition('"')[0]
        given = {"token": token, "kind": "idea", "words": "A bench.", "desk": liaison_desk.key, "read_out": "on"}
        answer = client.post("/desk/concerns/new/", begun | given | {"file": photo()})
        assert "The words were received. The photo or voice note was not" in said(answer)
        assert Concern.objects.count() == 1
        assert not Attachment.objects.exists()
