"""Progress a person can watch: what is being done, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@contextmanager
def telling(title: str, *, steps: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error; the function given is called with each step's name as it begins."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=steps, completed=-1)

        def tell(step: str) -> None:
            progress.update(task, description=step, advance=1)

        try:
            yield tell
        except BaseException:
            progress.update(task, visible=False)  # a bar that stands still says less than the refusal
            progress.console.quiet = not progress.console.is_terminal  # there, even the end of a bar is a line
            raise
        progress.update(task, description=title, completed=steps)


@contextmanager
def working(title: str) -> Iterator[None]:
    """A sign of life on a terminal's standard error while something takes its time; silent elsewhere."""
    with Console(stderr=True).status(title):
        yield
