"""The translator: a real server that speaks the protocol, one that lies, one that is silent, and none at all."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from hearback.config.translator import NotOnThisMachine, on_this_machine
from hearback.listen.concerns import queries
from hearback.listen.concerns.queries import translator as hook
from hearback.listen.concerns.queries.translator import LONGEST, NotTranslated, ailments, machine_draft
from translators import IN_ENGLISH, IN_SOMALI, Translator


def draft() -> str:
    """A draft of one sentence."""
    return machine_draft(IN_SOMALI, source="so", target="en")


# where it may be


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("http://[::1]:65535", "http://[::1]:65535"),
        ("http://localhost:5000", "http://127.0.0.1:5000"),
        ("/run/translator/socket", "/run/translator/socket"),
    ],
)
def test_a_translator_on_this_machine_is_taken(written: str, meant: str) -> None:
    assert on_this_machine(written) == meant


@pytest.mark.parametrize(
    "address",
    [
        "https://libretranslate.com",
        "http://127.0.0.1.evil.example:5000",
        "http://localhost.evil.example:5000",
        "http://127.0.0.1:5000@evil.example",
        "http://127.0.0.1@evil.example:5000",
        "http://evil.example:5000#http://127.0.0.1:5000",
        "http://evil.example\\@127.0.0.1:5000",
        "http://user:word@127.0.0.1:5000",
        "http://2130706433:5000",
        "http://0x7f000001:5000",
        "http://0177.0.0.1:5000",
        "http://127.1:5000",
        "http://0.0.0.0:5000",
        "http://127.0.0.2:5000",
        "http://١٢٧.٠.٠.١:5000",
        "http://127.0.0.1:٥٠٠٠",
        "http://[::ffff:127.0.0.1]:5000",
        "http://[::1%25eth0]:5000",
        "http://[2001:db8::1]:5000",
        "http://10.0.0.5:5000",
        "http://127.0.0.1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:5000/translate",
        "http://127.0.0.1:5000\n",
        " http://127.0.0.1:5000",
        "HTTPS://127.0.0.1:5000",
        "file:///etc/passwd",
        "unix:/run/translator",
        "127.0.0.1:5000",
        "localhost",
    ],
)
def test_anything_else_is_refused_with_the_reason_and_without_repeating_it(address: str) -> None:
    with pytest.raises(NotOnThisMachine, match="sealed and must not leave it") as refused:
        on_this_machine(address)
    assert "evil" not in refused.value.sentence
    assert "word" not in refused.value.sentence.replace("words", "")


# what it is asked


def test_a_draft_is_asked_for_in_the_protocol_and_brought_back(translator: Translator) -> None:
    assert draft() == IN_ENGLISH
    assert translator.asked == [{"q": IN_SOMALI, "source": "so", "target": "en", "format": "text"}]
    assert [path for path, _ in translator.seen] == ["/languages", "/translate"]


def test_lines_stay_lines_however_the_form_ended_them(translator: Translator) -> None:
    assert machine_draft("One.\r\n\r\nTwo.", source="so", target="en") == "[en] One.\n\nTwo."


def test_a_socket_in_a_folder_does_as_well(tmp_path: Path, settings: Settings, translator: Translator) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=_handed_on, args=(listening, translator), daemon=True).start()
        settings.TRANSLATOR = str(path)
        assert draft() == IN_ENGLISH


def _handed_on(listening: socket.socket, translator: Translator) -> None:
    for _ in range(2):
        connection, _address = listening.accept()
        translator.process_request(connection, ("", 0))


def test_languages_are_called_as_the_translator_calls_them(translator: Translator) -> None:
    machine_draft("Hello.", source="en", target="zh-hans")
    translator.offers = [{"code": "zh", "targets": ["en"]}, {"code": "en", "targets": ["zh"]}]
    machine_draft("Hello.", source="en", target="zh-hans")
    assert [one["target"] for one in translator.asked] == ["zh-Hans", "zh"]


@pytest.mark.parametrize(("source", "target"), [("ht", "en"), ("en", "ht"), ("es", "so")])
def test_a_pair_that_is_not_offered_is_told_and_no_word_is_shown_to_it(
    source: str, target: str, translator: Translator
) -> None:
    with pytest.raises(NotTranslated, match="does not translate from .* to ") as refused:
        machine_draft(IN_SOMALI, source=source, target=target)
    assert "Haitian Creole" in refused.value.sentence or "from Spanish to Somali" in refused.value.sentence
    assert translator.asked == []


def test_too_many_words_are_told_and_not_shown_to_it(translator: Translator) -> None:
    assert machine_draft("a" * LONGEST, source="so", target="en").startswith("[en] a")
    with pytest.raises(NotTranslated, match="too long for a draft: 5,001 characters; at most 5,000 fit"):
        machine_draft("a" * (LONGEST + 1), source="so", target="en")
    assert len(translator.asked) == 1


# where the words never go


def test_a_redirect_is_not_followed(translator: Translator, another_translator: Translator) -> None:
    for status in (301, 302, 307, 308):
        translator.status, translator.headers = status, {"Location": f"{another_translator.address}/translate"}
        with pytest.raises(NotTranslated, match=f"refuses \\(status {status}\\)"):
            draft()
    assert another_translator.seen == []


def test_no_proxy_of_the_environment_is_used(
    translator: Translator, another_translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, another_translator.address)
    assert draft() == IN_ENGLISH
    assert another_translator.seen == []


def test_nothing_of_the_words_is_logged_or_told_in_a_refusal(
    translator: Translator, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    draft()
    translator.says = json.dumps({"error": IN_SOMALI}).encode()
    with pytest.raises(NotTranslated) as refused:
        draft()
    said = f"{refused.value.sentence} {caplog.text} {' '.join(capfd.readouterr())}"
    assert "Nalka" not in said
    assert "lamp" not in said


def test_without_a_translator_nothing_is_asked(another_translator: Translator, settings: Settings) -> None:
    settings.TRANSLATOR = ""
    with pytest.raises(NotTranslated, match="no translator on this machine"):
        draft()
    assert ailments() == []
    assert another_translator.seen == []


# nonsense


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"<html>not for you</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"words"',
        b"{}",
        b'{"translatedText": null}',
        b'{"translatedText": ["words"]}',
        b'{"translatedText": " \\n "}',
        b'{"translatedText": "half a pair \\ud83d"}',
        b'{"translatedText": "nought \\u0000"}',
        b'{"translatedText": "' + b"la " * 5_000 + b'"}',
        b"[" * 100_000,
        b" " * 1_000_001 + b'{"translatedText": "too late"}',
        b"9" * 5_000,
    ],
    ids=lambda said: str(said[:24]),
)
def test_an_answer_that_makes_no_sense_is_no_draft(nonsense: bytes, translator: Translator) -> None:
    translator.says = nonsense
    with pytest.raises(NotTranslated, match="makes no sense"):
        draft()


@pytest.mark.parametrize(
    "offered", [None, 7, "languages", {"en": ["so"]}, [["en"]], [{"code": "en"}], [{"targets": []}]]
)
def test_a_list_of_languages_that_makes_no_sense_is_no_translator(offered: object, translator: Translator) -> None:
    translator.offers = offered
    with pytest.raises(NotTranslated, match="makes no sense"):
        draft()
    assert translator.asked == []


# silence


@pytest.fixture
def listening(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A port that takes calls and says nothing."""
    monkeypatch.setattr(hook, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.TRANSLATOR = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield server


def drips(server: socket.socket) -> None:
    """A letter at a time, without an end, until the other side hangs up."""
    connection, _ = server.accept()
    with connection:
        try:
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            while not threading.Event().wait(0.02):
                connection.sendall(b"[")
        except OSError:
            return


def hangs_up(server: socket.socket) -> None:
    """Takes the call and ends it."""
    server.accept()[0].close()


@pytest.mark.parametrize("answering", [lambda server: None, drips, hangs_up], ids=["silent", "drips", "hangs up"])
def test_a_translator_that_is_not_done_in_time_is_given_up(
    answering: Callable[[socket.socket], None], listening: socket.socket
) -> None:
    threading.Thread(target=answering, args=[listening], daemon=True).start()
    with pytest.raises(NotTranslated):
        draft()


def test_nobody_there_is_silence_too(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.TRANSLATOR = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(NotTranslated, match="does not answer"):
        draft()


def test_one_draft_is_made_at_a_time_and_the_next_after_it(translator: Translator) -> None:
    translator.waits.clear()
    made: list[str] = []
    first = threading.Thread(target=lambda: made.append(draft()))
    first.start()
    while not translator.asked:
        first.join(0.01)
    with pytest.raises(NotTranslated, match="busy with another draft"):
        draft()
    translator.waits.set()
    first.join()
    assert made == [IN_ENGLISH] == [draft()]


@pytest.mark.django_db
def test_status_says_whether_the_translator_answers(translator: Translator, settings: Settings) -> None:
    assert queries.ailments() == []
    assert translator.asked == []
    settings.TRANSLATOR = "/no/such/socket"
    (told,) = queries.ailments()
    assert told.startswith("There are no machine drafts: the translator at /no/such/socket does not work: ")
