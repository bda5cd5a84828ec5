"""The one way Hearback says no to bad input: where it is, what is wrong, what to do next."""

from __future__ import annotations


class Refusal(Exception):
    """Input that cannot be used, told in one sentence with its place and its remedy.

    Subclasses stand beside the function that raises them. The command line prints the sentence and
    leaves with status 2; a view shows it beside the field.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        self.problem, self.where, self.remedy = problem, where, remedy
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """`where: problem. Remedy.` without the parts that are empty."""
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy.rstrip('.')}." if self.remedy else ""
        return f"{place}{self.problem.rstrip('.')}.{remedy}"
