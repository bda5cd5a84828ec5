"""Builds that are killed, told to stop, raced, or without room: the city is whole or not there, and stays as it was."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import little_city

pytestmark = pytest.mark.faults

HEARBACK = Path(sys.executable).parent / "hearback"
SLOW = 100_000
"""Draws that take many seconds: whoever watches can send a signal in the middle."""


def hearback(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would."""
    return subprocess.run([HEARBACK, *arguments], capture_output=True, text=True, check=False, **more)


def begun(description: Path, data_dir: Path, *, watched: str) -> subprocess.Popen[str]:
    """A build that has come as far as a file or folder that fits `watched`, beside the data directory."""
    building = subprocess.Popen(
        [HEARBACK, "build", description, "--data-dir", data_dir],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(data_dir.parent.glob(watched)):
        assert building.poll() is None, building.communicate()
        time.sleep(0.01)
    return building


def refused(status: int, told: str, *parts: str) -> None:
    """It was refused in one sentence that holds these parts."""
    assert status == 2, told
    assert told.count("\n") == 1
    assert "Traceback" not in told
    for part in parts:
        assert part in told


def every_file(folder: Path) -> dict[str, str]:
    """Each file below the folder with a digest of what it holds; what SQLite lays beside a database is left out."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


def editions(data_dir: Path) -> int:
    """How many editions were published."""
    with closing(sqlite3.connect(data_dir / "hearback.sqlite3")) as database:
        return int(database.execute("select count(*) from releases_edition").fetchone()[0])


def names(folder: Path) -> set[str]:
    """What lies in a folder, hidden or not."""
    return {entry.name for entry in folder.iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the little city's files and its installation; tests work on copies."""
    folder = tmp_path_factory.mktemp("built")
    done = hearback("build", little_city.write(folder / "source"), "--data-dir", folder / "city")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of its own."""
    shutil.copytree(built, tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def slow(folder: Path) -> Path:
    """A description with new incidents whose build takes its time."""
    with (folder / "source/robberies.csv").open("a") as file:
        file.write("-76.995,39.005,2024-03-01,ROB\n")
    path = folder / "source/slow.toml"
    path.write_text((folder / "source/city.toml").read_text().replace("draws = 200", f"draws = {SLOW}"))
    return path


def test_a_build_that_is_stopped_leaves_no_city_and_sweeps_what_one_that_was_killed_left(
    folder: Path, slow: Path
) -> None:
    killed = begun(slow, folder / "new", watched=".new-*/secret-key")
    killed.kill()
    killed.communicate()
    assert len(names(folder)) == 3

    for number, left, watched in (
        (signal.SIGTERM, 143, ".new-*/evidence/[a-z]*"),
        (signal.SIGINT, 130, ".new-*/secret-key"),
    ):
        before = names(folder) - {"source", "city"}
        while_it_works = begun(slow, folder / "new", watched=watched)
        while_it_works.send_signal(number)
        assert while_it_works.communicate() == ("", "")
        assert while_it_works.returncode == left
        assert names(folder) == {"source", "city"}, before


def test_bringing_a_city_up_to_date_that_is_killed_leaves_it_as_it_was(folder: Path, slow: Path) -> None:
    (evidence,) = names(folder / "city/evidence")
    building = begun(slow, folder / "city", watched="city/evidence/.partial-*")
    building.kill()
    building.communicate()
    assert editions(folder / "city") == 1
    assert evidence in names(folder / "city/evidence")

    done = hearback("build", folder / "source/city.toml", "--data-dir", folder / "city")
    assert done.returncode == 0, done.stderr
    assert editions(folder / "city") == 2
    assert len(names(folder / "city/evidence") - {evidence}) == 1
    assert evidence not in names(folder / "city/evidence")


def test_a_refused_build_leaves_every_byte_of_a_city(folder: Path) -> None:
    before = every_file(folder / "city")
    robberies = folder / "source/robberies.csv"
    robberies.write_text("x,y,on,what\n" + "-80.5,41.5,2024-03-01,ROB\n" * 9)

    done = hearback("build", folder / "source/city.toml", "--data-dir", folder / "city")

    refused(done.returncode, done.stderr, str(robberies), "9 of 9 incidents lie outside", "accept_outside")
    assert every_file(folder / "city") == before
    assert names(folder) == {"source", "city"}


def test_a_second_build_of_one_city_is_told_to_wait(folder: Path) -> None:
    handle = os.open(folder / "city", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)  # what a build at work holds
    try:
        done = hearback("build", folder / "source/city.toml", "--data-dir", folder / "city")
    finally:
        os.close(handle)
    refused(done.returncode, done.stderr, f"{folder}/city: another build is at work here", "Wait until it has finished")


def test_of_two_builds_of_a_new_city_the_later_one_does_not_take_the_others_place(folder: Path) -> None:
    first = begun(folder / "source/city.toml", folder / "new", watched=".new-*/secret-key")
    first.send_signal(signal.SIGSTOP)
    second = hearback("build", folder / "source/city.toml", "--data-dir", folder / "new")
    first.send_signal(signal.SIGCONT)
    _, told = first.communicate()

    assert second.returncode == 0, second.stderr
    refused(first.returncode, told, f"{folder}/new: another build has filled this folder", "Build again")
    assert names(folder) == {"source", "city", "new"}
    assert editions(folder / "new") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 800 kB: room for a small city, and for no other while it is being built."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=800k", "none", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_told_and_nothing_stays_on_it(folder: Path, small_disk: Path) -> None:
    done = hearback("build", folder / "source/city.toml", "--data-dir", small_disk / "city")
    refused(done.returncode, done.stderr, f"{small_disk}/", "the disk is full", "Make room on this disk")
    assert names(small_disk) == set()


def test_a_disk_that_cannot_be_written_to_is_told(folder: Path, small_disk: Path) -> None:
    shutil.copytree(folder / "city", small_disk / "city")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    done = hearback("status", "--data-dir", small_disk / "city")
    refused(done.returncode, done.stderr, f"{small_disk}/city: the database cannot be opened", "Get the right to it")


def test_a_database_that_is_gone_is_told_and_not_replaced_by_an_empty_city(folder: Path) -> None:
    (folder / "city/hearback.sqlite3").unlink()
    done = hearback("serve", "--data-dir", folder / "city")
    refused(done.returncode, done.stderr, f"{folder}/city: the database holds nothing", "newest backup")
