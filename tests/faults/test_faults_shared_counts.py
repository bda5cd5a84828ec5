"""Wrong passwords are counted together by all processes of a server, or a lock of five tries would be one of ten."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.filebased import FileBasedCache

from hearback.cli import serve
from hearback.config.counting import CountsInFolder

pytestmark = pytest.mark.faults
PROCESSES, EACH = 4, 250


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "counts")


def test_a_forked_process_counts_where_its_sibling_does() -> None:
    with serve._counting_together(2):
        for tries in (1, 2):
            one = get_context("fork").Process(target=_count, args=(tries,))
            one.start()
            one.join(20)
            assert one.exitcode == 0
    assert "HEARBACK_SHARED_COUNTS" not in os.environ


def test_no_wrong_password_is_lost_when_processes_count_at_once(folder: str) -> None:
    _at_once(lambda: [_as_axes_counts(CountsInFolder(folder, {})) for _ in range(EACH)])
    assert CountsInFolder(folder, {}).get("tries") == PROCESSES * EACH


def test_a_code_that_is_sent_to_all_processes_at_once_works_once(folder: str, tmp_path: Path) -> None:
    def spend() -> None:
        for code in range(EACH):
            if CountsInFolder(folder, {}).add(f"spent-code-{code}", 1, timeout=90):
                with (tmp_path / f"accepted-{code}").open("a") as accepted:
                    accepted.write("x")

    _at_once(spend)
    assert [(tmp_path / f"accepted-{code}").read_text() for code in range(EACH)] == ["x"] * EACH


def test_a_process_that_dies_while_it_counts_keeps_nobody_waiting(folder: str) -> None:
    def dies(*_args: object) -> None:
        os._exit(9)

    def count_and_die() -> None:
        FileBasedCache.set = dies
        CountsInFolder(folder, {}).add("tries", 1)

    killed = get_context("fork").Process(target=count_and_die)
    killed.start()
    killed.join(20)
    assert killed.exitcode == 9
    assert CountsInFolder(folder, {}).add("tries", 1)


def _as_axes_counts(counts: BaseCache) -> None:
    """The steps of `axes.handlers.cache` after a wrong password."""
    if not counts.add(key="tries", value=1, timeout=900):
        counts.incr(key="tries", delta=1)
        counts.touch(key="tries", timeout=900)


def _at_once(work: Callable[[], object]) -> None:
    """The same work in several processes."""
    ready = get_context("fork").Barrier(PROCESSES)

    def begin() -> None:
        with suppress(BaseException):
            ready.wait(20)
            work()
            os._exit(0)
        os._exit(1)

    running = [get_context("fork").Process(target=begin) for _ in range(PROCESSES)]
    for one in running:
        one.start()
    for one in running:
        one.join(60)
    assert [one.exitcode for one in running] == [0] * PROCESSES


def _count(expected: int) -> None:
    with ThreadPoolExecutor(1) as worker:  # requests are answered in threads of their own
        os._exit(0 if worker.submit(_one_more).result() == expected else 1)


def _one_more() -> int:
    assert isinstance(caches["default"], CountsInFolder)
    tries = caches["default"].get("tries", 0) + 1
    caches["default"].set("tries", tries)
    return int(tries)
