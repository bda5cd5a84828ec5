"""Fills frozen dataclasses from TOML tables: their fields are the keys, their types the rules."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from hearback.importers.nearest import advice
from hearback.refusal import Refusal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")

LARGEST_BYTES = 1_000_000


class TomlRefusal(Refusal):
    """A file that is not TOML, or a key in it that is unknown, missing, of the wrong type or of no use."""


@dataclass(frozen=True)
class Place:
    """Where a value stands: the TOML file, and the table and key as they are written there."""

    file: Path
    within: str = ""

    def __str__(self) -> str:
        return f"{self.file}, {self.within}" if self.within else str(self.file)

    def at(self, key: str) -> Place:
        """The place of something inside this place."""
        return Place(self.file, f"{self.within}, {key}" if self.within else key)

    def refusal(self, problem: str, remedy: str) -> TomlRefusal:
        """Why what stands here cannot be used."""
        return TomlRefusal(problem, where=str(self), remedy=remedy)


Reader: TypeAlias = Callable[[Any, Place], Any]


def load(path: Path, *, begin_with: str = "") -> dict[str, Any]:
    """The tables of a TOML file, which is refused with the line where it stops being TOML.

    `begin_with` is what to do where there is no such file, beside correcting the path.
    """
    place = Place(path)
    if path.is_dir():
        raise place.refusal("it is a folder, not a file", "Name the file inside it")
    if not path.is_file():
        raise place.refusal("there is no such file", f"Correct the path{begin_with}")
    if path.stat().st_size > LARGEST_BYTES:
        raise place.refusal(
            f"it has {path.stat().st_size / 1e6:.0f} MB, and a description has a few kB",
            "Name the TOML file, not the data",
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise place.refusal("it is not UTF-8 text", "Save it as UTF-8") from error
    except ValueError as error:  # also of a number too long to be read
        raise place.refusal(f"it is not TOML: {error}", "Mend that line; text stands in quotation marks") from error


def short(longest: int, *, default: Any = MISSING) -> Any:
    """A field for text of at most `longest` characters: as many as the database keeps."""
    return field(default=default, metadata={"longest": longest})


def fill(
    record: type[Record],
    table: Any,
    *,
    place: Place,
    readers: Mapping[Any, Reader] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Record:
    """A dataclass from a table; `given` holds the fields that do not stand in the table.

    A field without a default is required. Read by type: text, whole and other numbers, yes or no, files (which
    must exist; relative to the TOML file), one of several words, lists and tables of text; `readers` add to these.

    Raises TomlRefusal at the first key that is unknown, missing or of the wrong type.
    """
    given = given or {}
    known = [entry for entry in fields(record) if entry.name not in given]
    refuse_unknown(table, [entry.name for entry in known], place=place)
    for entry in known:
        if entry.default is MISSING and entry.default_factory is MISSING and entry.name not in table:
            raise place.refusal(f'the key "{entry.name}" is missing', f"Add a line that begins with: {entry.name} =")
    hints = get_type_hints(record)
    everything = READERS | dict(readers or {})
    read = {key: _reader(hints[key], everything)(value, place.at(key)) for key, value in table.items()}
    for entry in known:
        _refuse_long(read.get(entry.name), entry.metadata.get("longest"), place.at(entry.name))
    return record(**read, **given)


def refuse_unknown(table: Any, known: Iterable[str], *, place: Place) -> None:
    """Refuse what is not a table, and a key that is not known in it, with the one that was probably meant."""
    if not isinstance(table, dict):
        name = place.within.strip("[]").replace(", ", ".")
        raise place.refusal("a table is needed here", f"Begin it with a line such as: [{name}]")
    names = tuple(known)
    for key in table:
        if key not in names:
            raise place.refusal(f'the key "{key}" is not known here', advice(key, names))


def text(value: Any, place: Place) -> str:
    """Text that is not blank; a whole number is read as its digits (`vintage = 2010`)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise place.refusal(f"{_shown(value)} is not text", 'Write text in quotation marks: "…"')
    if not value.strip():
        raise place.refusal("the text is blank", "Fill it in")
    return value.strip()


def texts(value: Any, place: Place) -> tuple[str, ...]:
    """A list of text."""
    if not isinstance(value, list):
        raise place.refusal(f"{_shown(value)} is not a list", 'Write a list: ["…", "…"]')
    return tuple(text(entry, place) for entry in value)


def words(value: Any, place: Place) -> dict[str, str]:
    """A table of text, from word to word."""
    if not isinstance(value, dict):
        raise place.refusal(f"{_shown(value)} is not a table", 'Write a table: { "…" = "…" }')
    return {key: text(entry, place.at(key)) for key, entry in value.items()}


def file(value: Any, place: Place) -> Path:
    """A file that exists; its path is relative to the TOML file."""
    path = (place.file.parent / text(value, place)).resolve()
    if path.is_dir():
        raise place.refusal(f"{path} is a folder, not a file", "Name the file inside it")
    if not path.is_file():
        raise place.refusal(f"there is no file {path}", "Correct the path, which is relative to this description")
    return path


def _refuse_long(value: Any, longest: int | None, place: Place) -> None:
    if longest is not None and value is not None and len(value) > longest:
        raise place.refusal(f"the text has {len(value)} characters", f"Say it in at most {longest}")


def _flag(value: Any, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.refusal(f"{_shown(value)} is neither yes nor no", "Write true or false, without quotation marks")
    return value


def _whole(value: Any, place: Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise place.refusal(f"{_shown(value)} is not a whole number", "Write digits without quotation marks")
    return value


def _number(value: Any, place: Place) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise place.refusal(f"{_shown(value)} is not a number", "Write a number without quotation marks")
    return float(value)


def _one_of(choices: tuple[str, ...]) -> Reader:
    def read(value: Any, place: Place) -> str:
        chosen = text(value, place)
        if chosen not in choices:
            raise place.refusal(f'"{chosen}" is not one of {", ".join(choices)}', advice(chosen, choices))
        return chosen

    return read


def _shown(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)[:40]


def _reader(hint: Any, readers: Mapping[Any, Reader]) -> Reader:
    if hint in readers:
        return readers[hint]
    if get_origin(hint) is Literal:
        return _one_of(get_args(hint))
    present = [part for part in get_args(hint) if part is not NoneType]
    return _reader(present[0], readers)


READERS: dict[Any, Reader] = {
    str: text,
    int: _whole,
    float: _number,
    bool: _flag,
    Path: file,
    tuple[str, ...]: texts,
    Mapping[str, str]: words,
}
