"""Finding commands by folder: a file `verb.py` with a `command`, or a folder with a `group`."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import click


class FolderGroup(click.Group):
    """A group whose commands are the modules of its package; each is imported only when it is called."""

    def __init__(self, name: str, *, package: str, **settings: Any) -> None:
        super().__init__(name, **settings)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, by name."""
        return [name for name in self._modules() if self._load(name) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a verb."""
        return self._load(cmd_name) if cmd_name in self._modules() else None

    def _modules(self) -> list[str]:
        paths = import_module(self.package).__path__
        return sorted(module.name for module in pkgutil.iter_modules(paths))

    def _load(self, name: str) -> click.Command | None:
        module = import_module(f"{self.package}.{name}")
        return getattr(module, "command", None) or getattr(module, "group", None)
