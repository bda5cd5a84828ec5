"""What is promised before anything is typed is what the software does."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

from hearback.importers.promises import USUAL
from hearback.listen.concerns.actions.submitting import Draft
from hearback.listen.concerns.enums import ConcernKind
from hearback.listen.concerns.queries import promises


@pytest.mark.django_db
def test_before_a_city_is_built_every_kind_has_its_line_with_what_is_usual() -> None:
    lines = promises.retention_schedule()
    assert [line.kind for line in lines] == list(ConcernKind)
    for line in lines:
        promise = USUAL[line.kind]
        assert (line.answer, line.resolution, line.keep_days) == (promise.answer, promise.resolution, promise.keep_days)
        assert 0 < line.answer <= line.resolution
        assert line.keep_days > line.resolution


def test_everything_a_resident_can_say_has_its_sentence() -> None:
    said = {field.name for field in fields(Draft)} - {"source", "text", "uploads"} | {"words", "file"}
    assert set(promises.DISCLOSABILITY) == said


@pytest.mark.parametrize("field", list(promises.DISCLOSABILITY))
def test_what_is_sealed_is_not_called_disclosable(field: str) -> None:
    told = promises.disclosability(field)
    assert told.disclosable == (field in {"kind", "language", "desk", "area"})
    assert str(told.sentence).endswith(".")


def test_no_time_is_written_into_a_sentence() -> None:
    assert "days" not in inspect.getsource(promises).split("AFTERWARDS")[1].split("DISCLOSABILITY")[0]
