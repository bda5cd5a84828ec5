"""A translator for tests: a real server on a port of this machine that speaks LibreTranslate's protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

OFFERED = [
    {"code": "en", "name": "English", "targets": ["en", "es", "so", "zh-Hans"]},
    {"code": "es", "name": "Spanish", "targets": ["en", "es"]},
    {"code": "so", "name": "Somali", "targets": ["en", "so"]},
    {"code": "zh-Hans", "name": "Chinese", "targets": ["en"]},
]
IN_ENGLISH = "The lamp on our street does not work."
IN_SOMALI = "Nalka waddadeena ma shaqeeyo."
ANSWER = "We will mend the lamp on Monday."
ANSWER_IN_SOMALI = "Nalka waxaan dayactiri doonaa Isniinta."
KNOWN = {
    (IN_SOMALI, "so", "en"): IN_ENGLISH,
    (ANSWER, "en", "so"): ANSWER_IN_SOMALI,
    (ANSWER_IN_SOMALI, "so", "en"): ANSWER,
}


class Translator(ThreadingHTTPServer):
    """Knows a few sentences; `asked` are the words it was shown, `says` what it answers in the place of a draft."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[dict[str, str]] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.says: bytes | None = None
        self.offers: Any = OFFERED
        self.status = 200
        self.headers: dict[str, str] = {}
        self.waits = threading.Event()
        self.waits.set()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        """As it stands in the settings."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def translate(self, given: dict[str, str]) -> bytes:
        """What it makes of it."""
        self.asked.append(given)
        self.waits.wait(20)
        words = KNOWN.get((given["q"], given["source"], given["target"]), f"[{given['target']}] {given['q']}")
        return json.dumps({"translatedText": words}).encode() if self.says is None else self.says


class _Answering(BaseHTTPRequestHandler):
    server: Translator

    def do_GET(self) -> None:
        self._answer(json.dumps(self.server.offers).encode() if self.path == "/languages" else b"{}")

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self.server.translate(given))

    def _answer(self, content: bytes) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def another_translator() -> Iterator[Translator]:
    """One that works and that nobody told Hearback of."""
    serving = Translator()
    yield serving
    serving.shutdown()
    serving.server_close()


@pytest.fixture
def translator(settings: Settings) -> Iterator[Translator]:
    """The translator of this installation."""
    serving = Translator()
    settings.TRANSLATOR = serving.address
    yield serving
    serving.shutdown()
    serving.server_close()
