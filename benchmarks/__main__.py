"""Run every benchmark in this folder and print one table of ratios: `python -m benchmarks [name …]`."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import benchmarks


def main(wanted: list[str]) -> None:
    """Run the benchmarks named, or all; each module `bench_*.py` has `run() -> list[Line]`."""
    table = Table(title="Hearback against named peers (same machine, same run)")
    for heading in ("what", "Hearback", "peer", "ratio", "goal"):
        table.add_column(heading)
    for module in pkgutil.iter_modules(benchmarks.__path__):
        name = module.name.removeprefix("bench_")
        if not module.name.startswith("bench_") or (wanted and name not in wanted):
            continue
        for line in importlib.import_module(f"benchmarks.{module.name}").run():
            table.add_row(line.what, line.ours, line.peer, line.ratio, line.goal)
    Console(width=140).print(table)


main(sys.argv[1:])
