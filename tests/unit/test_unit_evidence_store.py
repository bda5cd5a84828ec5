"""Writing, finding, checking and pruning datasets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from hearback.evidence import writer
from hearback.evidence.dataset import RECORD, Dataset, DatasetUnreadable
from hearback.evidence.engine import arrays
from hearback.evidence.provenance import Provenance, SourceFile
from hearback.evidence.store import DatasetBadlyNamed, DatasetUnknown, EvidenceStore

PROVENANCE = Provenance(
    name="incidents",
    title="Reported incidents",
    source="City of Example, open data",
    licence="CC BY 4.0",
    vintage="2015",
    files=(SourceFile("incidents.csv", "ab" * 32),),
)
ROWS = {
    "area": np.array(["11001", "", "Peñalolén", "台北"], dtype=object),
    "year": np.array([2001, 2002, 2003, 2004], dtype=np.int16),
    "known": np.array([True, False, True, True]),
    "place": np.array([-77.0365, np.nan, 0.0, 1e-300]),
}


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def in_chunks(rows: Mapping[str, np.ndarray], size: int) -> Iterator[dict[str, np.ndarray]]:
    for start in range(0, len(rows["year"]), size):
        yield {name: values[start : start + size] for name, values in rows.items()}


def visible(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_what_is_written_is_read_back(store: EvidenceStore) -> None:
    found = arrays(store.write([ROWS], provenance=PROVENANCE).scan())
    assert list(found) == list(ROWS)
    for name, values in ROWS.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


def test_the_record_tells_provenance_rows_columns_and_report(store: EvidenceStore) -> None:
    dataset = store.write([ROWS], provenance=PROVENANCE, report={"notes": ["two ways"]}, rows_in=7)
    record = json.loads((dataset.folder / RECORD).read_text(encoding="utf-8"))
    assert Provenance.from_dict(record["provenance"]) == PROVENANCE
    assert (record["rows_in"], record["rows"], record["report"]) == (7, 4, {"notes": ["two ways"]})
    assert [(column["name"], column["type"]) for column in record["columns"]] == [
        ("area", "text"),
        ("year", "int16"),
        ("known", "bool"),
        ("place", "float64"),
    ]
    assert dataset.folder.name == dataset.reference == f"incidents-{record['checksum'][:12]}"


def test_the_same_content_has_the_same_checksum_however_it_is_cut(store: EvidenceStore, tmp_path: Path) -> None:
    whole = store.write([ROWS], provenance=PROVENANCE)
    with patch.object(writer, "PART_ROWS", 3):
        cut = EvidenceStore(tmp_path / "other").write(in_chunks(ROWS, 1), provenance=PROVENANCE)
    assert [part.rows for part in cut.record.parts] == [3, 1]
    assert cut.checksum == whole.checksum
    cut.verify()


def test_a_chunk_larger_than_a_part_is_cut_and_keeps_its_order(store: EvidenceStore) -> None:
    rows = {"year": np.arange(1_000, dtype=np.int32)}
    with patch.object(writer, "PART_ROWS", 64):
        dataset = store.write([rows], provenance=PROVENANCE)
    assert len(dataset.record.parts) == 16
    np.testing.assert_array_equal(arrays(dataset.scan())["year"], rows["year"])


def test_writing_the_same_again_finds_what_is_there(store: EvidenceStore) -> None:
    first = store.write([ROWS], provenance=PROVENANCE)
    before = (first.folder / RECORD).stat().st_mtime_ns
    again = store.write([ROWS], provenance=PROVENANCE)
    assert again.folder == first.folder
    assert visible(first.folder.parent) == [first.reference]
    assert (again.folder / RECORD).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "change",
    [
        {"provenance": Provenance(**{**PROVENANCE.as_dict(), "licence": "none", "files": PROVENANCE.files})},
        {"report": {"notes": ["another"]}},
        {"rows_in": 5},
        {"chunks": [{**ROWS, "year": ROWS["year"] + np.int16(1)}]},
        {"chunks": [{**ROWS, "year": ROWS["year"].astype(np.int32)}]},
        {"chunks": [{name: ROWS[name] for name in reversed(ROWS)}]},
    ],
    ids=["licence", "report", "rows in", "a value", "a type", "the order of columns"],
)
def test_every_difference_makes_another_dataset(store: EvidenceStore, change: dict[str, object]) -> None:
    common = {"chunks": [ROWS], "provenance": PROVENANCE}
    assert store.write(**common).checksum != store.write(**{**common, **change}).checksum


def test_a_dataset_without_rows_has_columns(store: EvidenceStore) -> None:
    dataset = store.write([{name: values[:0] for name, values in ROWS.items()}], provenance=PROVENANCE)
    found = arrays(dataset.scan())
    assert {name: len(values) for name, values in found.items()} == dict.fromkeys(ROWS, 0)
    assert found["year"].dtype == np.int16
    dataset.verify()


def test_a_dataset_without_any_chunk_is_refused(store: EvidenceStore) -> None:
    with pytest.raises(ValueError, match="at least one chunk"):
        store.write([], provenance=PROVENANCE)


@pytest.mark.parametrize(
    "second",
    [
        {**ROWS, "year": ROWS["year"][:2]},
        {**ROWS, "year": ROWS["year"].astype(float)},
        {"area": ROWS["area"]},
        {name: ROWS[name] for name in reversed(ROWS)},
        {**ROWS, "year": np.zeros((4, 1), np.int16)},
    ],
    ids=["lengths", "types", "columns", "order", "shape"],
)
def test_chunks_must_be_alike(store: EvidenceStore, tmp_path: Path, second: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="chunk"):
        store.write([ROWS, second], provenance=PROVENANCE)
    assert visible(tmp_path / "evidence") == []


def test_a_reader_that_uses_one_buffer_over_and_over_is_safe(store: EvidenceStore) -> None:
    def reusing() -> Iterator[dict[str, np.ndarray]]:
        buffer = np.zeros(2)
        for value in (1.0, 2.0):
            buffer[:] = value
            yield {"place": buffer}

    assert arrays(store.write(reusing(), provenance=PROVENANCE).scan())["place"].tolist() == [1, 1, 2, 2]


def test_datasets_are_opened_by_name_by_reference_and_by_checksum(store: EvidenceStore) -> None:
    dataset = store.write([ROWS], provenance=PROVENANCE)
    for reference in ("incidents", dataset.reference, dataset.checksum):
        assert store.open(reference).folder == dataset.folder


def test_a_reference_that_fits_none_or_several_is_refused_with_the_choice(store: EvidenceStore) -> None:
    with pytest.raises(DatasetUnknown, match="Choose one of: none"):
        store.open("calls")
    versions = [store.write([ROWS], provenance=PROVENANCE, rows_in=rows) for rows in (4, 5)]
    with pytest.raises(DatasetUnknown, match="2 datasets") as refusal:
        store.open("incidents")
    assert all(version.reference in refusal.value.remedy for version in versions)


@pytest.mark.parametrize("name", ["", "../escape", ".hidden", "With Space", "a/b"])
def test_a_name_that_is_no_folder_name_is_refused(store: EvidenceStore, name: str) -> None:
    with pytest.raises(DatasetBadlyNamed):
        store.write([ROWS], provenance=Provenance(name, "", "", "", ""))


def test_prune_keeps_what_is_named_and_what_is_being_written(store: EvidenceStore, tmp_path: Path) -> None:
    old, new = (store.write([ROWS], provenance=PROVENANCE, rows_in=rows) for rows in (4, 5))
    with store.writer(PROVENANCE) as at_work:
        at_work.append(ROWS)
        assert store.prune(keep=[new.reference]) == (old.reference,)
        third = at_work.finish(rows_in=6)
    assert visible(tmp_path / "evidence") == sorted([new.reference, third.reference])
    assert store.prune(keep=["incidents"]) == ()


def test_a_broken_record_is_refused_with_its_file(store: EvidenceStore) -> None:
    dataset = store.write([ROWS], provenance=PROVENANCE)
    (dataset.folder / RECORD).write_text("{}")
    with pytest.raises(DatasetUnreadable, match=RECORD):
        store.datasets()


def test_an_empty_store_has_no_datasets(store: EvidenceStore) -> None:
    assert store.datasets() == ()
    assert store.prune(keep=[]) == ()


def test_a_source_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    path.write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert SourceFile.of(path) == SourceFile("source.csv", known)


def test_a_dataset_stays_as_it_was_written(store: EvidenceStore) -> None:
    dataset = store.write([ROWS], provenance=PROVENANCE)
    assert store.open("incidents") == Dataset.read(dataset.folder, engine=dataset.engine)
