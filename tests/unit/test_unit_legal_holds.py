"""Legal holds: who places and ends them, why that is on record, and what the resident is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from concerns import WORDS, Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import resident, upkeep
from hearback.listen.concerns.actions._writing import NotNow
from hearback.listen.concerns.models import Concern, Message
from hearback.listen.concerns.queries.holds import holds
from residents import open_thread, said, step
from standing_roles import signed_in, unlocked

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
ADDRESS = "/desk/concerns/holds/"
REASON = "Order 12/2026 of the county court"


@pytest.fixture
def one(sent: Sends, liaison: User, liaison_desk: Desk) -> Sent:
    """A concern at the liaisons' desk."""
    return sent(liaison_desk)


def test_oversight_holds_by_reference_with_a_reason_and_reads_no_word(one: Sent, overseer: User) -> None:
    client = unlocked(overseer)
    answer = client.post(ADDRESS, {"reference": f" {one.concern.reference.lower()} ", "reason": REASON}, follow=True)
    page = answer.content.decode()
    assert one.concern.legal_hold
    assert REASON in page
    assert one.concern.reference in page
    assert WORDS not in page
    assert client.get(f"/desk/concerns/{one.concern.reference}/").status_code == 404
    entry = Entry.objects.get(verb="concerns.hold")
    assert (entry.by, entry.detail) == ("person:ova", {"reason": REASON})


def test_a_hold_ends_with_a_reason_too(one: Sent, overseer: User) -> None:
    client = signed_in(overseer)
    client.post(ADDRESS, {"reference": one.concern.reference, "reason": REASON})
    address = f"{ADDRESS}{one.concern.reference}/"
    assert REASON in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert one.concern.legal_hold
    assert "Nothing is held." in client.post(address, {"reason": "The case is closed."}, follow=True).content.decode()
    assert not one.concern.legal_hold
    assert Message.objects.count() == 1
    entry = Entry.objects.get(verb="concerns.release_hold")
    assert entry.detail == {"reason": "The case is closed.", "erased": False}
    assert client.get(address).status_code == 404


def test_a_second_order_is_written_beside_the_first(one: Sent, overseer: User, at: datetime) -> None:
    for reason in ("old", REASON, "A second order"):
        upkeep.hold(one.concern, reason=reason, by=overseer.actor, at=at)
        if reason == "old":
            upkeep.release_hold(one.concern, reason="over", by=overseer.actor, at=at)
    (held,) = holds(overseer)
    assert held.reasons == (REASON, "A second order")


@pytest.mark.parametrize("reference", ["2222222222", "", "'; --"])
def test_a_reference_that_does_not_exist_is_said(reference: str, overseer: User, liaison: User) -> None:
    answer = signed_in(overseer).post(ADDRESS, {"reference": reference, "reason": REASON})
    assert answer.status_code == 422


def test_what_was_erased_is_told_on_the_page(one: Sent, overseer: User, at: datetime) -> None:
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    answer = signed_in(overseer).post(ADDRESS, {"reference": one.concern.reference, "reason": REASON})
    assert answer.status_code == 422
    assert "There is nothing left to keep" in answer.content.decode()


def test_a_coordinator_sees_what_is_held_at_liaison_desks_and_changes_nothing(
    one: Sent, sent: Sends, overseer: User, oversight_desk: Desk, join: Callable[..., User], at: datetime
) -> None:
    theirs = sent(oversight_desk)
    for concern in (one.concern, theirs.concern):
        upkeep.hold(concern, reason=REASON, by=overseer.actor, at=at)
    client = signed_in(join("cora", Role.COORDINATOR))
    page = client.get(ADDRESS).content.decode()
    assert one.concern.reference in page
    assert theirs.concern.reference not in page
    assert client.post(ADDRESS, {"reference": theirs.concern.reference, "reason": "x"}).status_code == 403
    assert client.post(f"{ADDRESS}{one.concern.reference}/", {"reason": "x"}).status_code == 403
    assert one.concern.legal_hold


@pytest.mark.parametrize("who", ["liaison", "teammate", "outsider"])
def test_others_do_not_see_holds(who: str, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get(ADDRESS).status_code == 403


def test_a_resident_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS)["Location"].startswith("/desk/login/")


def test_a_hold_that_is_not_there_cannot_end(one: Sent, overseer: User, by: Actor, at: datetime) -> None:
    with pytest.raises(NotNow):
        upkeep.release_hold(one.concern, reason="x", by=by, at=at)
    upkeep.hold(one.concern, reason=REASON, by=by, at=at)
    with pytest.raises(NotNow):
        upkeep.release_hold(one.concern, reason=" ", by=by, at=at)


@pytest.fixture
def held(one: Sent, overseer: User, at: datetime) -> Sent:
    """A concern that the law holds."""
    upkeep.hold(one.concern, reason=REASON, by=overseer.actor, at=at)
    return one


def test_the_resident_is_told_before_and_after_that_it_is_not_erased(held: Sent, client: Client) -> None:
    words = held.submission.receipt.text
    thread = open_thread(client, words)
    assert "The law asks that this be kept for now." in said(thread)
    asked = step(client, thread, "withdraw")
    assert "nothing is erased now" in said(asked)
    assert "Erase everything" not in said(asked)
    for page in (step(client, asked, "erase"), open_thread(client, words)):
        assert "You took it back" in said(page)
        assert "It is not erased yet." in said(page)
        assert "Nobody can read it any more" not in said(page)
        assert REASON not in said(page)


def test_no_page_calls_erased_what_is_held(held: Sent, liaison: User, at: datetime) -> None:
    resident.withdraw(held.concern, keys=held.keys, by=RESIDENT, at=at)
    page = said(unlocked(liaison).get(f"/desk/concerns/{held.concern.reference}/"))
    assert "Taken back by its resident, and kept only as long as the law asks for it" in page
    assert "Withdrawn and erased" not in page
    assert WORDS in page
    assert "See it before it goes" not in page
    assert "Keep the note" not in page


def test_what_was_taken_back_is_erased_in_the_moment_the_hold_ends(
    held: Sent, overseer: User, client: Client, at: datetime
) -> None:
    resident.withdraw(held.concern, keys=held.keys, by=RESIDENT, at=at)
    desk = signed_in(overseer)
    address = f"{ADDRESS}{held.concern.reference}/"
    assert "everything is erased for good" in desk.get(address).content.decode()
    desk.post(address, {"reason": "The case is closed."})
    concern = Concern.objects.get()
    assert not Message.objects.exists()
    assert not concern.sealed_keys.exists()
    assert concern.standing == "Withdrawn and erased"
    assert Entry.objects.get(verb="concerns.release_hold").detail["erased"] is True
    assert "We find nothing under these words" in said(open_thread(client, held.submission.receipt.text))
