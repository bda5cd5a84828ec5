"""Reading which surveys there are and what they ask."""

from __future__ import annotations

from django.db.models import Sum

from hearback.foundation.languages.queries import installed_languages
from hearback.foundation.places.queries import names_of
from hearback.foundation.populations.queries import community_kinds, group_names
from hearback.listen.surveys.enums import WaveKind
from hearback.listen.surveys.models import GroupKind, Item, Survey, TrueValue, Wave

LANGUAGE = "language"
"""The kind of group that needs no survey to be known: everybody who writes chooses a language."""


def surveys() -> list[Survey]:
    """Every survey, with its waves."""
    return list(Survey.objects.prefetch_related("waves"))


def waves(survey: str | None = None) -> list[Wave]:
    """The waves of a survey, or of all: earliest first."""
    found = Wave.objects.select_related("survey")
    return list(found.filter(survey__key=survey) if survey else found)


def wave_with(survey: str, key: str) -> Wave | None:
    """One wave with its items, scales and kinds of group."""
    parts = ("items", "scales", "group_kinds")
    return Wave.objects.select_related("survey").prefetch_related(*parts).filter(survey__key=survey, key=key).first()


def truth_of(wave: Wave) -> dict[tuple[str, str], dict[tuple[str, str], float]]:
    """In an invented city, by item and statistic: the true values by kind of group and group, empty for everybody."""
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for one in TrueValue.objects.filter(wave=wave):
        found.setdefault((one.item, one.statistic), {})[one.by, one.group] = one.value
    return found


def group_titles() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """What kinds of group are called, and the groups of each (by kind and the word in the file), as the newest waves
    do; languages are called as their speakers call them, areas as on the map."""
    kinds: dict[str, str] = {}
    groups: dict[tuple[str, str], str] = {}
    for kind in GroupKind.objects.order_by("wave__fielded_from", "pk"):
        kinds[kind.key] = kind.title
        groups |= {(kind.key, word): str(name) for word, name in dict(kind.codes).items()}
    for kind in community_kinds():
        groups |= {(kind, key): name for key, name in names_of(group_names(kind)).items()}
    own_names = {(LANGUAGE, language.code): language.own_name for language in installed_languages()}
    return kinds | {LANGUAGE: "Language"}, groups | own_names | {(LANGUAGE, "other"): "Other languages"}


def added_by_hand() -> list[Wave]:
    """The waves that no city's description names."""
    return list(Wave.objects.filter(by_hand=True))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    people = Wave.objects.filter(kind=WaveKind.RESPONSES).aggregate(all=Sum("rows"))["all"]
    return {
        "survey_waves": Wave.objects.count(),
        "survey_respondents": people or 0,
        "survey_items": Item.objects.count(),
    }
