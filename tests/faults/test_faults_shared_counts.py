"""Wrong passwords are counted together by all processes of a server, or a lock of five tries would be one of ten."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from django.core.cache import caches

from hearback.cli import serve

pytestmark = pytest.mark.faults


def test_a_forked_process_counts_where_its_sibling_does() -> None:
    with serve._counting_together(2):
        for tries in (1, 2):
            one = get_context("fork").Process(target=_count, args=(tries,))
            one.start()
            one.join(20)
            assert one.exitcode == 0
    assert "HEARBACK_SHARED_COUNTS" not in os.environ


def _count(expected: int) -> None:
    with ThreadPoolExecutor(1) as worker:  # requests are answered in threads of their own
        os._exit(0 if worker.submit(_one_more).result() == expected else 1)


def _one_more() -> int:
    tries = caches["default"].get("tries", 0) + 1
    caches["default"].set("tries", tries)
    return int(tries)
