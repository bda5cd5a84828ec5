"""What the invented city is made of, as reviewed YAML beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

RECIPES = Path(__file__).parent


@cache
def recipe(name: str) -> Any:
    """The content of `<name>.yaml`, read once: nobody changes it."""
    return yaml.safe_load((RECIPES / f"{name}.yaml").read_text(encoding="utf-8"))
