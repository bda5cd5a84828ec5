"""Cholesky factor of the matrix that one large factor and a few small ones make: a diagonal with a border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ArrowFactor:
    """The factor of H = [[diag(d), B'], [B, C]], positive definite, with d (a,), B (c, a) and C (c, c).

    The levels of one factor never meet in a respondent, so its block is diagonal and leaves by elimination; what
    remains is a dense matrix of the size of all the other factors together.
    """

    diagonal: Floats
    border: Floats
    """B / d, the border after elimination."""
    root: Floats
    """The inverse of the lower Cholesky factor of C - B diag(1/d) B'."""

    @classmethod
    def of(cls, diagonal: Floats, border: Floats, corner: Floats) -> ArrowFactor:
        """Factor the matrix given by its three parts; numpy.linalg.LinAlgError where it is not positive definite."""
        eliminated = border / diagonal
        lower = np.linalg.cholesky(corner - eliminated @ border.T)
        inverse = lapack.dtrtri(lower, lower=1)[0] if lower.size else lower  # LAPACK knows no matrix of size 0
        return cls(diagonal, eliminated, np.asarray(inverse))

    @property
    def log_determinant(self) -> float:
        """The logarithm of the determinant of H."""
        return float(np.log(self.diagonal).sum() - 2 * np.log(self.root.diagonal()).sum())

    def solve(self, right: Floats) -> Floats:
        """H⁻¹ times `right` (a + c,)."""
        a = self.diagonal.size
        below = self.root.T @ (self.root @ (right[a:] - self.border @ right[:a]))
        return np.concatenate([right[:a] / self.diagonal - below @ self.border, below])

    def inverse(self) -> tuple[Floats, Floats, Floats]:
        """The parts of H⁻¹ in the places of d, B and C, which are all that traces against H need."""
        corner = self.root.T @ self.root
        border = -corner @ self.border
        return 1 / self.diagonal - (self.border * border).sum(axis=0), border, corner

    def draws(self, number: int, *, rng: np.random.Generator) -> Floats:
        """Normal vectors (number, a + c) with mean 0 and covariance H⁻¹."""
        noise = rng.normal(size=(number, self.diagonal.size + len(self.root)))
        below = noise[:, self.diagonal.size :] @ self.root
        above = noise[:, : self.diagonal.size] / np.sqrt(self.diagonal) - below @ self.border
        return np.concatenate([above, below], axis=1)
