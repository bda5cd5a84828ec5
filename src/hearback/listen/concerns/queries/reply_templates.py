"""Beginnings of answers: checked texts for each kind of concern, in the resident's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hearback.listen.concerns.enums import ConcernKind

FOLDER = Path(__file__).parent.parent / "reply_templates"
ORIGINAL = "en"
"""The language in which templates are written and checked; every other file is a translation of this one."""

BLANK = re.compile(r"\[[^\[\]\n]{1,120}\]")


@dataclass(frozen=True)
class ReplyTemplate:
    """A text with blanks in square brackets, its title in English, and whether a named reviewer signed its words."""

    key: str
    title: str
    kinds: frozenset[ConcernKind]
    text: str
    language: str
    reviewed_by: str


@cache
def reply_templates(language: str) -> tuple[ReplyTemplate, ...]:
    """All templates in a language; the original where nobody translated them."""
    code = language if (FOLDER / f"{language}.yaml").exists() else ORIGINAL
    original, translated = _file(ORIGINAL), _file(code)
    return tuple(
        ReplyTemplate(
            key=key,
            title=entry["title"],
            kinds=frozenset(map(ConcernKind, entry["kinds"])),
            text=translated["texts"][key].strip(),
            language=code,
            reviewed_by=translated["reviewed_by"],
        )
        for key, entry in original["templates"].items()
    )


def templates_for(kind: ConcernKind, language: str) -> tuple[ReplyTemplate, ...]:
    """Those that fit a kind of concern."""
    return tuple(template for template in reply_templates(language) if kind in template.kinds)


def template_languages() -> tuple[str, ...]:
    """Languages that have templates, by code."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def blanks_in(text: str) -> list[str]:
    """Blanks that nobody filled in, in their order."""
    return BLANK.findall(text)


def _file(language: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return content
