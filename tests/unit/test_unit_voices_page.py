"""Who is missing: from concerns and populations to the released page, and nothing about groups that are too small."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

import little_city
from concerns import Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import Actor
from hearback.foundation.installation.queries import everything_held
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.queries import populations
from hearback.importers import city
from hearback.importers.joins import JoinRefusal
from hearback.jobs import timetable
from hearback.jobs.build_city import build_city
from hearback.jobs.publish_voices import publish_voices
from hearback.listen.engagements import actions as engagements
from hearback.listen.engagements.actions import Occasion
from hearback.listen.engagements.enums import EngagementKind
from hearback.report_back.payloads import Kind
from hearback.report_back.releases import queries as releases
from hearback.report_back.voices import ChannelVoices, VoicesPage
from hearback.stats.representation.clustered_counts import clustered_counts
from hearback.stats.representation.participation import participation

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
Holds = Callable[..., list[ChannelVoices]]

SPOKEN = {"en": 5200, "es": 1500, "so": 590}
STAFF = [("Officer", "en", 60), ("Officer", "es", 9), ("Officer", "so", 1), ("Captain", "en", 3)]
DESCRIPTION = """
[[populations]]
title = "Languages in squares"
file = "languages.csv"
count = "people"
margin = "moe"
groups = { language = "language" }
areas = "square"
area = "square"
vintage = "2025"
source = "Invented for tests"
licence = "CC0-1.0"

[[populations]]
title = "Staff of the little force"
file = "staff.csv"
who = "staff"
count = "posts"
groups = { rank = "rank", language = "language" }
vintage = "2025"
source = "Invented for tests"
licence = "CC0-1.0"
"""


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    folder = tmp_path / "source"
    little_city.write(folder)
    with (folder / "city.toml").open("a") as description:
        description.write(DESCRIPTION)
    share = np.array(little_city.PEOPLE) / sum(little_city.PEOPLE)
    rows = [
        f"{key},{language},{round(part * people)},9"
        for key, part in zip(little_city.KEYS, share, strict=True)
        for language, people in SPOKEN.items()
    ]
    (folder / "languages.csv").write_text("square,language,people,moe\n" + "\n".join(rows) + "\n")
    (folder / "staff.csv").write_text("rank,language,posts\n" + "".join(f"{r},{x},{n}\n" for r, x, n in STAFF))
    return folder


@pytest.fixture
def built(source: Path, by: Actor, at: datetime) -> Path:
    build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))
    return source


def _page() -> VoicesPage:
    page: VoicesPage = releases.current(Kind.VOICES)
    return page


@pytest.fixture
def heard(built: Path, sent: Sends, liaison: User, liaison_desk: Desk, by: Actor, at: datetime) -> VoicesPage:
    """120 concerns in English from one square, twelve in Spanish from another, one in Somali, one of long ago."""
    first, second = Area.objects.get(key="11"), Area.objects.get(key="12")
    said = [("en", first)] * 120 + [("es", second)] * 12 + [("so", None)]
    for number, (language, area) in enumerate(said):
        sent(liaison_desk, f"{number}", language=language, area=area)
    sent(liaison_desk, "long ago", language="so", at=at - timedelta(days=400))
    publish_voices(by=by, at=at)
    return _page()


def test_before_anybody_spoke_there_is_nothing_to_compare(built: Path, client: Client) -> None:
    assert _page().channels == ()
    assert _page().layers == ()
    assert "There are no voices yet" in client.get("/who-is-missing/").content.decode()


def test_languages_are_compared_with_the_community_and_small_counts_stay_hidden(heard: VoicesPage) -> None:
    (channel,) = heard.channels
    groups = {group.group: group for group in channel.groups}
    assert channel.kind_title == "Language"
    assert groups["en"].heard == "more"
    assert groups["en"].community_share == pytest.approx(5200 / 7290, abs=0.001)
    assert groups["so"].heard == "less"
    assert (groups["so"].share, groups["so"].ratio, groups["so"].ratio_high) == (None, None, None)
    shown = [group for group in channel.groups if group.share is not None]
    assert len(shown) < 2 or channel.voices is None, "the hidden one would follow from the others and the total"
    assert 0 < channel.parity_low <= channel.parity <= channel.parity_high < 1


def test_areas_are_called_loud_and_quiet_only_where_that_is_sure(heard: VoicesPage) -> None:
    layer = heard.layers[0]
    found = {area.area: area for area in layer.areas}
    assert found["11"].voice == "loud"
    assert found["22"].voice == "uncertain", "forty people prove nothing"
    assert {found[key].voice for key in ("13", "21", "32")} == {"quiet"}
    assert found["13"].count == 0
    assert found["13"].missing is not None
    assert found["13"].missing > 3
    assert layer.nowhere_share == pytest.approx(1 / 133, abs=0.001)


def test_staff_is_compared_whole_and_a_rank_of_three_is_not(heard: VoicesPage) -> None:
    assert [(table.within, table.part, table.staff) for table in heard.staff] == [
        ("", "", 73),
        ("Rank", "Officer", 70),
    ]
    groups = {group.group: group for group in heard.staff[0].groups}
    assert groups["so"].share is None
    assert groups["es"].share is None or groups["en"].share is None, "one alone would give the hidden one away"


def test_the_page_says_it_in_words_and_moves_as_voices_come_in(
    heard: VoicesPage, client: Client, sent: Sends, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    said = client.get("/who-is-missing/").content.decode()
    assert "Heard less than their part:" in said
    assert "Surely quieter than expected" in said
    assert "The police department’s staff" in said
    for number in range(30):
        sent(liaison_desk, f"later {number}", language="so")
    publish_voices(by=by, at=at)
    assert {group.group: group.heard for group in _page().channels[0].groups}["so"] == "more"


def test_the_timetable_renews_the_page_every_day(built: Path, at: datetime) -> None:
    before = releases.edition()
    (job,) = (one for one in timetable.timetable() if one.name == "publish_voices")
    timetable.run(job, at=at)
    after = releases.edition()
    assert before is not None
    assert after is not None
    assert after.number == before.number + 1
    assert job.every == timedelta(days=1)


def test_a_build_counts_populations_and_a_newer_description_takes_one_out(
    built: Path, source: Path, by: Actor, at: datetime
) -> None:
    assert everything_held()["populations"] == 2
    assert [one.people for one in populations(Who.STAFF)] == [73]
    assert populations(Who.RESIDENTS, groups=("age",)) == []
    text = (source / "city.toml").read_text()
    (source / "city.toml").write_text(text[: text.rindex("[[populations]]")])
    build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))
    assert everything_held()["populations"] == 1


def test_a_population_of_other_areas_is_refused(source: Path, by: Actor, at: datetime) -> None:
    (source / "languages.csv").write_text("square,language,people,moe\n99,en,5,1\n11,en,5,1\n")
    with pytest.raises(JoinRefusal, match="99"):
        build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))


@pytest.fixture
def hold(built: Path, join: Callable[..., User], partner_desk: Desk, by: Actor, at: datetime) -> Holds:
    """Holds occasions of one kind, a week apart, each with so many people and so many of each language, and publishes;
    gives the channels of their kind."""
    host = join("pia", Role.PARTNER, partner_desk)

    def holding(kind: EngagementKind, *counts: tuple[int, dict[str, int]], days_ago: int = 7) -> list[ChannelVoices]:
        for number, (people, languages) in enumerate(counts):
            begins = at - timedelta(days=days_ago + 7 * number)
            held = Occasion(kind, f"The {number}th", "en", begins, begins + timedelta(hours=2))
            one = engagements.record_held(partner_desk, held, by=host.actor, at=at)
            groups = {"language": languages} if languages else {}
            engagements.count(one, people=people, groups=groups, by=host.actor, at=at)
        publish_voices(by=by, at=at)
        return [channel for channel in _page().channels if channel.channel == kind]

    return holding


EVENINGS = [
    (40, {"en": 30, "es": 2}),
    (60, {"en": 50}),
    (30, {"en": 18, "es": 1, "so": 11}),
    (55, {"en": 50}),
    (35, {"en": 30}),
    (50, {"en": 41, "es": 2}),
]


@pytest.mark.parametrize("kind", EngagementKind)
def test_forums_events_and_pulses_are_channels_of_their_own(kind: EngagementKind, hold: Holds) -> None:
    (channel,) = hold(kind, *EVENINGS, *EVENINGS)
    assert (channel.kind_title, channel.occasions, channel.survey) == ("Language", 12, "")
    assert channel.unknown_share == pytest.approx(1 - 235 / 270, abs=0.001)
    assert {group.group: group.heard for group in channel.groups}["es"] == "less"


def test_numbers_of_a_forum_come_from_statistics_that_know_of_clumps(hold: Holds) -> None:
    (channel,) = hold(EngagementKind.FORUM, *EVENINGS)
    came = np.array([[languages.get(code, 0) for code in SPOKEN] for _, languages in EVENINGS])
    effect = clustered_counts(came).design_effect
    alone, together = (
        participation(came.sum(axis=0), [*SPOKEN.values()], rng=np.random.default_rng(1), design_effect=one)
        for one in (1.0, effect)
    )
    shown = {group.group: group for group in channel.groups}["en"]
    assert (shown.ratio_low, shown.ratio_high) == pytest.approx(
        (together.rates.low[0], together.rates.high[0]), abs=0.02
    ), "but for the error of the census"
    assert together.rates.high[0] - together.rates.low[0] > 1.5 * (alone.rates.high[0] - alone.rates.low[0])


def test_one_occasion_says_nothing_of_another(hold: Holds, client: Client) -> None:
    (channel,) = hold(EngagementKind.EVENT, (90, {"en": 70, "es": 20}), (30, {}), (7, {}))
    assert channel.occasions == 1
    assert (channel.parity, channel.parity_low) == (None, None)
    assert {(group.heard, group.ratio, group.ratio_low) for group in channel.groups} == {("uncertain", None, None)}
    assert [group.share for group in channel.groups] == pytest.approx([0.778, 0.222, 0.0], abs=0.001)
    said = client.get("/who-is-missing/").content.decode()
    assert "Counted on one occasion." in said
    assert "No group is surely heard less than its part." not in said


def test_people_nobody_asked_count_as_unknown(hold: Holds) -> None:
    (channel,) = hold(EngagementKind.PULSE, *EVENINGS, (7, {}), (108, {}), (15, {}))
    assert channel.occasions == 6
    assert channel.unknown_share == pytest.approx(1 - 235 / 400, abs=0.001)


def test_occasions_without_groups_make_no_channel(hold: Holds) -> None:
    assert hold(EngagementKind.FORUM, (30, {}), (7, {}), (12, {})) == []


def test_what_was_held_more_than_a_year_ago_counts_no_more(hold: Holds) -> None:
    assert hold(EngagementKind.FORUM, *EVENINGS, days_ago=400) == []


def test_a_small_group_of_an_evening_stays_hidden(hold: Holds) -> None:
    (channel,) = hold(EngagementKind.FORUM, *EVENINGS)
    groups = {group.group: group for group in channel.groups}
    assert (groups["es"].share, groups["es"].ratio_high) == (None, None)
    assert channel.voices is None or sum(group.share is None for group in channel.groups) > 1


def test_the_page_shows_channels_side_by_side(hold: Holds, heard: VoicesPage, client: Client) -> None:
    hold(EngagementKind.FORUM, *EVENINGS)
    said = client.get("/who-is-missing/").content.decode()
    assert "Forums of the last twelve months" in said
    assert "Counted on 6 occasions." in said
    glance = said[said.index("Channel by channel") : said.index("Concerns of the last twelve months")]
    assert all(f"<bdi>{name}</bdi></th>" in glance for name in ("Concerns", "Forums", "Soomaali"))
    assert glance.count("<tr>") == 1 + len(SPOKEN)
