"""A promise that cannot be kept is refused before anything is written, with its table, its key and what to write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import little_city
from city_files import AREAS, CITY, described
from hearback.foundation.audit.enums import Actor
from hearback.foundation.places.queries import city as on_record
from hearback.importers import city
from hearback.importers.toml_records import TomlRefusal
from hearback.jobs.build_city import build_city

pytestmark = pytest.mark.faults


def sentence(folder: Path, promises: str) -> str:
    """The refusal of a description that promises this, without the path before it."""
    path = described(folder, "\n".join((CITY, AREAS, promises)))
    with pytest.raises(TomlRefusal) as refused:
        city.read(path)
    assert refused.value.remedy
    return refused.value.sentence.removeprefix(f"{path}, ")


@pytest.mark.parametrize(
    ("promises", "told"),
    [
        (
            "[promises.complaints]\nanswer = 1",
            '[promises]: the key "complaints" is not known here. You may mean "complaint".',
        ),
        (
            "[promises.praise]\nanswer = 1",
            '[promises]: the key "praise" is not known here. Known here: concern, idea, thanks, question, complaint.',
        ),
        (
            "[promises.idea]\nanswers = 1",
            '[promises.idea]: the key "answers" is not known here. You may mean "answer".',
        ),
        (
            "[promises.idea]\nkeep = 24",
            '[promises.idea]: the key "keep" is not known here. You may mean "keep_days".',
        ),
        (
            "[promises]\nanswer = 3",
            '[promises]: the key "answer" is not known here. Known here: concern, idea, thanks, question, complaint.',
        ),
        (
            "[promises]\nidea = 3",
            "[promises.idea]: a table is needed here. Begin it with a line such as: [promises.idea].",
        ),
        (
            '[promises.idea]\nanswer = "3"',
            "[promises.idea], answer: 3 is not a whole number. Write digits without quotation marks.",
        ),
        (
            "[promises.idea]\nanswer = 2.5",
            "[promises.idea], answer: 2.5 is not a whole number. Write digits without quotation marks.",
        ),
        (
            "[promises.idea]\nkeep_days = true",
            "[promises.idea], keep_days: true is not a whole number. Write digits without quotation marks.",
        ),
        (
            "[promises.idea]\nanswer = 0",
            "[promises.idea], answer: 0 is no number of working days to promise. Write a number from 1 to 260.",
        ),
        (
            "[promises.idea]\nresolution = 261",
            "[promises.idea], resolution: 261 is no number of working days to promise. Write a number from 1 to 260.",
        ),
        (
            "[promises.idea]\nkeep_days = -1",
            "[promises.idea], keep_days: -1 is no number of days to promise. Write a number from 1 to 36500.",
        ),
        (
            f"[promises.idea]\nkeep_days = {'9' * 1000}",
            f"[promises.idea], keep_days: {'9' * 40} is no number of days to promise. Write a number from 1 to 36500.",
        ),
        (
            "[promises.idea]\nanswer = 10\nresolution = 9",
            "[promises.idea]: the end is promised after 9 working days, before the answer after 10."
            " Write resolution = 10 or more, or an earlier answer.",
        ),
        (
            "[promises.question]\nanswer = 6",
            "[promises.question]: the end is promised after 5 working days, before the answer after 6."
            " Write resolution = 6 or more, or an earlier answer.",
        ),
        (
            "[promises.thanks]\nkeep_days = 55",
            "[promises.thanks], keep_days: 55 days are too few: four weeks after its answer the resident is asked"
            " whether it helped and may open it again, and its end is promised after 5 working days. Write 56 or more.",
        ),
        (
            "[promises.thanks]\nresolution = 100",
            "[promises.thanks], keep_days: 180 days are too few: four weeks after its answer the resident is asked"
            " whether it helped and may open it again, and its end is promised after 100 working days."
            " Write 200 or more.",
        ),
    ],
)
def test_one_fault_in_what_is_promised(tmp_path: Path, promises: str, told: str) -> None:
    assert sentence(tmp_path, promises) == told


@pytest.mark.parametrize("promises", ["promises = 3", "promises = []"])
def test_promises_are_tables(tmp_path: Path, promises: str) -> None:
    path = described(tmp_path, "\n".join((promises, CITY, AREAS)))
    with pytest.raises(TomlRefusal, match=r"\[promises\]: a table is needed here"):
        city.read(path)


def test_a_number_too_long_to_be_read_is_refused_like_everything_that_is_not_toml(tmp_path: Path) -> None:
    path = described(tmp_path, f"{CITY}\n{AREAS}\n[promises.idea]\nanswer = {'9' * 5000}")
    with pytest.raises(TomlRefusal, match="it is not TOML"):
        city.read(path)


@pytest.mark.parametrize(
    "promises",
    [
        "[promises.idea]\nanswer = 1\nresolution = 1\nkeep_days = 56",
        "[promises.idea]\nanswer = 260\nresolution = 260\nkeep_days = 36500",
        "[promises.idea]\nresolution = 28\nkeep_days = 56",
        "[promises.idea]\nresolution = 29\nkeep_days = 58",
    ],
)
def test_the_limits_themselves_are_taken(tmp_path: Path, promises: str) -> None:
    city.read(described(tmp_path, "\n".join((CITY, AREAS, promises))))


@pytest.mark.django_db
def test_a_refused_promise_leaves_the_city_as_it_was(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    settings.DATA_DIR = tmp_path / "data"
    description = little_city.write(tmp_path / "source")
    build_city(city.read(description), by=by, at=at, rng=np.random.default_rng(1))
    before = on_record()
    assert before is not None

    with description.open("a") as file:
        file.write("[promises.idea]\nanswer = 1\n[promises.thanks]\nkeep_days = 3\n")
    with pytest.raises(TomlRefusal):
        build_city(city.read(description), by=by, at=at, rng=np.random.default_rng(1))

    after = on_record()
    assert after is not None
    assert after.promises == before.promises
