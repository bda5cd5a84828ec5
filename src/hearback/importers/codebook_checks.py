"""What only the whole of a codebook can tell: names that lead nowhere, codes that are two things at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from hearback.importers.city_sources import ID
from hearback.importers.codebook_parts import Codebook, Item, number_of
from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place


def check(codebook: Codebook, places: Mapping[str, Place]) -> None:
    """Refuse a codebook that contradicts itself. Raises TomlRefusal."""
    _check_wave(codebook, places["survey"])
    for item in codebook.items:
        _check_item(item, places["items"].at(item.id), brings_labels=codebook.file.suffix.casefold() == ".sav")
    _check_scales(codebook, places["scales"])
    _check_scores(codebook, places)
    _check_fieldwork(codebook, places["fieldwork"])
    for column, times in Counter(item.column for item in codebook.items).items():
        if times > 1:
            raise places["items"].refusal(f'{times} items have the column "{column}"', "Keep one of them")


def _check_wave(codebook: Codebook, place: Place) -> None:
    if not ID.fullmatch(codebook.key):
        raise place.at("key").refusal(
            f'"{codebook.key}" cannot stand in an address', 'Write small letters, digits and hyphens: key = "residents"'
        )
    if not codebook.wave_key:
        raise place.at("wave").refusal("the wave has no letter and no digit", 'Write such as wave = "2026 spring"')
    if not 1 <= codebook.header_lines <= 9:
        raise place.at("header_lines").refusal(
            f"{codebook.header_lines} lines of header cannot be", "Write 1, or 3 for exports such as Qualtrics makes"
        )
    if not codebook.items:
        raise place.refusal("no item is described", 'Add a table such as: [items.trust] with wording = "…"')
    began, ended = codebook.fielded_from, codebook.fielded_to
    if began and ended and ended < began:
        raise place.at("fielded_to").refusal("the wave ends before it begins", "Correct one of the two dates")
    rate = codebook.response.stated_rate if codebook.response else None
    if rate is not None and not 0 < rate <= 1:
        raise place.refusal(f"a response rate of {rate} cannot be", "Write 0.12 for 12 %")


def _check_item(item: Item, place: Place, *, brings_labels: bool) -> None:
    if item.kind in ("ordinal", "nominal") and not item.labels and not brings_labels:
        raise place.refusal("the answers have no labels", 'Write labels = { 1 = "…", 2 = "…" }, or kind = "number"')
    for code in item.labels:
        if number_of(code) is None:
            raise place.refusal(
                f'the code "{code}" is no number', 'Number the answers: labels = { 1 = "Yes", 2 = "No" }'
            )
    known = {*item.labels, *map(str.casefold, item.labels.values())}
    for code in item.favourable:
        if item.labels and code not in item.labels:
            raise place.refusal(f'the favourable answer "{code}" is not among the codes', advice(code, item.labels))
    both = sorted(known & set(item.missing.reasons()))
    if both:
        raise place.refusal(
            f'"{both[0]}" is an answer, and a code for a missing one',
            "Give these answers missing codes of their own: missing = { dont_know = [99] }, or {} where there are none",
        )


def _check_scales(codebook: Codebook, place: Place) -> None:
    by_id = {item.id: item for item in codebook.items}
    for scale in codebook.scales:
        here = place.at(scale.id)
        for name in scale.items:
            if name not in by_id:
                raise here.refusal(f'there is no item "{name}"', advice(name, by_id))
            if by_id[name].kind not in ("ordinal", "number"):
                raise here.refusal(f'the answers to "{name}" have no order', "Leave it out of the scale")
        if scale.fewest is not None and not 1 <= scale.fewest <= len(scale.items):
            raise here.at("fewest").refusal(f"{scale.fewest} of {len(scale.items)} items cannot be", "Write fewer")


def _check_scores(codebook: Codebook, places: Mapping[str, Place]) -> None:
    """Scores have areas and years, answers have neither breakdowns nor a column of years."""
    if codebook.kind == "scores":
        if codebook.area is None or codebook.period is None:
            raise places["survey"].refusal(
                "scores need the columns of their area and year", 'Add [area] with column = "…", and period = "…"'
            )
        _refuse_kinds(
            (item for item in codebook.items if item.kind != "number"), places["items"], "a score is a number"
        )
    elif codebook.period is not None:
        raise places["survey"].at("period").refusal("the key does nothing here: it is for scores", "Remove it")
    else:
        _refuse_kinds((item for item in codebook.items if item.by), places["items"], "by belongs to scores")


def _check_fieldwork(codebook: Codebook, place: Place) -> None:
    if codebook.fieldwork is None:
        return
    if codebook.kind == "scores" or codebook.mode == "opt-in":
        raise place.refusal(
            "nobody is known to have been asked for an opt-in wave, nor for published scores",
            "Remove the table, or correct kind and mode in [survey]",
        )
    columns = (codebook.fieldwork.area, codebook.fieldwork.asked, codebook.fieldwork.answered)
    for column, times in Counter(columns).items():
        if times > 1:
            raise place.refusal(f'the column "{column}" stands for {times} things', "Name three columns")


def _refuse_kinds(items: Iterable[Item], place: Place, because: str) -> None:
    for item in items:
        raise place.at(item.id).refusal(
            because, 'Write kind = "scores" in [survey], and kind = "number" in its answers'
        )
