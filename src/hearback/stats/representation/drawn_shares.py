"""Groups' shares among those who answered a drawn sample, and how many voices that came alone they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.design import Design
from hearback.stats.estimate.proportions import proportions
from hearback.stats.representation.clustered_counts import student_factor

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnShares:
    """k groups' shares in those whose group is known, times how many these are (`voices`), and their `design_effect`,
    as `participation` takes both."""

    voices: Floats
    design_effect: Floats


def drawn_shares(design: Design, members: ArrayLike, groups: Sequence[str], *, level: float = 0.9) -> DrawnShares:
    """Groups (k,) of which respondents (n,) are members, for intervals at `level`; members of none are left out.

    `design` says how people were drawn: in clusters people are alike, and say less; where some were likelier to be
    drawn, its weights count those for less. Weights that make up for who did not answer would make everybody seem
    heard. A group that nobody is of, or everybody, has the mean design effect of the others; Student's factor is that
    of the design's degrees of freedom. Raises UnusableAnswers where nobody is of any group.
    Source: Kish 1965, section 8.2.
    """
    names = np.asarray(members, dtype=object)
    known = np.isin(names.astype(str), list(groups))
    found = proportions(design, np.where(known, names.astype(str), ""))
    share = dict(zip(found.names, found.estimate.tolist(), strict=True))
    effect = {name: deff for name, deff in zip(found.names, found.deff, strict=True) if deff is not None}
    usual = max(1.0, float(np.mean([*effect.values()]))) if effect else 1.0
    return DrawnShares(
        voices=known.sum() * np.array([share.get(group, 0.0) for group in groups]),
        design_effect=student_factor(float(found.df.max()), level=level)
        * np.array([max(1.0, effect.get(group, usual)) for group in groups]),
    )
