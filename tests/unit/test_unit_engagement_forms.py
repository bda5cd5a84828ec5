"""Announcing, recording and counting engagements: what is wrong is said where it is, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from engagements import (
    HELD,
    HOME,
    NEW,
    OVER,
    WRITTEN,
    decides,
    errors_of,
    occasion,
    page_of,
    text_of,
)
from hearback.foundation.access.models import Desk
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import City
from hearback.foundation.populations.models import Population
from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import Ground, State
from hearback.listen.engagements.models import Engagement
from standing_roles import SETTING_UP, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
NASTY = '<script>alert("x")</script> & more'


# Announcing


def test_a_partner_announces_and_sees_that_it_waits(partner: User) -> None:
    answer = signed_in(partner).post(NEW, WRITTEN | {"desk": "union"}, follow=True)
    one = Engagement.objects.get()
    assert (one.state, one.desk.key, one.written_by, one.spoken) == (State.WAITING, "union", partner, ["en", "es"])
    assert "It waits to be read now." in text_of(answer)
    assert "It is to be read by March 6, 2026." in text_of(answer)
    assert "Wait to be read" in text_of(signed_in(partner).get(HOME))


def test_the_page_says_before_who_reads_it_and_on_which_grounds_alone_it_comes_back(liaison: User) -> None:
    page = text_of(signed_in(liaison).get(NEW))
    for ground in Ground:
        assert str(ground.label) in page
    for said in ("within 2 working days", "Criticism of the police is no ground", "you can ask oversight"):
        assert said in page
    assert "becomes public. Do not name private persons" in page


def test_whoever_sits_at_several_desks_chooses_and_cannot_choose_another(
    liaison: User, join: Callable[..., User], partner_desk: Desk, liaison_desk: Desk
) -> None:
    assert 'type="hidden" name="desk" value="team"' in text_of(signed_in(liaison).get(NEW))
    assert list(errors_of(signed_in(liaison).post(NEW, WRITTEN | {"desk": partner_desk.key}))) == ["desk"]
    second = Desk.objects.create(key="second", kind=liaison_desk.kind, name="Second team")
    both = signed_in(join("bo", Role.LIAISON, liaison_desk, second))
    assert '<select name="desk"' in text_of(both.get(NEW))
    both.post(NEW, WRITTEN | {"desk": "second"})
    assert Engagement.objects.get().desk == second


WRONG = [
    ("kind", "", "Choose what it is."),
    ("kind", "party", "Select a valid choice."),
    ("title", " \u200b ", "Give it a title."),
    ("title", "x" * 121, "This has 121 characters; 120 is the most."),
    ("text", "", "Say what happens there."),
    ("text", "x" * 1_501, "This has 1501 characters; 1500 is the most."),
    ("language", "tlh", "Select a valid choice."),
    ("spoken", [], "Choose at least one language"),
    ("spoken", ["en", "tlh"], "Select a valid choice."),
    ("place", "", "Say where it is"),
    ("place", "x" * 201, "This has 201 characters; 200 is the most."),
    ("area", "atlantis", "Select a valid choice."),
    ("starts_at", "", "Say when it begins."),
    ("starts_at", "soon", "Give a day and an hour"),
    ("starts_at", "2026-03-04T15:29", "It has begun already."),
    ("starts_at", "0001-01-01T00:00", "It has begun already."),
    ("ends_at", "", "Say when it ends."),
    ("ends_at", "2026-03-10T18:00", "It ends before it begins."),
    ("ends_at", "2026-04-10T18:01", "It takes more than 31 days."),
    ("ends_at", "9999-12-31T23:59", "It takes more than 31 days."),
]


@pytest.mark.parametrize(("field", "value", "sentence"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    field: str, value: Any, sentence: str, partner: User
) -> None:
    answer = signed_in(partner).post(NEW, WRITTEN | {"desk": "union", field: value})
    errors = errors_of(answer)
    assert errors[field][0].startswith(sentence)
    assert set(errors) <= {field, "ends_at"}
    assert sentence in text_of(answer)
    for name in {"title", "text", "place", "starts_at"} - {field}:
        assert WRITTEN[name] in text_of(answer)
    assert text_of(answer).count(" checked") == len(WRITTEN["spoken"]) + 1 - (
        {"kind": 1, "spoken": 2 - value.count("en")}.get(field, 0)
    )
    assert not Engagement.objects.exists()


def test_an_announcement_is_made_for_the_coming_year(partner: User) -> None:
    late = {"desk": "union", "starts_at": "2027-03-06T18:00", "ends_at": "2027-03-06T20:00"}
    assert errors_of(signed_in(partner).post(NEW, WRITTEN | late)) == {
        "starts_at": ["It is more than a year away. Announce it when it is nearer."]
    }


def test_a_pulse_has_no_place_unless_it_has_one(partner: User) -> None:
    signed_in(partner).post(NEW, WRITTEN | {"desk": "union", "kind": "pulse", "place": ""})
    assert Engagement.objects.get().place == ""


def test_a_language_is_spoken_once_however_often_it_is_ticked(partner: User) -> None:
    signed_in(partner).post(NEW, WRITTEN | {"desk": "union", "spoken": ["es", "en", "es"]})
    assert Engagement.objects.get().spoken == ["es", "en"]


@pytest.mark.parametrize("name", ["kind", "spoken"])
def test_what_is_wrong_with_a_group_of_boxes_is_read_out_with_it(name: str, partner: User) -> None:
    page = text_of(signed_in(partner).post(NEW, WRITTEN | {"desk": "union", name: ""}))
    assert f'<fieldset aria-describedby="id_{name}_error">' in page
    assert f'id="id_{name}_error"' in page


def test_line_ends_are_counted_once_and_a_title_is_one_line(partner: User) -> None:
    words = "\r\n".join(["x" * 749] * 2) + "\r\n"
    signed_in(partner).post(NEW, WRITTEN | {"desk": "union", "title": "Mill\r\n  Street", "text": words})
    one = Engagement.objects.get()
    assert (one.title, len(one.text)) == ("Mill Street", 1_499)


def test_moments_are_meant_and_shown_in_the_agencys_time_zone(partner: User) -> None:
    City.objects.create(name="Little Nine", timezone="America/New_York", workdays=[0, 1, 2, 3, 4])
    browser = signed_in(partner)
    assert "Time zone: America/New_York" in text_of(browser.get(NEW))
    answer = browser.post(NEW, WRITTEN | {"desk": "union"}, follow=True)
    assert Engagement.objects.get().starts_at.isoformat() == "2026-03-10T22:00:00+00:00"
    assert "Tuesday, March 10, 2026, 6 p.m." in text_of(answer)
    assert 'value="2026-03-10T18:00"' in text_of(browser.get(page_of(Engagement.objects.get(), "reword")))


def test_an_hour_that_clocks_leave_out_is_no_moment(partner: User) -> None:
    City.objects.create(name="Little Nine", timezone="America/New_York", workdays=[0, 1, 2, 3, 4])
    answer = signed_in(partner).post(NEW, WRITTEN | {"desk": "union", "starts_at": "2026-03-08T02:30"})
    assert errors_of(answer)["starts_at"][0].startswith("The clocks change in this hour")


def test_a_flood_is_refused_at_the_form(partner: User, partner_desk: Desk, at: datetime) -> None:
    for day in range(1, actions.MOST_WAITING + 1):
        actions.announce(partner_desk, occasion(at + timedelta(days=day)), by=partner.actor, at=at)
    answer = signed_in(partner).post(NEW, WRITTEN | {"desk": "union"})
    assert errors_of(answer)["__all__"][0].startswith("20 announcements of this desk wait to be read. Wait until")
    assert WRITTEN["text"] in text_of(answer)


def test_words_are_shown_and_never_run(partner: User) -> None:
    nasty = dict.fromkeys(("title", "text", "place"), NASTY)
    answer = signed_in(partner).post(NEW, WRITTEN | {"desk": "union"} | nasty, follow=True)
    for page in (
        answer,
        signed_in(partner).get(HOME),
        signed_in(partner).get(page_of(Engagement.objects.get(), "reword")),
    ):
        assert NASTY not in text_of(page)
        assert "&lt;script&gt;alert(" in text_of(page)


# Recording what was held


def test_what_was_held_needs_fewer_words(partner: User) -> None:
    given = {name: value for name, value in OVER.items() if name not in {"text", "place", "spoken"}}
    answer = signed_in(partner).post(HELD, given | {"desk": "union"}, follow=True)
    assert "It is on record. Now count who took part." in text_of(answer)
    one = Engagement.objects.get()
    assert (one.state, one.text, one.place, one.spoken) == (State.HELD, "", "", [])
    assert 'name="text"' not in text_of(signed_in(partner).get(HELD))


@pytest.mark.parametrize(
    ("moments", "field", "sentence"),
    [
        (("2025-03-01T18:00", "2025-03-01T20:00"), "starts_at", "It was more than a year ago."),
        (("2026-03-04T14:00", "2026-03-04T16:00"), "ends_at", "It is not over yet."),
        (("2026-03-01T20:00", "2026-03-01T18:00"), "ends_at", "It ends before it begins."),
    ],
)
def test_what_was_held_lies_in_the_last_year(
    moments: tuple[str, str], field: str, sentence: str, partner: User
) -> None:
    given = OVER | dict(zip(("starts_at", "ends_at"), moments, strict=True)) | {"desk": "union"}
    assert errors_of(signed_in(partner).post(HELD, given))[field][0].startswith(sentence)


# Counting


def test_who_took_part_is_counted_shown_and_counted_anew(
    partner: User, held: Engagement, languages: Population
) -> None:
    browser, address = signed_in(partner), page_of(held, "count")
    assert "Not counted yet" in text_of(browser.get(HOME))
    assert '<details class="groups"><summary>Language' in text_of(browser.get(address))
    given = {"people": "30", "language/en": "12", "language/h%20t%3C%27": "", "religion/x": "3", "language/xx": "1"}
    assert "It is counted." in text_of(browser.post(address, given, follow=True))
    assert [(one.kind, one.group, one.people) for one in held.head_counts.all()] == [("language", "en", 12)]
    page = text_of(browser.get(address))
    assert 'value="30"' in page
    assert 'value="12"' in page
    assert "is replaced by what you keep now" in page
    assert '<details class="groups" open>' in page
    browser.post(address, {"people": "31", "language/h%20t%3C%27": "4"})
    assert [(one.group, one.people) for one in held.head_counts.all()] == [("h t<'", 4)]
    assert '<td class="number">31</td>' in text_of(browser.get(HOME))


@pytest.mark.parametrize("number", ["", "-1", "100001", "many", "1.5", "9" * 5000])
def test_a_number_of_people_is_a_number_of_people(
    number: str, partner: User, held: Engagement, languages: Population
) -> None:
    sentence = "Give a whole number from 0 to 100,000."
    given = {"people": number, "language/en": number}
    errors = errors_of(signed_in(partner).post(page_of(held, "count"), given))
    assert errors["people"] == [sentence if number else "Say how many people took part."]
    assert errors.get("language/en") == ([sentence] if number else None)


def test_groups_that_add_up_to_more_than_came_are_refused_where_they_stand(
    partner: User, held: Engagement, languages: Population
) -> None:
    answer = signed_in(partner).post(page_of(held, "count"), {"people": "20", "language/en": "21"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The groups add up to 21, and 20 took part. Correct one of the two" in page
    assert page.index("<summary>Language") < page.index("The groups add up to 21")
    assert '<details class="groups" open>' in page
    assert 'value="21"' in page
    assert Engagement.objects.get().people is None


def test_groups_of_a_few_people_are_not_kept_and_this_is_said(
    partner: User, held: Engagement, languages: Population
) -> None:
    browser, address = signed_in(partner), page_of(held, "count")
    assert "Where fewer than 10 people took part" in text_of(browser.get(address))
    answer = browser.post(address, {"people": "9", "language/en": "5"})
    assert errors_of(answer)["people"][0].startswith("With fewer than 10 people their groups would tell who they are.")
    browser.post(address, {"people": "9"})
    assert Engagement.objects.get().people == 9


def test_where_no_population_is_known_only_the_total_is_asked(partner: User, held: Engagement) -> None:
    page = text_of(signed_in(partner).get(page_of(held, "count")))
    assert "there is nothing to compare groups with" in page
    assert "<fieldset" not in page


def test_what_has_not_begun_is_not_counted(partner: User, coordinator: User, announced: Engagement) -> None:
    decides(coordinator, announced)
    browser, address = signed_in(partner), page_of(announced, "count")
    assert address not in text_of(browser.get(page_of(announced)))
    assert browser.get(address)["Location"] == page_of(announced)
    answer = browser.post(address, {"people": "3"})
    assert answer.status_code == 409
    assert "It has not begun. Count when it is over." in text_of(answer)


def test_a_long_list_of_counted_ones_has_pages(partner: User, partner_desk: Desk, at: datetime) -> None:
    for day in range(1, 52):
        one = actions.record_held(partner_desk, occasion(at - timedelta(days=day)), by=SETTING_UP, at=at)
        actions.count(one, people=day, groups={}, by=SETTING_UP, at=at)
    assert '<td class="number">51</td>' not in text_of(signed_in(partner).get(HOME))
    assert '<td class="number">51</td>' in text_of(signed_in(partner).get(HOME, {"page": "2"}))
