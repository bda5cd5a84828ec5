"""The documentation speaks of what is there: settings, verbs, slices, methods, words; and nothing is there unused."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import allauth
import click
import pytest
from django.apps import apps

from hearback.cli import group
from hearback.config.rooms import PACKAGE, STAGES, all_slices
from hearback.stats.index_definition import packaged_definitions
from places import ROOT

pytestmark = pytest.mark.consistency

DOCS = ROOT / "docs"
COMMAND_LINE = (DOCS / "command-line.md").read_text(encoding="utf-8")
METHODS = sorted(page for page in (DOCS / "methods").glob("*.md") if page.name != "README.md")
SECTIONS = [
    "What it answers",
    "What it promises",
    "What it cannot say",
    "How it is computed",
    "Worked example",
    "What a toy would do",
    "Sources",
]
LONGEST_README = 12


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next of the same or a higher rank."""
    rank = heading.partition(" ")[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(rank)}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def first_cells(text: str) -> set[str]:
    """The words in code style in the first column of tables."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


# settings


def environment_variables(source: Path) -> set[str]:
    """Every name that is read from, or given a default in, `os.environ`."""
    return {
        name.value
        for file in source.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _asked_of_the_environment(node)
        if isinstance(name, ast.Constant)
    }


def _asked_of_the_environment(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        return [node.slice]
    if isinstance(node, ast.Call) and re.search(r"\benviron\.\w+$|\bgetenv$", ast.unparse(node.func)):
        return node.args[:1]
    if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]).endswith("environ"):
        return [node.left]
    return []


def test_every_environment_variable_is_documented_and_every_documented_one_is_read() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")

    assert first_cells(section(page, "## For those who run it")) == environment_variables(PACKAGE)


def test_variables_are_found_however_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        'import os\na = os.environ["A"]\nb = os.environ.get("B", "x")\nc = "C" in os.environ\nd = os.getenv("D")\n'
        'os.environ.setdefault("E", "x")\nnot_one = {"F": 1}.get("F")\n'
    )
    assert environment_variables(tmp_path) == set("ABCDE")


def test_what_make_and_the_tests_read_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    ours = {"VENV", "PYTHON", *re.findall(r"\$\((\w+_FLAGS)\)", makefile), "HEARBACK_FULL_SIMULATIONS"}
    page = (DOCS / "settings.md").read_text(encoding="utf-8")

    assert first_cells(section(page, "## For those who change it")) == ours


# the command line


def verbs(folder: click.Group, *words: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, with the words one types."""
    context = click.Context(folder)
    for word in folder.list_commands(context):
        command = folder.get_command(context, word)
        assert command is not None
        if isinstance(command, click.Group):
            yield from verbs(command, *words, word)
        else:
            yield " ".join((*words, word)), command


VERBS = dict(verbs(group, "hearback"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_with_all_its_options_and_no_other(verb: str) -> None:
    heading = "#" * len(verb.split()) + f" {verb}"
    options = {name for parameter in VERBS[verb].params for name in parameter.opts if name.startswith("--")}

    assert section(COMMAND_LINE, heading), f"docs/command-line.md lacks “{heading}”"
    assert first_cells(section(COMMAND_LINE, heading)) == options


def test_no_verb_is_documented_that_does_not_exist() -> None:
    groups = {"hearback stats", "hearback audit", "hearback survey"}
    assert set(re.findall(r"^###? (hearback .+)$", COMMAND_LINE, re.MULTILINE)) == set(VERBS) | groups


def test_every_packaged_index_is_named() -> None:
    assert [name for name in packaged_definitions() if f"`{name}`" not in COMMAND_LINE] == []


# slices, methods, words


def folders_of_stages() -> list[Path]:
    """Every slice, and the folders of a stage that hold no data but are read like slices."""
    slices = {PACKAGE.parent / name.replace(".", "/") for name in all_slices()}
    others = {path.parent for stage in STAGES for path in (PACKAGE / stage).glob("*/__init__.py")}
    return sorted(slices | others)


@pytest.mark.parametrize("folder", folders_of_stages(), ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_every_slice_says_in_ten_lines_what_it_is_for(folder: Path) -> None:
    readme = folder / "README.md"
    assert readme.exists(), f"{folder.name} has no README.md"
    text = readme.read_text(encoding="utf-8")

    assert text.count("\n") <= LONGEST_README
    assert re.match(r"# \w", text)
    assert re.findall(r"^- \*\*(.+?):\*\*", text, re.MULTILINE) == ["Words", "Promises", "Never"]


@pytest.mark.parametrize("page", METHODS, ids=lambda page: page.stem)
def test_every_method_says_what_it_promises_what_it_cannot_say_and_whence_it_comes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert all(section(text, f"## {heading}").strip() for heading in SECTIONS)
    assert section(text, "## Worked example").count("\n>>> ") >= 3
    assert f"]({page.name})" in (DOCS / "methods/README.md").read_text(encoding="utf-8")


def test_every_module_of_the_statistics_core_belongs_to_a_method() -> None:
    core = PACKAGE / "stats"
    modules = {
        file.relative_to(core).with_suffix("").as_posix() for file in core.rglob("*.py") if file.stem != "__init__"
    }
    named = [re.findall(r"`([\w/]+)`", page.read_text(encoding="utf-8").partition("## ")[0]) for page in METHODS]

    assert {name for names in named for name in names if not name.startswith("src/")} == modules


def test_every_table_is_called_by_a_word_of_the_glossary() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    words = {word for bold in re.findall(r"^\| \*\*(.+?)\*\*", glossary, re.MULTILINE) for word in bold.split(", ")}
    spelled_out = set(re.findall(r"`([A-Z]\w+)`", glossary))
    models = [model.__name__ for model in apps.get_models() if model.__module__.startswith("hearback.")]

    assert [name for name in models if name not in spelled_out and _in_words(name) not in words] == []


def test_every_class_that_the_glossary_names_exists() -> None:
    named = set(re.findall(r"`([A-Z]\w+)`", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")))
    sources = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))

    assert {name for name in named if not re.search(rf"^class {name}\b", sources, re.MULTILINE)} == set()


def _in_words(name: str) -> str:
    """`PersonalKey` as the glossary writes it: personal key; in British spelling."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower().replace("organization", "organisation")


def test_the_readme_says_of_each_promise_what_the_charter_page_says() -> None:
    page = (PACKAGE / "portal/templates/portal/charter.html").read_text(encoding="utf-8")
    said = {"Not built yet": "not-yet", "Kept": "now", "Partly": "partly"}
    readme = section((ROOT / "README.md").read_text(encoding="utf-8"), "## The charter, in short")
    promises = re.findall(r"^\d\. .+\*(Not built yet|Kept|Partly)\b", readme, re.MULTILINE)

    assert [said[word] for word in promises] == re.findall(r'<p class="kept"><b class="([\w-]+)"', page)


# dependencies and templates


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    wanted = tomllib.loads(text)["project"]["dependencies"]

    assert wanted
    assert [name for name in wanted if not any(re.match(rf'"{re.escape(name)}",\s+# \S', line) for line in lines)] == []


ERROR_PAGES = re.compile(r"\d{3}(_csrf)?\.html")
"""Django asks for these by name."""


def templates(source: Path) -> dict[str, Path]:
    """Every template below a folder, by the name it is asked for."""
    files = (file for folder in source.rglob("templates") for file in folder.rglob("*") if file.is_file())
    return {file.as_posix().rpartition("/templates/")[2]: file for file in files}


def names_in(text: str) -> re.Pattern[str]:
    """The names that a file's strings ask for; what an f-string fills in may be any word."""
    quoted = re.findall(r"""["']([\w/{}.-]+\.(?:html|txt))["']""", text)
    return re.compile("|".join(r"\w+".join(map(re.escape, re.split(r"\{\w+\}", name))) for name in quoted) or "(?!)")


def unused_templates(source: Path) -> list[str]:
    """Templates that no other file asks for, that are no error pages and stand in the place of none of allauth's."""
    ours, overridden = templates(source), templates(Path(allauth.__file__).parent)
    asked = {file: names_in(file.read_text(encoding="utf-8")) for file in [*source.rglob("*.py"), *ours.values()]}
    return [
        name
        for name, file in ours.items()
        if not any(names.fullmatch(name) for other, names in asked.items() if other != file)
        and name not in overridden
        and not ERROR_PAGES.fullmatch(name)
    ]


def test_every_template_is_used() -> None:
    assert templates(PACKAGE)
    assert unused_templates(PACKAGE) == []


def test_a_template_that_nobody_asks_for_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "portal" / "templates" / "portal"
    folder.mkdir(parents=True)
    for name in ("map_need", "map_base", "forgotten"):
        (folder / f"{name}.html").write_text("{% extends 'portal/map_base.html' %} forgotten.html")
    (tmp_path / "portal" / "views.py").write_text('render(request, f"portal/map_{layer}.html")')

    assert unused_templates(tmp_path) == ["portal/forgotten.html"]
