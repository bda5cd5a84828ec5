"""Measurement invariance: whether a scale means the same in every language or group before groups are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.scales.answers import as_items
from hearback.stats.scales.one_factor import Fit, GroupModel, Moments, fit_groups, moments

Bools = NDArray[np.bool_]
Verdict = Literal["scalar", "partly scalar", "metric only", "configural only", "none", "cannot be checked"]

LEAST_PER_GROUP = 100
"""Fewest complete answers in a group from which a factor can be told from chance."""
LARGEST_DROP = 0.01
"""Of the comparative fit index, when parameters are made equal: Cheung and Rensvold's rule."""
LEAST_FIT = 0.9
"""Comparative fit index below which the items do not measure one thing, in some group or any."""


@dataclass(frozen=True)
class Step:
    """One model of the ladder: its fit, by how much the index fell from the step before, and whether that is little
    enough; `freed` are the items (places from 0) that had to be let differ for it."""

    name: Literal["configural", "metric", "scalar"]
    fit: Fit
    drop: float
    holds: bool
    freed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Invariance:
    """What the groups' scores can be compared for.

    `comparable`: means of the scores may be compared. `breaks` names the items that mean something else in some
    group. `factor_mean` (G,) are the groups' means on the common factor, in standard deviations of the first group,
    NaN unless the verdict is scalar or partly scalar. `reason` says in one sentence why the verdict is what it is.
    """

    verdict: Verdict
    comparable: bool
    reason: str
    groups: tuple[str, ...]
    n: tuple[int, ...]
    breaks: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    factor_mean: tuple[float, ...] = ()


def check_invariance(answers: ArrayLike, *, groups: ArrayLike, names: Sequence[str] = ()) -> Invariance:
    """Configural, metric and scalar invariance of items (n, p), p ≥ 3, across groups (n,), by the fall of the
    comparative fit index when loadings, then intercepts, are made equal.

    Complete answers only, unweighted, taken as numbers: items should have five steps or so. Items are freed one by
    one, those first whose freeing helps most, while more than half stay equal: without a majority nobody could say
    which items broke. `names` (p,) are the items' names.

    Errors: `UnusableItems`. Source: Cheung and Rensvold 2002, Structural Equation Modeling 9:233; partial
    invariance: Byrne, Shavelson and Muthén 1989, Psychological Bulletin 105:456.
    """
    items = as_items(answers, fewest_items=3)
    labels = np.asarray(groups)
    whole = ~np.isnan(items).any(axis=1)
    present = np.unique(labels)
    parts = [items[whole & (labels == label)] for label in present]
    said = tuple(map(str, present.tolist()))
    sizes = tuple(len(part) for part in parts)
    called = tuple(names) or tuple(f"item {at + 1}" for at in range(items.shape[1]))
    obstacle = _obstacle(parts, said, called)
    if obstacle:
        return Invariance("cannot be checked", False, obstacle, said, sizes)
    return _judged(_ladder([moments(part) for part in parts]), said, sizes, called)


def _obstacle(parts: Sequence[NDArray[np.float64]], groups: Sequence[str], names: Sequence[str]) -> str:
    if len(parts) < 2:
        return "There is one group only"
    few = [f"{group} ({len(part)})" for group, part in zip(groups, parts, strict=True) if len(part) < LEAST_PER_GROUP]
    if few:
        return f"Fewer than {LEAST_PER_GROUP} people answered all items in {', '.join(few)}"
    for group, part in zip(groups, parts, strict=True):
        flat = np.flatnonzero(np.ptp(part, axis=0) == 0)
        if flat.size:
            return f"In {group} everybody gave the same answer to {names[flat[0]]}"
        if np.linalg.matrix_rank(np.cov(part, rowvar=False)) < part.shape[1]:
            return f"In {group} one item follows from the others"
    return ""


def _ladder(groups: Sequence[Moments]) -> tuple[tuple[Step, ...], GroupModel]:
    """The steps up to the first that does not hold, and the last model fitted."""
    p = groups[0].mean.size
    nothing, everything = np.zeros(p, dtype=np.bool_), np.ones(p, dtype=np.bool_)
    model = fit_groups(groups, equal_loadings=nothing, equal_intercepts=nothing)
    steps = [Step("configural", model.fit, 0.0, model.fit.cfi >= LEAST_FIT)]
    if steps[-1].holds:
        metric, model, tied = _freed(
            "metric", model, everything, lambda t: fit_groups(groups, equal_loadings=t, equal_intercepts=nothing)
        )
        steps.append(metric)
    if steps[-1].name == "metric" and steps[-1].holds:
        scalar, model, _ = _freed(
            "scalar", model, tied, lambda t: fit_groups(groups, equal_loadings=tied, equal_intercepts=t)
        )
        steps.append(scalar)
    return tuple(steps), model


def _freed(
    name: Literal["metric", "scalar"], before: GroupModel, tied: Bools, fit: Callable[[Bools], GroupModel]
) -> tuple[Step, GroupModel, Bools]:
    """The step with as few items let differ as it takes, its model, and which items stay equal."""
    candidates, freed, fewest = tied, [], tied.size // 2 + 1
    model = fit(tied)
    while before.fit.cfi - model.fit.cfi > LARGEST_DROP and np.count_nonzero(tied) > fewest:
        fits = {int(at): fit(_without(tied, int(at))) for at in np.flatnonzero(tied)}
        best = min(fits, key=lambda at: fits[at].fit.chi_square)
        freed.append(best)
        tied, model = _without(tied, best), fits[best]
    drop = before.fit.cfi - model.fit.cfi
    left_out = np.flatnonzero(~candidates).tolist()
    return Step(name, model.fit, drop, drop <= LARGEST_DROP, tuple(sorted(left_out + freed))), model, tied


def _without(tied: Bools, at: int) -> Bools:
    fewer = tied.copy()
    fewer[at] = False
    return fewer


def _judged(
    ladder: tuple[tuple[Step, ...], GroupModel], groups: tuple[str, ...], n: tuple[int, ...], names: tuple[str, ...]
) -> Invariance:
    steps, model = ladder
    last = steps[-1]
    breaks = tuple(names[at] for at in last.freed)
    verdict, reason = _verdict(last, breaks)
    on_common = verdict in ("scalar", "partly scalar")
    means = tuple(model.factor_mean.tolist()) if on_common else (float("nan"),) * len(groups)
    return Invariance(verdict, verdict == "scalar", reason, groups, n, breaks, steps, means)


def _verdict(last: Step, breaks: tuple[str, ...]) -> tuple[Verdict, str]:
    listed = ", ".join(breaks)
    if last.name == "configural":
        return "none", f"The items do not measure one thing in every group (CFI {last.fit.cfi:.3f})"
    if last.name == "metric":
        return "configural only", f"The items belong together to different degrees in the groups; {listed} most of all"
    if not last.holds:
        return "metric only", f"People of equal standing answer differently by group; {listed} most of all"
    if breaks:
        return "partly scalar", f"All items but {listed} mean the same in every group: compare without them"
    return "scalar", "The items mean the same in every group"
