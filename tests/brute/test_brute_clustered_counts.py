"""Design effects of shares against slow sums, known clusters, generalised eigenvalues and the survey machinery."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import eigvals
from scipy.stats import norm, t

from hearback.stats.estimate.ratios import means
from hearback.stats.representation.clustered_counts import clustered_counts
from hearback.stats.survey_design import survey_design

pytestmark = pytest.mark.brute


def evenings(groups: int, largest: int = 30) -> st.SearchStrategy[list[list[int]]]:
    counts = st.lists(st.integers(0, largest), min_size=groups, max_size=groups)
    return st.lists(counts.filter(any), min_size=2, max_size=9)


def covariance(counts: list[list[int]]) -> list[list[float]]:
    """Of the shares of all people, evening by evening."""
    m, k, people = len(counts), len(counts[0]), sum(map(sum, counts))
    share = [sum(evening[j] for evening in counts) / people for j in range(k)]
    found = [[0.0] * k for _ in range(k)]
    for evening in counts:
        beyond = [(evening[j] - share[j] * sum(evening)) / people for j in range(k)]
        for i in range(k):
            for j in range(k):
                found[i][j] += m / (m - 1) * beyond[i] * beyond[j]
    return found


@settings(deadline=None)
@given(st.integers(2, 5).flatmap(evenings))
def test_design_effects_are_variances_by_those_of_people_who_come_alone(counts: list[list[int]]) -> None:
    found, variance, people = clustered_counts(counts), covariance(counts), sum(map(sum, counts))
    weighted, heard = 0.0, 0
    for j in range(len(counts[0])):
        share = sum(evening[j] for evening in counts) / people
        if 0 < share < 1:
            deff = variance[j][j] / (share * (1 - share) / people)
            assert found.deff[j] == pytest.approx(max(deff, 1))
            weighted, heard = weighted + (1 - share) * deff, heard + 1
    assume(heard)
    assert found.mean_deff == pytest.approx(max(weighted / (heard - 1), 1))


@settings(deadline=None)
@given(evenings(4))
def test_the_mean_is_that_of_the_generalised_design_effects(counts: list[list[int]]) -> None:
    total = np.sum(counts, axis=0)
    assume((total > 0).all())
    share = (total / total.sum())[:-1]
    alone = (np.diag(share) - np.outer(share, share)) / total.sum()
    generalised = eigvals(np.array(covariance(counts))[:-1, :-1], alone).real
    assert clustered_counts(counts).mean_deff == pytest.approx(max(generalised.mean(), 1), rel=1e-6)


@given(st.integers(2, 12), st.integers(1, 40), st.data())
def test_evenings_each_of_one_group_say_as_much_as_one_voice_each(m: int, size: int, data: st.DataObject) -> None:
    who = data.draw(st.lists(st.integers(0, 2), min_size=m, max_size=m).filter(lambda one: len(set(one)) > 1))
    found = clustered_counts(size * np.eye(3)[who])
    present = np.bincount(who, minlength=3) > 0
    assert found.deff[present] == pytest.approx(np.full(present.sum(), size * m / (m - 1)))
    assert found.mean_deff == pytest.approx(size * m / (m - 1))


@given(st.integers(2, 12), st.integers(1, 40), st.sampled_from([0.5, 0.9, 0.99]))
def test_evenings_of_one_size_have_student_s_factor(m: int, size: int, level: float) -> None:
    found = clustered_counts(np.tile([size, size], (m, 1)), level=level)
    factor = (t.ppf((1 + level) / 2, m - 1) / norm.ppf((1 + level) / 2)) ** 2
    assert found.design_effect == pytest.approx([factor, factor])


@settings(deadline=None, max_examples=50)
@given(st.integers(2, 4).flatmap(lambda groups: evenings(groups, largest=12)))
def test_a_cluster_sample_of_persons_has_the_same_design_effects(counts: list[list[int]]) -> None:
    people = np.array(counts)
    evening, group = (np.repeat(one.ravel(), people.ravel()) for one in np.indices(people.shape))
    n, kinds = group.size, people.shape[1]
    design = survey_design(np.ones(n), psu=[evening])
    estimates = means(design, (group[:, None] == np.arange(kinds)).astype(np.float64))
    found = clustered_counts(counts)
    assert estimates.estimate == pytest.approx(found.voices / n)
    for j, deff in enumerate(estimates.deff):
        if deff is not None:
            assert found.deff[j] == pytest.approx(max(1, deff * n / (n - 1)), rel=1e-6)  # there with n − 1, here with n
