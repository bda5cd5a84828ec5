"""Signs that nobody sees: marks of direction, joiners, soft hyphens. They come along when text is copied."""

from __future__ import annotations

import unicodedata


def without_invisible(text: str) -> str:
    """The text without them; for looking into it, never for keeping it: some scripts need them to be read."""
    return text if text.isascii() else "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def readings(text: str) -> tuple[str, ...]:
    """The text as it stands, and without invisible signs where there are any: they may join a word or part two."""
    visible = without_invisible(text)
    return (text,) if visible == text else (text, visible)
