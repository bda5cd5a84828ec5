"""Groups' shares in a drawn sample: what weights and clusters do to them, and where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.estimate.estimates import UnusableAnswers
from hearback.stats.estimate.proportions import proportions
from hearback.stats.representation.clustered_counts import clustered_counts, student_factor
from hearback.stats.representation.drawn_shares import drawn_shares
from hearback.stats.survey_design import survey_design

GROUPS = ("a", "b", "c")


def _people(*counts: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Clusters of so many of a and of b: members and clusters of everybody."""
    members = [name for a, b in counts for name in "a" * a + "b" * b]
    return np.array(members, dtype=object), np.repeat(np.arange(len(counts)), [a + b for a, b in counts])


def test_people_who_were_drawn_one_by_one_are_counted() -> None:
    members, _ = _people((300, 100))
    found = drawn_shares(survey_design(np.ones(400)), members, GROUPS)
    assert found.voices == pytest.approx([300, 100, 0])
    assert found.design_effect == pytest.approx(1, abs=0.01)


def test_whoever_was_likelier_to_be_drawn_counts_for_less() -> None:
    members, _ = _people((100, 100))
    weights = np.where(members == "a", 1.0, 3.0)
    assert drawn_shares(survey_design(weights), members, GROUPS).voices == pytest.approx([50, 150, 0])


def test_clusters_cost_what_they_cost_the_share_and_what_they_cost_at_forums() -> None:
    counts = [(30, 10), (5, 35), (22, 18), (38, 2), (12, 28), (25, 15)]
    members, cluster = _people(*counts)
    design = survey_design(np.ones(240), psu=[cluster])
    found = drawn_shares(design, members, GROUPS)
    deff = proportions(design, members).deff
    factor = student_factor(5, level=0.9)
    assert found.design_effect == pytest.approx([factor * deff[0], factor * deff[1], factor * np.mean(deff)])
    at_forums = clustered_counts([(a, b, 0) for a, b in counts])
    assert found.design_effect[:2] == pytest.approx(at_forums.design_effect[:2], rel=0.01)


def test_members_of_no_group_are_left_out() -> None:
    members, cluster = _people((30, 10), (20, 20), (25, 15))
    members[::7] = ""
    members[1::7] = "stranger"
    found = drawn_shares(survey_design(np.ones(120), psu=[cluster]), members, GROUPS)
    assert found.voices.sum() == np.isin(members, GROUPS).sum()


def test_where_nobody_is_of_any_group_it_is_refused() -> None:
    with pytest.raises(UnusableAnswers):
        drawn_shares(survey_design(np.ones(3)), np.array(["x", "", "y"], dtype=object), GROUPS)


def test_few_sampling_units_tell_little() -> None:
    assert student_factor(1, level=0.9) > student_factor(4, level=0.9) > student_factor(200, level=0.9) > 1
    members, cluster = _people((30, 10), (20, 20))
    assert drawn_shares(survey_design(np.ones(80), psu=[cluster]), members, GROUPS).design_effect[0] > 10
