"""Mixed models against slow twins: dense matrices, one integral per area, finite differences, loops over cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hearback.stats.small_area.arrow_matrix import ArrowFactor
from hearback.stats.small_area.design import cells_of, design_of
from hearback.stats.small_area.laplace import find_mode, slope_at
from hearback.stats.small_area.mixed_model import fit_gaussian, fit_logistic
from hearback.stats.small_area.model_terms import terms_of
from hearback.stats.small_area.outcomes import YesCounts
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify, poststratify_draws
from small_area_examples import invented

pytestmark = pytest.mark.brute
seeds = st.integers(0, 10_000)
quickly = settings(max_examples=15, deadline=None)


def arrow(seed: int):
    rng = np.random.default_rng(seed)
    a, c = rng.integers(1, 7, 2)
    diagonal, border, corner = rng.uniform(1, 3, a), rng.normal(size=(c, a)), rng.normal(size=(c, c))
    corner = corner @ corner.T + (border / diagonal) @ border.T + np.eye(c)
    return diagonal, border, corner, np.block([[np.diag(diagonal), border.T], [border, corner]])


@quickly
@given(seeds)
def test_an_arrow_factor_solves_inverts_and_measures_as_dense_matrices_do(seed) -> None:
    diagonal, border, corner, dense = arrow(seed)
    factor, inverse, a = ArrowFactor.of(diagonal, border, corner), np.linalg.inv(dense), len(diagonal)
    right = np.random.default_rng(seed).normal(size=len(dense))
    np.testing.assert_allclose(factor.solve(right), inverse @ right, rtol=1e-8, atol=1e-10)
    assert factor.log_determinant == pytest.approx(np.linalg.slogdet(dense)[1])
    for part, expected in zip(
        factor.inverse(), (inverse.diagonal()[:a], inverse[a:, :a], inverse[a:, a:]), strict=True
    ):
        np.testing.assert_allclose(part, expected, rtol=1e-8, atol=1e-10)


def test_draws_of_an_arrow_factor_have_its_inverse_as_covariance() -> None:
    diagonal, border, corner, dense = arrow(3)
    draws = ArrowFactor.of(diagonal, border, corner).draws(200_000, rng=np.random.default_rng(1))
    np.testing.assert_allclose(np.cov(draws.T), np.linalg.inv(dense), atol=0.02)


def laplace_by_area(sample, yes, *, sd: float, offset: np.ndarray) -> float:
    """With one factor the likelihood is a product of integrals, one per area: mode and curvature of each alone."""
    total = 0.0
    for area in np.unique(sample["area"]):
        here = sample["area"] == area

        def height(u, here=here) -> float:
            predictor = offset[here] + sd * u
            return float((yes[here] * predictor - np.logaddexp(0, predictor)).sum() - u * u / 2)

        u = optimize.minimize_scalar(lambda u: -height(u), bracket=(-1, 1), tol=1e-12).x
        share = 1 / (1 + np.exp(-offset[here] - sd * u))
        total += height(u) - 0.5 * np.log(1 + sd**2 * (share * (1 - share)).sum())
    return total


@quickly
@given(seeds, st.floats(0.05, 2))
def test_laplaces_likelihood_is_that_of_one_integral_per_area(seed, sd) -> None:
    sample, yes, _ = invented(seed, areas=8, respondents=60)
    terms = terms_of(sample, random=["area"], covariates=["need"])
    cells = cells_of(sample, terms)
    design = design_of(cells, terms, covariates=np.empty((len(cells.codes), 0)))
    offset = cells.fixed @ [0.2, 0.5]
    mode = find_mode(design, YesCounts.gathered(yes, cells.of_row), np.array([sd]), precision=np.ones(8), offset=offset)
    expected = laplace_by_area(sample, yes, sd=sd, offset=offset[cells.of_row])
    assert mode.log_likelihood == pytest.approx(expected, abs=1e-7)


def test_the_fit_is_the_top_of_that_likelihood() -> None:
    sample, yes, _ = invented(4, areas=12, respondents=200)
    model = fit_logistic(yes, sample, random=["area"], covariates=["need"])

    def downhill(parameters) -> float:
        offset = parameters[1] + parameters[2] * sample["need"]
        return -laplace_by_area(sample, yes, sd=abs(parameters[0]), offset=offset)

    found = optimize.minimize(downhill, [0.5, 0, 0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9})
    assert model.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    assert [model.sd["area"], *model.coefficients.values()] == pytest.approx(
        np.abs(found.x[:1]).tolist() + found.x[1:].tolist(), abs=1e-3
    )


@quickly
@given(seeds)
def test_slopes_are_those_of_finite_differences(seed) -> None:
    sample, yes, _ = invented(seed, areas=8, respondents=80)
    terms = terms_of(sample, random=["group", "area", "area:group"], covariates=["need"])
    cells = cells_of(sample, terms)
    outcome = YesCounts.gathered(yes, cells.of_row)
    design = design_of(cells, terms, covariates=cells.fixed)
    sd = np.random.default_rng(seed).uniform(0.2, 1.0, 3)
    precision = np.append(np.ones(design.effects), [0.0, 0.04])

    def height(sd, offset=0.0) -> float:
        return find_mode(design, outcome, sd, precision=precision, offset=offset).log_likelihood

    slope = slope_at(find_mode(design, outcome, sd, precision=precision), design, outcome)
    for k, step in enumerate(1e-5 * np.eye(3)):
        assert slope.sd[k] == pytest.approx((height(sd + step) - height(sd - step)) / 2e-5, abs=1e-4)
    step = np.linspace(-1e-5, 2e-5, len(cells.codes))
    change = height(sd, step) - height(sd, -step)
    assert 2 * slope.offset @ step == pytest.approx(change, abs=1e-9)


def restricted(sample, scores, parameters) -> float:
    """The restricted log-likelihood from the dense covariance matrix of all answers."""
    sds, residual = parameters[:-1], parameters[-1]
    covariance = residual**2 * np.eye(scores.size)
    for sd, name in zip(sds, ("area", "group"), strict=True):
        covariance += sd**2 * (sample[name][:, None] == sample[name])
    fixed = np.column_stack([np.ones(scores.size), sample["need"]])
    inverse = np.linalg.inv(covariance)
    information = fixed.T @ inverse @ fixed
    residuals = scores - fixed @ np.linalg.solve(information, fixed.T @ inverse @ scores)
    logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * (logs + residuals @ inverse @ residuals + (scores.size - 2) * np.log(2 * np.pi))


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_gaussian_models_are_at_the_top_of_the_dense_restricted_likelihood(seed) -> None:
    sample, yes, _ = invented(seed, areas=10, respondents=90)
    scores = 50 + 8 * yes + 4 * np.random.default_rng(seed).normal(size=90)
    model = fit_gaussian(scores, sample, random=["area", "group"], covariates=["need"])
    here = np.array([*model.sd.values(), model.residual_sd])
    assert model.log_likelihood == pytest.approx(restricted(sample, scores, here), abs=1e-6)
    found = optimize.minimize(
        lambda logs: -restricted(sample, scores, np.exp(logs)), np.log(np.maximum(here, 0.5)), method="Nelder-Mead"
    )
    assert model.log_likelihood > -found.fun - 1e-4


def by_hand(model, cells, coefficients, effects) -> dict:
    """Shares of areas, cell by cell."""
    totals: dict = {}
    for i, people in enumerate(cells["people"]):
        predictor = coefficients[0] + coefficients[1] * cells["need"][i]
        for term, levels in model.terms.levels.items():
            label = tuple(cells[name][i] for name in term.split(":"))
            label = label if len(label) > 1 else label[0]
            predictor += effects[term][levels.index(label)] if label in levels else 0.0
        yes, everyone = totals.get(cells["area"][i], (0.0, 0.0))
        totals[cells["area"][i]] = yes + people / (1 + np.exp(-predictor)), everyone + people
    return {area: yes / everyone for area, (yes, everyone) in totals.items()}


@pytest.mark.parametrize("terms", [["area"], ["area", "group"], ["group", "area:group"]])
def test_poststratified_means_are_those_of_a_loop_over_cells(terms) -> None:
    sample, yes, cells = invented(7)
    model = fit_logistic(yes, sample, random=terms, covariates=["need"])
    found = poststratify(model, cells, cells["people"], area="area")
    expected = by_hand(model, cells, list(model.coefficients.values()), model.effects)
    assert dict(zip(found.areas, found.estimate, strict=True)) == pytest.approx(expected)
    draws = posterior_draws(model, draws=3, rng=np.random.default_rng(1))
    several = poststratify_draws(draws, cells, cells["people"], area="area", rng=np.random.default_rng(1))
    third = by_hand(model, cells, draws.coefficients[2], {term: drawn[2] for term, drawn in draws.effects.items()})
    assert dict(zip(several.areas, several.draws[2], strict=True)) == pytest.approx(third)


def test_draws_of_a_standard_deviation_follow_its_integrated_posterior() -> None:
    """Counts of 8 areas: the intercept and every effect integrated on a grid, nothing approximated."""
    rng = np.random.default_rng(5)
    asked = np.full(8, 60.0)
    yes = rng.binomial(60, 1 / (1 + np.exp(-0.4 - 0.5 * rng.normal(size=8))))
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    sds, intercepts = np.linspace(0.005, 2.5, 150), np.linspace(-1.5, 2.5, 120)
    predictor = intercepts[:, None] + sds[:, None, None] * nodes
    likelihood = np.ones((150, 120))
    for k in yes:
        likelihood *= stats.binom.pmf(k, 60, 1 / (1 + np.exp(-predictor))) @ weights * 10
    posterior = likelihood.sum(axis=1) * sds * np.exp(-(sds**2) / 2)
    cumulative = np.cumsum(posterior) / posterior.sum()
    model = fit_logistic(yes, {"area": np.arange(8)}, random=["area"], asked=asked)
    draws = posterior_draws(model, draws=20_000, rng=np.random.default_rng(2))
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        expected = np.interp(share, cumulative, sds)
        assert (draws.sd["area"] < expected).mean() == pytest.approx(share, abs=0.02)
    assert draws.effective_points > 60
