"""Reads how many people of each area were asked and how many answered: what is known of those who did not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited, joins
from hearback.importers.codebook_parts import Codebook, Dispositions
from hearback.importers.delimited import Block
from hearback.refusal import Refusal
from hearback.sentence import Sentence

TOLERANCE = 0.05
"""How far sums may be from what the codebook or the answers say: some who answered are left out for good reason."""


class FieldworkRefusal(Refusal):
    """A number of people that cannot be, or sums that say something else than the rest of the survey."""


@dataclass(frozen=True)
class Fieldwork:
    """How many people were asked, and how many answered; one entry for each area where anybody was asked."""

    areas: tuple[str, ...]
    asked: tuple[int, ...]
    answered: tuple[int, ...]
    notes: tuple[str, ...]
    """For the quality report."""


def read(codebook: Codebook, *, respondents: int) -> Fieldwork | None:
    """The table that the codebook names under [fieldwork], if it does. `respondents` were kept of the answers.

    Raises FieldworkRefusal, KeyRefusal for an area that is blank or stands twice, or DelimitedRefusal.
    """
    source = codebook.fieldwork
    if source is None:
        return None
    block = delimited.read(source.file, columns=[source.area, source.asked, source.answered])
    asked, answered = (_people(block, column, source.file) for column in (source.asked, source.answered))
    for at in np.flatnonzero(answered > asked).tolist():
        raise FieldworkRefusal(
            f"{answered[at]} people answered, and {asked[at]} were asked",
            where=f"{source.file}, row {block.rows[at]}",
            remedy="Correct the row, or the columns under [fieldwork]",
        )
    keys = joins.area_keys(block.columns[source.area], rows=block.rows, path=source.file, digits=source.key_digits)
    _check_sums(int(asked.sum()), int(answered.sum()), respondents, codebook.response, source.file)
    there = asked > 0
    said = Sentence(
        "people asked: {asked}, in {areas} areas; answered: {answered}",
        asked=int(asked.sum()),
        areas=int(there.sum()),
        answered=int(answered.sum()),
    )
    return Fieldwork(
        areas=tuple(np.array(keys.keys, dtype=object)[there]),
        asked=tuple(asked[there].tolist()),
        answered=tuple(answered[there].tolist()),
        notes=(said, *keys.notes),
    )


def _people(block: Block, column: str, path: Path) -> NDArray[np.int64]:
    values = delimited.numbers(block.columns[column])
    for at in np.flatnonzero(~((values >= 0) & (values % 1 == 0))).tolist():
        raise FieldworkRefusal(
            f'"{block.columns[column][at]}" in column "{column}" is no number of people',
            where=f"{path}, row {block.rows[at]}",
            remedy="Write a whole number; 0 where nobody was asked or answered",
        )
    return values.astype(np.int64)


def _check_sums(asked: int, answered: int, respondents: int, said: Dispositions | None, path: Path) -> None:
    """Whoever turned out not to belong to the population may be counted among those who were asked, or not."""
    _check_sum(answered, "answered", respondents, respondents, "the number of respondents in the answers", path)
    if said is None or said.complete is None:
        return
    took_part = said.complete + said.partial
    belonging = took_part + said.refusal + said.non_contact + said.other + said.unknown_household + said.unknown_other
    _check_sum(answered, "answered", took_part, took_part, "complete and partial under [response]", path)
    _check_sum(asked, "were asked", belonging, belonging + said.ineligible, "the sum under [response]", path)


def _check_sum(found: int, did: str, least: int, most: int, which: str, path: Path) -> None:
    if not (1 - TOLERANCE) * least <= found <= (1 + TOLERANCE) * most:
        raise FieldworkRefusal(
            f"{found} people {did} in all areas together, and {which} is {most}",
            where=str(path),
            remedy=f"Correct one of them: they may differ by {TOLERANCE:.0%}",
        )
