"""The design of a mixed model by cell: respondents alike in every term are one row, and products are kept ready."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hearback.refusal import Refusal
from hearback.stats.small_area.arrow_matrix import ArrowFactor
from hearback.stats.small_area.model_terms import (
    Columns,
    Floats,
    Ints,
    ModelTerms,
    codes_of,
    covariate_matrix,
    labels_of,
    rows_of,
)


class UnusableCovariates(Refusal):
    """Covariates whose coefficients cannot be told apart."""


@dataclass(frozen=True)
class Cells:
    """The distinct combinations (m rows) of levels and covariates in a sample, and the cell (n,) of each row of it."""

    codes: Ints
    """(m, terms)."""
    fixed: Floats
    """(m, 1 + covariates)."""
    of_row: Ints


@dataclass(frozen=True)
class Design:
    """Columns of a linear predictor: levels of the random terms, the term with most levels first, then covariates.

    `terms` are positions in the model's list; `products` times weights (m,) gives every entry of X'WX that is not
    zero by construction, laid out as the three parts of an arrow matrix.
    """

    terms: tuple[int, ...]
    sizes: Ints
    """Columns of each term, in the order of `terms`."""
    columns: sparse.csr_array
    """(m, total)."""
    products: sparse.csr_array
    covariates: int

    @property
    def starts(self) -> Ints:
        """The first column of each term."""
        return np.asarray(np.cumsum(self.sizes) - self.sizes)

    @property
    def effects(self) -> int:
        """How many columns are levels of random terms."""
        return int(self.sizes.sum())

    def scales(self, sd: Floats) -> Floats:
        """The factor (total,) of each column when term k has standard deviation `sd[k]`; covariates have 1."""
        return np.concatenate([np.repeat(sd[list(self.terms)], self.sizes), np.ones(self.covariates)])

    def sum_by_term(self, values: Floats) -> Floats:
        """Sums of `values` (total,) over the levels of each term, in the model's order."""
        sums = np.empty(len(self.terms))
        sums[list(self.terms)] = np.add.reduceat(values[: self.effects], self.starts)
        return sums

    def by_term(self, values: Floats) -> tuple[Floats, ...]:
        """Columns (..., total) of each term, in the model's order."""
        parts = np.split(values[..., : self.effects], self.starts[1:], axis=-1)
        return tuple(part for _, part in sorted(zip(self.terms, parts, strict=True), key=lambda pair: pair[0]))

    def penalised(self, weights: Floats, scales: Floats, precision: Floats) -> ArrowFactor:
        """The factor of scaled X'WX plus the diagonal `precision` (total,)."""
        first, border, corner = self._parts(self.products @ weights)
        one, other = scales[: self.sizes[0]], scales[self.sizes[0] :]
        return ArrowFactor.of(
            one**2 * first + precision[: self.sizes[0]],
            other[:, None] * one * border,
            np.outer(other, other) * corner + np.diag(precision[self.sizes[0] :]),
        )

    def leverages(self, inverse: tuple[Floats, Floats, Floats], scales: Floats) -> Floats:
        """The variance (m,) of each cell's linear predictor under the covariance whose parts are given."""
        first, border, corner = inverse
        one, other = scales[: self.sizes[0]], scales[self.sizes[0] :]
        within = np.outer(other, other) * corner
        twice = np.triu(within + within.T) - np.diag(within.diagonal())
        entries = [one**2 * first, (2 * other[:, None] * one * border).ravel(), twice.ravel()]
        return np.asarray(self.products.T @ np.concatenate(entries))

    def _parts(self, entries: Floats) -> tuple[Floats, Floats, Floats]:
        a = int(self.sizes[0])
        c = self.columns.shape[1] - a
        upper = entries[a + a * c :].reshape(c, c)
        return entries[:a], entries[a : a + a * c].reshape(c, a), upper + np.triu(upper, 1).T


def cells_of(columns: Columns, terms: ModelTerms) -> Cells:
    """Gather the rows of a sample into cells."""
    rows = rows_of(columns, (*terms.random, *terms.covariates))
    codes = np.column_stack([codes_of(labels_of(columns, term), terms.levels[term]) for term in terms.random])
    fixed = covariate_matrix(columns, terms.covariates, rows=rows)
    key = np.zeros(rows, dtype=np.int64)
    for column in (*codes.T, *fixed.T):
        distinct = np.unique(column, return_inverse=True)[1]
        key = np.unique(key * (distinct.max() + 1) + distinct, return_inverse=True)[1]
    _, one_of_each = np.unique(key, return_index=True)
    return Cells(codes[one_of_each], fixed[one_of_each], key)


def design_of(cells: Cells, terms: ModelTerms, *, covariates: Floats) -> Design:
    """The design of the cells with covariate columns (m, p), p may be 0."""
    level_counts = np.array([len(found) for found in terms.levels.values()])
    order = np.argsort(-level_counts, kind="stable")
    sizes = level_counts[order]
    m, p = covariates.shape
    at = np.concatenate(
        [cells.codes[:, order] + (np.cumsum(sizes) - sizes), np.tile(sizes.sum() + np.arange(p), (m, 1))], axis=1
    )
    values = np.concatenate([np.ones((m, len(order))), covariates], axis=1)
    rows = np.repeat(np.arange(m), at.shape[1])
    columns = sparse.csr_array((values.ravel(), (rows, at.ravel())), shape=(m, sizes.sum() + p))
    return Design(
        tuple(order.tolist()), sizes, columns, _products(at, values, first=int(sizes[0]), total=columns.shape[1]), p
    )


def orthogonal(fixed: Floats, names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Covariates (m, p) made orthogonal with mean square 1, and the matrix (p, p) that turns coefficients back."""
    basis, triangle = np.linalg.qr(fixed)
    length = np.linalg.norm(fixed, axis=0)
    flat = np.flatnonzero(np.abs(triangle.diagonal()) <= 1e-9 * length)
    if flat.size:
        raise UnusableCovariates(
            f"The covariate {names[flat[0] - 1]!r} is constant in the sample or follows from the others",
            remedy="Leave it out of the model",
        )
    root = np.sqrt(len(fixed))
    return basis * root, np.linalg.inv(triangle) * root


def _products(at: Ints, values: Floats, *, first: int, total: int) -> sparse.csr_array:
    """The products of all pairs of columns of each row, at their places in the parts of an arrow matrix."""
    slots, rest = at.shape[1], total - first
    one, other = np.triu_indices(slots)
    left, right = at[:, one], at[:, other]
    in_border, in_corner = (
        first + (right - first) * first + left,
        first + first * rest + (left - first) * rest + right - first,
    )
    place = np.where(right < first, left, np.where(left < first, in_border, in_corner))
    rows = np.repeat(np.arange(len(at)), one.size)
    shape = (first + first * rest + rest**2, len(at))
    return sparse.csr_array(((values[:, one] * values[:, other]).ravel(), (place.ravel(), rows)), shape=shape)
