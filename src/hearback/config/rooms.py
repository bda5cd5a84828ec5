"""The rooms of the house in the order of the loop, and the slices found in each."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent

CORE = ("stats", "importers", "connectors", "evidence", "sealing")
"""Rooms that know nothing of Django or of the loop."""

STAGES = ("foundation", "listen", "understand", "plan", "act", "measure", "report_back")
"""The loop, earliest first; each holds slices."""

SLICE_FILES = ("enums", "models", "permissions", "queries", "actions", "forms", "views", "urls")
"""The file names of a slice, in the order imports may go down: `urls` may import `views`, never the reverse."""


def slices(stage: str) -> list[str]:
    """Dotted names of a stage's slices, by folder: `hearback.foundation.places`, …"""
    folders = sorted(path for path in (PACKAGE / stage).iterdir() if is_slice(path))
    return [f"hearback.{stage}.{path.name}" for path in folders]


def is_slice(folder: Path) -> bool:
    """A folder is a slice when it holds at least one of a slice's files."""
    return folder.is_dir() and any(
        (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists() for name in SLICE_FILES
    )


def all_slices() -> list[str]:
    """Every slice of every stage, in the order of the loop."""
    return [name for stage in STAGES for name in slices(stage)]
