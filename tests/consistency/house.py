"""The rules of the house as functions of a source tree: each returns its violations, one sentence each."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from hearback.config.rooms import CORE, SLICE_FILES, STAGES

LONGEST_FILE, LONGEST_FUNCTION = 500, 60
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base_utils"}
WRITES = {"create", "save", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ONLY_INSIDE = {"models", "forms", "views", "urls", "permissions"}
"""Files of a slice that no other slice imports."""

LAYERS = [
    "cli",
    "demo",
    "jobs",
    "config",
    "api",
    "portal",
    *reversed(STAGES),
    "design",
    "evidence | importers | connectors | sealing",
    "stats",
    "refusal",
]


def python_files(source: Path) -> Iterator[Path]:
    """Every Python file of the package but migrations."""
    return (file for file in sorted(source.rglob("*.py")) if "migrations" not in file.parts)


def slice_folders(source: Path) -> list[Path]:
    """The folders of all slices below `source` (…/hearback)."""
    return [
        folder
        for stage in STAGES
        if (source / stage).is_dir()
        for folder in sorted((source / stage).iterdir())
        if folder.is_dir() and any((folder / f"{name}.py").exists() or (folder / name).is_dir() for name in SLICE_FILES)
    ]


def broken_layers(source: Path) -> str:
    """What import-linter says of the order of rooms and of the order inside slices; empty when all is kept."""
    slices = [".".join(("hearback", *folder.relative_to(source).parts)) for folder in slice_folders(source)]
    inside = "\n".join(f"    ({name})" for name in reversed(SLICE_FILES))
    config = source.absolute().parent / "contracts.ini"
    config.write_text(
        "[importlinter]\nroot_package = hearback\ninclude_external_packages = True\n"
        "exclude_type_checking_imports = True\n"
        "[importlinter:contract:loop]\nname = A stage imports earlier stages only\ntype = layers\nlayers =\n"
        + "".join(f"    {_layer(layer)}\n" for layer in LAYERS)
        + "[importlinter:contract:core]\nname = The core knows no Django\ntype = forbidden\nsource_modules =\n"
        + "".join(f"    hearback.{room}\n" for room in CORE)
        + "forbidden_modules =\n    django\n"
        + "[importlinter:contract:slices]\nname = Inside a slice imports go down the list\ntype = layers\n"
        + f"layers =\n{inside}\ncontainers =\n"
        + "".join(f"    {name}\n" for name in slices)
    )
    try:
        done = subprocess.run(
            [Path(sys.executable).parent / "lint-imports", "--config", config, "--no-cache"],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(source.absolute().parent)},
            cwd=source.parent,
            check=False,
        )
    finally:
        config.unlink()
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _layer(rooms: str) -> str:
    return " | ".join(f"(hearback.{room})" for room in rooms.split(" | "))


def unexpected_slice_files(source: Path) -> list[str]:
    """Files of a slice that have a name of their own."""
    allowed = {*SLICE_FILES, "__init__", "apps"}
    return [
        f"{file.relative_to(source)} is not one of a slice's file names"
        for folder in slice_folders(source)
        for file in folder.glob("*.py")
        if file.stem not in allowed
    ]


def writes_outside_actions(source: Path) -> list[str]:
    """Calls that write through the ORM anywhere but in a slice's actions (and in migrations)."""
    found = []
    for file in python_files(source):
        if file.stem == "actions" or "actions" in file.parts or file.relative_to(source).parts[0] in CORE:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node.func):
                found.append(
                    f"{file.relative_to(source)}:{node.lineno} writes ({ast.unparse(node.func)}) outside actions"
                )
    return found


def _writes(function: ast.Attribute) -> bool:
    through_manager = "objects" in ast.unparse(function.value)
    return function.attr in WRITES and (through_manager or function.attr == "save")


def careless_actions(source: Path) -> list[str]:
    """Public actions without `by` and `at` as keyword-only arguments, a transaction, annotations or an audit row;
    steps that several actions share stand in files that begin with `_`."""
    found = []
    for folder in slice_folders(source):
        for file in [*folder.glob("actions.py"), *folder.glob("actions/[!_]*.py")]:
            functions = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
            steps = {node.name: ast.unparse(node) for node in functions if node.name.startswith("_")}
            for node in functions:
                if not node.name.startswith("_"):
                    found += [f"{file.relative_to(source)}:{node.name} {lack}" for lack in _lacks(node, steps)]
    return found


def _lacks(action: ast.FunctionDef, steps: dict[str, str]) -> Iterator[str]:
    """What an action lacks; its own private steps in the same file count as part of it."""
    keyword_only = {argument.arg for argument in action.args.kwonlyargs}
    text = ast.unparse(action)
    text += "".join(step for name, step in steps.items() if f"{name}(" in text)
    for name in ("by", "at"):
        if name not in keyword_only:
            yield f"lacks the keyword-only argument {name}"
    if "transaction.atomic" not in text:
        yield "is not one transaction"
    if "audit.record(" not in text and action.name != "record":
        yield "writes no audit row"
    if action.returns is None:
        yield "does not say what it returns"


def strangers_rooms(source: Path) -> list[str]:
    """Imports of another slice's models, forms, views or urls at run time."""
    homes = {".".join(("hearback", *folder.relative_to(source).parts)): folder for folder in slice_folders(source)}
    found = []
    for home, folder in homes.items():
        for file in python_files(folder):
            for module, line in _imports(ast.parse(file.read_text())):
                owner, _, part = module.rpartition(".")
                if owner in homes and owner != home and part in ONLY_INSIDE:
                    found.append(f"{file.relative_to(source)}:{line} imports {module}; use its queries and actions")
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Run-time imports of a module; what stands under `if TYPE_CHECKING` is for readers only."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def cycles(source: Path) -> list[str]:
    """Import cycles between modules."""
    modules = {_dotted(file, source): file for file in python_files(source)}
    graph = {
        name: {target for target, _ in _imports(ast.parse(file.read_text())) if target in modules and target != name}
        for name, file in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def _dotted(file: Path, source: Path) -> str:
    parts = (source.name, *file.relative_to(source).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def oversized(source: Path) -> list[str]:
    """Files and functions that are too long, and names that say nothing."""
    found = []
    for file in python_files(source):
        place, text = file.relative_to(source), file.read_text()
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            found.append(f"{place} has {lines} lines")
        if VAGUE_NAMES & {file.stem, file.parent.name}:
            found.append(f"{place} has a name that says nothing")
        found += [
            f"{place}:{node.name} has {node.end_lineno - node.lineno + 1} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
        ]
    return found


def missing_docstrings(source: Path) -> list[str]:
    """Modules, public classes and public functions that promise nothing."""
    found = []
    for file in python_files(source):
        tree = ast.parse(file.read_text())
        if ast.get_docstring(tree) is None:
            found.append(f"{file.relative_to(source)} has no docstring")
        found += [
            f"{file.relative_to(source)}:{node.name} has no docstring"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]
    return found


def clock_or_dice(source: Path) -> list[str]:
    """Calls that ask the clock or the dice below views, jobs and the command line."""
    asked = ("datetime.now(", "date.today(", "timezone.now(", "time.time(", "np.random.default_rng()", "random.random(")
    allowed = {"cli", "jobs", "demo", "config"}
    return [
        f"{file.relative_to(source)} calls {call}"
        for file in python_files(source)
        if file.relative_to(source).parts[0] not in allowed and file.stem != "views" and "views" not in file.parts
        for call in asked
        if call in file.read_text()
    ]
