"""Which machinery runs a query, and what a person is told where it cannot."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import duckdb
import narwhals as nw
import numpy as np
import pytest

from hearback.evidence.engine import Engine, EngineMissing, arrays
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore

PROVENANCE = Provenance("calls", "", "", "", "")
ROWS = {"x": np.array([1.5, np.nan]), "word": np.array(["a", "b"])}


def test_memory_and_the_place_to_overflow_to_are_set(tmp_path: Path) -> None:
    connection = Engine(spill=tmp_path / ".spill", memory_limit="64MB").connect()
    (row,) = connection.sql("SELECT current_setting('memory_limit'), current_setting('temp_directory')").fetchall()
    assert row == ("61.0 MiB", str(tmp_path / ".spill"))


def test_a_query_larger_than_memory_overflows_into_the_store_and_tidies_up(tmp_path: Path) -> None:
    spill = tmp_path / ".spill"
    connection = Engine(spill=spill, memory_limit="40MB").connect()
    connection.execute("CREATE TABLE big AS SELECT i, hash(i) AS h, random() AS r FROM range(4_000_000) AS t(i)")
    assert any(spill.iterdir())
    connection.close()
    assert not spill.exists() or not any(spill.iterdir())


def test_an_unknown_engine_is_refused_with_the_choice(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, engine="abacus")
    with pytest.raises(EngineMissing, match='Set it to "duckdb" or "spark"'):
        store.write([ROWS], provenance=PROVENANCE).scan()


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="Spark is installed here")
def test_spark_where_it_is_not_installed_is_refused_with_the_remedy(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, engine="spark")
    with pytest.raises(EngineMissing, match="Install pyspark"):
        store.write([ROWS], provenance=PROVENANCE).scan()


def test_spark_gets_the_files_in_order(tmp_path: Path) -> None:
    """A stand-in session reads the files with another engine; narwhals and `arrays` do not mind which."""
    pl = pytest.importorskip("polars")
    asked: list[str] = []

    def read_parquet(*files: str) -> object:
        asked.extend(files)
        return pl.scan_parquet(files)

    session = SimpleNamespace(read=SimpleNamespace(parquet=read_parquet))
    dataset = EvidenceStore(tmp_path, engine="spark").write([ROWS], provenance=PROVENANCE)
    with patch("hearback.evidence.engine._spark_session", return_value=session):
        found = arrays(dataset.scan().select("x", "word"))
    assert asked == [str(dataset.folder / "part-00000.parquet")]
    np.testing.assert_array_equal(found["x"], ROWS["x"])
    assert found["word"].tolist() == ["a", "b"]


def test_a_missing_number_comes_back_as_not_a_number() -> None:
    relation = duckdb.connect().sql("SELECT unnest([1.5::DOUBLE, NULL]) AS x")
    np.testing.assert_array_equal(arrays(nw.from_native(relation))["x"], [1.5, np.nan])


def test_the_store_needs_no_library_that_only_tests_install(tmp_path: Path) -> None:
    script = """
import sys
sys.modules.update(dict.fromkeys(["pandas", "pyarrow", "polars"]))
from pathlib import Path
import numpy as np
from hearback.evidence.counts import count_incidents
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore
rows = {"area_tract": np.array(["A", "A", ""]), "year": np.array([2001, 2001, 2002], np.int16)}
rows |= {"month": np.zeros(3, np.int8), "category": np.array(["theft", "theft", "arson"])}
dataset = EvidenceStore(Path(sys.argv[1])).write([rows], provenance=Provenance("incidents", "", "", "", ""))
dataset.verify()
print(count_incidents(dataset).count.tolist())
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[1, 2]\n", "")
