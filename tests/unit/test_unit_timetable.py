"""Jobs are found by their files, run when due, and leave a row each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hearback import jobs
from hearback.foundation.audit.queries import last, verify
from hearback.jobs.timetable import Job, due, run, timetable

pytestmark = pytest.mark.django_db


def test_every_file_with_a_rhythm_is_in_the_timetable() -> None:
    files = Path(jobs.__file__ or "").parent.glob("*.py")
    rhythmic = {file.stem for file in files if "\nEVERY = " in file.read_text()}
    assert {job.name for job in timetable()} == rhythmic
    assert {"escalate", "erase_expired"} <= rhythmic


def test_a_file_of_jobs_without_a_rhythm_is_a_mistake() -> None:
    files = Path(jobs.__file__ or "").parent.glob("*.py")
    assert {file.stem for file in files if "EVERY" not in file.read_text()} == {"__init__"}


def test_a_job_is_due_until_it_ran_and_again_after_its_time(at: datetime) -> None:
    (job,) = [job for job in due(at=at) if job.name == "escalate"]
    run(job, at=at)
    assert "escalate" not in {one.name for one in due(at=at + job.every - timedelta(seconds=1))}
    assert "escalate" in {one.name for one in due(at=at + job.every)}
    entry = last(verb="jobs.run")
    assert entry is not None
    assert (entry.subject, entry.by, entry.detail) == ("job:escalate", "software:job escalate", {"outcome": 0})
    assert verify().holds


def test_a_job_that_fails_is_still_due(at: datetime) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run(Job("escalate", timedelta(hours=1), fail), at=at)
    assert last() is None
    assert "escalate" in {job.name for job in due(at=at)}
