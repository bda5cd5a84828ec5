"""Killed between write and answer, clicked twice, raced: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time

import pytest

from installations import Installation
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.faults

KILLS = 25 if FULL_SIMULATIONS else 4
LONGEST_LIFE = 1.0
THREADS, EACH = 8, 6
RACES = 20 if FULL_SIMULATIONS else 4


def _killed(installation: Installation, first: int, dice: random.Random) -> dict[int, str]:
    """Receipts that a sender showed before it was killed at some moment after its first."""
    sender = subprocess.Popen(
        installation.command("send_for_ever", str(first)),
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert sender.stdout is not None
    shown = [sender.stdout.readline()]
    time.sleep(dice.random() * LONGEST_LIFE)
    os.kill(sender.pid, signal.SIGKILL)
    shown += sender.stdout.readlines()
    sender.wait()
    lines = [line.rstrip("\n").split("\t") for line in shown if line.endswith("\n")]
    return {int(number): receipt for number, receipt in lines}


def test_a_kill_at_any_moment_loses_nothing_that_was_acknowledged(installation: Installation) -> None:
    dice, acknowledged = random.Random(6), {}
    for kill in range(KILLS):
        acknowledged |= _killed(installation, 1_000_000 * (kill + 1), dice)
    assert len(acknowledged) >= KILLS
    found = installation.do("look_around", *acknowledged.values())
    said = [f"concern {number} " + "words " * 300 for number in acknowledged]
    assert found["opened"] == said
    assert found["whole"] == found["concerns"] - found["withdrawn"]
    assert found["in_audit"] == found["concerns"]
    assert found["chain_holds"]


def test_many_send_at_once_and_none_hears_of_a_locked_database(installation: Installation) -> None:
    before = installation.do("look_around")["concerns"]
    assert installation.do("send_from_threads", str(THREADS), str(EACH)) == []
    after = installation.do("look_around")
    assert after["concerns"] - before == THREADS * EACH
    assert after["chain_holds"]


def test_many_clicks_on_one_form_in_one_moment_are_one_concern(installation: Installation) -> None:
    before = installation.do("look_around")["concerns"]
    clicked = installation.do("click_twice_from_threads", str(THREADS))
    assert clicked["answers"] == THREADS
    assert len(clicked["receipts"]) == 1
    assert clicked["concerns"] - before == 1


def test_two_answers_and_a_withdrawal_at_once_leave_no_word_behind(installation: Installation) -> None:
    assert installation.do("answer_while_withdrawing", str(RACES)) == []
    assert installation.do("look_around")["chain_holds"]
