"""Real cities, built by the command line, served by the real server, read in a real browser."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, expect, sync_playwright

from places import ROOT, SHARED

HEARBACK = Path(sys.executable).parent / "hearback"
CHROMIUM = shutil.which("chromium")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DEMO_SEED = "6"

expect.set_options(timeout=20_000)


def hearback(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would."""
    import os

    return subprocess.run(
        [HEARBACK, *arguments], capture_output=True, text=True, check=False, env=os.environ | environment, cwd=ROOT
    )


def follow(element: Locator) -> None:
    """Click, and wait until the page to which it leads has loaded."""
    with element.page.expect_navigation():
        element.click()


@dataclass(frozen=True)
class Served:
    """A city that is being served."""

    address: str
    data_dir: Path

    def status(self) -> dict[str, Any]:
        """What `hearback status --json` tells."""
        return json.loads(hearback("status", "--data-dir", self.data_dir, "--json").stdout)


def _serve(data_dir: Path) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([HEARBACK, "serve", "--data-dir", data_dir, "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/health/", server)
        yield Served(address, data_dir)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert server.poll() is None, "the server stopped by itself"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"nothing answers at {address}")


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration city, built once."""
    folder = tmp_path_factory.mktemp("demo") / "city"
    done = hearback("demo", "--no-serve", "--seed", DEMO_SEED, HEARBACK_DEMO_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def washington_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Washington, DC, built once from the shared files."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared folder with real data is not beside the project")
    folder = tmp_path_factory.mktemp("washington") / "city"
    done = hearback("build", ROOT / "examples/washington-dc.toml", "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def demo(demo_dir: Path) -> Iterator[Served]:
    """The demonstration city, served."""
    yield from _serve(demo_dir)


@pytest.fixture(scope="session")
def washington(washington_dir: Path) -> Iterator[Served]:
    """Washington, served."""
    yield from _serve(washington_dir)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (.ci/run installs it)")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed_in_as(browser: Browser) -> Callable[..., BrowserContext]:
    """A browser in which a demo person has signed in and, if there is one, unlocked the key:
    `signed_in_as(demo, "liaison", viewport=…)`. Codes work once, so each signs in once and the cookies are kept;
    `looking` sees the pages of that once."""
    kept: dict[tuple[str, str], StorageState] = {}

    def entering(
        city: Served, role: str, *, looking: Callable[[Page], object] = lambda page: None, **options: Any
    ) -> BrowserContext:
        if (city.address, role) not in kept:
            kept[city.address, role] = _sign_in(browser, city, role, looking)
        return browser.new_context(storage_state=kept[city.address, role], **options)

    return entering


def _sign_in(browser: Browser, city: Served, role: str, looking: Callable[[Page], object]) -> StorageState:
    lines = [line.split() for line in (city.data_dir / "demo-sign-ins.txt").read_text().splitlines()]
    name, password, _, passphrase = next(line for line in lines if line[0] == f"demo-{role}")
    code = hearback("demo", "--code", role, HEARBACK_DEMO_DIR=str(city.data_dir)).stdout.strip()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{city.address}/desk/")
    looking(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    looking(page)
    page.get_by_label("Code from your app").fill(code)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url("**/desk/")
    looking(page)
    if passphrase != "-":
        page.goto(f"{city.address}/desk/keys/unlock/")
        looking(page)
        page.get_by_label("Passphrase").fill(passphrase)
        follow(page.get_by_role("button", name="Unlock"))
        expect(page.get_by_text("It is unlocked in this browser")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state
