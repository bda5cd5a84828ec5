"""Personal keys: opened by their owner's passphrase or printed recovery key, by nothing else that is stored."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from hearback.sealing.personal_keys import (
    USUAL_COST,
    Cost,
    DamagedKey,
    ForeignPublicKey,
    NewKey,
    ShortPassphrase,
    WrongPassphrase,
    WrongRecoveryKey,
    change_passphrase,
    create,
    recover,
    renew_recovery_key,
    unlock,
)
from hearback.sealing.retyping import Mistyped

PASSPHRASE = "four words that fit"
CHEAP = Cost(memory_kib=8, passes=1)


@pytest.fixture(scope="module")
def new() -> NewKey:
    """A key whose lock is cheap to try."""
    return create(PASSPHRASE, cost=CHEAP)


def test_a_key_opens_with_its_passphrase_and_with_its_recovery_key(new: NewKey) -> None:
    assert unlock(new.locked, PASSPHRASE) == recover(new.locked, new.recovery_key)


def test_every_key_is_its_own() -> None:
    assert create(PASSPHRASE, cost=CHEAP).locked.public_key != create(PASSPHRASE, cost=CHEAP).locked.public_key


def test_the_usual_lock_takes_64_mib_and_three_passes_and_says_so_beside_itself() -> None:
    assert (USUAL_COST.memory_kib, USUAL_COST.passes) == (65_536, 3)
    locked = create(PASSPHRASE).locked
    assert (65_536).to_bytes(4, "big") + (3).to_bytes(4, "big") in locked.by_passphrase
    assert unlock(locked, PASSPHRASE)


def test_a_lock_from_other_days_opens_at_its_own_cost() -> None:
    locked = create(PASSPHRASE, cost=Cost(memory_kib=16, passes=2, lanes=2)).locked
    assert unlock(locked, PASSPHRASE)


def test_another_passphrase_opens_nothing(new: NewKey) -> None:
    for wrong in ("four words that fits", PASSPHRASE.upper(), ""):
        with pytest.raises(WrongPassphrase):
            unlock(new.locked, wrong)


def test_keyboards_that_write_the_same_letters_differently_agree() -> None:
    locked = create("mañana será otro día", cost=CHEAP).locked
    assert unlock(locked, " man\N{COMBINING TILDE}ana sera\N{COMBINING ACUTE ACCENT} otro día ")


@pytest.mark.parametrize("passphrase", ["", "elevenchars", "           a"])
def test_a_short_passphrase_is_refused(passphrase: str, new: NewKey) -> None:
    with pytest.raises(ShortPassphrase, match="at least 12"):
        create(passphrase, cost=CHEAP)
    with pytest.raises(ShortPassphrase, match="at least 12"):
        change_passphrase(new.locked, b"k" * 32, to=passphrase, cost=CHEAP)


def test_a_recovery_key_is_one_line_typed_in_any_case(new: NewKey) -> None:
    assert "\n" not in new.recovery_key
    assert len(new.recovery_key.replace(" ", "")) == 26
    assert recover(new.locked, new.recovery_key.lower().replace(" ", "-"))


def test_a_mistyped_recovery_key_is_told_from_a_wrong_one(new: NewKey) -> None:
    wrong = create(PASSPHRASE, cost=CHEAP).recovery_key
    first = new.recovery_key[0]
    with pytest.raises(Mistyped):
        recover(new.locked, ("2" if first == "3" else "3") + new.recovery_key[1:])
    with pytest.raises(WrongRecoveryKey):
        recover(new.locked, wrong)
    with pytest.raises(WrongRecoveryKey):
        recover(new.locked, "")


def test_a_new_passphrase_replaces_the_old_one_and_leaves_the_recovery_key(new: NewKey) -> None:
    private_key = unlock(new.locked, PASSPHRASE)
    changed = change_passphrase(new.locked, private_key, to="another four words", cost=CHEAP)
    assert unlock(changed, "another four words") == recover(changed, new.recovery_key) == private_key
    with pytest.raises(WrongPassphrase):
        unlock(changed, PASSPHRASE)


def test_a_new_recovery_key_replaces_the_old_one_and_leaves_the_passphrase(new: NewKey) -> None:
    private_key = unlock(new.locked, PASSPHRASE)
    renewed = renew_recovery_key(new.locked, private_key)
    assert recover(renewed.locked, renewed.recovery_key) == unlock(renewed.locked, PASSPHRASE) == private_key
    with pytest.raises(WrongRecoveryKey):
        recover(renewed.locked, new.recovery_key)


def test_a_public_key_that_somebody_exchanged_is_noticed_when_the_owner_comes(new: NewKey) -> None:
    exchanged = replace(new.locked, public_key=create(PASSPHRASE, cost=CHEAP).locked.public_key)
    with pytest.raises(ForeignPublicKey, match="oversight"):
        unlock(exchanged, PASSPHRASE)
    with pytest.raises(ForeignPublicKey):
        recover(exchanged, new.recovery_key)


def test_a_lock_with_any_byte_changed_opens_nothing(new: NewKey) -> None:
    lock = new.locked.by_passphrase
    for place in range(len(lock)):
        changed = lock[:place] + bytes([lock[place] ^ 1]) + lock[place + 1 :]
        with pytest.raises((WrongPassphrase, DamagedKey)):
            unlock(replace(new.locked, by_passphrase=changed), PASSPHRASE)


@pytest.mark.parametrize(("place", "value"), [(0, 2), (1, 255), (5, 255), (8, 0), (9, 0), (9, 255)])
def test_a_lock_that_asks_for_absurd_memory_or_time_is_not_tried(place: int, value: int, new: NewKey) -> None:
    changed = bytearray(new.locked.by_passphrase)
    changed[place] = value
    with pytest.raises(DamagedKey):
        unlock(replace(new.locked, by_passphrase=bytes(changed)), PASSPHRASE)


def test_a_lock_cut_short_is_damaged(new: NewKey) -> None:
    for size in (0, 5, 25):
        with pytest.raises(DamagedKey):
            unlock(replace(new.locked, by_passphrase=new.locked.by_passphrase[:size]), PASSPHRASE)


def test_nothing_stored_or_printed_contains_private_or_recovery_key(new: NewKey) -> None:
    stored = new.locked.public_key + new.locked.by_passphrase + new.locked.by_recovery
    assert unlock(new.locked, PASSPHRASE) not in stored
    assert new.recovery_key not in repr(new)


def test_bytes_from_outside_decide_key_salts_and_recovery_key() -> None:
    def counted(start: int):
        numbers = count(start)
        return lambda size: bytes(next(numbers) % 256 for _ in range(size))

    assert create(PASSPHRASE, cost=CHEAP, random=counted(1)) == create(PASSPHRASE, cost=CHEAP, random=counted(1))
    assert create(PASSPHRASE, cost=CHEAP, random=counted(1)) != create(PASSPHRASE, cost=CHEAP, random=counted(2))
