"""What the software should notice by itself about concerns."""

from __future__ import annotations

from django.db.models import Q

from hearback.foundation.audit.queries import subjects_of
from hearback.listen.concerns.enums import WAITING
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries.scanner import ailments as scanner_ailments
from hearback.listen.concerns.queries.threads import words_readers
from hearback.listen.concerns.queries.thresholds import ailments as threshold_ailments
from hearback.listen.concerns.queries.translator import ailments as translator_ailments

ERASING = ("concerns.withdraw", "concerns.erase_expired", "concerns.release_hold")
"""Entries of the audit log after which nothing of a concern may be left."""


def ailments() -> list[str]:
    """Desks where nobody can read what waits there, hours full of wrong receipts, a silent scanner or translator."""
    waiting = Concern.objects.filter(state__in=WAITING).select_related("desk")
    closed = [concern.desk.name for concern in waiting if not words_readers(concern)]
    unread = [
        f"Concerns that nobody at {desk} can read any more: {closed.count(desk)}. Their residents can still open them."
        for desk in sorted(set(closed))
    ]
    return [*unread, *threshold_ailments(), *scanner_ailments(), *translator_ailments()]


def vanished() -> list[str]:
    """References of concerns that the audit log saw come in and of which not even the trace is left."""
    known = {f"concern:{reference}" for reference in Concern.objects.values_list("reference", flat=True)}
    return sorted(subject.removeprefix("concern:") for subject in subjects_of("concerns.submit") - known)


def emptied() -> list[str]:
    """References of concerns whose words are gone although the law holds them, or no entry says they were erased."""
    told = set().union(*map(subjects_of, ERASING))
    gone = Concern.objects.filter(Q(messages=None) | Q(resident_key=b"")).values_list("reference", "legal_hold")
    return sorted({reference for reference, held in gone if held or f"concern:{reference}" not in told})
