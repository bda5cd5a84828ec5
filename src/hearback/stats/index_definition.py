"""The reviewed YAML files that say what a need index is made of, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import accumulate, pairwise
from math import inf, isfinite
from pathlib import Path
from typing import Any, Literal

import yaml

from hearback.refusal import Refusal

PACKAGED = files("hearback.stats") / "definitions"


class DefinitionRefused(Refusal):
    """A definition of an index that is missing, misspelt or makes no sense."""


@dataclass(frozen=True)
class Indicator:
    """One column of an index; `need_is` says whether its high or its low values mean need.

    `margin` names the column with its 90 % margins of error; None means that it is known without sampling error.
    `possible` are the least and the largest value that can occur at all.
    """

    id: str
    title: str
    column: str
    need_is: Literal["high", "low"]
    margin: str | None = None
    possible: tuple[float, float] = (-inf, inf)


@dataclass(frozen=True)
class Theme:
    """Indicators that are added up and ranked together."""

    title: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class IndexDefinition:
    """What an index is made of: areas are ranked by the sum of the percentile ranks of all indicators.

    `missing` is the number that stands for a missing value, `population` the column whose zeros leave an area out,
    `decimals` how percentile ranks and sums are rounded, `flag_from` the percentile rank from which one is flagged.
    """

    id: str
    title: str
    source: str
    themes: tuple[Theme, ...]
    population: str | None = None
    missing: float | None = None
    decimals: int = 4
    flag_from: float = 0.90

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, theme by theme."""
        return tuple(indicator for theme in self.themes for indicator in theme.indicators)

    @property
    def theme_slices(self) -> tuple[slice, ...]:
        """Where each theme's indicators stand among all of them."""
        ends = accumulate((len(theme.indicators) for theme in self.themes), initial=0)
        return tuple(slice(start, end) for start, end in pairwise(ends))


def load_definition(name_or_path: str | Path) -> IndexDefinition:
    """The definition packaged under this name, such as `cdc-svi-2020`, or the one in this YAML file.

    Raises `DefinitionRefused`, which names the file, the place in it and what to do.
    """
    file = _find(name_or_path)
    where = str(name_or_path)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise DefinitionRefused(
            f"this is not readable YAML ({reason})", where=where, remedy="Mend that line; text is UTF-8"
        ) from error
    return _definition(content, where)


def packaged_definitions() -> tuple[str, ...]:
    """The names of all definitions that come with the software."""
    return tuple(sorted(file.name.removesuffix(".yaml") for file in PACKAGED.iterdir() if file.name.endswith(".yaml")))


def _find(name_or_path: str | Path) -> Traversable:
    if isinstance(name_or_path, Path) or name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
        if path.is_file():
            return path
        raise DefinitionRefused("there is no such file", where=str(path), remedy="Check the path of the definition")
    if name_or_path in packaged_definitions():
        return PACKAGED / f"{name_or_path}.yaml"
    raise DefinitionRefused(
        f"there is no index definition called {name_or_path!r}",
        remedy=f"Use one of {', '.join(packaged_definitions())}, or the path of a .yaml file",
    )


@dataclass(frozen=True)
class _Kind:
    """What a value in the file must be, in words and as a check."""

    words: str
    fits: Callable[[Any], bool]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_range(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


_TEXT = _Kind("a text", lambda value: isinstance(value, str) and bool(value.strip()))
_NAME = _Kind(
    "a name of letters, digits and underscores, other than THEMES, TOTAL or THEME with a number",
    lambda value: isinstance(value, str) and bool(re.fullmatch(r"(?!(?:THEMES|THEME\d+|TOTAL)$)\w+", value)),
)
_NUMBER = _Kind("a number", _is_number)
_SHARE = _Kind("a number from 0 to 1", lambda value: _is_number(value) and 0 <= value <= 1)
_DIGITS = _Kind("a whole number from 0 to 10", lambda value: type(value) is int and 0 <= value <= 10)
_SIDE = _Kind("`high` or `low`", lambda value: value in ("high", "low"))
_RANGE = _Kind("two numbers, the smaller first, such as [0, 100]", _is_range)
_ENTRIES = _Kind("a list with at least one entry", lambda value: isinstance(value, list) and len(value) > 0)


def _definition(content: object, where: str) -> IndexDefinition:
    entry = _entry(
        content,
        where,
        required={"id": _TEXT, "title": _TEXT, "source": _TEXT, "themes": _ENTRIES},
        optional={"population": _TEXT, "missing": _NUMBER, "decimals": _DIGITS, "flag_from": _SHARE},
    )
    entry["themes"] = tuple(_theme(theme, f"{where}, theme {k}") for k, theme in enumerate(entry["themes"], start=1))
    definition = IndexDefinition(**entry)
    _refuse_twice([indicator.id for indicator in definition.indicators], "indicator", where)
    _refuse_twice([indicator.column for indicator in definition.indicators], "column", where)
    return definition


def _theme(content: object, where: str) -> Theme:
    entry = _entry(content, where, required={"title": _TEXT, "indicators": _ENTRIES})
    indicators = enumerate(entry["indicators"], start=1)
    return Theme(entry["title"], tuple(_indicator(one, f"{where}, indicator {k}") for k, one in indicators))


def _indicator(content: object, where: str) -> Indicator:
    entry = _entry(
        content,
        where,
        required={"id": _NAME, "title": _TEXT, "need_is": _SIDE},
        optional={"column": _TEXT, "margin": _TEXT, "possible": _RANGE},
    )
    entry.setdefault("column", entry["id"])
    if "possible" in entry:
        entry["possible"] = tuple(entry["possible"])
    return Indicator(**entry)


def _entry(
    content: object, where: str, *, required: Mapping[str, _Kind], optional: Mapping[str, _Kind] | None = None
) -> dict[str, Any]:
    """The content of one block of the file, every key known and every value of its kind."""
    kinds = {**required, **(optional or {})}
    if not isinstance(content, dict):
        raise DefinitionRefused(
            f"here belongs a block of keys and values, not {content!r}",
            where=where,
            remedy=f"Its keys are {', '.join(kinds)}",
        )
    for key, value in content.items():
        if key not in kinds:
            raise DefinitionRefused(
                f"the key {key!r} is unknown", where=where, remedy=f"Use {', '.join(kinds)}, or take the line out"
            )
        if not kinds[key].fits(value):
            raise DefinitionRefused(f"`{key}` is {value!r}", where=where, remedy=f"Write {kinds[key].words} there")
    absent = [key for key in required if key not in content]
    if absent:
        raise DefinitionRefused(
            f"`{absent[0]}` is missing", where=where, remedy=f"Add `{absent[0]}: …` with {kinds[absent[0]].words}"
        )
    return dict(content)


def _refuse_twice(names: list[str], what: str, where: str) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DefinitionRefused(
            f"the {what} {twice[0]!r} appears {names.count(twice[0])} times, so it would count double",
            where=where,
            remedy="Keep one of them",
        )
