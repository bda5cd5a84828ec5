"""A thief copies the whole data directory while a key is unlocked: neither key nor passphrase is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

UNLOCKING = """
import json, sys
from pathlib import Path
from hearback.cli.installation import create
create(Path(sys.argv[1]))
from datetime import UTC, datetime, timedelta
from standing_roles import *
from django.test import RequestFactory
from hearback.foundation.vault.queries import COOKIE, unlocked_key
at = datetime.now(UTC) - timedelta(hours=1)
person = welcomed("ova", Role.OVERSIGHT, at=at, key=False)
recovery_key = give_key(person, at=at)
client = unlocked(person)
assert client.get("/desk/keys/").status_code == 200
request = RequestFactory().get("/desk/")
request.session, request.user = client.session, person
request.COOKIES[COOKIE] = client.cookies[COOKIE].value
private_key = unlocked_key(request)
typed = {"old": PASSPHRASE, "passphrase": "too short", "again": "too short"}
assert client.post("/desk/keys/passphrase/", typed).status_code == 200
print(json.dumps({
    "private key": private_key.hex(),
    "cookie": client.cookies[COOKIE].value,
    "recovery key": recovery_key,
    "passphrase": PASSPHRASE,
    "password": PASSWORD,
    "code": CODE_SECRET,
}))
sys.stdout.flush()
import os
os._exit(0)  # as a crash would: the write-ahead log stays as it is
"""


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data directory with an unlocked key, the write-ahead log beside it, and the secrets of the one who unlocked."""
    folder = tmp_path_factory.mktemp("stolen") / "data"
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_SETTINGS")}
    done = subprocess.run(
        [sys.executable, "-c", UNLOCKING, folder],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"PYTHONPATH": paths, "HEARBACK_HOSTS": "testserver"},
    )
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout.splitlines()[-1])


def spellings(name: str, secret: str) -> list[bytes]:
    """Every way the secret might have been written down."""
    if name != "private key":
        return [secret.encode(), secret.replace(" ", "").encode(), b64encode(secret.encode())]
    raw = bytes.fromhex(secret)
    return [raw, secret.encode(), b64encode(raw).rstrip(b"="), urlsafe_b64encode(raw).rstrip(b"="), repr(raw).encode()]


@pytest.mark.parametrize("name", ["private key", "cookie", "recovery key", "passphrase", "password", "code"])
def test_no_file_of_the_installation_holds_it(name: str, stolen: tuple[Path, dict[str, str]]) -> None:
    folder, secrets = stolen
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert "hearback.sqlite3-wal" in {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        for spelling in spellings(name, secrets[name]):
            assert spelling not in content, path.name


def test_the_search_would_find_what_is_there(stolen: tuple[Path, dict[str, str]]) -> None:
    folder, _ = stolen
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"vault.unlock" in everything
    assert b"person:ova" in everything
