"""`hearback welcome NAME`: the first administrator of an installation, or anybody who has no other way in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from hearback.cli.installation import data_dir_option, open_existing

ROLES = ("partner", "liaison", "coordinator", "analyst", "oversight", "administrator")


@click.command()
@click.argument("name")
@data_dir_option
@click.option("--role", type=click.Choice(ROLES), default="administrator", show_default=True, help="What they do here.")
def command(name: str, data_dir: Path, role: str) -> None:
    """Give NAME a sign-in, and print where they choose their password and a second lock.

    Somebody who had this name before starts again: password and second lock are gone, their key stays locked as it was.
    """
    open_existing(data_dir)
    from hearback.foundation.audit.enums import software
    from hearback.foundation.people.actions import start_again, welcome
    from hearback.foundation.people.enums import Role
    from hearback.foundation.people.queries import first_sign_in_address, person_named

    by, at = software("hearback welcome"), datetime.now(UTC)
    person = person_named(name)
    if person:
        start_again(person, by=by, at=at)
    else:
        person = welcome(username=name, role=Role(role), by=by, at=at)
    click.echo(f"{name} begins at this address of your site; it works once, and for a week:")
    click.echo(first_sign_in_address(person))
