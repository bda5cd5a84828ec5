"""Killed writers, full disks and meddling hands: the store is whole, or says which file is not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hearback.evidence.dataset import RECORD, Dataset, DatasetAltered
from hearback.evidence.provenance import Provenance, file_sha256
from hearback.evidence.store import EvidenceStore

pytestmark = pytest.mark.faults

PROVENANCE = Provenance("calls", "Calls for service", "Example", "CC0", "2020")
PART = "part-00000.parquet"


def write(root: Path, *, seed: int = 0) -> Dataset:
    rows = {"x": np.random.default_rng(seed).random(1_000)}
    return EvidenceStore(root).write([rows], provenance=PROVENANCE)


def run(script: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=False)


WRITE = """
import os, resource, signal, sys
from pathlib import Path
import numpy as np
from hearback.evidence import writer
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore
from hearback.refusal import Refusal
writer.PART_ROWS = 10_000
store = EvidenceStore(Path(sys.argv[1]))
def chunks():
    for _ in range(5):
        yield {"x": np.random.default_rng(0).random(10_000)}
    DISASTER
try:
    store.write(chunks(), provenance=Provenance("calls", "", "", "", ""))
except Refusal as refusal:
    print(refusal)
"""


def test_a_killed_writer_leaves_only_a_partial_folder_and_prune_removes_it(tmp_path: Path) -> None:
    assert run(WRITE.replace("DISASTER", "os.kill(os.getpid(), signal.SIGKILL)"), tmp_path).returncode == -9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".partial-calls-")
    assert any(left.iterdir())
    store = EvidenceStore(tmp_path)
    assert store.datasets() == ()
    assert store.prune(keep=[]) == (left.name,)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_gives_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    done = run(limit.join(["import resource, signal\n", WRITE.replace("DISASTER", "pass")]), tmp_path)
    assert "Make room on this disk" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_source_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[dict[str, np.ndarray]]:
        yield {"x": np.zeros(3)}
        raise RuntimeError("the file ended in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        EvidenceStore(tmp_path).write(failing(), provenance=PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_a_query_leaves_no_words_behind_on_the_way_out(tmp_path: Path) -> None:
    write(tmp_path)
    script = "import sys; from pathlib import Path; from hearback.evidence.store import EvidenceStore\n"
    done = run(script + "frame = EvidenceStore(Path(sys.argv[1])).open('calls').scan()", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def flip_a_byte(dataset: Dataset) -> None:
    part = dataset.folder / PART
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)


def remove_a_part(dataset: Dataset) -> None:
    (dataset.folder / PART).unlink()


def add_a_file(dataset: Dataset) -> None:
    (dataset.folder / "extra.parquet").write_bytes(b"")


def rewrite(dataset: Dataset, **fields: object) -> None:
    record = json.loads((dataset.folder / RECORD).read_text(encoding="utf-8"))
    (dataset.folder / RECORD).write_text(json.dumps({**record, **fields}))


def polish_the_report(dataset: Dataset) -> None:
    rewrite(dataset, report={"refused": 0})


def pass_off_other_rows(dataset: Dataset) -> None:
    other = write(dataset.folder.parent, seed=1)
    (dataset.folder / PART).write_bytes((other.folder / PART).read_bytes())
    rewrite(dataset, parts=[{"file": PART, "rows": 1_000, "sha256": file_sha256(other.folder / PART)}])


def pass_off_another_dataset(dataset: Dataset) -> None:
    other = write(dataset.folder.parent, seed=1)
    for path in other.folder.iterdir():
        (dataset.folder / path.name).write_bytes(path.read_bytes())


@pytest.mark.parametrize(
    ("meddle", "named"),
    [
        (flip_a_byte, PART),
        (remove_a_part, PART),
        (add_a_file, "extra.parquet"),
        (polish_the_report, RECORD),
        (pass_off_other_rows, RECORD),
        (pass_off_another_dataset, RECORD),
    ],
)
def test_meddling_is_found_and_the_file_named(tmp_path: Path, meddle: Callable[[Dataset], None], named: str) -> None:
    dataset = write(tmp_path)
    dataset.verify()
    meddle(dataset)
    with pytest.raises(DatasetAltered) as refusal:
        Dataset.read(dataset.folder, engine=dataset.engine).verify()
    assert refusal.value.where == str(dataset.folder / named)
