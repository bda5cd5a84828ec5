"""Kinds, sources, states and steps of a concern."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConcernKind(models.TextChoices):
    """What somebody wants to say."""

    CONCERN = "concern", _("A concern")
    IDEA = "idea", _("An idea")
    THANKS = "thanks", _("Thanks")
    QUESTION = "question", _("A question")
    COMPLAINT = "complaint", _("A complaint about how police behaved")


class Source(models.TextChoices):
    """How a concern came in."""

    RESIDENT = "resident", _("Written by the resident")
    PARTNER = "partner", _("Recorded by a partner organisation")
    WALK_IN = "walk-in", _("Recorded at a walk-in desk")
    PHONE = "phone", _("Recorded on the phone")
    PAPER = "paper", _("Entered from a paper form")


class State(models.TextChoices):
    """Where a concern stands; the resident sees these words."""

    RECEIVED = "received", _("Received")
    BEING_READ = "being-read", _("Somebody is looking at it")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn and erased")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.BEING_READ, State.ANSWERED, State.WITHDRAWN}),
    State.BEING_READ: frozenset({State.ANSWERED, State.WITHDRAWN}),
    State.ANSWERED: frozenset({State.BEING_READ, State.CLOSED, State.WITHDRAWN}),
    State.CLOSED: frozenset({State.BEING_READ, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}
"""From each state, the states it may turn into; a reply or a reopening brings a concern back to being read."""

WAITING = (State.RECEIVED, State.BEING_READ)
"""States in which it is the desk's turn."""
OPEN = (*WAITING, State.ANSWERED)
"""States in which the desk has promised something: an answer, and after it an end."""


class Author(models.TextChoices):
    """Who wrote a message in a concern."""

    RESIDENT = "resident", _("You")
    DESK = "desk", _("The desk")


class Helped(models.TextChoices):
    """What the resident says of the answer."""

    YES = "yes", _("This helped")
    PARTLY = "partly", _("It helped a little")
    NO = "no", _("This did not help")


class Safety(models.TextChoices):
    """Why a resident must never be called back, reminded or surveyed."""

    NONE = "", _("None of these")
    VIOLENCE = "violence", _("Violence at home, or sexual violence")
    MINOR = "minor", _("The person is under 18")


class Tallied(models.TextChoices):
    """What is counted for each hour, without any trace of who did it."""

    WITHOUT_WORK = "without-work"
    """Concerns sent without a proof of work: by browsers without JavaScript, or by programs."""
    WRONG_RECEIPT = "wrong-receipt"
    """Words that make a receipt, but of no concern."""
