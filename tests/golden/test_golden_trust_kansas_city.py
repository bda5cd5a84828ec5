"""Kansas City from file to record, against the same numbers computed from the file with nothing of ours in between."""

from __future__ import annotations

import csv
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.understand.trust.enums import Method
from hearback.understand.trust.models import Contrast, Estimate
from places import ROOT, SHARED, needs_shared

pytestmark = [pytest.mark.golden, pytest.mark.django_db, needs_shared]

ITEM, WAVE = "q5_02", "first-quarter-of-2021-22"


def share(column: str, written: str) -> tuple[int, int, int]:
    """Of one group: favourable answers to the view of neighbourhood and police, opinions given, and respondents."""
    path = SHARED / "data/surveys/kansas-city-residents-fy2022-q1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = [row[ITEM] for row in csv.DictReader(file) if row[column] == written]
    given = [code for code in codes if code in ("1", "2", "3", "4", "5")]
    return sum(code in ("4", "5") for code in given), len(given), len(codes)


def variance(favourable: int, given: int) -> float:
    """Of a share of part of a simple random sample of 1,033: p (1 − p) / n, times 1,033 / 1,032."""
    p = favourable / given
    return p * (1 - p) / given * 1033 / 1032


def logit_interval(favourable: int, given: int, respondents: int) -> tuple[float, float]:
    """Symmetric on the logit scale, with the group's own degrees of freedom."""
    p = favourable / given
    half = stats.t.ppf(0.975, respondents - 1) * math.sqrt(variance(favourable, given)) / (p * (1 - p))
    ends = [1 / (1 + math.exp(-(math.log(p / (1 - p)) + sign * half))) for sign in (-1, 1)]
    return ends[0], ends[1]


@pytest.fixture
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    settings.DATA_DIR = tmp_path
    build_city(city.read(ROOT / "examples/kansas-city.toml"), by=by, at=at, rng=np.random.default_rng(1))


GROUPS = {
    ("area", "2"): ("counci", "2", 95 / 145),
    ("area", "3"): ("counci", "3", 54 / 134),
    ("race", "White"): ("q37_race", "White", 0.627),
    ("race", "Black or African American"): ("q37_race", "Black/African American", 0.417),
}


@pytest.mark.usefixtures("built")
def test_district_2_against_3_and_white_against_black_with_intervals_and_tests() -> None:
    """One build serves all of it: shares without the 9s, logit intervals, differences and their tests."""
    counted = {}
    for (kind, group), (column, written, raw) in GROUPS.items():
        counted[kind, group] = favourable, given, respondents = share(column, written)
        assert favourable / given == pytest.approx(raw, abs=5e-4)
        row = Estimate.objects.get(wave__key=WAVE, item=ITEM, by=kind, group=group)
        assert (row.method, row.n) == (Method.ANSWERS, given)
        assert row.estimate == pytest.approx(favourable / given, abs=1e-12)
        assert row.se == pytest.approx(math.sqrt(variance(favourable, given)), abs=1e-12)
        assert (row.low, row.high) == pytest.approx(logit_interval(favourable, given, respondents), abs=1e-9)

    for kind, one, other in (("area", "2", "3"), ("race", "Black or African American", "White")):
        row = Contrast.objects.get(wave__key=WAVE, item=ITEM, by=kind, group=one, other=other, earlier=None)
        sides = [counted[kind, group] for group in (one, other)]
        shares = [favourable / given for favourable, given, _ in sides]
        se = math.sqrt(sum(variance(favourable, given) for favourable, given, _ in sides))
        df = min(respondents for *_, respondents in sides) - 1
        assert row.difference == pytest.approx(shares[0] - shares[1], abs=1e-12)
        assert row.se == pytest.approx(se, rel=1e-9)
        half = stats.t.ppf(0.975, df) * se
        assert (row.low, row.high) == pytest.approx((row.difference - half, row.difference + half), abs=1e-9)
        p = 2 * stats.t.sf(abs(row.difference) / se, df)
        assert row.p_value == pytest.approx(p, rel=1e-6)
        assert p < row.p_adjusted < 0.001
        assert row.p_more == pytest.approx(p / 2 if row.difference < 0 else 1 - p / 2)

    assert_no_nine_is_taken_for_an_answer()


def assert_no_nine_is_taken_for_an_answer() -> None:
    """The wave has no weights, so that each share is a plain fraction of the opinions given."""
    rows = Estimate.objects.filter(by="", statistic="favourable", estimate__isnull=False)
    assert rows.count() > 100
    for row in rows:
        assert row.estimate * row.n == pytest.approx(round(row.estimate * row.n), abs=1e-6)
        assert "The source says too little" in str(row.notes)
