"""Collects every sentence that a resident can read: from templates, code, and reviewed definitions."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation.template import templatize

from hearback.config.rooms import PACKAGE, STAGES

ROOT = Path(__file__).parent.parent

RESIDENT = tuple(f"{room}/*" for room in ("design", "portal", "importers", "jobs/build_city", *STAGES[1:]))
"""Files whose sentences residents read, from the package down: the rooms of the loop, and what reads a city's files."""

STAFF = (
    *("*/desk/*", "*/desk*", "*/actions/*", "*/actions.py", "*/queries/cards.py"),
    *(f"listen/concerns/*/{name}.py" for name in ("intake", "late", "newcomers", "opening", "holds")),
)
"""Among them, those that only the people of a desk see; they stay English."""

CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Message", "Sentence"), ("text",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("text", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "text")),
}
"""What sentences are given to, and what its first arguments are; a `Message` may name its `plural`."""

TEXT = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(rf"\b(?P<call>_|[np]?gettext)\(\s*(?P<texts>{TEXT}(?:,\s*{TEXT})*)")

LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Found:
    """A sentence, the file it stands in, and its plural and context where it has them."""

    text: str
    place: str
    plural: str = ""
    context: str = ""


def sentences() -> Iterator[Found]:
    """Every sentence, as often as it stands somewhere, in the order of files."""
    for file in sorted(PACKAGE.rglob("*")):
        name = file.relative_to(PACKAGE).as_posix()
        if for_residents(name) and file.suffix in READERS and "/migrations/" not in name:
            yield from READERS[file.suffix](file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix())
    for pattern, words in DEFINITIONS.items():
        for file in sorted(ROOT.glob(pattern)):
            yield from _defined(file, words)


def for_residents(name: str) -> bool:
    """Whether residents read what this file says; `name` is its path from the package down."""
    return any(fnmatch(name, one) for one in RESIDENT) and not any(fnmatch(name, one) for one in STAFF)


def in_code(source: str, name: str) -> Iterator[Found]:
    """Sentences given to gettext, or kept as a message until somebody reads it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            given = dict(zip(CALLS[node.func.id], node.args, strict=False))
            given |= {one.arg: one.value for one in node.keywords if one.arg == "plural"}
            said = {part: one.value for part, one in given.items() if isinstance(one, ast.Constant) and one.value}
            if "text" in said:
                yield Found(place=name, **said)


def in_template(source: str, name: str) -> Iterator[Found]:
    """Sentences in the tags and filters of a template."""
    for match in IN_TEMPLATE.finditer(templatize(source, origin=name)):
        yield Found(
            place=name, **dict(zip(CALLS[match["call"]], ast.literal_eval(f"[{match['texts']}]"), strict=False))
        )


READERS: dict[str, Callable[[str, str], Iterator[Found]]] = {".py": in_code, ".html": in_template, ".txt": in_template}


def _defined(file: Path, words: Callable[[Any], Iterator[str]]) -> Iterator[Found]:
    text = file.read_text(encoding="utf-8")
    content = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text)
    yield from (Found(word, file.relative_to(ROOT).as_posix()) for word in words(content))


def _common(content: dict[str, list[str]]) -> Iterator[str]:
    yield from (word for words in content.values() for word in words)


def _indicator(content: dict[str, Any]) -> Iterator[str]:
    yield content["title"]
    yield content["sentence"]


def _index(content: dict[str, Any]) -> Iterator[str]:
    for theme in content["themes"]:
        yield from (indicator["title"] for indicator in theme["indicators"])


def _questionnaire(content: dict[str, Any]) -> Iterator[str]:
    """Answers, and titles of scales and groups; questions bring their own translations."""
    named = [*content["answers"].values(), *content["groups"].values()]
    yield from (label for one in named for label in one.get("labels", {}).values() if LETTERS.search(label))
    yield from (one["title"] for one in [*content["scales"].values(), *content["groups"].values()])


def _categories(content: dict[str, Any]) -> Iterator[str]:
    yield from (category["title"] for category in content["category"])


def _city(content: dict[str, Any]) -> Iterator[str]:
    for layer in content.get("areas", {}).values():
        yield from (layer["singular"], layer["plural"])
    for one in content.get("organizations", []):
        kinds = [one["kind"]] if "kind" in one else one["kinds"].values()
        yield from (kind.replace("-", " ").capitalize() for kind in kinds)


DEFINITIONS: dict[str, Callable[[Any], Iterator[str]]] = {
    "src/hearback/locale/common.yaml": _common,
    "src/hearback/foundation/indicators/definitions/*.yaml": _indicator,
    "src/hearback/stats/definitions/*.yaml": _index,
    "src/hearback/demo/recipes/need.yaml": _index,
    "examples/*-need.yaml": _index,
    "src/hearback/importers/nibrs.toml": _categories,
    "src/hearback/demo/recipes/city.toml": _city,
    "src/hearback/demo/recipes/questionnaire.toml": _questionnaire,
    "examples/*.toml": _city,
}
"""Reviewed definitions, and what residents read of them."""
