"""Survey variances against loops over strata, units and respondents, and against svy where it agrees with R."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.design import Calibration, Design, Floats
from hearback.stats.estimate.estimates import Estimates
from hearback.stats.estimate.ratios import means, totals
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.linearization import linearized_covariance
from hearback.stats.variance.replicates import balanced_half_samples, bootstrap, jackknife
from hearback.stats.weight.rake import rake, rake_replicates
from hearback.stats.weight.targets import Margin

pytestmark = pytest.mark.brute


@dataclass(frozen=True)
class Sample:
    """A sample in two stages within strata, with answers to two questions, areas and two margins."""

    stratum: np.ndarray
    cluster: np.ndarray
    person: np.ndarray
    clusters_there: np.ndarray
    people_there: np.ndarray
    weight: np.ndarray
    y: np.ndarray
    area: np.ndarray
    margins: tuple[np.ndarray, np.ndarray]


@st.composite
def samples(draw: st.DrawFn, *, clusters: int | None = None) -> Sample:
    """Up to three strata of two to four clusters with two to four people, in populations somewhat larger."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows: list[tuple[int, int, int, int, int]] = []
    for stratum in range(draw(st.integers(1, 3))):
        drawn = clusters or draw(st.integers(2, 4))
        there = drawn + draw(st.integers(0, 5))
        for cluster in range(drawn):
            people = draw(st.integers(2, 4))
            size = people + int(rng.integers(0, 6))
            rows += [(stratum, cluster, person, there, size) for person in range(people)]
    stratum, cluster, person, there, size = np.array(rows).T
    n = len(rows)
    margins = rng.integers(0, 2, n), rng.integers(0, 3, n)
    return Sample(
        stratum,
        cluster,
        person,
        there,
        size,
        rng.uniform(1, 9, n),
        rng.normal(5, 2, (n, 2)),
        rng.integers(0, 4, n),
        margins,
    )


def two_stages(sample: Sample) -> Design:
    return survey_design(
        sample.weight,
        strata=[sample.stratum],
        psu=[sample.cluster, sample.person],
        fpc=[sample.clusters_there, sample.people_there],
        nested=True,
    )


def one_stage(sample: Sample) -> Design:
    return survey_design(sample.weight, strata=[sample.stratum], psu=[sample.cluster], nested=True)


def spread_by_hand(totals: list[Floats], population: float) -> Floats:
    """n/(n−1) (1−n/N) times the squares of totals about their mean."""
    n = len(totals)
    middle = sum(totals) / n
    return sum(np.outer(each - middle, each - middle) for each in totals) * n / (n - 1) * (1 - n / population)


def variance_by_hand(sample: Sample, influence: Floats, *, finite: bool) -> Floats:
    """Stage by stage as the textbook has it, one stratum and one cluster after the other."""
    k = influence.shape[1]
    total = np.zeros((k, k))
    for stratum in set(sample.stratum.tolist()):
        here = sample.stratum == stratum
        clusters = sorted(set(sample.cluster[here].tolist()))
        there = sample.clusters_there[here][0] if finite else np.inf
        sums = [influence[here & (sample.cluster == cluster)].sum(axis=0) for cluster in clusters]
        if there > len(clusters):
            total += spread_by_hand(sums, there)
        for cluster in clusters if finite else []:
            inside = here & (sample.cluster == cluster)
            size = sample.people_there[inside][0]
            if size > inside.sum():
                total += len(clusters) / there * spread_by_hand(list(influence[inside]), size)
    return total


def mean_influence(sample: Sample, weight: Floats, inside: np.ndarray | None = None) -> Floats:
    used = weight * (np.ones(len(weight)) if inside is None else inside)
    mean = used @ sample.y / used.sum()
    return used[:, None] * (sample.y - mean) / used.sum()


@given(samples())
def test_two_stages_in_finite_populations(sample: Sample) -> None:
    expected = variance_by_hand(sample, mean_influence(sample, sample.weight), finite=True)
    assert means(two_stages(sample), sample.y).covariance == pytest.approx(expected, rel=1e-9, abs=1e-14)


@given(samples())
def test_clusters_with_replacement_are_one_stage_whatever_is_below(sample: Sample) -> None:
    expected = variance_by_hand(sample, mean_influence(sample, sample.weight), finite=False)
    assert means(one_stage(sample), sample.y).covariance == pytest.approx(expected, rel=1e-9, abs=1e-14)
    deeper = survey_design(sample.weight, strata=[sample.stratum], psu=[sample.cluster, sample.person], nested=True)
    assert means(deeper, sample.y).covariance == pytest.approx(expected, rel=1e-9, abs=1e-14)


@given(samples())
def test_shares_drawn_are_populations_in_other_words(sample: Sample) -> None:
    counts = two_stages(sample)
    clusters = counts.stages[0].fraction[sample.stratum]
    people = counts.stages[1].fraction[counts.stages[1].stratum[counts.stages[1].unit]]
    shares = survey_design(
        sample.weight,
        strata=[sample.stratum],
        psu=[sample.cluster, sample.person],
        fpc=[clusters, people],
        nested=True,
    )
    assert means(shares, sample.y).covariance == pytest.approx(np.asarray(means(counts, sample.y).covariance), rel=1e-9)


@given(samples())
def test_domains_at_once_are_domains_one_by_one(sample: Sample) -> None:
    design = two_stages(sample)
    for estimate in (means, totals):
        together = estimate(design, sample.y, by=sample.area)
        for area in set(sample.area.tolist()):
            alone = estimate(design.domain(sample.area == area), sample.y)
            place = [together.names.index(f"{area}: item {j}") for j in (1, 2)]
            assert together.estimate[place] == pytest.approx(alone.estimate)
            assert np.asarray(together.covariance)[np.ix_(place, place)] == pytest.approx(
                np.asarray(alone.covariance), rel=1e-7, abs=1e-12
            )
            assert together.n[place].tolist() == alone.n.tolist()


@given(samples())
def test_domains_are_the_zeros_of_everybody_else(sample: Sample) -> None:
    inside = sample.area == sample.area[0]
    expected = variance_by_hand(sample, mean_influence(sample, sample.weight, inside), finite=True)
    found = means(two_stages(sample).domain(inside), sample.y)
    assert found.covariance == pytest.approx(expected, rel=1e-9, abs=1e-14)


def residuals_by_hand(z: Floats, x: Floats, regression_weights: Floats, after: Floats) -> Floats:
    """Residuals of weighted least squares of z / after on x, times the weights after calibration."""
    root = np.sqrt(regression_weights)[:, None]
    slope = np.linalg.lstsq(root * x, root * (z / after[:, None]), rcond=None)[0]
    return z - after[:, None] * (x @ slope)


@given(samples(), st.sampled_from(["poststratified", "raked", "calibrated"]))
def test_calibrations_leave_the_residuals_of_a_regression(sample: Sample, kind: str) -> None:
    rng = np.random.default_rng(5)
    before = sample.weight
    after = before * rng.uniform(0.5, 1.5, before.size)
    first, second = (codes[:, None] == np.arange(3) for codes in sample.margins)
    if kind == "calibrated":
        x, by = np.column_stack([np.ones(before.size), sample.margins[0], rng.normal(20, 1, before.size)]), before
        calibration = Calibration(before, after, auxiliaries=x)
    elif kind == "raked":
        x, by = np.hstack([first, second]).astype(np.float64), np.ones(before.size)
        calibration = Calibration(before, after, groups=sample.margins)
    else:
        x, by = first.astype(np.float64), before
        calibration = Calibration(before, after, groups=sample.margins[:1])
    design = two_stages(sample).calibrated(calibration)
    z = mean_influence(sample, after)
    expected = variance_by_hand(sample, residuals_by_hand(z, x, by, after), finite=True)
    size = np.abs(linearized_covariance(two_stages(sample), z)).max()
    assert means(design, sample.y).covariance == pytest.approx(expected, rel=1e-7, abs=1e-10 * size)
    grouped = means(design, sample.y, by=sample.area)
    for area in set(sample.area.tolist()):
        alone = means(design.domain(sample.area == area), sample.y)
        assert grouped.se[grouped.names.index(f"{area}: item 1")] ** 2 == pytest.approx(
            alone.se[0] ** 2, rel=1e-6, abs=1e-12, nan_ok=True
        )


@given(samples())
def test_two_calibrations_in_turn_are_the_same_for_domains_at_once(sample: Sample) -> None:
    rng = np.random.default_rng(6)
    design = two_stages(sample)
    x = np.column_stack([np.ones(design.n), rng.normal(size=design.n)])
    for kind in ({"groups": sample.margins}, {"auxiliaries": x}):
        design = design.calibrated(
            Calibration(design.weights, design.weights * rng.uniform(0.8, 1.2, design.n), **kind)
        )
    together = totals(design, sample.y[:, 0], by=sample.area)
    for place, area in enumerate(together.names):
        alone = totals(design.domain(sample.area == int(area)), sample.y[:, 0])
        rounding = 1e-13 * float(totals(two_stages(sample), np.abs(sample.y[:, 0])).estimate[0]) ** 2
        assert together.se[place] ** 2 == pytest.approx(alone.se[0] ** 2, rel=1e-6, abs=rounding)


@given(samples())
def test_the_jackknife_leaves_out_one_cluster_after_the_other(sample: Sample) -> None:
    design = one_stage(sample)
    whole = np.zeros(2)
    copies, scales = [], []
    for stratum in sorted(set(sample.stratum.tolist())):
        here = sample.stratum == stratum
        clusters = sorted(set(sample.cluster[here].tolist()))
        for cluster in clusters:
            weight = np.where(here, sample.weight * len(clusters) / (len(clusters) - 1), sample.weight)
            weight[here & (sample.cluster == cluster)] = 0
            copies.append(weight @ sample.y / weight.sum())
            scales.append((len(clusters) - 1) / len(clusters))
    middle = np.mean(copies, axis=0)
    for copy, scale in zip(copies, scales, strict=True):
        whole += scale * (copy - middle) ** 2
    found = means(design.with_replicates(jackknife(design)), sample.y)
    assert found.se**2 == pytest.approx(whole, rel=1e-9)


@given(samples())
def test_the_jackknife_of_a_total_is_its_linearised_variance(sample: Sample) -> None:
    design = one_stage(sample)
    by_copies = totals(design.with_replicates(jackknife(design)), sample.y)
    assert by_copies.covariance == pytest.approx(np.asarray(totals(design, sample.y).covariance), rel=1e-8)


@given(samples(clusters=2), st.sampled_from([0.0, 0.3]))
def test_balanced_half_samples_of_a_total_are_exact(sample: Sample, rho: float) -> None:
    design = one_stage(sample)
    copies = balanced_half_samples(design, rho=rho)
    found = totals(design.with_replicates(copies), sample.y)
    assert found.covariance == pytest.approx(np.asarray(totals(design, sample.y).covariance), rel=1e-8)
    if rho == 0:
        assert set(np.unique(np.round(copies.weights / sample.weight[:, None], 9))) == {0.0, 2.0}


@settings(max_examples=5)
@given(samples())
def test_the_bootstrap_comes_near_and_keeps_each_stratum_whole(sample: Sample) -> None:
    design = one_stage(sample)
    copies = bootstrap(design, replicates=4000, rng=np.random.default_rng(1))
    assert (copies.weights >= 0).all()
    clusters = np.unique(design.stages[0].unit, return_index=True)[1]
    factors = (copies.weights / sample.weight[:, None])[clusters]
    for stratum in set(sample.stratum.tolist()):
        inside = sample.stratum[clusters] == stratum
        assert factors[inside].mean(axis=0) == pytest.approx(1.0)
    found = totals(design.with_replicates(copies), sample.y)
    assert found.se == pytest.approx(totals(design, sample.y).se, rel=0.1)


def test_re_raked_replicates_come_near_to_linearising_through_the_raking() -> None:
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(80), 5)
    sex, age = rng.integers(0, 2, 400), rng.integers(0, 3, 400)
    y = rng.normal(size=400) + rng.normal(size=80)[cluster] + 2 * sex + age
    design = survey_design(rng.uniform(1, 3, 400), psu=[cluster])
    margins = [
        Margin("sex", ("f", "m"), sex, np.array([380.0, 420])),
        Margin("age", ("1", "2", "3"), age, np.array([300.0, 300, 200])),
    ]
    raked = rake(design.weights, margins).calibration
    copies = bootstrap(design, replicates=1000, rng=rng)
    again = replace(copies, weights=rake_replicates(copies.weights, margins).weights)
    linearised = means(design.calibrated(raked), y).se[0]
    assert means(design.calibrated(raked).with_replicates(again), y).se[0] == pytest.approx(linearised, rel=0.1)
    assert linearised < 0.9 * means(design, y).se[0]


def svy_table(estimate: svy.Estimate) -> tuple[Floats, Floats]:
    table = estimate.to_polars()
    return table["est"].to_numpy(), table["se"].to_numpy()


@settings(max_examples=15, deadline=None)
@given(samples())
def test_svy_has_the_same_means_by_area(sample: Sample) -> None:
    data = pl.DataFrame(
        {"s": sample.stratum, "c": sample.cluster, "w": sample.weight, "y": sample.y[:, 0], "a": sample.area}
    )
    peer = svy.Sample(data, svy.Design(stratum="s", psu="c", wgt="w"))
    found: Estimates = means(one_stage(sample), sample.y[:, 0], by=sample.area)
    estimate, se = svy_table(peer.estimation.mean("y", by="a"))
    order = np.argsort(peer.estimation.mean("y", by="a").to_polars()["a"].to_numpy())
    assert found.estimate == pytest.approx(estimate[order])
    known = ~np.isnan(found.se)  # of one answer, and of answers within one cluster, svy says that their error is 0
    assert se[order][~known] == pytest.approx(0, abs=1e-9)
    assert found.se[known] == pytest.approx(se[order][known], rel=1e-9, abs=1e-12)
