"""A wave in the evidence store comes back as it went in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from codebook_files import ITEMS, read
from hearback.evidence import surveys
from hearback.evidence.dataset import Dataset
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore
from hearback.evidence.surveys import NotInSurvey

PROVENANCE = Provenance(name="wave", title="A wave", source="a test", licence="CC0-1.0", vintage="2025")
REST = ITEMS + (
    '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\n\n[area]\ncolumn = "tract"\n'
    '\n[design]\nweights = "w"\nstrata = "s"\npsu = ["block", "person"]\nfpc = ["blocks", "people"]\n'
    'replicates = { kind = "JK1", columns = ["rep*"] }\n'
)
WRITTEN = (
    "Q1,Q2,age,tract,w,s,block,person,blocks,people,rep1,rep2\n"
    "1,9,young,A,10.5,N,b1,1,8,40,1,0\n2,3,,B,9,S,b2,2,9,50,0,2\n3,1,old,,9,S,b2,3,9,50,1,1\n"
)


def stored(tmp_path: Path, *, rest: str = REST, answers: str = WRITTEN) -> Dataset:
    found = read(tmp_path / "source", rest=rest, answers=answers)
    store = EvidenceStore(tmp_path / "evidence")
    return surveys.store_responses(store, found.table, provenance=PROVENANCE, report=found.report)


def test_answers_groups_areas_and_design_come_back(tmp_path: Path) -> None:
    people = surveys.read_responses(stored(tmp_path), items=["fair"], groups=["age"])

    assert np.array_equal(people.answers["fair"], [np.nan, 3, 1], equal_nan=True)
    assert people.groups["age"].tolist() == ["young", "", "old"]
    assert people.n == 3
    assert people.area is not None
    assert people.weights is not None
    assert people.strata is not None
    assert people.replicates is not None
    assert people.area.tolist() == ["A", "B", ""]
    assert people.weights.tolist() == [10.5, 9, 9]
    assert people.strata.tolist() == ["n", "s", "s"]
    assert [stage.tolist() for stage in people.psu] == [["b1", "b2", "b2"], ["1", "2", "3"]]
    assert [stage.tolist() for stage in people.fpc] == [[8, 9, 9], [40, 50, 50]]
    assert people.replicates.tolist() == [[1, 0], [0, 2], [1, 1]]


def test_what_a_wave_does_not_have_is_none(tmp_path: Path) -> None:
    dataset = stored(tmp_path, rest=ITEMS)
    people = surveys.read_responses(dataset, items=["respect"])

    assert (people.area, people.weights, people.strata, people.replicates) == (None, None, None, None)
    assert (people.psu, people.fpc) == ((), ())
    assert surveys.read_responses(dataset).n == 3


def test_an_item_that_was_not_asked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotInSurvey, match="This wave has no answer “trust”"):
        surveys.read_responses(stored(tmp_path), items=["trust"])


def test_the_dataset_says_where_it_came_from_and_what_was_recoded(tmp_path: Path) -> None:
    record = stored(tmp_path).record

    assert record.provenance == PROVENANCE
    assert record.rows_in == 3
    assert "read as “don't know”" in str(record.report["notes"])
