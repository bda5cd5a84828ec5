"""The secrets of days: one a day, the same for every process, gone after two days."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from hearback.listen.concerns.queries import day_secrets, keys

DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path / day_secrets.FOLDER


def test_a_day_has_one_secret_of_its_own_that_only_the_owner_of_the_folder_can_read(folder: Path) -> None:
    first = day_secrets.secret_of(DAY)
    day_secrets._read_or_make.cache_clear()
    assert day_secrets.secret_of(DAY) == first != day_secrets.secret_of(DAY + timedelta(days=1))
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {
        "2026-11-22": 0o600,
        "2026-11-23": 0o600,
    }


def test_processes_that_begin_the_day_together_agree(folder: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(day_secrets.secret_of, [DAY] * 16, chunksize=1))) == 1


def test_a_form_that_was_kept_gives_nobody_its_receipt_after_two_days(folder: Path) -> None:
    token = keys.take_back_form(keys.hand_out_form(at=AT), at=AT)
    shown = keys.receipt_for(token, language="en")
    assert day_secrets.forget(today=DAY + timedelta(days=2)) == 0
    assert keys.receipt_for(token, language="en") == shown
    assert day_secrets.forget(today=DAY + timedelta(days=3)) == 1
    assert keys.receipt_for(token, language="en") != shown
