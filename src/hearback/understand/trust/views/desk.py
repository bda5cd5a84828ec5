"""Estimates and contrasts as analysts need them: every method, every warning, and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from hearback.foundation.places.queries import areas
from hearback.listen.surveys.enums import Mode
from hearback.listen.surveys.queries import wave_with, waves
from hearback.permission import demand
from hearback.sentence import read_back
from hearback.stats.response_rates import Dispositions, response_rates
from hearback.understand.trust.enums import AREA, Method, Statistic
from hearback.understand.trust.forms.desk import Choosing
from hearback.understand.trust.permissions import may_read_estimates
from hearback.understand.trust.queries import model_checks, scale_checks
from hearback.understand.trust.queries.finished import EVERY, Choice, Table, kinds_estimated, table
from hearback.understand.trust.views.model_checks import as_read

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave
    from hearback.understand.trust.models import Contrast, Estimate, ScaleCheck

A_PAGE = 100
NUMBERS = ("estimate", "se", "low", "high", "level", "df", "deff", "n")
DIFFERENCES = ("difference", "se", "low", "high", "level", "p_more", "p_value", "p_adjusted")


@login_required
@require_safe
def estimates(request: HttpRequest) -> HttpResponse:
    """What a wave says, as chosen: estimates with all that is known of them, and contrasts."""
    demand(may_read_estimates, request.user.actor)
    form = _form(request)
    if form is None:
        return render(request, "trust/desk/estimates.html", {})
    wave, found = _asked(form)
    area_names = {area.key: area.name for area in areas(wave.areas)} if wave.areas else {}
    return render(
        request,
        "trust/desk/estimates.html",
        {
            "form": form,
            "wave": wave,
            "response_rate": _response_rate(wave),
            **_models(wave, form.chosen, found, area_names),
            "checks": [_check(check, _titles(wave)) for check in scale_checks(wave)],
            "page": Paginator([_row(row, area_names) for row in found.estimates], A_PAGE).get_page(
                request.GET.get("page")
            ),
            "contrasts": Paginator([_difference(row, area_names) for row in found.contrasts], A_PAGE).get_page(
                request.GET.get("contrasts")
            ),
            "query": request.GET.urlencode(),
        },
    )


@login_required
@require_safe
def download(request: HttpRequest, what: str) -> HttpResponse:
    """The chosen estimates or contrasts as CSV, in full precision; no row is about one person."""
    demand(may_read_estimates, request.user.actor)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{what}.csv"'
    form = _form(request)
    if form is not None:
        _, found = _asked(form)
        csv.writer(answer).writerows(_estimate_lines(found) if what == "estimates" else _contrast_lines(found))
    return answer


def _form(request: HttpRequest) -> Choosing | None:
    known = {f"{wave.survey.key}/{wave.key}": (wave, kinds_estimated(wave)) for wave in waves()}
    estimated = {key: pair for key, pair in known.items() if pair[1]}
    if not estimated:
        return None
    kinds = {key: kinds for key, (_, kinds) in estimated.items()}
    return Choosing(request.GET, waves=[wave for wave, _ in estimated.values()], kinds=kinds)


def _asked(form: Choosing) -> tuple[Wave, Table]:
    wave = form.chosen_wave
    return wave_with(wave.survey.key, wave.key) or wave, table(wave, form.chosen)


def _row(row: Estimate, area_names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "group": _named(row.by, row.group, area_names),
        "statistic": Statistic(row.statistic).label,
        "numbers": {name: _short(getattr(row, name)) for name in NUMBERS},
        "pooled_with": ", ".join(row.pooled_with),
        "notes": _notes(row),
    }


def _difference(row: Contrast, area_names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "group": _named(row.by, row.group, area_names),
        "other": row.earlier.name if row.earlier else _named(row.by, row.other, area_names),
        "numbers": {name: _short(getattr(row, name)) for name in DIFFERENCES},
        "notes": _notes(row),
    }


def _check(check: ScaleCheck, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": check,
        "by": titles.get(check.by, check.by),
        "numbers": {name: _short(getattr(check, name)) for name in ("n", "alpha", "low", "high", "omega")},
        "notes": _notes(check),
    }


def _models(wave: Wave, chosen: Choice, found: Table, area_names: Mapping[str, str]) -> dict[str, Any]:
    """Checks of the models behind estimates of areas: of all questions a line each, of one question with a plot."""
    if chosen.by not in {AREA, EVERY} or chosen.group:
        return {}
    fields = {"item": chosen.item, "statistic": chosen.statistic}
    checks = model_checks(wave, **{name: value for name, value in fields.items() if value})
    if not chosen.item:
        return {"models": checks}
    return {
        "models_read": [as_read(check, area_names, mirrored=get_language_bidi()) for check in checks],
        "unchecked": not checks and any(row.method == Method.SMALL_AREA for row in found.estimates),
    }


def _titles(wave: Wave) -> dict[str, str]:
    return {kind.key: kind.title for kind in wave.group_kinds.all()}


def _response_rate(wave: Wave) -> float | None:
    """Of those asked, the share that answered: AAPOR's first rate, else as the source states it; none of open links."""
    if wave.mode == Mode.OPT_IN:
        return None
    if wave.dispositions:
        return response_rates(Dispositions(**wave.dispositions)).rr1
    return wave.stated_response_rate


def _named(by: str, group: str, area_names: Mapping[str, str]) -> str:
    return area_names.get(group, group) if by == AREA else group or "Everybody"


def _notes(row: Estimate | Contrast | ScaleCheck) -> list[str]:
    return [read_back(note) for note in row.notes]


def _short(value: float | None) -> str:
    """Four digits that count, whole numbers as they are; nothing for what is not known."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def _estimate_lines(found: Table) -> Iterator[list[Any]]:
    where = ("survey", "wave", "mode", "item", "statistic", "by", "group", "method")
    yield [*where, *NUMBERS, "response_rate", "showing", "notes"]
    for row in found.estimates:
        numbers = [getattr(row, name) for name in NUMBERS]
        rate = _response_rate(row.wave)
        yield [*_where(row), row.method, *numbers, rate, row.showing, _joined(_notes(row))]


def _contrast_lines(found: Table) -> Iterator[list[Any]]:
    yield [
        *("survey", "wave", "mode", "item", "statistic", "by", "group", "other", "earlier", "method"),
        *(*DIFFERENCES, "showing", "notes"),
    ]
    for row in found.contrasts:
        earlier = row.earlier.key if row.earlier else ""
        numbers = [getattr(row, name) for name in DIFFERENCES]
        yield [*_where(row), row.other, earlier, row.method, *numbers, row.showing, _joined(_notes(row))]


def _where(row: Estimate | Contrast) -> list[str]:
    return [row.wave.survey.key, row.wave.key, row.wave.mode, row.item, row.statistic, row.by, row.group]


def _joined(notes: Iterable[str]) -> str:
    return " | ".join(notes)
