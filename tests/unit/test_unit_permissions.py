"""The five standing roles, and every permission asked of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from hearback.foundation.access import permissions as access
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people import permissions as people
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.vault import permissions as vault
from hearback.permission import NotAllowed, demand, held_by
from standing_roles import SETTING_UP

pytestmark = pytest.mark.django_db
Join = Callable[..., User]


@pytest.fixture
def standing(liaison: User, teammate: User, outsider: User, overseer: User, resident: Actor) -> dict[str, Actor]:
    """The five, as actors."""
    seated = {"liaison": liaison, "teammate": teammate, "outsider": outsider, "overseer": overseer}
    return {name: person.actor for name, person in seated.items()} | {"resident": resident}


def those(standing: dict[str, Actor], permission: Callable[..., bool], *subject: object) -> set[str]:
    """Who of the five holds the permission."""
    return {name for name, actor in standing.items() if permission(actor, *subject)}


def test_none_of_the_five_makes_desks_or_sign_ins(standing: dict[str, Actor], oversight_desk: Desk) -> None:
    for permission in (access.may_open_desk, people.may_welcome, people.may_see_everybody):
        assert those(standing, permission) == set()
    assert those(standing, access.may_invite, oversight_desk) == set()


def test_the_liaisons_desk_is_a_coordinators_to_fill_and_close(
    standing: dict[str, Actor], liaison_desk: Desk, join: Join
) -> None:
    assert those(standing, access.may_give_seat, liaison_desk) == set()
    assert those(standing, access.may_close_desk, liaison_desk) == set()
    coordinator = join("cora", Role.COORDINATOR).actor
    assert access.may_give_seat(coordinator, liaison_desk)
    assert access.may_close_desk(coordinator, liaison_desk)


def test_oversights_desk_is_its_own_to_fill_and_close(
    standing: dict[str, Actor], oversight_desk: Desk, join: Join
) -> None:
    assert those(standing, access.may_give_seat, oversight_desk) == {"overseer"}
    assert those(standing, access.may_close_desk, oversight_desk) == {"overseer"}
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.OVERSIGHT):
        assert not access.may_close_desk(join(f"sam-{role}", role).actor, oversight_desk)


def test_a_partner_closes_their_own_desk_only(partner_desk: Desk, oversight_desk: Desk, join: Join) -> None:
    partner = join("pia", Role.PARTNER, partner_desk).actor
    assert access.may_close_desk(partner, partner_desk)
    assert not access.may_close_desk(partner, oversight_desk)


def test_who_sees_who_sits_where(standing: dict[str, Actor], liaison_desk: Desk, partner_desk: Desk) -> None:
    assert those(standing, access.may_see_seats, liaison_desk) == {"liaison", "teammate", "outsider", "overseer"}
    assert those(standing, access.may_see_seats, partner_desk) == {"overseer"}


def test_everybody_ends_their_own_seat_and_nobody_a_teammates(
    standing: dict[str, Actor], liaison_desk: Desk, liaison: User
) -> None:
    assert those(standing, access.may_end_seat, liaison_desk, liaison) == {"liaison"}


def test_everybody_has_their_own_key_only(standing: dict[str, Actor], liaison: User, overseer: User) -> None:
    assert those(standing, vault.may_use_key, liaison) == {"liaison"}
    assert those(standing, vault.may_make_key, overseer) == {"overseer"}


def test_none_of_the_five_changes_the_sign_in_of_a_liaison(standing: dict[str, Actor], liaison: User) -> None:
    for permission in (
        people.may_start_again,
        people.may_say_goodbye,
        people.may_change_role,
        people.may_correct_names,
    ):
        assert those(standing, permission, liaison) == set()


def test_the_administrator_looks_after_those_without_an_independent_seat(
    liaison: User, overseer: User, partner_desk: Desk, join: Join
) -> None:
    administrator, unseated = join("adam", Role.ADMINISTRATOR).actor, join("pia", Role.PARTNER)
    for permission in (people.may_start_again, people.may_say_goodbye, people.may_correct_names):
        assert permission(administrator, liaison)
        assert permission(administrator, unseated)
        assert not permission(administrator, overseer)
    assert not people.may_change_role(administrator, unseated)


def test_a_role_that_cannot_hold_a_permission_is_refused_before_its_condition_is_asked(resident: Actor) -> None:
    @held_by(Role.OVERSIGHT)
    def may_explode(actor: Actor) -> bool:
        raise AssertionError("asked all the same")

    assert not may_explode(resident)


def test_a_refusal_names_what_is_not_allowed_and_answers_as_forbidden(resident: Actor) -> None:
    with pytest.raises(NotAllowed, match="somebody may not open desk") as refusal:
        demand(access.may_open_desk, resident)
    assert isinstance(refusal.value, PermissionDenied)


def test_the_software_itself_is_not_asked() -> None:
    demand(access.may_open_desk, SETTING_UP)
