"""`hearback survey VERB`: surveys read from files into an installation."""

from __future__ import annotations

from hearback.cli.discovery import FolderGroup

group = FolderGroup("survey", package=__name__, help="Surveys: read one from its file.")
