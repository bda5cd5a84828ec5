"""The rules of the house hold, and each is shown to catch a breach made on purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields.related import ForeignObject

import house
from hearback.config.rooms import STAGES
from places import ROOT

pytestmark = pytest.mark.consistency
SOURCE = ROOT / "src" / "hearback"

RULES: list[Callable[[Path], list[str]]] = [
    house.unexpected_slice_files,
    house.writes_outside_actions,
    house.careless_actions,
    house.strangers_rooms,
    house.cycles,
    house.oversized,
    house.missing_docstrings,
    house.clock_or_dice,
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the house in which walls may be broken."""
    shutil.copytree(SOURCE, tmp_path / "hearback", ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tmp_path / "hearback"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(SOURCE) == []


def test_rooms_import_only_earlier_rooms() -> None:
    assert house.broken_layers(SOURCE) == ""


def test_a_stage_that_imports_a_later_stage_is_caught(copy: Path) -> None:
    file = copy / "foundation/places/queries.py"
    file.write_text(file.read_text() + "\nfrom hearback.report_back.releases import models\n")
    assert "hearback.foundation is not allowed to import hearback.report_back" in house.broken_layers(copy)


def test_a_core_module_that_imports_django_is_caught(copy: Path) -> None:
    (copy / "stats/impure.py").write_text('"""Impure."""\nimport django\n')
    assert "hearback.stats.impure -> django" in house.broken_layers(copy)


def test_models_that_import_queries_are_caught(copy: Path) -> None:
    file = copy / "foundation/places/models.py"
    file.write_text(file.read_text() + "\nfrom hearback.foundation.places import queries\n")
    assert "Inside a slice imports go down the list BROKEN" in house.broken_layers(copy)


BREACHES = {
    "unexpected_slice_files": ("foundation/places/managers.py", '"""Managers."""\n'),
    "writes_outside_actions": ("portal/sneaky.py", '"""Sneaky."""\nCity.objects.update(name="x")\n'),
    "careless_actions": ("foundation/places/actions.py", "\ndef erase(place):\n    place.delete()\n"),
    "strangers_rooms": ("report_back/releases/queries.py", "\nfrom hearback.foundation.places import models\n"),
    "cycles": ("stats/__init__.py", "\nfrom hearback.stats import margins\n"),
    "oversized": ("stats/utils.py", '"""Anything."""\n' + "\n" * 501),
    "missing_docstrings": ("stats/silent.py", "def silent(): ...\n"),
    "clock_or_dice": ("stats/impatient.py", '"""Impatient."""\nimport time\nNOW = time.time()\n'),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_breach_of_the_rule_is_caught(rule: Callable[[Path], list[str]], copy: Path) -> None:
    name, text = BREACHES[rule.__name__]
    file = copy / name
    file.write_text((file.read_text() if file.exists() else "") + text)
    if rule is house.cycles:
        margins = copy / "stats/margins.py"
        margins.write_text(margins.read_text() + "\nimport hearback.stats\n")
    assert rule(copy) != []


def later_keys(models_: list[type[models.Model]]) -> list[str]:
    """Foreign keys that point to a later stage of the loop."""
    order = {stage: place for place, stage in enumerate(STAGES)}
    return [
        f"{model.__name__}.{field.name} points forward to {field.related_model.__name__}"
        for model in models_
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject)
        and (here := order.get(_stage(model))) is not None
        and (there := order.get(_stage(field.related_model))) is not None
        and there > here
    ]


def _stage(model: type[models.Model]) -> str:
    return ([*model.__module__.split("."), "", ""])[1]


def test_no_foreign_key_points_forward_in_the_loop() -> None:
    assert later_keys(list(apps.get_models())) == []


def test_a_foreign_key_that_points_forward_is_caught() -> None:
    class Premature(models.Model):
        edition = models.ForeignKey("releases.Edition", on_delete=models.CASCADE)

        class Meta:
            app_label = "places"
            managed = False

    Premature.__module__ = "hearback.foundation.places.models"
    try:
        assert later_keys([Premature]) == ["Premature.edition points forward to Edition"]
    finally:
        del apps.all_models["places"]["premature"]
        apps.clear_cache()


@pytest.mark.parametrize("check", [["ruff", "check"], ["ruff", "format", "--check"]], ids=" ".join)
def test_the_code_is_clean(check: list[str]) -> None:
    done = _run(*check, "src", "tests", "benchmarks")
    assert done.returncode == 0, done.stdout


def test_types_are_strict_in_the_core_and_in_the_signatures_of_actions_and_queries() -> None:
    done = _run("mypy")
    assert done.returncode == 0, done.stdout


def test_an_untyped_signature_is_caught(tmp_path: Path) -> None:
    file = tmp_path / "careless.py"
    file.write_text("def mean(values):\n    return sum(values) / len(values)\n")
    assert "no-untyped-def" in _run("mypy", "--strict", str(file)).stdout


def test_complexity_is_caught(tmp_path: Path) -> None:
    branches = "\n".join(f"    if x == {n}:\n        return {n}" for n in range(12))
    file = tmp_path / "branchy.py"
    file.write_text(f"def branchy(x):\n{branches}\n")
    assert "C901" in _run("ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(file)).stdout


def _run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
