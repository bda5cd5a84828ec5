"""Every blunder in the definition of an index gets one sentence that names file, place and remedy."""

from __future__ import annotations

import pytest

from hearback.stats.index_definition import DefinitionRefused, load_definition

pytestmark = pytest.mark.faults

SOUND = """\
id: ours
title: Our need
source: the city
population: people
missing: -999
themes:
  - title: Money
    indicators:
      - {id: POVERTY, title: Poverty, column: poverty, need_is: high, possible: [0, 100]}
      - {id: INCOME, title: Income, column: income, need_is: low}
"""

BLUNDERS = {
    "an unknown key": ("population:", "popluation:", "the key 'popluation' is unknown. Use id, title, source, themes,"),
    "an unknown key of an indicator": ("column: income", "colunm: income", "theme 1, indicator 2: the key 'colunm'"),
    "no title": ("title: Our need\n", "", "`title` is missing. Add `title: …` with a text"),
    "no direction": (", need_is: low", "", "indicator 2: `need_is` is missing. Add `need_is: …` with `high` or `low`"),
    "an invented direction": ("need_is: low", "need_is: down", "`need_is` is 'down'. Write `high` or `low` there"),
    "a text for a number": ("missing: -999", "missing: none", "`missing` is 'none'. Write a number there"),
    "not a number": ("missing: -999", "missing: .nan", "`missing` is nan. Write a number there"),
    "decimals that are no digits": ("missing: -999", "decimals: 2.5", "Write a whole number from 0 to 10 there"),
    "a flag above one": ("missing: -999", "flag_from: 90", "`flag_from` is 90. Write a number from 0 to 1 there"),
    "a range upside down": ("[0, 100]", "[100, 0]", "`possible` is [100, 0]. Write two numbers, the smaller first"),
    "an id that YAML reads as a truth value": ("id: INCOME", "id: NO", "`id` is False. Write a name of letters"),
    "an id that is a theme's": ("id: INCOME", "id: THEME1", "`id` is 'THEME1'. Write a name of letters"),
    "an indicator twice": ("id: INCOME", "id: POVERTY", "the indicator 'POVERTY' appears 2 times"),
    "a column twice": ("column: income", "column: poverty", "the column 'poverty' appears 2 times"),
    "no themes": (SOUND[SOUND.index("themes:") :], "themes: []", "Write a list with at least one entry there"),
    "a theme that is a text": ("- title: Money\n    indicators:", "- Money\n  -", "theme 1: here belongs a block"),
    "broken YAML": ("title: Money", "title: 'Money", "this is not readable YAML"),
    "an empty file": (SOUND, "", "here belongs a block of keys and values, not None. Its keys are id, title"),
}


@pytest.mark.parametrize("blunder", BLUNDERS)
def test_a_blunder_is_refused_in_one_sentence(blunder: str, tmp_path) -> None:
    right, wrong, sentence = BLUNDERS[blunder]
    assert right in SOUND
    file = tmp_path / "ours.yaml"
    file.write_text(SOUND.replace(right, wrong, 1))
    with pytest.raises(DefinitionRefused) as refusal:
        load_definition(file)
    assert str(refusal.value).startswith(str(file))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_sound_definition_is_read(tmp_path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(SOUND)
    assert [indicator.id for indicator in load_definition(file).indicators] == ["POVERTY", "INCOME"]


def test_text_that_is_not_utf8_is_refused(tmp_path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_bytes(SOUND.replace("Poverty", "Pauvreté").encode("latin-1"))
    with pytest.raises(DefinitionRefused, match="text is UTF-8"):
        load_definition(file)


@pytest.mark.parametrize("name", ["cdc-svi-2019", "missing.yaml"])
def test_what_is_not_there_is_named_with_what_is(name: str) -> None:
    with pytest.raises(DefinitionRefused) as refusal:
        load_definition(name)
    assert name in str(refusal.value)
    assert "cdc-svi-2020" in str(refusal.value) or "Check the path" in str(refusal.value)
