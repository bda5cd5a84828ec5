"""Writes the surveys of the invented city as files with codebooks, the census beside them, and the truth apart."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hearback.demo import opinions, tables
from hearback.demo.shown_truth import write_shown_truth
from hearback.demo.survey_truth import TrueValue, true_values
from hearback.demo.surveys import DONT_KNOW, REFUSED, Sample, Wave

if TYPE_CHECKING:
    from hearback.demo.city import DemoCity

INTERVIEWED_IN = "en"
"""Who speaks a language that the survey is not in answers in this one."""
SAID = """questionnaire = "questionnaire.toml"
source = "Invented by Hearback's city generator"
licence = "CC0-1.0"
population = "Adult residents of Linnet Bay"
languages = ["en", "es", "fr", "vi", "zh-hans", "ar", "ht", "ru", "ko", "so"]
"""


def write_surveys(city: DemoCity, folder: Path) -> None:
    """Every wave's answers and codebook, and census-adults.csv, the population by area, community, age and sex."""
    tables.write_csv(folder / "census-adults.csv", _census(city))
    for wave in city.surveys:
        if wave.sample is None:
            _write_link(city, wave, folder)
        else:
            _write_random(city, wave, wave.sample, folder)


def write_survey_truth(city: DemoCity, folder: Path) -> None:
    """What every question's answers truly are, and where police work changed."""
    years = tuple(dict.fromkeys(wave.year for wave in city.surveys))
    values = list(true_values(city.geography, city.people, city.adults, city.attitudes, years=years))
    columns: dict[str, tables.Column] = {
        entry.name: np.array([getattr(value, entry.name) for value in values]) for entry in fields(TrueValue)
    }
    tables.write_csv(folder / "survey-items.csv", columns, decimals={"favourable": 6, "mean": 6})
    for year in years:
        write_shown_truth([value for value in values if value.wave == year], folder / f"survey-{year}.csv")
    changed = [(year, opinions.changes(city.geography, year=year)) for year in years]
    tables.write_csv(
        folder / "survey-changes.csv",
        {
            "wave": np.repeat([year for year, _ in changed], len(city.geography.keys)),
            "area": city.geography.keys * len(changed),
            "points_of_trust": np.concatenate([points for _, points in changed]),
        },
    )


def _census(city: DemoCity) -> dict[str, tables.Column]:
    land, people, adults = city.geography, city.people, city.adults
    area, community, age, sex = (mesh.ravel() for mesh in np.indices(adults.count.shape))
    lives = adults.count.ravel() > 0
    return {
        "area": np.array(land.keys)[area[lives]],
        "district": np.array(land.districts)[land.district_of[area[lives]]],
        "community": np.array(people.communities)[community[lives]],
        "age": np.array(adults.ages)[age[lives]],
        "sex": np.array(adults.sexes)[sex[lives]],
        "adults": adults.count.ravel()[lives],
    }


def _write_random(city: DemoCity, wave: Wave, sample: Sample, folder: Path) -> None:
    """As a survey house delivers it: codes, weights and the design; and how the fieldwork went in each area."""
    row_of = {area: row for row, area in enumerate(sample.area.tolist())}
    drawn = np.array([row_of[area] for area in wave.area.tolist()])
    columns: dict[str, tables.Column] = {
        **_respondents(city, wave),
        "person": [f"{wave.year}-{number:05d}" for number in range(1, len(wave) + 1)],
        "areas_in_district": sample.areas_there[drawn],
        "adults_in_area": sample.adults[drawn],
        "weight": sample.weight[drawn],
    }
    tables.write_csv(folder / f"survey-{wave.year}.csv", columns)
    fieldwork: dict[str, tables.Column] = {
        "area": np.array(city.geography.keys)[sample.area],
        "asked": sample.asked,
        "answered": sample.answered,
        "refused": sample.refused,
        "not_reached": sample.asked - sample.answered - sample.refused,
    }
    tables.write_csv(folder / f"survey-{wave.year}-fieldwork.csv", fieldwork)
    (folder / f"survey-{wave.year}.toml").write_text(_random_codebook(wave, sample), encoding="utf-8")


def _random_codebook(wave: Wave, sample: Sample) -> str:
    answered, refused = int(sample.answered.sum()), int(sample.refused.sum())
    return f"""# The survey of {wave.year}: adults drawn by chance. Invented, like the city.

[survey]
name = "Linnet Bay community survey"
wave = "{wave.year}"
key = "community-survey"
file = "survey-{wave.year}.csv"
mode = "probability"
frame = "Addresses: areas drawn in every police district with equal chances, then adults in each of these areas"
contact = "letter, then doorbell; on paper, by web or in person"
fielded_from = {wave.year}-09-01
fielded_to = {wave.year}-10-31
vintage = "September and October {wave.year}"
{SAID}
[design]
weights = "weight"
strata = "district"
psu = ["area", "person"]
fpc = ["areas_in_district", "adults_in_area"]

[response]
complete = {answered}
refusal = {refused}
non_contact = {int(sample.asked.sum()) - answered - refused}

[fieldwork]
file = "survey-{wave.year}-fieldwork.csv"
area = "area"
key_digits = 4
asked = "asked"
answered = "answered"
"""


def _write_link(city: DemoCity, wave: Wave, folder: Path) -> None:
    """As a web tool exports it: three lines of header, network addresses, and somebody who clicked twice."""
    count = len(wave)
    agree = np.where(wave.inattentive, 4, 2)
    columns: dict[str, tables.Column] = {
        "ResponseId": [f"R_{number:06d}" for number in range(1, count + 1)],
        "IPAddress": [f"203.0.113.{number % 254 + 1}" for number in range(count)],
        **_respondents(city, wave),
        "check": agree,
    }
    rows = [*range(count), count - 1]
    texts = {name: [str(np.asarray(column)[row]) for row in rows] for name, column in columns.items()}
    headed = {
        name: [name.capitalize(), f'{{"ImportId":"QID{number}"}}', *texts[name]]
        for number, name in enumerate(texts, start=1)
    }
    tables.write_csv(folder / f"link-{wave.year}.csv", headed)
    (folder / f"link-{wave.year}.toml").write_text(_link_codebook(wave), encoding="utf-8")


def _link_codebook(wave: Wave) -> str:
    return f"""# The open link of {wave.year}: whoever wished. Invented, like the city.

[survey]
name = "Linnet Bay open link"
wave = "{wave.year}"
key = "open-link"
file = "link-{wave.year}.csv"
header_lines = 3
respondent = "ResponseId"
personal = ["IPAddress"]
mode = "opt-in"
frame = "A link on the city's pages and in posts, open to everybody; nobody was drawn"
contact = "web"
fielded_from = {wave.year}-09-01
fielded_to = {wave.year}-10-31
vintage = "September and October {wave.year}"
{SAID}
[[attention]]
column = "check"
right = [2]
"""


def _respondents(city: DemoCity, wave: Wave) -> dict[str, tables.Column]:
    """Who they are and what they said, in the codes of the questionnaire."""
    land, people, adults = city.geography, city.people, city.adults
    languages = np.array([code if code != "other" else INTERVIEWED_IN for code in people.languages])
    who: dict[str, tables.Column] = {
        "area": np.array(land.keys)[wave.area],
        "district": np.array(land.districts)[land.district_of[wave.area]],
        "community": np.array(people.communities)[wave.community],
        "age": np.array(adults.ages)[wave.age],
        "sex": np.array(adults.sexes)[wave.sex],
        "language": languages[wave.language],
    }
    for item in opinions.items():
        unsaid = (98, 99) if len(item.codes) > 9 else (8, 9)
        said = wave.answers[item.id]
        who[item.id] = np.select([said == DONT_KNOW, said == REFUSED], unsaid, said)
    return who
