"""Prepared questions: asked again with other values, answered as the query set would answer, from SQL written once."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearback.foundation.audit.actions import record
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.prepared import Asked, Prepared

pytestmark = pytest.mark.django_db


def test_each_value_gets_its_own_answer_with_what_the_field_means(by: Actor, at: datetime) -> None:
    for subject in ("street", "park"):
        record(verb="test.look", subject=subject, by=by, at=at, detail={"where": subject})
    ask = Prepared(lambda: Entry.objects.filter(subject=Asked("subject")).values_list("number", "at", "detail"))
    assert ask(subject="park") == [(2, at, {"where": "park"})]
    assert ask(subject="street") == [(1, at, {"where": "street"})]
    assert ask(subject="sea") == []


def test_the_query_is_made_once_and_asked_every_time(by: Actor, at: datetime) -> None:
    made = []

    def query() -> object:
        made.append(1)
        return Entry.objects.values_list("number")

    ask = Prepared(query)
    assert ask() == []
    record(verb="test.look", subject="street", by=by, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert ask() == [(1,)]
    assert (len(made), len(asked)) == (1, 1)


def test_a_value_that_was_not_given_is_no_question(by: Actor) -> None:
    ask = Prepared(lambda: Entry.objects.filter(subject=Asked("subject")).values_list("number"))
    with pytest.raises(KeyError, match="subject"):
        ask(topic="park")
