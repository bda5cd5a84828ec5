"""`hearback permissions`: which role may hold which permission, as the tables of docs/permissions.md."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hearback.permission import Predicate

PREFIX = "may_"
BEGIN, END = "<!-- tables: hearback permissions -->", "<!-- end of tables -->"


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Put the tables into this page, between its two marks, instead of printing them.",
)
def command(into: Path | None) -> None:
    """Print who may do what: one table per slice, made from the predicates themselves."""
    if into is None:
        click.echo(tables())
        return
    before, _, rest = into.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    into.write_text(f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}", encoding="utf-8")


def tables() -> str:
    """One table in Markdown per slice that has permissions, in the order of the loop."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearback.config.settings")
    django.setup()
    from hearback.config.rooms import all_slices
    from hearback.foundation.people.enums import Role

    return "\n\n".join(_table(name, found, list(Role)) for name in all_slices() if (found := predicates(name)))


def predicates(slice_: str) -> list[Predicate]:
    """The permissions of a slice, as they stand in its file."""
    if not find_spec(f"{slice_}.permissions"):
        return []
    module = import_module(f"{slice_}.permissions")
    return [
        thing for name, thing in vars(module).items() if name.startswith(PREFIX) and thing.__module__ == module.__name__
    ]


def _table(slice_: str, found: Sequence[Predicate], roles: Sequence[str]) -> str:
    return "\n".join(
        [
            f"### {slice_.rpartition('.')[2].replace('_', ' ').capitalize()}",
            "",
            _row("", *(str(role.label) for role in roles)),
            _row("---", *(":-:" for _ in roles)),
            *_rows(found, roles),
        ]
    )


def _rows(found: Sequence[Predicate], roles: Sequence[str]) -> Iterator[str]:
    for predicate in found:
        promise = " ".join((inspect.getdoc(predicate) or "").split())
        yield _row(promise, *("●" if role in predicate.roles else "" for role in roles))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
