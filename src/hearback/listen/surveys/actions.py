"""Putting waves of surveys on record, and taking them off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.importers.codebook_parts import Codebook
from hearback.importers.published_scores import Scores
from hearback.importers.surveys import Responses
from hearback.listen.surveys.models import GroupKind, Item, Scale, Survey, TrueValue, Wave
from hearback.listen.surveys.permissions import may_record_wave, may_remove_waves
from hearback.permission import demand


@transaction.atomic
def record_wave(
    found: Responses | Scores,
    *,
    dataset: str,
    stored: str,
    areas: str = "",
    by_hand: bool = False,
    by: Actor,
    at: datetime,
) -> Wave:
    """Say what a wave asked, of whom and how, in the place of the wave that had its name.

    dataset: its name on record. stored: its rows in the evidence store. areas: the layer of its areas.
    """
    demand(may_record_wave, by)
    codebook = found.codebook
    survey, _ = Survey.objects.update_or_create(key=codebook.key, defaults={"name": codebook.name})
    Wave.objects.filter(survey=survey, key=codebook.wave_key).delete()
    wave = Wave.objects.create(
        survey=survey,
        key=codebook.wave_key,
        name=codebook.wave,
        kind=codebook.kind,
        mode=codebook.mode,
        population=codebook.population,
        frame=codebook.frame,
        contact=codebook.contact,
        languages=list(codebook.languages),
        fielded_from=codebook.fielded_from,
        fielded_to=codebook.fielded_to,
        exact_wording=codebook.exact_wording,
        areas=areas,
        rows=len(found),
        dispositions=_dispositions(codebook),
        fieldwork=_fieldwork(found),
        stated_response_rate=codebook.response.stated_rate if codebook.response else None,
        design=_design(codebook),
        dataset=dataset,
        stored=stored,
        by_hand=by_hand,
    )
    _describe(wave, found)
    audit.record(
        verb="surveys.record_wave",
        subject=f"wave:{survey.key}/{wave.key}",
        by=by,
        at=at,
        detail={"mode": wave.mode, "rows": wave.rows, "stored": stored},
    )
    return wave


@transaction.atomic
def keep_only(datasets: Collection[str], *, by: Actor, at: datetime) -> None:
    """Take off record every wave whose dataset is not among these, and surveys without a wave."""
    demand(may_remove_waves, by)
    gone = Wave.objects.exclude(dataset__in=datasets)
    audit.record(
        verb="surveys.keep_only",
        subject="surveys",
        by=by,
        at=at,
        detail={"gone": sorted(gone.values_list("dataset", flat=True))},
    )
    gone.delete()
    Survey.objects.filter(waves=None).delete()


def _dispositions(codebook: Codebook) -> dict[str, int] | None:
    if codebook.response is None or codebook.response.complete is None:
        return None
    return {name: count for name, count in asdict(codebook.response).items() if name != "stated_rate"}


def _fieldwork(found: Responses | Scores) -> list[tuple[str, int, int]] | None:
    if isinstance(found, Scores) or found.fieldwork is None:
        return None
    return list(zip(found.fieldwork.areas, found.fieldwork.asked, found.fieldwork.answered, strict=True))


def _design(codebook: Codebook) -> dict[str, Any]:
    design = codebook.design
    return {
        "weights": design.weights is not None,
        "strata": design.strata is not None,
        "psu": len(design.psu),
        "fpc": len(design.fpc),
        "replicates": design.replicates.kind if design.replicates else None,
        "fay": design.replicates.fay if design.replicates else None,
    }


def _describe(wave: Wave, found: Responses | Scores) -> None:
    """The wave's items, scales and kinds of group."""
    answered, missing = _answered(found)
    Item.objects.bulk_create(
        Item(
            wave=wave,
            key=item.id,
            place=place,
            wording=item.wording,
            translations=dict(item.translations),
            kind=item.kind,
            labels=[[float(code), label] for code, label in item.labels.items()],
            favourable=[float(code) for code in item.favourable],
            reversed=item.reversed,
            lowest=item.lowest,
            highest=item.highest,
            answered=answered[item.id],
            missing=missing.get(item.id, {}),
        )
        for place, item in enumerate(found.items)
    )
    codebook = found.codebook
    codes = {group.id: dict(group.labels) for group in codebook.groups}
    Scale.objects.bulk_create(
        Scale(wave=wave, key=scale.id, title=scale.title, items=list(scale.items), fewest=scale.fewest)
        for scale in codebook.scales
    )
    GroupKind.objects.bulk_create(
        GroupKind(wave=wave, key=key, title=title, names=names, codes=codes.get(key, {}))
        for key, (title, names) in _groups(found).items()
    )
    if isinstance(found, Responses):
        TrueValue.objects.bulk_create(TrueValue(wave=wave, **asdict(one)) for one in found.truth)


def _answered(found: Responses | Scores) -> tuple[dict[str, int], Mapping[str, Mapping[str, int]]]:
    """By item: how many answers or scores there are, and how many are missing for which reason."""
    if isinstance(found, Scores):
        return {item.id: int((found.item == item.id).sum()) for item in found.items}, {}
    answered = {item: int(np.isfinite(values).sum()) for item, values in found.answers.items()}
    return answered | {item: int((words != "").sum()) for item, words in found.texts.items()}, found.missing


def _groups(found: Responses | Scores) -> dict[str, tuple[str, list[str]]]:
    """By kind of group, its title and the names of its groups in the order of the codebook."""
    if isinstance(found, Scores):
        kinds = {kind: groups for item in found.items for kind, groups in item.by.items()}
        return {kind: (kind.capitalize(), list(groups)) for kind, groups in kinds.items()}
    return {
        group.id: (group.title, list(dict.fromkeys([*group.labels.values(), *_names(found, group.id)])))
        for group in found.codebook.groups
    }


def _names(found: Responses, group: str) -> list[str]:
    return sorted(set(found.groups[group].tolist()) - {""})
