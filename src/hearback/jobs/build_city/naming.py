"""What a dataset is called in addresses, in the evidence store and in the record of datasets."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from django.utils.text import slugify

from hearback.refusal import Refusal

LONGEST = 70
DIGITS = 8


class SameName(Refusal):
    """Two datasets would be one."""


def dataset_name(title: str) -> str:
    """The title in small letters, digits and hyphens; what these cannot say is told apart by a few digits."""
    plain = slugify(title)
    if len(plain) <= LONGEST and plain and not _has_other_letters(title):
        return plain
    digest = hashlib.sha256(title.encode()).hexdigest()[:DIGITS]
    return "-".join(filter(None, (plain[:LONGEST].strip("-_"), digest)))


def refuse_same_names(titles: Iterable[str], *, where: str) -> None:
    """Refuse titles that differ in nothing that a name can say. Raises SameName."""
    first: dict[str, str] = {}
    for title in titles:
        if first.setdefault(dataset_name(title), title) != title:
            raise SameName(
                f'"{first[dataset_name(title)]}" and "{title}" are too alike for two datasets',
                where=where,
                remedy="Give one of them another title",
            )


def _has_other_letters(title: str) -> bool:
    return any(letter.isalnum() and not letter.isascii() for letter in unicodedata.normalize("NFKD", title))
