"""Forums, events and pulses of the invented city: drawn with known truth, played as real ones are."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from hearback.demo import engagements, organizations, surveys
from hearback.demo.city import DemoCity, generate
from hearback.demo.engagements import FEWEST_FOR_GROUPS, Engagements, Held, Meeting
from hearback.demo.files import write
from hearback.demo.meetings import play
from hearback.demo.organizations import LANGUAGE_NAMES
from hearback.demo.recipes import recipe
from hearback.demo.streams import stream
from hearback.evidence.store import EvidenceStore
from hearback.foundation.access import actions as access
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.queries import verify
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.importers import city as descriptions
from hearback.jobs.build_city.populations import read_population, record_population, store_population
from hearback.listen.engagements.enums import EngagementKind, Ground, State
from hearback.listen.engagements.models import Decision, Engagement, HeadCount
from hearback.listen.engagements.queries import desk_cards
from hearback.listen.engagements.queries.board import board, moderation
from hearback.listen.engagements.queries.desk import overview
from hearback.stats.representation.participation import Heard
from hearback.understand.representation.queries.channels import channels

DESKS = {
    "liaison-team": DeskKind.LIAISON,
    "newcomer-house": DeskKind.PARTNER,
    "tenants-union": DeskKind.PARTNER,
    "oversight": DeskKind.OVERSIGHT,
}
Staff = dict[str, User]


@pytest.fixture(scope="module")
def city() -> DemoCity:
    """The demonstration city."""
    return generate()


@pytest.fixture(scope="module")
def folder(city: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files, and the truth beside them."""
    return write(city, tmp_path_factory.mktemp("linnet-bay")).parent


@pytest.fixture(scope="module")
def many(city: DemoCity) -> list[Held]:
    """What was held in thirty years like the last one."""
    return [one for number in range(30) for one in drawn(city, np.random.default_rng(number)).held]


def drawn(city: DemoCity, rng: np.random.Generator) -> Engagements:
    return engagements.draw(city.geography, city.people, city.adults, city.organizations, rng=rng)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_holds_the_same_and_another_does_not(city: DemoCity) -> None:
    assert drawn(city, stream(city.seed, "engagements")) == city.engagements
    assert drawn(city, stream(city.seed + 1, "engagements")) != city.engagements


def test_nothing_else_in_the_city_depends_on_them(city: DemoCity) -> None:
    founded = organizations.draw(city.geography, city.conditions, city.people, rng=stream(city.seed, "organizations"))
    assert founded == city.organizations
    waves = surveys.draw(city.geography, city.people, city.adults, city.attitudes, rng=stream(city.seed, "surveys"))
    for again, wave in zip(waves, city.surveys, strict=True):
        np.testing.assert_array_equal(again.area, wave.area)
        np.testing.assert_array_equal(again.answers["trust"], wave.answers["trust"])


def test_a_year_has_three_dozen_of_three_kinds_and_the_smallest_have_no_groups(city: DemoCity) -> None:
    held = city.engagements.held
    assert Counter(one.meeting.kind for one in held) == {"forum": 12, "event": 14, "pulse": 9}
    assert [one.meeting.day for one in held] == sorted(one.meeting.day for one in held)
    assert -330 <= held[0].meeting.day <= held[-1].meeting.day <= -10
    small = [one for one in held if one.people < FEWEST_FOR_GROUPS]
    assert len(small) == 2
    assert not any(one.groups for one in small)
    assert all(15 <= one.people <= 180 and one.groups for one in held if one not in small)


def test_nobody_is_counted_twice_and_some_do_not_say(many: list[Held]) -> None:
    said: dict[str, list[float]] = {}
    for one in many:
        for kind, counts in one.groups.items():
            assert 0 < sum(counts.values()) <= one.people
            assert min(counts.values()) > 0
            said.setdefault(kind, []).append(sum(counts.values()) / one.people)
    assert set(said) == {"community", "language", "district", "age", "sex"}
    assert all(0.7 < np.mean(shares) < 0.85 for shares in said.values())


def test_groups_are_called_as_the_populations_call_them(folder: Path, many: list[Held]) -> None:
    known: dict[str, set[str]] = {}
    for source in tomllib.loads((folder / "city.toml").read_text())["populations"]:
        if source.get("who") != "staff":
            rows = table(folder / source["file"])
            known |= {kind: {row[column] for row in rows} for kind, column in source["groups"].items()}
    counted: dict[str, set[str]] = {}
    for one in many:
        for kind, counts in one.groups.items():
            counted.setdefault(kind, set()).update(counts)
    assert counted == known


def test_who_comes_is_on_average_who_truly_comes(city: DemoCity, folder: Path, many: list[Held]) -> None:
    population = _population(folder)
    for channel, kinds in city.engagements.participation.items():
        for kind, truth in kinds.items():
            counts = [one.groups[kind] for one in many if one.meeting.kind == channel and one.groups]
            shares = np.array([[each.get(group, 0) for group in truth] for each in counts], dtype=float)
            shares /= shares.sum(axis=1, keepdims=True)
            share = np.array([population[kind, group] for group in truth])
            error = shares.std(axis=0) / np.sqrt(len(shares))
            away = (shares.mean(axis=0) - np.array([*truth.values()]) * share) / error
            assert np.abs(away).max() < 5, (channel, kind)


def _population(folder: Path) -> dict[tuple[str, str], float]:
    """Shares by kind and group, from the files that the software reads."""
    found: Counter[tuple[str, str]] = Counter()
    for row in table(folder / "census-adults.csv"):
        for kind in ("community", "age", "sex", "district"):
            found[kind, row[kind]] += int(row["adults"])
    for row in table(folder / "census-languages.csv"):
        found["language", row["language"]] += int(row["people"])
    whole: Counter[str] = Counter()
    for (kind, _), people in found.items():
        whole[kind] += people
    return {(kind, group): people / whole[kind] for (kind, group), people in found.items()}


def test_the_truth_is_that_forums_lack_languages_pulses_the_old_and_events_nobody_who_is_invited(
    city: DemoCity,
) -> None:
    truth = city.engagements.participation
    assert set(truth) == {kind.value for kind in EngagementKind}
    assert truth["forum"]["language"]["es"] < 0.4 < 1.1 < truth["forum"]["language"]["en"]
    assert truth["forum"]["age"]["18-29"] < 0.5 < 1.5 < truth["forum"]["age"]["65+"]
    assert truth["pulse"]["age"]["65+"] < 0.5 < 1.5 < truth["pulse"]["age"]["18-29"]
    assert truth["event"]["language"]["so"] > 2
    assert truth["event"]["language"]["ru"] < 0.7


def test_the_truth_is_written_beside_the_files(city: DemoCity, folder: Path) -> None:
    rows = {
        (row["channel"], row["kind"], row["group"]): float(row["ratio"])
        for row in table(folder / "truth" / "participation.csv")
    }
    assert len(rows) == 3 * (9 + 11 + 6 + 4 + 2)
    assert rows["forum", "language", "es"] == pytest.approx(
        city.engagements.participation["forum"]["language"]["es"], abs=1e-4
    )


def _words() -> Iterator[dict[str, object]]:
    book = recipe("engagements")
    yield from book["planned"]
    for kind in book["held"].values():
        yield from kind["types"]


def test_words_are_in_languages_that_are_spoken_there_and_fit_on_the_page(city: DemoCity) -> None:
    assert {one["language"] for one in _words()} >= {"en", "es", "ar", "so", "zh-hans", "ht", "vi", "fr"}
    for one in _words():
        spoken = one["spoken"]
        assert isinstance(spoken, list)
        assert one["language"] in spoken
        assert set(spoken) <= set(LANGUAGE_NAMES)
        assert one["desk"] in DESKS
    for meeting in _meetings(city):
        assert 0 < len(meeting.title) <= 120
        assert len(meeting.place) <= 200
        assert "{" not in meeting.title + meeting.text


def test_every_place_lies_in_the_area_that_is_named(city: DemoCity) -> None:
    area_of = {one.name: one.area for one in city.organizations}
    for meeting in _meetings(city):
        assert meeting.area == (area_of[meeting.place] if meeting.place else None)


def _meetings(city: DemoCity) -> list[Meeting]:
    known = city.engagements
    return [*(one.meeting for one in known.held), *(one.meeting for one in known.planned)]


@pytest.fixture
def staff(join: Callable[..., User], by: Actor, at: datetime) -> Staff:
    """Everybody who plays a part in the demonstration."""
    desks = {
        key: access.open_desk(key=key, kind=kind, name=key.capitalize(), by=by, at=at) for key, kind in DESKS.items()
    }
    return {
        "liaison": join("lia", Role.LIAISON, desks["liaison-team"]),
        "coordinator": join("cora", Role.COORDINATOR, desks["liaison-team"]),
        "house": join("pia", Role.PARTNER, desks["newcomer-house"]),
        "union": join("pam", Role.PARTNER, desks["tenants-union"]),
        "oversight": join("ova", Role.OVERSIGHT, desks["oversight"]),
    }


@pytest.mark.django_db
def test_what_was_drawn_is_announced_read_by_another_and_counted(city: DemoCity, staff: Staff, at: datetime) -> None:
    played = play(city.engagements, keys_of_areas=city.geography.keys, at=at)
    assert played == Engagement.objects.count() == 46
    counted = Engagement.objects.exclude(people=None)
    assert sorted(one.people or 0 for one in counted) == sorted(one.people for one in city.engagements.held)
    said = sum(count for one in city.engagements.held for groups in one.groups.values() for count in groups.values())
    assert sum(one.people for one in HeadCount.objects.all()) == said
    unannounced = sum(one.notice is None for one in city.engagements.held)
    assert Engagement.objects.filter(state=State.HELD).count() == unannounced > 5
    for decision in Decision.objects.select_related("engagement"):
        assert decision.decided_by_id != decision.engagement.written_by_id
        assert decision.engagement.written_at < decision.at < at
    assert all(one.ends_at < one.counted_at <= at for one in counted if one.counted_at)
    assert verify().holds


@pytest.mark.django_db
def test_every_list_of_the_workspace_and_the_public_page_have_something_to_show(
    city: DemoCity, staff: Staff, at: datetime
) -> None:
    play(city.engagements, keys_of_areas=city.geography.keys, at=at)
    shown = board(at=at)
    assert 5 <= len(shown) <= 7
    assert len({one.language for one in shown}) >= 5
    assert [one.state for one in shown].count(State.CALLED_OFF) == 1
    assert dict(moderation(at=at).returned)[Ground.HARM] == 1
    lists = [overview(person, at=at) for person in staff.values()]
    for name in ("to_decide", "returned", "to_count", "waiting", "coming", "over"):
        assert any(getattr(one, name) for one in lists), name
    assert all(desk_cards(person, at=at) for person in staff.values())
    assert Engagement.objects.get(state=State.APPEALED) in overview(staff["oversight"], at=at).to_decide


@pytest.mark.django_db
def test_what_the_software_finds_of_those_who_came_is_true(
    city: DemoCity, folder: Path, staff: Staff, tmp_path: Path, by: Actor, at: datetime
) -> None:
    store = EvidenceStore(tmp_path)
    for source in descriptions.read(folder / "city.toml").populations:
        read = read_population(source, keys_of={"neighbourhood": city.geography.keys})
        record_population(store_population(source, read, store=store), by=by, at=at)
    play(city.engagements, keys_of_areas=city.geography.keys, at=at)
    found = {
        (str(channel.counts.channel), channel.counts.kind, group): heard
        for channel in channels(store=store, rng=np.random.default_rng(5), at=at)
        for group, heard in zip(channel.groups, channel.found.heard, strict=True)
    }
    truth = city.engagements.participation
    assert set(found) == {(channel, *one) for channel, kinds in truth.items() for one in _pairs(kinds)}
    for (channel, kind, group), heard in found.items():
        if heard != Heard.UNCERTAIN:
            assert (heard == Heard.LESS) == (truth[channel][kind][group] < 1), (channel, kind, group)
    assert found["forum", "language", "es"] == Heard.LESS
    assert found["pulse", "age", "65+"] == Heard.LESS
    assert found["forum", "age", "65+"] == Heard.MORE
    assert found["event", "language", "so"] == Heard.UNCERTAIN, "one house was full, once"


def _pairs(kinds: dict[str, dict[str, float]]) -> Iterator[tuple[str, str]]:
    return ((kind, group) for kind, groups in kinds.items() for group in groups)


@pytest.mark.django_db
@pytest.mark.parametrize("day", range(7))
def test_it_can_be_played_on_any_day_of_the_week(city: DemoCity, staff: Staff, at: datetime, day: int) -> None:
    now = at.replace(day=at.day + day, hour=23)
    assert play(city.engagements, keys_of_areas=city.geography.keys, at=now) == 46
    assert len(board(at=now)) == 6
