"""Pages of engagements in the workspace: who sees what, and that nothing is decided about words that nobody read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements import (
    HELD,
    HOME,
    NEW,
    WRITTEN,
    decides,
    occasion,
    page_of,
    sends_back,
    state_of,
    text_of,
)
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.populations.models import Population
from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import Ground, State
from hearback.listen.engagements.models import Engagement
from standing_roles import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
STEPS = ("withdraw", "appeal", "call-off")


# Who sees what


def test_the_five_standing_roles_at_the_list(
    liaison: User, teammate: User, outsider: User, overseer: User, client: Client
) -> None:
    for person in (liaison, teammate, outsider, overseer):
        assert signed_in(person).get(HOME).status_code == 200
    assert client.get(HOME)["Location"].startswith("/desk/login/")


def test_the_five_standing_roles_at_the_forms(
    liaison: User, teammate: User, outsider: User, overseer: User, client: Client
) -> None:
    for address in (NEW, HELD):
        assert [signed_in(person).get(address).status_code for person in (liaison, teammate)] == [200, 200]
        assert [signed_in(person).get(address).status_code for person in (outsider, overseer)] == [403, 403]
        assert client.get(address)["Location"].startswith("/desk/login/")


def test_the_five_standing_roles_at_a_partners_announcement(
    liaison: User, teammate: User, outsider: User, overseer: User, client: Client, announced: Engagement
) -> None:
    for person in (liaison, teammate, outsider):
        browser = signed_in(person)
        assert browser.get(page_of(announced)).status_code == 403
        for step in (*STEPS, "reword", "count", "publish", "send-back"):
            assert browser.post(page_of(announced, step)).status_code == 403, step
    assert signed_in(overseer).get(page_of(announced)).status_code == 200
    assert client.get(page_of(announced))["Location"].startswith("/desk/login/")
    assert state_of(announced) == State.WAITING


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_who_neither_hosts_nor_moderates_has_no_link_and_no_page(
    role: Role, announced: Engagement, join: Callable[..., User]
) -> None:
    browser = signed_in(join("ann", role))
    assert {browser.get(address).status_code for address in (HOME, NEW, HELD, page_of(announced))} == {403}
    assert HOME not in text_of(browser.get("/desk/"))


def test_hosts_and_moderators_have_the_link(liaison: User, partner: User, coordinator: User, overseer: User) -> None:
    for person in (liaison, partner, coordinator, overseer):
        assert f'<a href="{HOME}">Forums and events</a>' in text_of(signed_in(person).get("/desk/"))


def test_only_whoever_sits_at_a_desk_is_offered_to_announce(partner: User, outsider: User, overseer: User) -> None:
    assert NEW in text_of(signed_in(partner).get(HOME))
    for person in (outsider, overseer):
        page = text_of(signed_in(person).get(HOME))
        assert NEW not in page
        assert "nothing waits for you" in page


@pytest.mark.parametrize("step", ["", "reword", "count"])
def test_what_does_not_exist_is_not_found(step: str, partner: User) -> None:
    assert signed_in(partner).get(f"{HOME}0000000000/{step}{'/' if step else ''}").status_code == 404


@pytest.mark.parametrize("step", [*STEPS, "publish", "send-back"])
def test_steps_are_not_taken_by_following_a_link(step: str, partner: User, announced: Engagement) -> None:
    assert signed_in(partner).get(page_of(announced, step)).status_code == 405


# Reading and deciding


def test_a_coordinator_reads_and_publishes_and_then_everybody_who_moderates_sees_it(
    coordinator: User, overseer: User, announced: Engagement
) -> None:
    assert "To read" in text_of(signed_in(coordinator).get(HOME))
    page = text_of(signed_in(coordinator).get(page_of(announced)))
    assert "The police listen." in page
    assert "Publish it" in page
    answer = signed_in(coordinator).post(page_of(announced, "publish"), {"seen": 1}, follow=True)
    assert "It is published." in text_of(answer)
    assert state_of(announced) == State.PUBLISHED
    for person in (coordinator, overseer):
        assert page_of(announced) in text_of(signed_in(person).get(HOME))


def test_whoever_moderates_is_told_in_which_language_the_words_are(coordinator: User, announced: Engagement) -> None:
    Engagement.objects.update(language="so")
    assert 'Written in <bdi lang="so">Soomaali</bdi>.' in text_of(signed_in(coordinator).get(page_of(announced)))


def test_a_partner_sees_ground_remark_and_role_and_not_who_decided(
    partner: User, coordinator: User, announced: Engagement
) -> None:
    assert sends_back(coordinator, announced).status_code == 302
    for page in (HOME, page_of(announced)):
        shown = text_of(signed_in(partner).get(page))
        assert str(Ground.UNCLEAR.label) in shown
        assert "Which Mill Street?" in shown
        assert "cora" not in shown
    assert "Coordinator" in text_of(signed_in(partner).get(page_of(announced)))
    assert "Came back" in text_of(signed_in(partner).get(HOME))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"remark": "Why?"}, "Choose a ground."),
        ({"ground": "criticism", "remark": "Why?"}, "Select a valid choice."),
        ({"ground": "harm", "remark": " "}, "Say what should be changed"),
        ({"ground": "harm", "remark": "x" * 501}, "This has 501 characters; 500 is the most."),
    ],
)
def test_nothing_is_sent_back_without_a_ground_and_a_remark(
    fields: dict[str, str], sentence: str, coordinator: User, announced: Engagement
) -> None:
    answer = decides(coordinator, announced, "send-back", **fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert fields["remark"].strip() in text_of(answer)
    assert state_of(announced) == State.WAITING


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 5000, "-1"])
def test_words_that_were_changed_meanwhile_are_not_published(
    seen: str, partner: User, coordinator: User, announced: Engagement, at: datetime
) -> None:
    actions.reword(announced, occasion(at + timedelta(days=6), "Other words"), by=partner.actor, at=at)
    answer = decides(coordinator, announced, seen=seen)
    assert answer.status_code == 409
    assert "The words were changed while you read them. Read them again, then decide." in text_of(answer)
    assert "Other words" in text_of(answer)
    assert 'name="seen" value="2"' in text_of(answer)
    assert state_of(announced) == State.WAITING


def test_the_second_click_decides_nothing_and_frightens_nobody(
    coordinator: User, overseer: User, announced: Engagement
) -> None:
    answers = [decides(coordinator, announced) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"{HOME}?done=publish"] * 2
    answers = [sends_back(overseer, announced) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"{HOME}?done=send-back"] * 2
    assert Entry.objects.filter(verb="engagements.publish").count() == 1
    assert announced.decisions.count() == 2


def test_somebody_who_decides_a_second_later_is_told(coordinator: User, overseer: User, announced: Engagement) -> None:
    decides(overseer, announced)
    answer = decides(coordinator, announced)
    assert answer.status_code == 409
    assert "Oversight alone decides about these words now." in text_of(answer)
    assert announced.decisions.count() == 1


def test_what_oversight_published_a_coordinator_does_not_take_off(
    partner: User, coordinator: User, overseer: User, announced: Engagement
) -> None:
    sends_back(coordinator, announced)
    signed_in(partner).post(page_of(announced, "appeal"))
    assert decides(coordinator, announced).status_code == 403
    decides(overseer, announced)
    assert "Take it off the page" not in text_of(signed_in(coordinator).get(page_of(announced)))
    assert sends_back(coordinator, announced).status_code == 409
    assert state_of(announced) == State.PUBLISHED
    assert "Take it off the page" in text_of(signed_in(overseer).get(page_of(announced)))


def test_nobody_publishes_their_own_words(join: Callable[..., User], liaison_desk: Desk, at: datetime) -> None:
    cora = join("cora", Role.COORDINATOR, liaison_desk)
    own = actions.announce(liaison_desk, occasion(at + timedelta(days=6)), by=cora.actor, at=at)
    page = text_of(signed_in(cora).get(page_of(own)))
    assert "You wrote it, so somebody else reads it." in page
    assert "Publish it" not in page
    assert "To read" not in text_of(signed_in(cora).get(HOME))
    assert decides(cora, own).status_code == 403


def test_what_waits_too_long_is_marked(coordinator: User, partner: User, announced: Engagement, at: datetime) -> None:
    late = "This waits longer than it should."
    assert late not in text_of(signed_in(coordinator).get(HOME))
    Engagement.objects.update(waiting_since=at - timedelta(days=9))
    assert late in text_of(signed_in(coordinator).get(HOME))
    assert "It was to be read by Feb. 25, 2026." in text_of(signed_in(partner).get(page_of(announced)))


def test_on_a_weekend_nothing_is_still_to_be_read_by_friday(
    partner: User, announced: Engagement, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days, said in ((2, "It is to be read by March 6, 2026."), (3, "It was to be read by March 6, 2026.")):
        monkeypatch.setattr(timezone, "now", lambda days=days: at + timedelta(days=days))
        assert said in text_of(signed_in(partner).get(page_of(announced)))


# The people of the desk


def test_after_it_came_back_its_desk_says_it_in_other_words(
    partner: User, coordinator: User, announced: Engagement
) -> None:
    sends_back(coordinator, announced)
    browser, address = signed_in(partner), page_of(announced, "reword")
    page = text_of(browser.get(address))
    for word in ("Mill Street", "The police listen.", "Library", 'value="2026-03-10T15:00"'):
        assert word in page
    assert 'name="desk"' not in page
    assert "Your new words" in text_of(browser.post(address, WRITTEN, follow=True))
    one = Engagement.objects.get()
    assert (one.state, one.version, one.title) == (State.WAITING, 2, WRITTEN["title"])
    assert "about earlier words" in text_of(browser.get(page_of(announced)))


def test_what_is_published_is_not_changed_under_its_readers(
    partner: User, coordinator: User, announced: Engagement
) -> None:
    decides(coordinator, announced)
    browser, address = signed_in(partner), page_of(announced, "reword")
    assert address not in text_of(browser.get(page_of(announced)))
    assert browser.get(address)["Location"] == page_of(announced)
    assert browser.post(address, WRITTEN).status_code == 422
    assert state_of(announced) == State.PUBLISHED


def test_what_a_partner_has_published_oversight_alone_takes_off(
    coordinator: User, overseer: User, announced: Engagement
) -> None:
    decides(coordinator, announced)
    assert "Take it off the page" not in text_of(signed_in(coordinator).get(page_of(announced)))
    assert sends_back(coordinator, announced).status_code == 409
    assert state_of(announced) == State.PUBLISHED
    sends_back(overseer, announced)
    assert state_of(announced) == State.RETURNED


def test_oversight_is_asked_once_about_the_same_words(
    partner: User, coordinator: User, overseer: User, announced: Engagement
) -> None:
    sends_back(coordinator, announced)
    browser, address = signed_in(partner), page_of(announced, "appeal")
    assert address in text_of(browser.get(page_of(announced)))
    assert "Oversight is asked" in text_of(browser.post(address, follow=True))
    sends_back(overseer, announced)
    assert address not in text_of(browser.get(page_of(announced)))
    answer = browser.post(address)
    assert answer.status_code == 409
    assert "Oversight has decided about these words. Say it in other words." in text_of(answer)


def test_what_is_taken_back_has_no_words_and_stands_in_no_list(partner: User, announced: Engagement) -> None:
    browser = signed_in(partner)
    answer = browser.post(page_of(announced, "withdraw"), follow=True)
    assert "It is taken back, and its words are erased." in text_of(answer)
    assert page_of(announced) not in text_of(answer)
    page = browser.get(page_of(announced))
    assert "They are erased." in text_of(page)
    assert page.context["can"] == set()


def test_what_was_recorded_by_mistake_is_taken_back_with_its_count(
    partner: User, held: Engagement, languages: Population
) -> None:
    browser = signed_in(partner)
    browser.post(page_of(held, "count"), {"people": "30", "language/en": "12"})
    assert "Recorded by mistake?" in text_of(browser.get(page_of(held)))
    browser.post(page_of(held, "withdraw"))
    assert page_of(held) not in text_of(browser.get(HOME))
    assert not held.head_counts.exists()


def test_a_coordinator_whose_page_is_old_is_told_that_it_was_taken_back(
    partner: User, coordinator: User, announced: Engagement
) -> None:
    signed_in(partner).post(page_of(announced, "withdraw"))
    answer = decides(coordinator, announced)
    assert answer.status_code == 409
    assert "It stands at “Taken back”" in text_of(answer)


def test_what_is_called_off_says_so_and_is_not_called_off_when_it_is_over(
    partner: User, coordinator: User, announced: Engagement, at: datetime
) -> None:
    browser, address = signed_in(partner), page_of(announced, "call-off")
    assert browser.post(address).status_code == 409
    decides(coordinator, announced)
    Engagement.objects.update(starts_at=at - timedelta(hours=3), ends_at=at)
    assert address not in text_of(browser.get(page_of(announced)))
    assert browser.post(address).status_code == 409
    Engagement.objects.update(ends_at=at + timedelta(hours=3))
    assert address in text_of(browser.get(page_of(announced)))
    assert "It is called off." in text_of(browser.post(address, follow=True))
    assert "Called off" in text_of(browser.get(HOME))


def test_what_was_done_is_said_in_our_own_words_only(partner: User) -> None:
    assert 'role="status"' not in text_of(signed_in(partner).get(HOME, {"done": "hacked"}))
