"""Whole journeys of residents against `hearback serve`: form, submission with its work done, receipt typed back.

The load generator runs on the same machine. Solving the proof of work is the device's part, not the server's: the
generator hands out its own forms, signed with the city's secret, whose puzzles are easy; the server checks them in
the same way. `HEARBACK_BENCH_SECONDS` (15) is how long; `HEARBACK_BENCH_CITY` names a demonstration city to use
(a copy of it is filled), else one is built.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.line import Line
from benchmarks.wire import Answer, Connection
from hearback.sealing import tokens, work
from hearback.sealing.binding import subkey

CLIENTS = 16
SECONDS = float(os.environ.get("HEARBACK_BENCH_SECONDS", "15"))
PAGE_SECONDS = min(SECONDS, 5)
HEARBACK = Path(sys.executable).parent / "hearback"
WORDS = "No puedo dormir por las sirenas. La luz de la esquina no funciona. " * 6
EASY = 1
PUBLIC_PAGES = ("/es/", "/es/clock/")
HUSH_LINE = "Hush Line, PostgreSQL, measured elsewhere in the same way"


@dataclass
class Tally:
    """What all clients together saw."""

    submissions: list[float] = field(default_factory=list)
    journeys: int = 0
    errors: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)


def run() -> list[Line]:
    """Journeys a second, the wait for a submission, pages a second, weights and memory."""
    with _city() as city, _served(city) as (port, server):
        before = _stored(city)
        secret = subkey(bytes.fromhex((city / "sealing-secret").read_text()), purpose="forms")
        tally = Tally()
        started = _processor_seconds(server), time.process_time()
        spent = _all_clients(lambda until: _journeys(port, secret, tally, until), SECONDS)
        used = _processor_seconds(server) - started[0], time.process_time() - started[1]
        stored = _stored(city) - before
        pages = {path: _pages_a_second(port, path) for path in PUBLIC_PAGES}
        memory = [process.memory_info().rss for process in _family(server)]
    return [
        Line(
            f"journeys a second, {CLIENTS} clients for {SECONDS:.0f} s",
            f"{tally.journeys / spent:.0f}",
            f"56–59 without JavaScript, 72–77 with ({HUSH_LINE})",
            goal="≥ 150",
        ),
        Line(
            "processor time of a journey",
            f"{1000 * used[0] / max(tally.journeys, 1):.1f} ms server, "
            f"{1000 * used[1] / max(tally.journeys, 1):.1f} ms generator",
        ),
        Line("submission, 95th percentile", f"{1000 * _percentile(tally.submissions, 0.95):.0f} ms", goal="< 150 ms"),
        Line("acknowledged and stored", f"{len(tally.submissions)} and {stored}", goal="the same"),
        Line("errors", f"{len(tally.errors)} {tally.errors[:1] or ''}", goal="0"),
        *(
            Line(f"pages a second, {path}", f"{rate:.0f}", f"254–270 ({HUSH_LINE})", goal="≥ 1,000")
            for path, rate in pages.items()
        ),
        *(Line(f"weight of {name}", f"{size / 1000:.1f} kB", goal="≤ 50 kB") for name, size in tally.weights.items()),
        Line("its form", "", f"227 kB without JavaScript, 744 kB with ({HUSH_LINE})"),
        Line(
            "memory of the largest web process",
            f"{max(memory) / 1e6:.0f} MB resident ({len(memory)} processes together {sum(memory) / 1e6:.0f} MB)",
            goal="≤ 150 MB",
        ),
    ]


def _journeys(port: int, secret: bytes, tally: Tally, until: float) -> None:
    with Connection("127.0.0.1", port) as browser:
        while time.perf_counter() < until:
            try:
                _journey(browser, secret, tally)
            except (OSError, AssertionError, AttributeError) as error:
                tally.errors.append(repr(error)[:200])
                browser.socket = None


def _journey(browser: Connection, secret: bytes, tally: Tally) -> None:
    form = _well(browser.get("/es/tell/"))
    desk = re.search(r'name="desk" value="([^"]+)"', form.body)
    assert desk
    token = tokens.hand_out(secret=secret, at=datetime.now(UTC), difficulty=EASY)
    said = {
        "token": token,
        "work": work.solve(token, difficulty=EASY),
        "kind": "concern",
        "words": WORDS,
        "desk": desk[1],
        "contact": "555-0100",
        "safety": "",
        "website": "",
    }
    started = time.perf_counter()
    receipt = _well(browser.post("/es/tell/", said))
    tally.submissions.append(time.perf_counter() - started)
    words = re.findall(r"<li>([^<]+)</li>", receipt.body[receipt.body.index('class="card"') :])
    ticket = re.search(r'name="ticket" value="([^"]+)"', receipt.body)
    places = re.findall(r'name="word-(\d)"', receipt.body)
    assert ticket
    typed = {f"word-{place}": words[int(place) - 1] for place in places}
    _well(browser.post("/es/receipt/confirm/", {"ticket": ticket[1], **typed}, with_files=False))
    tally.weights |= {"the form, compressed": form.wire_bytes, "the receipt, compressed": receipt.wire_bytes}
    tally.journeys += 1


def _well(answer: Answer) -> Answer:
    assert answer.status == 200, f"{answer.status}: {answer.body[:200]}"
    return answer


def _pages_a_second(port: int, path: str) -> float:
    counts: list[int] = []

    def read(until: float) -> None:
        with Connection("127.0.0.1", port) as browser:
            count = 0
            while time.perf_counter() < until:
                _well(browser.get(path))
                count += 1
            counts.append(count)

    spent = _all_clients(read, PAGE_SECONDS)
    return sum(counts) / spent


def _all_clients(client: Callable[[float], None], seconds: float) -> float:
    """Runs the client in every thread until the time is over; the seconds it took."""
    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(started + seconds,)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


@contextmanager
def _city() -> Iterator[Path]:
    """A demonstration city that may be filled."""
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        city = Path(folder) / "city"
        given = os.environ.get("HEARBACK_BENCH_CITY")
        if given:
            shutil.copytree(given, city)
        else:
            subprocess.run(
                [HEARBACK, "demo", "--no-serve"], check=True, env=os.environ | {"HEARBACK_DEMO_DIR": str(city)}
            )
        yield city


@contextmanager
def _served(city: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([HEARBACK, "serve", "--data-dir", city, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(port)
        yield port, server
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(240):
        try:
            with Connection("127.0.0.1", port) as browser:
                _well(browser.get("/health/"))
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the server does not answer")


def _processor_seconds(server: subprocess.Popen[bytes]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in _family(server))


def _family(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The process that keeps watch, and those that answer."""
    return [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]


def _stored(city: Path) -> int:
    import sqlite3

    with sqlite3.connect(city / "hearback.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM concerns_concern").fetchone()[0])


def _percentile(seconds: list[float], share: float) -> float:
    return statistics.quantiles(seconds, n=100)[round(100 * share) - 1] if len(seconds) > 1 else float("nan")
