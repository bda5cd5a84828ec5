"""Desks and seats: who reads, who is offered to residents, and who decides who joins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from hearback.foundation.access import actions, queries
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.access.models import Desk, Seat
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.audit.queries import last
from hearback.foundation.people import actions as people
from hearback.foundation.people.enums import POLICE_SIDE, Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area
from hearback.foundation.vault.models import PersonalKey
from hearback.permission import NotAllowed
from standing_roles import SETTING_UP, give_key, signed_in, unlocked, welcomed

pytestmark = pytest.mark.django_db
Join = Callable[..., User]


def test_a_desk_without_a_reader_is_not_offered(liaison_desk: Desk, at: datetime) -> None:
    assert queries.desks_open_to_residents() == []
    actions.give_seat(liaison_desk, person=welcomed("lia", Role.LIAISON, at=at), by=SETTING_UP, at=at)
    assert queries.desks_open_to_residents() == [liaison_desk]


def test_a_closed_desk_is_not_offered_and_keeps_its_readers(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    actions.close_desk(liaison_desk, by=SETTING_UP, at=at)
    assert queries.desks_open_to_residents() == []
    assert queries.readers(liaison_desk) == [liaison]
    actions.reopen_desk(liaison_desk, by=SETTING_UP, at=at)
    assert queries.desks_open_to_residents() == [liaison_desk]


def test_readers_are_those_with_a_seat_and_its_key(
    liaison: User, teammate: User, outsider: User, liaison_desk: Desk
) -> None:
    assert queries.readers(liaison_desk) == [liaison, teammate]
    assert all(len(person.public_key) == 32 for person in queries.readers(liaison_desk))


def test_a_seat_needs_a_confirmed_key(liaison_desk: Desk, at: datetime) -> None:
    person = welcomed("lia", Role.LIAISON, at=at, key=False)
    with pytest.raises(actions.CannotSit, match="no key yet"):
        actions.give_seat(liaison_desk, person=person, by=SETTING_UP, at=at)


def test_whoever_makes_a_new_key_reads_nothing_until_seated_again(
    liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    later = at + timedelta(days=1)
    give_key(liaison, at=later, replacing=True)
    assert queries.readers(liaison_desk) == []
    assert queries.seats_of(liaison) == []
    actions.give_seat(liaison_desk, person=liaison, by=SETTING_UP, at=later)
    assert queries.readers(liaison_desk) == [liaison]


@pytest.mark.parametrize("role", sorted(POLICE_SIDE))
@pytest.mark.parametrize("kind", [DeskKind.PARTNER, DeskKind.OVERSIGHT])
def test_no_role_of_the_police_side_can_sit_at_an_independent_desk(role: Role, kind: DeskKind, at: datetime) -> None:
    desk = actions.open_desk(key="theirs", kind=kind, name="Theirs", by=SETTING_UP, at=at)
    with pytest.raises(actions.CannotSit):
        actions.give_seat(desk, person=welcomed("adam", role, at=at), by=SETTING_UP, at=at)


def test_a_seat_put_into_the_table_by_hand_reads_nothing(overseer: User, oversight_desk: Desk, at: datetime) -> None:
    intruder = welcomed("ivan", Role.LIAISON, at=at)
    Seat.objects.create(desk=oversight_desk, person=intruder, given_by="nobody", taken_at=at)
    assert queries.readers(oversight_desk) == [overseer]


def test_a_seat_reopened_by_hand_is_not_one_for_another_key(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    give_key(liaison, at=at + timedelta(days=1), replacing=True)
    Seat.objects.update(left_at=None)
    assert queries.readers(liaison_desk) == []


def test_nothing_is_sealed_to_a_key_that_was_not_confirmed(liaison: User, liaison_desk: Desk) -> None:
    PersonalKey.objects.update(confirmed_at=None)
    assert queries.readers(liaison_desk) == queries.desks_open_to_residents() == []


def test_whoever_leaves_a_seat_reads_nothing_new_and_stays_on_record(
    liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    actions.leave_seat(liaison_desk, person=liaison, by=liaison.actor, at=at)
    assert queries.readers(liaison_desk) == []
    assert Seat.objects.get().left_at == at


def test_whoever_can_no_longer_sign_in_leaves_every_seat(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    people.say_goodbye(liaison, by=SETTING_UP, at=at)
    assert queries.readers(liaison_desk) == queries.seats_at(liaison_desk) == []


def test_a_role_that_does_not_fit_leaves_the_seat_and_one_that_does_keeps_it(
    liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    people.change_role(liaison, role=Role.COORDINATOR, by=SETTING_UP, at=at)
    assert queries.readers(liaison_desk) == [liaison]
    people.change_role(liaison, role=Role.ANALYST, by=SETTING_UP, at=at)
    assert queries.seats_at(liaison_desk) == []


def test_giving_a_seat_again_changes_only_the_district(
    liaison: User, liaison_desk: Desk, district: Area, at: datetime
) -> None:
    actions.give_seat(liaison_desk, person=liaison, by=SETTING_UP, at=at + timedelta(days=9))
    (seat,) = queries.seats_at(liaison_desk)
    assert (seat.district, seat.taken_at) == (None, at)


def test_nobody_has_two_seats_at_a_desk(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    with pytest.raises(IntegrityError):
        Seat.objects.create(desk=liaison_desk, person=liaison, given_by="nobody", taken_at=at)


def test_a_desk_stays_what_it_is(partner_desk: Desk, at: datetime) -> None:
    with pytest.raises(actions.OtherKindOfDesk):
        actions.open_desk(key="union", kind=DeskKind.LIAISON, name="Union", by=SETTING_UP, at=at)


def test_opening_a_desk_again_changes_its_name_and_not_whether_it_is_open(partner_desk: Desk, at: datetime) -> None:
    actions.close_desk(partner_desk, by=SETTING_UP, at=at)
    again = actions.open_desk(key="union", kind=DeskKind.PARTNER, name="Union", languages=["es"], by=SETTING_UP, at=at)
    assert (again.pk, again.name, again.languages, again.open) == (partner_desk.pk, "Union", ["es"], False)


def test_every_change_of_a_seat_is_in_the_audit_log(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    entry = Entry.objects.get(verb="access.give-seat")
    assert (entry.subject, entry.detail) == ("desk:team", {"person": "lia", "district": "harbour"})
    actions.leave_seat(liaison_desk, person=liaison, by=liaison.actor, at=at)
    entry = last()
    assert entry is not None
    assert (entry.verb, entry.by) == ("access.leave-seat", "person:lia")


def test_a_partners_people_decide_who_joins_them(partner_desk: Desk, join: Join, at: datetime) -> None:
    pia, second = join("pia", Role.PARTNER, partner_desk), join("paul", Role.PARTNER)
    actions.give_seat(partner_desk, person=second, by=pia.actor, at=at)
    assert queries.readers(partner_desk) == [pia, second]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT])
def test_nobody_else_gives_seats_at_a_partners_desk(partner_desk: Desk, join: Join, role: Role, at: datetime) -> None:
    join("pia", Role.PARTNER, partner_desk)
    stranger, friend = join("sam", role), join("paul", Role.PARTNER)
    with pytest.raises(NotAllowed):
        actions.give_seat(partner_desk, person=friend, by=stranger.actor, at=at)


def test_the_first_seat_is_asked_for_and_accepted_never_given(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam, pia = join("adam", Role.ADMINISTRATOR), join("pia", Role.PARTNER)
    with pytest.raises(NotAllowed):
        actions.give_seat(partner_desk, person=pia, by=adam.actor, at=at)
    invitation = actions.invite(partner_desk, person=pia, by=adam.actor, at=at)
    assert queries.readers(partner_desk) == []
    with pytest.raises(NotAllowed):
        actions.accept_invitation(invitation, by=adam.actor, at=at)
    actions.accept_invitation(invitation, by=pia.actor, at=at)
    assert queries.readers(partner_desk) == [pia]
    entry = last()
    assert entry is not None
    assert entry.detail == {"person": "pia", "invited_by": "person:adam"}


def test_nobody_is_invited_to_a_desk_where_somebody_sits(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam, paul = join("adam", Role.ADMINISTRATOR), join("paul", Role.PARTNER)
    join("pia", Role.PARTNER, partner_desk)
    with pytest.raises(NotAllowed):
        actions.invite(partner_desk, person=paul, by=adam.actor, at=at)


def test_an_invitation_is_overtaken_when_somebody_else_sat_down(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam, paul = join("adam", Role.ADMINISTRATOR), join("paul", Role.PARTNER)
    invitation = actions.invite(partner_desk, person=paul, by=adam.actor, at=at)
    pia = join("pia", Role.PARTNER, partner_desk)
    with pytest.raises(actions.AlreadyAnswered):
        actions.accept_invitation(invitation, by=paul.actor, at=at)
    assert queries.readers(partner_desk) == [pia]


def test_a_newer_invitation_withdraws_the_older(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam, pia, paul = join("adam", Role.ADMINISTRATOR), join("pia", Role.PARTNER), join("paul", Role.PARTNER)
    former = actions.invite(partner_desk, person=pia, by=adam.actor, at=at)
    actions.invite(partner_desk, person=paul, by=adam.actor, at=at)
    former.refresh_from_db()
    with pytest.raises(actions.AlreadyAnswered):
        actions.accept_invitation(former, by=pia.actor, at=at)


def test_a_declined_invitation_seats_nobody(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam, pia = join("adam", Role.ADMINISTRATOR), join("pia", Role.PARTNER)
    invitation = actions.invite(partner_desk, person=pia, by=adam.actor, at=at)
    actions.decline_invitation(invitation, by=pia.actor, at=at)
    assert queries.readers(partner_desk) == []
    assert queries.invitation_for(pia) is None


def test_a_newcomer_is_shown_to_colleagues_and_to_oversight_for_a_month(
    partner_desk: Desk, overseer: User, join: Join, at: datetime
) -> None:
    pia = join("pia", Role.PARTNER, partner_desk)
    join("paul", Role.PARTNER, partner_desk)
    for person in (pia, overseer):
        assert any("paul" in card.text for card in queries.desk_cards(person, at=at + timedelta(days=29)))
        assert queries.desk_cards(person, at=at + timedelta(days=31)) == []


def test_oversight_is_not_told_who_joins_the_police(liaison: User, overseer: User, at: datetime) -> None:
    assert not any("lia" in card.text for card in queries.desk_cards(overseer, at=at))


def test_an_administrator_sees_which_desk_nobody_can_read_at(partner_desk: Desk, join: Join, at: datetime) -> None:
    adam = join("adam", Role.ADMINISTRATOR)
    assert [card.title for card in queries.desk_cards(adam, at=at)] == ["Nobody can read at Tenants' union"]


def test_whom_the_pages_of_a_desk_open_to(
    liaison: User, outsider: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk
) -> None:
    expected = {("lia", "team"): 200, ("otto", "team"): 200, ("ova", "board"): 200, ("lia", "board"): 403}
    for person in (liaison, outsider, overseer):
        client = signed_in(person)
        assert client.get("/desk/desks/").status_code == 200
        for key in ("team", "board"):
            if (person.username, key) in expected:
                assert client.get(f"/desk/desks/{key}/").status_code == expected[person.username, key]
    assert signed_in(liaison).get("/desk/desks/nowhere/").status_code == 404


@pytest.mark.parametrize("step", ["seat", "invite"])
def test_a_form_sent_empty_shows_nobody_who_sits_at_an_independent_desk(
    step: str, liaison: User, overseer: User, oversight_desk: Desk, join: Join
) -> None:
    for stranger in (liaison, join("ann", Role.ANALYST), join("pia", Role.PARTNER)):
        answer = signed_in(stranger).post(f"/desk/desks/board/{step}/")
        assert answer.status_code == 403
        assert overseer.username not in answer.content.decode()


def test_a_sign_in_without_the_key_lets_nobody_into_an_independent_desk(
    overseer: User, oversight_desk: Desk, join: Join
) -> None:
    accomplice = join("anna", Role.OVERSIGHT)
    answer = signed_in(overseer).post("/desk/desks/board/seat/", {"person": accomplice.pk})
    assert answer.headers["Location"] == "/desk/keys/unlock/?next=/desk/desks/board/"
    assert queries.readers(oversight_desk) == [overseer]
    assert unlocked(overseer).post("/desk/desks/board/seat/", {"person": accomplice.pk}).status_code == 302
    assert queries.readers(oversight_desk) == [overseer, accomplice]


def test_a_desk_is_made_filled_and_left_on_its_pages(join: Join, partner_desk: Desk) -> None:
    adam, cora, lia = join("adam", Role.ADMINISTRATOR), join("cora", Role.COORDINATOR), join("lia", Role.LIAISON)
    made = signed_in(adam).post("/desk/desks/new/", {"kind": "liaison", "name": "Harbour team", "languages": ["es"]})
    assert made.status_code == 302, made.content.decode()
    assert made.headers["Location"] == "/desk/desks/harbour-team/"
    coordinator = signed_in(cora)
    assert b"Nobody whose role fits" not in coordinator.get("/desk/desks/harbour-team/").content
    coordinator.post("/desk/desks/harbour-team/seat/", {"person": lia.pk})
    desk = queries.desk_with("harbour-team")
    assert desk is not None
    assert queries.readers(desk) == [lia]
    signed_in(lia).post("/desk/desks/harbour-team/leave/", {"person": lia.pk})
    coordinator.post("/desk/desks/harbour-team/close/")
    assert queries.readers(desk) == []
    assert not queries.desk_with("harbour-team").open


def test_a_partners_desk_needs_an_organisation_and_an_own_name(join: Join, partner_desk: Desk) -> None:
    client = signed_in(join("adam", Role.ADMINISTRATOR))
    for form in (
        {"kind": "partner", "name": "Nobody's"},
        {"kind": "oversight", "name": "New"},
        {"kind": "liaison", "name": "Union"},
    ):
        assert client.post("/desk/desks/new/", form).status_code == 200
    assert len(queries.all_desks()) == 1


def test_the_invited_person_accepts_by_typing_the_name_of_the_desk(
    partner_desk: Desk, join: Join, at: datetime
) -> None:
    adam, pia = join("adam", Role.ADMINISTRATOR), join("pia", Role.PARTNER)
    signed_in(adam).post("/desk/desks/union/invite/", {"person": pia.pk})
    client = signed_in(pia)
    assert b"You are invited" in client.get("/desk/").content
    client.post("/desk/desks/invitation/", {"answer": "accept", "name": "something else"})
    assert queries.readers(partner_desk) == []
    client.post("/desk/desks/invitation/", {"answer": "accept", "name": "tenants' union"})
    assert queries.readers(partner_desk) == [pia]


def test_status_counts_desks_that_are_offered(liaison: User, partner_desk: Desk, by: Actor) -> None:
    assert queries.holdings() == {"desks": 1, "seats": 1}


def test_whoever_cannot_give_a_seat_at_an_empty_liaison_desk_learns_who_can(liaison_desk: Desk, join: Join) -> None:
    for role, told in ((Role.ADMINISTRATOR, True), (Role.LIAISON, True), (Role.COORDINATOR, False)):
        page = signed_in(join(f"a-{role}", role)).get(f"/desk/desks/{liaison_desk.key}/").content.decode()
        assert ("A coordinator gives the seats here" in page) is told, role
