"""`hearback stats VERB`: every statistic as file in, file out, for analysts who want no server."""

from __future__ import annotations

from hearback.cli.discovery import FolderGroup

group = FolderGroup("stats", package=__name__, help="Statistics, file in, file out.")
