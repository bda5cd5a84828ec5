"""`hearback audit VERB`: the audit log, checked and handed out."""

from __future__ import annotations

from hearback.cli.discovery import FolderGroup

group = FolderGroup("audit", package=__name__, help="The audit log: check it, or hand it out to be checked.")
