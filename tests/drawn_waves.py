"""The invented city asked again and again: waves drawn anew, as the trust computations take them, with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from hearback.demo import opinions
from hearback.demo import surveys as demo_surveys
from hearback.demo.city import DemoCity, generate
from hearback.demo.survey_truth import FAVOURABLE, TrueValue, true_values
from hearback.demo.surveys import Wave
from hearback.evidence.populations import Cells
from hearback.evidence.surveys import Respondents
from hearback.listen.surveys.enums import Mode
from hearback.understand.trust.enums import Statistic
from hearback.understand.trust.queries.asked import Asked, Question

KINDS = ("community", "age", "sex", "district")


@dataclass(frozen=True)
class Truth:
    """What is true of every wave, item and group of the city."""

    of: dict[tuple[str, str, str, str], TrueValue]

    def value(self, wave: str, item: str, statistic: Statistic, by: str, group: str) -> float:
        """The true share or mean."""
        found = self.of[wave, item, by or "city", group]
        return found.favourable if statistic is Statistic.FAVOURABLE else found.mean


@cache
def the_city() -> DemoCity:
    """The demonstration city."""
    return generate()


@cache
def the_truth() -> Truth:
    """What is true of it."""
    city = the_city()
    years = tuple(dict.fromkeys(wave.year for wave in city.surveys))
    values = true_values(city.geography, city.people, city.adults, city.attitudes, years=years)
    return Truth({(str(one.wave), one.item, one.level, one.key): one for one in values})


@cache
def the_census() -> Cells:
    """All its adults."""
    city = the_city()
    area, community, age, sex = (mesh.ravel() for mesh in np.indices(city.adults.count.shape))
    lives = city.adults.count.ravel() > 0
    land = city.geography
    return Cells(
        area=np.array(land.keys, dtype=object)[area[lives]],
        groups={
            "community": np.array(city.people.communities, dtype=object)[community[lives]],
            "age": np.array(city.adults.ages, dtype=object)[age[lives]],
            "sex": np.array(city.adults.sexes, dtype=object)[sex[lives]],
        },
        count=city.adults.count.ravel()[lives].astype(np.float64),
        margin=None,
    )


def draw(seed: int) -> tuple[Asked, ...]:
    """The three random waves and the open link, asked anew."""
    city = the_city()
    rng = np.random.default_rng([2026, seed])
    waves = demo_surveys.draw(city.geography, city.people, city.adults, city.attitudes, rng=rng)
    return tuple(_asked(city, wave) for wave in waves)


def questions() -> tuple[Question, ...]:
    """The questions of the recipe."""
    return tuple(
        Question(
            item=item.id,
            is_number=len(item.codes) > 9,
            favourable=tuple(float(code) for code in FAVOURABLE[item.id]),
            lowest=float(item.codes[0]),
            highest=float(item.codes[-1]),
            reversed=item.id == "worse",
        )
        for item in opinions.items()
    )


def _asked(city: DemoCity, wave: Wave) -> Asked:
    land = city.geography
    area = np.array(land.keys, dtype=object)[wave.area]
    groups = {
        "community": np.array(city.people.communities, dtype=object)[wave.community],
        "age": np.array(city.adults.ages, dtype=object)[wave.age],
        "sex": np.array(city.adults.sexes, dtype=object)[wave.sex],
        "district": np.array(land.districts, dtype=object)[land.district_of[wave.area]],
    }
    persons = np.array([f"{wave.year}-{number}" for number in range(len(wave))], dtype=object)
    sample = wave.sample
    people = Respondents(
        answers={name: np.where(said < 0, np.nan, said).astype(np.float64) for name, said in wave.answers.items()},
        groups=groups,
        area=area,
        weights=None,
        strata=None,
        psu=(),
        fpc=(),
        replicates=None,
        n=len(wave),
    )
    if sample is not None:
        row_of = {number: row for row, number in enumerate(sample.area.tolist())}
        row = np.array([row_of[number] for number in wave.area.tolist()])
        people = Respondents(
            **{
                **vars(people),
                "weights": sample.weight[row],
                "strata": groups["district"],
                "psu": (area, persons),
                "fpc": (sample.areas_there[row].astype(np.float64), sample.adults[row].astype(np.float64)),
            }
        )
    return Asked(
        wave=str(wave.year),
        mode=Mode.PROBABILITY if sample is not None else Mode.OPT_IN,
        layer="neighbourhood",
        questions=questions(),
        scales={"fair-treatment": ("respect", "fair", "listen", "worse")},
        groups={kind: tuple(dict.fromkeys(members.tolist())) for kind, members in groups.items()},
        codes={},
        people=people,
    )
