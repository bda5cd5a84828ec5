"""Where tests find real data, golden numbers and the number of draws they may spend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
"""Public data and reference numbers, laid beside the project; absent elsewhere."""

needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(),
    reason="the shared folder with real data and golden numbers is not beside the project",
)

FULL_SIMULATIONS = os.environ.get("HEARBACK_FULL_SIMULATIONS") == "1"
"""True under `make verify`: simulations run with all their draws."""
