"""Who acts: a person, a resident who stays anonymous, or the software itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor did something; a resident's name is never known."""

    PERSON = "person"
    RESIDENT = "resident"
    SOFTWARE = "software"


@dataclass(frozen=True)
class Actor:
    """Who does something: passed to every action as `by`."""

    kind: ActorKind
    name: str
    role: str = ""
    person_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


RESIDENT = Actor(ActorKind.RESIDENT, "somebody")
"""A resident without an account; nothing more is known, and nothing more is kept."""


def software(name: str) -> Actor:
    """The software itself, by the name of the job or command that acts."""
    return Actor(ActorKind.SOFTWARE, name)
