"""Sentences that remember how they were made."""

from __future__ import annotations

import json
from copy import deepcopy

from hearback.importers.quality import QualityReport, RefusalTally
from hearback.sentence import Sentence, kept, read_back


def test_a_sentence_is_text_with_whole_numbers_grouped() -> None:
    said = Sentence("{rows} of {of} “{word}”, {share}", rows=1234, of=5000, word="{odd}", share="9.5 %")
    assert said == "1,234 of 5,000 “{odd}”, 9.5 %"
    assert json.loads(json.dumps(said)) == said


def test_a_sentence_survives_being_stored_and_copied() -> None:
    said = Sentence("{rows} rows: {word}", rows=1234, word="{odd}")
    assert json.loads(json.dumps(kept(said))) == {"template": said.template, "values": {"rows": 1234, "word": "{odd}"}}
    for again in (read_back(kept(said)), deepcopy(said)):
        assert (again, again.template, again.values) == (said, said.template, said.values)


def test_text_that_remembers_nothing_is_stored_as_it_is() -> None:
    assert read_back(kept("100 % {sure}")) == "100 % {sure}"


def test_a_report_keeps_reasons_and_notes_ready_to_be_translated() -> None:
    tally = RefusalTally()
    for row in range(2):
        tally.refuse(Sentence("a name of more than {most} characters", most=200), f"row {row}")
    note = Sentence("Without a place on the map: {count}.", count=7)
    report = QualityReport("x.csv", rows_read=5, rows_kept=3, refused=tally.groups(), notes=(note, "plain"))
    stored = json.loads(json.dumps(report.as_dict()))
    assert stored["refused"] == [
        {"reason": kept(tally.groups()[0].reason), "rows": 2, "examples": ["row 0", "row 1"]},
    ]
    assert stored["refused"][0]["reason"]["values"] == {"most": 200}
    assert [read_back(one) for one in stored["notes"]] == ["Without a place on the map: 7.", "plain"]
