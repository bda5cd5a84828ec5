"""Reads one wave of a survey as its codebook says: answers as numbers, people as groups, the design beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from hearback.importers import answers, delimited, fieldwork, joins, personal_columns, survey_files
from hearback.importers.answers import Coded
from hearback.importers.codebook_parts import AreaColumn, Codebook, Group, Item, code_of
from hearback.importers.fieldwork import Fieldwork
from hearback.importers.nearest import listing
from hearback.importers.quality import Imported, QualityReport, RefusalTally
from hearback.importers.survey_files import SurveyFile
from hearback.importers.true_values import TrueValue
from hearback.refusal import Refusal
from hearback.sentence import Sentence

FloatArray = NDArray[np.float64]
TextArray = NDArray[np.object_]
Mask = NDArray[np.bool_]

RECODED = {
    "refused": Sentence("“{code}” read as a refusal to say: {count} ({items})"),
    "dont_know": Sentence("“{code}” read as “don't know”: {count} ({items})"),
    "not_asked": Sentence("“{code}” read as not asked: {count} ({items})"),
    "no_answer": Sentence("“{code}” read as no answer: {count} ({items})"),
    answers.DECLARED: Sentence("“{code}” is missing, as the file declares: {count} ({items})"),
    answers.NOT_AN_ANSWER: Sentence("“{code}” means nothing here and was left out: {count} ({items})"),
}
SUSPECTED = Sentence(
    "Check the codebook: “{code}” stands {count} times in {column} and counts as an answer; it looks like a code for "
    "a missing one."
)
UNSHOWN = Sentence(
    "read, and not shown on any page, because the codebook calls none of their answers favourable: {count} ({columns})"
)
INATTENTIVE = Sentence("wrong answer to an attention check")
SILENT = Sentence("not one item answered")
AGAIN = Sentence("a respondent who stands in the file already")


class WeightRefusal(Refusal):
    """A weight, a stratum, a cluster or a population size that cannot be."""


class UnlistedGroup(Refusal):
    """A word that the codebook's list of groups lacks."""


@dataclass(frozen=True, eq=False)
class Responses:
    """The respondents of one wave; every array has one entry per respondent, in the file's order."""

    codebook: Codebook
    items: tuple[Item, ...]
    """As in the codebook, with the labels an SPSS file brings."""
    answers: Mapping[str, FloatArray]
    """By item: the code as a number, NaN where missing. Reversed items are not turned round here."""
    texts: Mapping[str, TextArray]
    """By item of kind text: what people wrote."""
    groups: Mapping[str, TextArray]
    """By kind of group: the group's name, "" where not known."""
    area: TextArray | None
    """The key of the area, "" where not known."""
    weights: FloatArray | None
    strata: TextArray | None
    psu: tuple[TextArray, ...]
    fpc: tuple[FloatArray, ...]
    replicates: Mapping[str, FloatArray]
    missing: Mapping[str, Mapping[str, int]]
    """By item: how many are missing for which reason."""
    fieldwork: Fieldwork | None = None
    """Of everybody who was asked, where that is known."""
    truth: tuple[TrueValue, ...] = ()
    """Of everybody in an invented city, whether asked or not; no estimate uses it."""

    def __len__(self) -> int:
        return len(next(iter((*self.answers.values(), *self.texts.values()))))


def read(codebook: Codebook) -> Imported[Responses]:
    """Every respondent who answered anything and passed the attention checks.

    Personal columns, and columns that the codebook does not name, stay behind at the door. Raises the refusals of
    `survey_files`, `answers`, `personal_columns` and `fieldwork`, WeightRefusal or UnlistedGroup.
    """
    if codebook.kind != "responses":
        raise ValueError(f"{codebook.path} describes {codebook.kind}; read them with published_scores")
    file = survey_files.read(codebook.file, header_lines=codebook.header_lines, sheet=codebook.sheet)
    replicates = _replicate_columns(codebook, file)
    named = _named(codebook, replicates)
    delimited.check_columns(file.path, wanted=sorted(named), present=tuple(file.columns))
    personal_columns.refuse(file, dropped=codebook.personal)
    tally = RefusalTally()
    keep = _kept(codebook, file, tally)
    coded = [answers.code(item, file, keep=keep) for item in codebook.items if item.kind != "text"]
    area, notes = _areas(codebook.area, file, keep)
    asked = fieldwork.read(codebook, respondents=int(keep.sum()))
    people = Responses(
        codebook=codebook,
        items=_in_order(codebook, coded),
        answers={one.item.id: one.values for one in coded},
        texts={item.id: _text(file, item.column, keep) for item in codebook.items if item.kind == "text"},
        groups={group.id: _group(group, file, keep) for group in codebook.groups},
        area=area,
        weights=None if codebook.design.weights is None else _positive(file, codebook.design.weights, keep),
        strata=None if codebook.design.strata is None else _filled(file, codebook.design.strata, keep),
        psu=tuple(_filled(file, column, keep) for column in codebook.design.psu),
        fpc=tuple(_positive(file, column, keep) for column in codebook.design.fpc),
        replicates={column: _numbers(file, column, keep, least=0.0) for column in replicates},
        missing={one.item.id: one.missing for one in coded},
        fieldwork=asked,
    )
    return Imported(
        people,
        QualityReport(
            source=file.path.name,
            rows_read=len(file.rows),
            rows_kept=int(keep.sum()),
            refused=tally.groups(),
            notes=(
                *_suspected(coded),
                *_recoded(coded),
                *notes,
                *_unshown(codebook),
                *_left_behind(codebook, file, named),
                *(asked.notes if asked else ()),
            ),
        ),
    )


def _named(codebook: Codebook, replicates: Iterable[str]) -> set[str]:
    """Every column that is read."""
    return {
        *(item.column for item in codebook.items),
        *(group.column for group in codebook.groups),
        *(check.column for check in codebook.attention),
        *codebook.design.columns,
        *replicates,
        *([codebook.area.column] if codebook.area else []),
        *([codebook.respondent] if codebook.respondent else []),
    }


def _replicate_columns(codebook: Codebook, file: SurveyFile) -> tuple[str, ...]:
    """The columns that the patterns of replicate weights match, in the file's order."""
    if codebook.design.replicates is None:
        return ()
    found: dict[str, None] = {}
    for pattern in codebook.design.replicates.columns:
        matching = [name for name in file.columns if fnmatchcase(name, pattern)]
        if not matching:
            raise WeightRefusal(
                f'no column is called "{pattern}"', where=str(file.path), remedy="Correct columns under replicates"
            )
        found.update(dict.fromkeys(matching))
    return tuple(found)


def _kept(codebook: Codebook, file: SurveyFile, tally: RefusalTally) -> Mask:
    """Who is kept: new, attentive, and with an answer to anything."""
    out: dict[int, str] = {}
    if codebook.respondent:
        seen: set[str] = set()
        for at, who in enumerate(file.columns[codebook.respondent]):
            if who and who in seen:
                out[at] = AGAIN
            seen.add(who)
    for check in codebook.attention:
        right = {"", *map(code_of, check.right)}
        wrong = (at for at, cell in enumerate(file.columns[check.column]) if code_of(cell) not in right)
        out = {at: INATTENTIVE for at in wrong} | out
    asked = [(item.missing.reasons(), file.columns[item.column]) for item in codebook.items]
    for at in range(len(file.rows)):
        if all(code_of(column[at]) in reasons for reasons, column in asked):
            out.setdefault(at, SILENT)
    for at, reason in sorted(out.items()):
        tally.refuse(reason, f"row {file.rows[at]}")
    keep = np.ones(len(file.rows), dtype=bool)
    keep[list(out)] = False
    if not keep.any():
        raise survey_files.SurveyFileRefusal(
            "nobody answered any of the items", where=str(file.path), remedy="Check the columns and missing codes"
        )
    return keep


def _text(file: SurveyFile, column: str, keep: Mask) -> TextArray:
    cells: TextArray = np.array([*map(str.strip, file.columns[column])], dtype=object)
    return cells[keep]


def _group(group: Group, file: SurveyFile, keep: Mask) -> TextArray:
    """The groups in the words of the codebook."""
    words = {code_of(word): label for word, label in group.labels.items()}
    unknown = {"", *map(code_of, group.missing)}
    cells = _text(file, group.column, keep)
    found = {cell: "" if code_of(cell) in unknown else words.get(code_of(cell), cell) for cell in set(cells.tolist())}
    unlisted = sorted(cell for cell in found if words and found[cell] and code_of(cell) not in words)
    if unlisted:
        raise UnlistedGroup(
            f"{listing(unlisted, shown=5)} is not among the labels of the group {group.id}",
            where=f"{file.path}, column {group.column}",
            remedy='Add it to the labels, or to missing where it means "not known"',
        )
    return np.array([found[cell] for cell in cells.tolist()], dtype=object)


def _areas(column: AreaColumn | None, file: SurveyFile, keep: Mask) -> tuple[TextArray | None, tuple[str, ...]]:
    if column is None:
        return None, ()
    unknown = {"", *map(code_of, column.missing)}
    cells = ["" if code_of(cell) in unknown else cell.removesuffix(".0") for cell in _text(file, column.column, keep)]
    keys = [_with_zero(cell, digits=column.key_digits) for cell in cells]
    row_of = dict(zip(reversed(keys), file.rows[keep][::-1].tolist(), strict=True))
    known = sorted(row_of.keys() - {""})
    rows = np.array([row_of[key] for key in known], dtype=np.int64)
    joins.area_keys(known, rows=rows, path=file.path, digits=column.key_digits)
    padded, without = sum(map(str.__ne__, keys, cells)), keys.count("")
    notes = [
        Sentence("keys of areas that got back the leading zero they had lost: {count}", count=padded) if padded else "",
        Sentence("respondents without an area: {count}", count=without) if without else "",
    ]
    return np.array(keys, dtype=object), tuple(filter(None, notes))


def _with_zero(key: str, *, digits: int | None) -> str:
    return key.zfill(digits) if digits and key.isdecimal() and len(key) == digits - 1 else key


def _positive(file: SurveyFile, column: str, keep: Mask) -> FloatArray:
    return _numbers(file, column, keep, least=np.nextafter(0, 1))


def _numbers(file: SurveyFile, column: str, keep: Mask, *, least: float) -> FloatArray:
    values = delimited.numbers(file.columns[column])
    for at in np.flatnonzero(keep & ~(values >= least)).tolist():
        raise WeightRefusal(
            f'"{file.columns[column][at]}" in column "{column}" cannot be: it must be a number '
            + ("of at least 0" if least == 0 else "above 0"),
            where=file.where(at),
            remedy="Correct it, or take the row out where the person was not part of the sample",
        )
    return values[keep]


def _filled(file: SurveyFile, column: str, keep: Mask) -> TextArray:
    cells = np.array([*map(code_of, file.columns[column])], dtype=object)
    for at in np.flatnonzero(keep & (cells == "")).tolist():
        raise WeightRefusal(
            f'the column "{column}" is blank, and everybody was drawn from somewhere',
            where=file.where(at),
            remedy="Fill it in, or leave the column out of [design]",
        )
    return cells[keep]


def _in_order(codebook: Codebook, coded: Iterable[Coded]) -> tuple[Item, ...]:
    labelled = {one.item.id: one.item for one in coded}
    return tuple(labelled.get(item.id, item) for item in codebook.items)


def _recoded(coded: Iterable[Coded]) -> Iterable[str]:
    """For each code that was read as missing, in which columns and how often."""
    times: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one in coded:
        for what, count in one.recoded.items():
            times.setdefault(what, []).append((one.item.column, count))
    for (found, reason), counts in sorted(times.items()):
        yield Sentence(
            RECODED[reason].template,
            code=found,
            count=sum(count for _, count in counts),
            items=", ".join(f"{column} {count:,}" for column, count in counts),
        )


def _suspected(coded: Iterable[Coded]) -> Iterable[str]:
    """Numbers that count as answers and look like missing codes."""
    for one in coded:
        for code in one.suspicious:
            yield Sentence(SUSPECTED.template, code=f"{code.value:g}", column=one.item.column, count=code.count)


def _unshown(codebook: Codebook) -> Iterable[str]:
    """Items that no page can show, because nobody said which answers count."""
    in_scales = {item for scale in codebook.scales for item in scale.items}
    silent = [
        item.column
        for item in codebook.items
        if item.kind in ("ordinal", "nominal") and not item.favourable and item.id not in in_scales
    ]
    if silent:
        yield Sentence(UNSHOWN.template, count=len(silent), columns=", ".join(silent))


def _left_behind(codebook: Codebook, file: SurveyFile, named: set[str]) -> Iterable[str]:
    personal = [name for name in codebook.personal if name in file.columns]
    others = [name for name in file.columns if name not in named and name not in personal]
    if personal:
        yield Sentence("personal columns dropped at the door: {columns}", columns=", ".join(personal))
    if others:
        yield Sentence(
            "columns that the codebook does not name, left behind: {count} ({columns})",
            count=len(others),
            columns=", ".join(others),
        )
