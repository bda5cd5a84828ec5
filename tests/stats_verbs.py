"""The verbs `hearback stats …` called as the command line calls them, and a small invented survey for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hearback.cli import group

ANSWERS = """id,area,block,weight,age,language,trust,fair,answered
1,North,a,10,young,English,1,4,yes
2,North,a,10,old,Spanish,2,5,yes
3,North,b,20,young,English,4,3,no
4,South,c,20,old,English,5,2,yes
5,South,d,30,young,Spanish,3,1,yes
6,South,d,30,old,English,2,9,yes
"""
DESIGN = 'weights = "weight"\nstrata = "area"\npsu = ["block"]\n'


def call(verb: str, *arguments: str | Path) -> None:
    """Run a verb; what it refuses is raised."""
    group.main(["stats", verb, *map(str, arguments)], prog_name="hearback", standalone_mode=False)


def document(verb: str, *arguments: str | Path, out: Path) -> dict[str, Any]:
    """Run a verb, and read the JSON it wrote; NaN is no JSON."""
    call(verb, *arguments, "--out", out)
    return json.loads(out.read_text(encoding="utf-8"), parse_constant=_no_constant)


def survey(folder: Path, *, answers: str = ANSWERS, toml: str = DESIGN) -> tuple[Path, Path]:
    """The data and the TOML file beside it."""
    data, design = folder / "survey.csv", folder / "design.toml"
    data.write_text(answers, encoding="utf-8")
    design.write_text(toml, encoding="utf-8")
    return data, design


def estimates(folder: Path, *asked: str, answers: str = ANSWERS, toml: str = DESIGN) -> dict[str, Any]:
    """What `hearback stats estimate` says of the small survey."""
    data, design = survey(folder, answers=answers, toml=toml)
    return document("estimate", data, "--design", design, *asked, out=folder / "est.json")


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
