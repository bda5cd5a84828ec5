"""Which columns enter a mixed model and how: random terms with their levels, covariates with fixed coefficients."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = Mapping[str, ArrayLike]
UNSEEN = -1
"""The code of a level that the sample never saw."""


class UnusableColumns(Refusal):
    """Columns from which a model's terms cannot be built."""


@dataclass(frozen=True)
class ModelTerms:
    """Random terms with the levels that the sample has, and names of numeric covariates.

    A random term is a column ("area") or columns crossed by colons ("area:group"), whose levels are tuples.
    """

    levels: Mapping[str, tuple[Hashable, ...]]
    covariates: tuple[str, ...]

    @property
    def random(self) -> tuple[str, ...]:
        """The random terms in the order given."""
        return tuple(self.levels)


def terms_of(columns: Columns, *, random: Sequence[str], covariates: Sequence[str] = ()) -> ModelTerms:
    """The terms with every level in the sample; a term with one level says nothing and is refused."""
    if not random:
        raise ValueError("a mixed model has at least one random term")
    levels = {term: ordered_levels(labels_of(columns, term)) for term in random}
    for term, found in levels.items():
        if len(found) < 2:
            raise UnusableColumns(
                f"All rows have the same {term!r}",
                where=f"column {term!r}",
                remedy="Leave the term out of the model",
            )
    return ModelTerms(levels=levels, covariates=tuple(covariates))


def rows_of(columns: Columns, names: Sequence[str]) -> int:
    """The number of rows of the columns behind terms and covariates; refuses columns of different length."""
    sizes = {part: np.size(_present(columns, part)) for name in names for part in name.split(":")}
    rows = next(iter(sizes.values()))
    odd = next((name for name, size in sizes.items() if size != rows), None)
    if odd is not None:
        raise UnusableColumns(
            f"The column {odd!r} has {sizes[odd]} rows where others have {rows}", remedy="Give one value for each row"
        )
    return rows


def labels_of(columns: Columns, term: str) -> list[Hashable]:
    """The label of each row in a term, crossed columns as tuples; refuses missing labels."""
    parts = [_column(columns, name) for name in term.split(":")]
    return parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))


def ordered_levels(labels: Sequence[Hashable]) -> tuple[Hashable, ...]:
    """Distinct labels in a stable order: numbers by size, words by alphabet."""
    return tuple(sorted(set(labels), key=_sorted_by))


def codes_of(labels: Sequence[Hashable], levels: Sequence[Hashable]) -> Ints:
    """The position of each label among the levels, `UNSEEN` where it is not among them."""
    position = {level: i for i, level in enumerate(levels)}
    return np.fromiter((position.get(label, UNSEEN) for label in labels), dtype=np.int64, count=len(labels))


def covariate_matrix(columns: Columns, names: Sequence[str], *, rows: int) -> Floats:
    """The intercept and the covariates, (rows, 1 + number of covariates); refuses missing numbers."""
    matrix = np.ones((rows, 1 + len(names)))
    for at, name in enumerate(names, start=1):
        values = np.asarray(_present(columns, name), dtype=np.float64)
        missing = np.flatnonzero(~np.isfinite(values))
        if missing.size:
            raise _missing(name, int(missing[0]))
        matrix[:, at] = values
    return matrix


def _column(columns: Columns, name: str) -> list[Hashable]:
    labels: list[Hashable] = np.asarray(_present(columns, name)).tolist()
    absent = next((i for i, label in enumerate(labels) if label is None or label == "" or label != label), None)
    if absent is not None:
        raise _missing(name, absent)
    return labels


def _present(columns: Columns, name: str) -> ArrayLike:
    if name not in columns:
        raise UnusableColumns(
            f"There is no column {name!r}",
            remedy=f"The columns are {', '.join(map(repr, columns))}",
        )
    return columns[name]


def _missing(name: str, row: int) -> UnusableColumns:
    return UnusableColumns(
        f"The value of {name!r} is missing",
        where=f"row {row + 1}",
        remedy="Leave out rows with missing values, or give them a level of their own such as 'unknown'",
    )


def _sorted_by(level: Hashable) -> tuple[object, ...]:
    if isinstance(level, tuple):
        return tuple(key for part in level for key in _sorted_by(part))
    return (isinstance(level, str), level)
