"""Writes what is true of a wave's questions as a city's description names it, to be shown beside the estimates."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from hearback.demo import opinions, tables
from hearback.demo.recipes import RECIPES
from hearback.demo.survey_truth import TrueValue

EVERYBODY = "city"
ASKED_NOT_KNOWN = ("language",)
"""What the survey asks about the interview, and the truth about the person."""


def write_shown_truth(values: Sequence[TrueValue], path: Path) -> None:
    """The favourable share of every item and the mean of every scale, over everybody, each group and each area.

    values: those of one wave.
    """
    rows = [*_items(values), *_scales(values)]
    names = ("item", "statistic", "by", "group")
    columns: dict[str, tables.Column] = {name: [row[at] for row, _ in rows] for at, name in enumerate(names)}
    tables.write_csv(path, columns | {"value": [f"{value:.6f}" for _, value in rows]})


Row = tuple[tuple[str, str, str, str], float]


def _items(values: Sequence[TrueValue]) -> Iterator[Row]:
    for value in values:
        if value.level not in ASKED_NOT_KNOWN:
            yield (value.item, "favourable", *_whose(value)), value.favourable


def _scales(values: Sequence[TrueValue]) -> Iterator[Row]:
    """The mean over a scale's items, turned so that more is always better."""
    questionnaire = tomllib.loads((RECIPES / "questionnaire.toml").read_text(encoding="utf-8"))
    asked = {item.id: item for item in opinions.items()}
    for scale, entry in questionnaire["scales"].items():
        means: dict[tuple[str, str], list[float]] = {}
        for value in values:
            if value.item in entry["items"] and value.level not in ASKED_NOT_KNOWN:
                item = asked[value.item]
                turned = float(item.codes[0] + item.codes[-1]) - value.mean if item.turned else value.mean
                means.setdefault(_whose(value), []).append(turned)
        for whose, parts in means.items():
            yield (scale, "mean", *whose), sum(parts) / len(parts)


def _whose(value: TrueValue) -> tuple[str, str]:
    return ("", "") if value.level == EVERYBODY else (value.level, value.key)
