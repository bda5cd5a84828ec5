"""Which jobs there are and when each is due. A job is a file here with `EVERY` and a function of the file's name."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor, software
from hearback.foundation.audit.queries import last

DONE = "jobs.run"


@dataclass(frozen=True)
class Job:
    """Something that is done again and again."""

    name: str
    every: timedelta
    run: Callable[..., object]

    @property
    def actor(self) -> Actor:
        """As whom the audit log knows it."""
        return software(f"job {self.name}")


def timetable() -> list[Job]:
    """Every job, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [(name, import_module(f"hearback.jobs.{name}")) for name in names if name != "timetable"]
    return [Job(name, module.EVERY, getattr(module, name)) for name, module in modules if hasattr(module, "EVERY")]


def due(*, at: datetime) -> list[Job]:
    """Jobs that never ran, or not within their time."""
    runs = [(job, last(verb=DONE, subject=f"job:{job.name}")) for job in timetable()]
    return [job for job, run in runs if run is None or at - run.at >= job.every]


def run(job: Job, *, at: datetime) -> None:
    """Do it, and put on record that it was done and how much there was to do."""
    outcome = job.run(by=job.actor, at=at)
    detail = {"outcome": outcome} if isinstance(outcome, int) else {}
    audit.record(verb=DONE, subject=f"job:{job.name}", by=job.actor, at=at, detail=detail)
