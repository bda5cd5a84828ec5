"""What the machine refuses is told in one sentence with its remedy; a fault of the program stays one."""

from __future__ import annotations

import errno
import os
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from hearback.cli import demo, faults, installation, serve
from hearback.cli.faults import MachineFault
from hearback.refusal import Refusal

pytestmark = pytest.mark.faults


def told(step: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused, faults.told():
        step()
    assert refused.value.remedy
    assert "\n" not in refused.value.sentence
    return refused.value.sentence


def raising(error: Exception) -> Callable[[], object]:
    def step() -> None:
        raise error

    return step


@pytest.mark.parametrize("number", faults.REMEDIES)
def test_each_refusal_of_the_machine_has_a_remedy(number: int) -> None:
    sentence = told(raising(OSError(number, os.strerror(number), "/somewhere")))
    assert sentence == f"/somewhere: {os.strerror(number).lower()}. {faults.REMEDIES[number]}."


@pytest.mark.parametrize(
    "error", [OSError(errno.EPIPE, "Broken pipe"), ValueError("a bug"), OperationalError("no such table")]
)
def test_other_faults_are_not_hidden(error: Exception) -> None:
    with pytest.raises(type(error)), faults.told():
        raise error


def test_a_damaged_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARBACK_DATA_DIR", "here")
    (tmp_path / "junk").write_bytes(b"no database" * 1_000)
    with sqlite3.connect(tmp_path / "junk") as junk:
        sentence = told(lambda: junk.execute("select 1 from anything"))
    assert sentence == "here: the database is damaged. Put the newest backup in its place."


def test_a_full_database_is_told() -> None:
    with sqlite3.connect(":memory:") as small:
        small.execute("create table words (word)")
        small.execute("pragma max_page_count = 2")
        sentence = told(lambda: small.execute("insert into words values (zeroblob(100000))"))
    assert "the disk is full. Make room on this disk" in sentence


def test_a_database_server_that_does_not_answer_is_told() -> None:
    assert "Start its server, or correct DATABASE_URL" in told(
        lambda: psycopg.connect("postgresql://nobody@127.0.0.1:1/nothing", connect_timeout=5)
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a-file/city", ("a-file: file exists", "Name another place")),
        ("a-file", ("a-file: not a directory", "Name another place")),
        pytest.param(
            "/proc/city",
            ("/proc: no folder can be made here", "Name a folder on a disk of your own"),
            marks=pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc"),
        ),
        ("n" * 300, ("file name too long", "Name another place")),
        ("a-folder", ("a-folder: the folder holds other things", "Name a new or an empty folder")),
    ],
)
def test_a_place_where_no_city_can_be_is_refused_and_stays(tmp_path: Path, name: str, parts: tuple[str, ...]) -> None:
    (tmp_path / "a-file").write_text("mine")
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "a-folder/letter").write_text("mine")
    before = sorted(tmp_path.rglob("*"))

    sentence = told(lambda: installation.fresh_or_existing(tmp_path / name).__enter__())

    for part in parts:
        assert part in sentence
    assert sorted(tmp_path.rglob("*")) == before


def test_the_demonstration_replaces_no_folder_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    assert "would replace them. Name a new or an empty folder in HEARBACK_DEMO_DIR" in told(
        lambda: demo._build(tmp_path, seed=6)
    )
    assert [file.name for file in tmp_path.iterdir()] == ["letter"]


def test_an_address_where_another_program_listens_is_refused_before_anything_is_built() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = told(lambda: serve.refuse_taken("127.0.0.1", port))
    assert sentence == (
        f"127.0.0.1:{port}: nobody can listen there (address already in use). "
        "Stop the other program, or name another --port or --host."
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no host at all"])
def test_an_address_that_is_not_this_machines_is_refused(host: str) -> None:
    assert told(lambda: serve.refuse_taken(host, 8000)).startswith(f"{host}:8000: nobody can listen there (")


def test_a_free_address_is_not_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    serve.refuse_taken("127.0.0.1", port)
    assert issubclass(serve.NotFree, Refusal)
    assert issubclass(MachineFault, Refusal)
