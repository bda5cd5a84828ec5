"""Form tokens, proof of work and tickets: what a page carries instead of anything the server keeps."""

from __future__ import annotations

import hashlib
import statistics
from datetime import UTC, datetime, timedelta

import pytest

from hearback.sealing import base64url, tickets, tokens, work
from hearback.sealing.tickets import TicketEnded
from hearback.sealing.tokens import FormTooOld, NotOurForm
from hearback.sealing.work import PUZZLES, WorkNotDone

SECRET = b"a secret of the installation...."
AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
EASY = 3
FORM = tokens.hand_out(secret=SECRET, at=AT, difficulty=EASY)
LENT = b"private key of the resident....."
TICKET = tickets.write(LENT, purpose="thread", secret=SECRET, at=AT)


def changed(text: str, place: int) -> str:
    """The text with another letter at one place."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_a_form_comes_back_with_its_nonce_time_and_difficulty() -> None:
    token = tokens.take_back(FORM, secret=SECRET, at=AT + timedelta(hours=1))
    assert (token.at, token.difficulty, len(token.nonce)) == (AT, EASY, 16)
    assert "nonce" not in repr(token)


def test_every_form_is_another_one() -> None:
    assert tokens.hand_out(secret=SECRET, at=AT) != tokens.hand_out(secret=SECRET, at=AT)


def test_a_form_lasts_a_day() -> None:
    assert tokens.take_back(FORM, secret=SECRET, at=AT + timedelta(hours=24))
    with pytest.raises(FormTooOld):
        tokens.take_back(FORM, secret=SECRET, at=AT + timedelta(hours=24, seconds=1))


def test_a_form_from_the_future_is_not_taken_beyond_a_clock_that_drifts() -> None:
    assert tokens.take_back(FORM, secret=SECRET, at=AT - timedelta(minutes=5))
    with pytest.raises(FormTooOld):
        tokens.take_back(FORM, secret=SECRET, at=AT - timedelta(minutes=6))


@pytest.mark.parametrize("place", range(len(FORM)))
def test_a_form_with_any_letter_changed_is_not_ours(place: int) -> None:
    with pytest.raises(NotOurForm):
        tokens.take_back(changed(FORM, place), secret=SECRET, at=AT)


@pytest.mark.parametrize(
    "text", ["", "x", FORM[:-1], FORM + "A", FORM + "=", " " + FORM, "é", "A" * 1_000_000], ids=range(8)
)
def test_what_is_no_form_is_not_ours(text: str) -> None:
    with pytest.raises(NotOurForm):
        tokens.take_back(text, secret=SECRET, at=AT)


def test_a_form_of_another_installation_is_not_ours() -> None:
    with pytest.raises(NotOurForm):
        tokens.take_back(FORM, secret=SECRET[::-1], at=AT)


def test_a_solution_opens_the_form_it_was_found_for_and_no_other() -> None:
    solution = work.solve(FORM, difficulty=EASY)
    assert work.verify(FORM, solution, secret=SECRET, at=AT) == tokens.take_back(FORM, secret=SECRET, at=AT)
    other = tokens.hand_out(secret=SECRET, at=AT, difficulty=12)
    with pytest.raises(WorkNotDone):
        work.verify(other, solution, secret=SECRET, at=AT)


def test_a_solution_is_what_the_algorithm_in_the_docstring_finds() -> None:
    """Hexadecimal, step by step, as the browser does it."""
    seed, found = hashlib.sha256(FORM.encode("ascii")).hexdigest(), []
    for puzzle in range(16):
        n = 0
        while not _bits(seed + f"{puzzle:08x}" + f"{n:08x}").startswith("0" * EASY):
            n += 1
        found.append(f"{n:x}")
    assert work.solve(FORM, difficulty=EASY) == ".".join(found)


def _bits(message: str) -> str:
    return "".join(f"{byte:08b}" for byte in hashlib.sha256(bytes.fromhex(message)).digest())


def test_one_unsolved_puzzle_is_enough_to_refuse() -> None:
    numbers = work.solve(FORM, difficulty=EASY).split(".")
    for puzzle in range(PUZZLES):
        wrong = [*numbers[:puzzle], f"{int(numbers[puzzle], 16) - 1 & 0xFFFFFFFF:x}", *numbers[puzzle + 1 :]]
        if numbers[puzzle] != "0":
            with pytest.raises(WorkNotDone):
                work.verify(FORM, ".".join(wrong), secret=SECRET, at=AT)


@pytest.mark.parametrize(
    "solution",
    [
        "",
        ".",
        "0",
        "0." * 15,
        ".".join(["0"] * 17),
        ".".join(["g"] * 16),
        "-1" * 16,
        "1" * 9_999_999,
        ".".join(["٣"] * 16),
    ],
)
def test_what_is_no_solution_is_refused(solution: str) -> None:
    with pytest.raises(WorkNotDone):
        work.verify(FORM, solution, secret=SECRET, at=AT)


def test_work_cannot_be_shown_for_a_form_that_asked_for_none_or_is_not_ours() -> None:
    without = tokens.hand_out(secret=SECRET, at=AT)
    with pytest.raises(WorkNotDone):
        work.verify(without, work.solve(without, difficulty=1), secret=SECRET, at=AT)
    with pytest.raises(NotOurForm):
        work.verify(changed(FORM, 0), work.solve(FORM, difficulty=EASY), secret=SECRET, at=AT)
    with pytest.raises(FormTooOld):
        work.verify(FORM, work.solve(FORM, difficulty=EASY), secret=SECRET, at=AT + timedelta(days=2))


def test_sixteen_puzzles_are_seldom_twice_the_work() -> None:
    efforts = []
    for form in range(200):
        challenge = f"form {form}"
        efforts.append(sum(int(n, 16) + 1 for n in work.solve(challenge, difficulty=4).split(".")))
    assert 0.9 < statistics.mean(efforts) / (PUZZLES * 2**4) < 1.1
    assert sum(effort > 2 * PUZZLES * 2**4 for effort in efforts) <= 4


def test_a_ticket_gives_back_what_it_holds_for_half_an_hour() -> None:
    assert tickets.read(TICKET, purpose="thread", secret=SECRET, at=AT + timedelta(minutes=29, seconds=59)) == LENT
    with pytest.raises(TicketEnded):
        tickets.read(TICKET, purpose="thread", secret=SECRET, at=AT + timedelta(minutes=30))


def test_a_ticket_is_worth_nothing_elsewhere() -> None:
    for purpose, secret in [("desk", SECRET), ("thread", SECRET[::-1])]:
        with pytest.raises(TicketEnded):
            tickets.read(TICKET, purpose=purpose, secret=secret, at=AT)


def test_two_tickets_for_the_same_key_do_not_look_alike() -> None:
    assert tickets.write(LENT, purpose="thread", secret=SECRET, at=AT)[:20] != TICKET[:20]


@pytest.mark.parametrize("place", range(len(TICKET)))
def test_a_ticket_with_any_letter_changed_is_over(place: int) -> None:
    with pytest.raises(TicketEnded):
        tickets.read(changed(TICKET, place), purpose="thread", secret=SECRET, at=AT)


@pytest.mark.parametrize("text", ["", "A", "AA", TICKET[:-1], TICKET + "=", "é" * 40, "A" * 1_000_000], ids=range(7))
def test_what_is_no_ticket_is_over(text: str) -> None:
    with pytest.raises(TicketEnded):
        tickets.read(text, purpose="thread", secret=SECRET, at=AT)


def test_bytes_have_one_spelling() -> None:
    assert base64url.decoded(base64url.encoded(b"\xfb\xff")) == b"\xfb\xff"
    for text in ("-_9", "-_8=", "+/8", " -_8"):
        with pytest.raises(ValueError, match="."):
            base64url.decoded(text)
