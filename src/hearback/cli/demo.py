"""`hearback demo`: the invented city, built and served."""

from __future__ import annotations

import os
import secrets
import time
from base64 import b32encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hearback.cli.build import run, steps
from hearback.cli.installation import open_existing, replacing
from hearback.cli.progress import telling
from hearback.cli.serve import port_option, refuse_taken, serve
from hearback.refusal import Refusal
from hearback.sealing.word_lists import word_list

if TYPE_CHECKING:
    from hearback.demo.city import DemoCity
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.enums import Role
    from hearback.foundation.people.models import User

SIGN_INS = "demo-sign-ins.txt"
"""One line per role: name, password, secret of the code app, passphrase of the key."""

PREFIX = "demo-"
"""Begins the names of people in the demonstration: a bare role could stand in what a resident writes, and whoever is
named in a concern is not among its readers."""

HOST = "127.0.0.1"
NO_KEY = "-"
PASSPHRASE_WORDS = 4
SECOND_PARTNER = "partner-2"
"""Reads at the other partner organisation's desk."""
ROLES = ("partner", "liaison", "coordinator", "analyst", "oversight", "administrator", SECOND_PARTNER)


class NotADemo(Refusal):
    """The demonstration replaces its folder, and this one holds something else."""


class RealDatabase(Refusal):
    """The demonstration was asked to build into a database that may be somebody's."""


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop after building.")
@click.option("--where", is_flag=True, help="Print the demonstration city's data directory, and nothing else.")
@click.option(
    "--code", type=click.Choice(ROLES), help="Print the code with which this role signs in now, and nothing else."
)
@click.option("--seed", type=click.IntRange(min=0), default=6, show_default=True, help="Seed of the invented city.")
@port_option
def command(no_serve: bool, where: bool, code: str | None, seed: int, port: int) -> None:
    """Build the invented city and serve it at http://127.0.0.1:8000."""
    data_dir = demo_dir()
    if where or code:
        click.echo(_code(data_dir, code) if code else data_dir)
        return
    if not no_serve:
        refuse_taken(HOST, port)
    _build(data_dir, seed=seed)
    click.echo(f"The invented city is in {data_dir}\n\nSign-ins for {f'http://{HOST}:{port}/desk/'}")
    click.echo("(name, password, secret of the code app, passphrase of the key)\n")
    click.echo((data_dir / SIGN_INS).read_text())
    click.echo("Signing in takes a code too: hearback demo --code ROLE prints the one of this half minute.")
    if not no_serve:
        serve(data_dir, host=HOST, port=port)


def demo_dir() -> Path:
    """Where the demonstration city lives: HEARBACK_DEMO_DIR, or the user's data folder."""
    home = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return Path(os.environ.get("HEARBACK_DEMO_DIR", home / "hearback" / "demo"))


def _build(data_dir: Path, *, seed: int) -> None:
    """Invent the city, then build it as any real city is built, and give each role a sign-in."""
    if "DATABASE_URL" in os.environ:
        raise RealDatabase(
            "DATABASE_URL names a database, and an invented city must not end up among real ones",
            remedy="Unset DATABASE_URL; the demonstration brings its own database",
        )
    if data_dir.exists() and any(data_dir.iterdir()) and not (data_dir / SIGN_INS).exists():
        raise NotADemo(
            "the folder holds other things, and the demonstration would replace them",
            where=str(data_dir),
            remedy="Name a new or an empty folder in HEARBACK_DEMO_DIR",
        )
    from hearback.demo.city import generate
    from hearback.demo.files import write

    with replacing(data_dir) as making, telling("Building the invented city", steps=steps() + 2) as tell:
        tell("Inventing a city")
        city = generate(seed)
        description = write(city, making / "source")
        run(description, seed=seed, tell=tell)
        (making / SIGN_INS).touch(mode=0o600)
        (making / SIGN_INS).write_text(_welcome_everybody())
        tell("Residents speak, and hear back")
        _speak(city, making)


def _speak(city: DemoCity, data_dir: Path) -> None:
    """A few hundred concerns, answered through the invented people's own keys; what people were invited to, and who
    came; and whatever the timetable does then."""
    from hearback.demo import dialogue, meetings
    from hearback.jobs import timetable

    lines = [line.split() for line in (data_dir / SIGN_INS).read_text().splitlines()]
    passphrases = {name: passphrase for name, _, _, passphrase in lines if passphrase != NO_KEY}
    at = datetime.now(UTC)
    dialogue.play(city.concerns.told, passphrases=passphrases, keys_of_areas=city.geography.keys, at=at)
    meetings.play(city.engagements, keys_of_areas=city.geography.keys, at=at)
    for job in timetable.timetable():
        timetable.run(job, at=at)


def _welcome_everybody() -> str:
    """One person per role and one for the second partner organisation, each with a password, a code app and (where a
    role can sit at a desk) a key and a seat, all made for this installation; returns what to print."""
    from hearback.foundation.people.enums import Role

    names = [*((role, str(role)) for role in Role), (Role.PARTNER, SECOND_PARTNER)]
    return "".join(f"{_welcomed(role, name)}\n" for role, name in names)


def _welcomed(role: Role, name: str) -> str:
    from hearback.foundation.audit.enums import software
    from hearback.foundation.people import actions as people

    by, at = software("hearback demo"), datetime.now(UTC)
    username, code_secret = f"{PREFIX}{name}", b32encode(secrets.token_bytes(20)).decode()
    password = _accepted(username, lambda: secrets.token_urlsafe(12))
    person = people.welcome(username=username, role=role, password=password, by=by, at=at)
    people.set_up_known_code(person, secret=code_secret, by=by, at=at)
    return f"{person.username:<19} {password}  {code_secret}  {_seated(person, by=by, at=at)}"


def _seated(person: User, *, by: Actor, at: datetime) -> str:
    """A key, and seats at the desks of the person's kind (a partner: at the first that has no reader); gives the
    passphrase."""
    from hearback.foundation.access import actions as access
    from hearback.foundation.access.enums import SEATED
    from hearback.foundation.access.queries import all_desks, readers
    from hearback.foundation.people.enums import Role
    from hearback.foundation.vault import actions as vault
    from hearback.foundation.vault.queries import third_and_last

    kinds = [kind for kind, roles in SEATED.items() if person.role in roles]
    if not kinds:
        return NO_KEY
    words = word_list("en").words
    passphrase = _accepted(person.username, lambda: "-".join(secrets.choice(words) for _ in range(PASSPHRASE_WORDS)))
    recovery_key = vault.make_key(person, passphrase=passphrase, by=by, at=at)
    vault.confirm_key(person, recovery_key=recovery_key, typed=third_and_last(recovery_key), by=by, at=at)
    desks = [desk for desk in all_desks() if desk.kind in kinds]
    unread = [desk for desk in desks if not readers(desk)]
    for desk in unread[:1] if person.role == Role.PARTNER else desks:
        access.give_seat(desk, person=person, by=by, at=at)
    return passphrase


def _accepted(username: str, draw: Callable[[], str]) -> str:
    """The first secret drawn that this person may have: of four words, one in hundreds is too much like a name."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from hearback.foundation.people.models import User

    while True:
        drawn = draw()
        try:
            validate_password(drawn, User(username=username))
        except ValidationError:
            continue
        return drawn


def _code(data_dir: Path, role: str) -> str:
    """The six digits that the code app of a role's person shows now."""
    open_existing(data_dir)
    from allauth.mfa.totp.internal import auth

    lines = [line.split() for line in (data_dir / SIGN_INS).read_text().splitlines()]
    secret = next(secret for name, _, secret, _ in lines if name == f"{PREFIX}{role}")
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
