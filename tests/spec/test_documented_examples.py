"""What the documentation shows is what happens: Python examples line by line, commands with their output."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", flags=re.MULTILINE)


def blocks(page: Path, language: str) -> str:
    """A page's fenced blocks of one language; every other line is empty, so that line numbers are the page's."""
    text = page.read_text(encoding="utf-8")
    kept = [""] * text.count("\n")
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 1
        lines = block[2].splitlines() if block[1] == language else []
        kept[first : first + len(lines)] = lines
    return "\n".join(kept) + "\n"


def pages_with(language: str) -> list[Path]:
    return [page for page in sorted(DOCS.rglob("*.md")) if blocks(page, language).strip()]


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def rounded(text: str) -> str:
    """Long decimals to ten digits: the last ones depend on the processor."""
    return re.sub(r"\d+\.\d{10,}", lambda number: f"{float(number[0]):.10g}", text)


@pytest.mark.parametrize("page", pages_with("python"), ids=name)
def test_python_examples_give_what_the_page_shows(page: Path) -> None:
    example = doctest.DocTestParser().get_doctest(blocks(page, "python"), {}, name(page), str(page), 0)
    said: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(example, out=said.append)

    assert found.failed == 0, "".join(said)
    assert found.attempted > 0


ESTIMATORS = {
    "survey-estimation": """means ratios totals proportions quantiles difference contrasts wald_test change rao_scott
        linear_regression logistic_regression jackknife balanced_half_samples bootstrap given_replicates""",
    "weighting": "adjust_for_nonresponse poststratify rake calibrate trim weighting_cost weighting_report",
    "scales": "index_scores alpha omega item_analysis check_invariance suspicious_codes",
    "small-areas": """fit_logistic posterior_draws poststratify_draws fay_herriot fay_herriot_draws publish shrinkage
        calibration""",
    "sampling-mode": "if_others_differ if_answering_depends margin_of_error response_rates",
    "representation": """participation clustered_counts silence workforce r_indicator r_interval partial_ranges
        partial_unconditional""",
}


@pytest.mark.parametrize(("page", "functions"), ESTIMATORS.items())
def test_every_estimator_has_a_worked_example(page: str, functions: str) -> None:
    shown = blocks(DOCS / f"methods/{page}.md", "python")
    assert [one for one in functions.split() if f"{one}(" not in shown] == []


@pytest.mark.parametrize("page", pages_with("console"), ids=name)
def test_commands_say_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(DOCS / "examples", tmp_path / "examples")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shown = [(command, output.rstrip("\n")) for command, output in COMMAND.findall(blocks(page, "console"))]

    said = [
        subprocess.run(
            command,
            shell=True,
            cwd=folder,
            env=os.environ | {"PATH": path, "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout.rstrip("\n")
        for command, _ in shown
    ]

    assert [rounded(text) for text in said] == [rounded(output) for _, output in shown]


def test_every_example_file_is_used_by_a_page() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    unused = [file.name for file in (DOCS / "examples").iterdir() if file.name not in text]

    assert unused == []


def test_a_wrong_example_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Text.\n\n```python\n>>> 1 + 1\n3\n```\n\n```text\n>>> 1 / 0\n```\n")
    example = doctest.DocTestParser().get_doctest(blocks(page, "python"), {}, "page", str(page), 0)
    said: list[str] = []

    assert doctest.DocTestRunner(verbose=False).run(example, out=said.append) == (1, 1)
    assert f'"{page}", line 4' in said[0]
