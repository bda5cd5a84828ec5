"""Small areas: what the few answers of an area and the rest of the city together say of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal
from hearback.sentence import Sentence
from hearback.stats.small_area.area_draws import AreaDraws, Interval
from hearback.stats.small_area.mixed_model import fit_gaussian, fit_logistic
from hearback.stats.small_area.posterior import PosteriorDraws, posterior_draws
from hearback.stats.small_area.poststratify import poststratify_draws
from hearback.stats.small_area.publish import PublishedArea, Rule, publish
from hearback.stats.small_area.publish import Showing as Appears
from hearback.understand.trust.enums import AREA, Method, Showing, Statistic
from hearback.understand.trust.queries.asked import Asked, Question
from hearback.understand.trust.queries.results import Contrasted, Estimated
from hearback.understand.trust.queries.weighting import Census, Sample

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

AREA_LEVEL = 0.9
"""Of intervals of areas."""
DRAWS = 400
WIDEST = 0.25
"""Of a useful interval of an area, as a share of the scale from end to end."""
FEWEST_GROUPS = 3
"""Of a kind whose groups the model takes as drawn from one distribution: two show nothing of its width."""
COVARIATE = "need"

SHOWING = {
    Appears.ALONE: Showing.SHOWN,
    Appears.POOLED: Showing.POOLED,
    Appears.WITHHELD: Showing.WITHHELD,
}
TOO_WIDE = Sentence("Withheld: too little is known of this area and its neighbours")
TOGETHER = Sentence("Together with its neighbours, because too little is known of the area alone")
UNASKED = Sentence("Nobody here was asked; this is what the model expects of an area like it")


@dataclass(frozen=True, eq=False)
class Ground:
    """The areas of a layer: who borders on whom, and a number that goes with trust, such as need."""

    neighbours: Mapping[str, Sequence[str]]
    covariate: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Modelled:
    """One statistic of one item in every area: the draws, the model behind them (which `stats.small_area.model_checks`
    can judge), and how many answered in each area."""

    question: Question
    statistic: Statistic
    draws: AreaDraws
    posterior: PosteriorDraws
    n: Mapping[str, int]
    published: tuple[PublishedArea, ...]


def modelled(sample: Sample, ground: Ground, *, rng: np.random.Generator) -> Iterator[Modelled]:
    """A multilevel regression, poststratified, of every headline item of a random sample with areas and a census.

    Random effects of areas and of every kind of group of three or more that the population has; a covariate of areas.
    An item to which the model does not fit is left out.
    """
    census = sample.census
    if sample.method is not Method.DESIGN or census is None or census.area is None or not sample.asked.layer:
        return
    for question in headline(sample.asked):
        for statistic in question.statistics:
            try:
                yield _one(question, statistic, sample, census, ground, rng=rng)
            except Refusal:
                continue


def headline(asked: Asked) -> list[Question]:
    """The items that belong to a scale, and the numbers."""
    in_scales = {item for items in asked.scales.values() for item in items}
    return [one for one in asked.questions if one.item in in_scales or one.is_number]


def as_found(one: Modelled) -> Iterator[Estimated]:
    """Every area as it goes on record, by the publishing rule."""
    own = {area: one.draws.together([area]) for area in one.draws.areas}
    for area in one.published:
        interval: Interval = area.interval or own[area.area]
        n = one.n.get(str(area.area), 0)
        yield Estimated(
            item=one.question.item,
            statistic=one.statistic,
            by=AREA,
            group=str(area.area),
            method=Method.SMALL_AREA,
            estimate=interval.estimate,
            se=interval.sd,
            low=interval.low,
            high=interval.high,
            level=interval.level,
            n=n,
            showing=SHOWING[area.showing],
            pooled_with=tuple(str(other) for other in area.members if other != area.area),
            notes=tuple(_notes(area, n)),
        )


def changes(earlier: Modelled, later: Modelled, *, wave: str) -> Iterator[Contrasted]:
    """Each area less the same area in the earlier wave, draw by draw; withheld where it is not shown alone in both.

    The waves' models know nothing of each other, so that what their errors have in common does not drop out: the
    intervals are rather too wide than too narrow.
    """
    alone = [{area.area for area in one.published if area.showing is Appears.ALONE} for one in (earlier, later)]
    before = {area: at for at, area in enumerate(earlier.draws.areas)}
    tails = (1 - AREA_LEVEL) / 2, (1 + AREA_LEVEL) / 2
    for at, area in enumerate(later.draws.areas):
        if area in before:
            moved = later.draws.draws[:, at] - earlier.draws.draws[:, before[area]]
            low, high = np.quantile(moved, tails)
            yield Contrasted(
                earlier=wave,
                item=later.question.item,
                statistic=later.statistic,
                method=Method.SMALL_AREA,
                by=AREA,
                group=str(area),
                difference=float(moved.mean()),
                se=float(moved.std(ddof=1)),
                low=float(low),
                high=float(high),
                level=AREA_LEVEL,
                p_more=float((moved > 0).mean()),
                showing=Showing.SHOWN if all(area in shown for shown in alone) else Showing.WITHHELD,
            )


def _one(
    question: Question,
    statistic: Statistic,
    sample: Sample,
    census: Census,
    ground: Ground,
    *,
    rng: np.random.Generator,
) -> Modelled:
    kinds = [kind for kind, names in census.groups.items() if len(set(names.tolist())) >= FEWEST_GROUPS]
    cells, counts = _cells(census, kinds)
    values, columns = _respondents(question, statistic, sample, kinds, cells)
    covariates = [COVARIATE] if _differs(columns[AREA], ground) else []
    for each in (cells, columns):
        each[COVARIATE] = np.array([ground.covariate.get(area, 0.0) for area in each[AREA].tolist()])
    fit = fit_logistic if statistic is Statistic.FAVOURABLE else fit_gaussian
    model = fit(values, columns, random=[AREA, *kinds], covariates=covariates)
    posterior = posterior_draws(model, draws=DRAWS, rng=rng)
    draws = poststratify_draws(posterior, cells, counts, area=AREA, level=AREA_LEVEL, rng=rng)
    rule = Rule(widest=WIDEST * _span(question, statistic))
    areas, answered = np.unique(columns[AREA].astype(str), return_counts=True)
    return Modelled(
        question=question,
        statistic=statistic,
        draws=draws,
        posterior=posterior,
        n=dict(zip(areas.tolist(), answered.tolist(), strict=True)),
        published=publish(draws, neighbours=_near(ground, draws), rule=rule),
    )


def _cells(census: Census, kinds: Sequence[str]) -> tuple[dict[str, NDArray[np.generic]], Floats]:
    """The cells of inhabited areas, those alike in area and kinds taken together."""
    assert census.area is not None
    columns = [census.area.astype(str), *(census.groups[kind].astype(str) for kind in kinds)]
    key = np.zeros(census.count.size, dtype=np.int64)
    for column in columns:
        labels = np.unique(column, return_inverse=True)[1]
        key = np.unique(key * (labels.max() + 1) + labels, return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    counts = np.bincount(key, census.count).astype(np.float64)
    lives = counts > 0
    names = (AREA, *kinds)
    return {name: column[first][lives] for name, column in zip(names, columns, strict=True)}, counts[lives]


def _respondents(
    question: Question,
    statistic: Statistic,
    sample: Sample,
    kinds: Sequence[str],
    cells: Mapping[str, NDArray[np.generic]],
) -> tuple[Floats, dict[str, NDArray[np.generic]]]:
    """Answers, and the columns of the model, of those who answered and of whom it is known where they belong."""
    values = question.values(sample.asked.people.answers[question.item], statistic)
    members = sample.asked.members
    kept = np.isfinite(values)
    for name in (AREA, *kinds):
        kept &= np.isin(members[name].astype(str), np.unique(cells[name]))
    return values[kept], {name: members[name][kept].astype(str) for name in (AREA, *kinds)}


def _differs(areas: NDArray[np.generic], ground: Ground) -> bool:
    """Whether the covariate differs among the areas asked."""
    return len({ground.covariate.get(str(area), 0.0) for area in np.unique(areas).tolist()}) > 1


def _near(ground: Ground, draws: AreaDraws) -> dict[Hashable, list[Hashable]]:
    """Neighbours among the areas that are estimated."""
    there = set(draws.areas)
    return {
        area: [other for other in others if other in there]
        for area, others in ground.neighbours.items()
        if area in there
    }


def _span(question: Question, statistic: Statistic) -> float:
    if statistic is Statistic.FAVOURABLE:
        return 1.0
    if question.lowest is None or question.highest is None:
        return np.inf
    return question.highest - question.lowest


def _notes(area: PublishedArea, n: int) -> Iterator[Sentence]:
    if n == 0:
        yield UNASKED
    if area.showing is Appears.POOLED:
        yield TOGETHER
    if area.showing is Appears.WITHHELD:
        yield TOO_WIDE
