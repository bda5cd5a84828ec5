"""Kinds and states of an engagement, and why words are not published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EngagementKind(models.TextChoices):
    """On what kind of occasion people can be heard."""

    FORUM = "forum", _("Forum")
    EVENT = "event", _("Event")
    PULSE = "pulse", _("Pulse")


class State(models.TextChoices):
    """Where an engagement stands."""

    WAITING = "waiting", _("Waits to be read")
    RETURNED = "returned", _("Sent back")
    APPEALED = "appealed", _("Oversight was asked to decide")
    PUBLISHED = "published", _("Published")
    CALLED_OFF = "called-off", _("Called off")
    WITHDRAWN = "withdrawn", _("Taken back")
    HELD = "held", _("Held without an announcement")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.WAITING, State.PUBLISHED, State.RETURNED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.WAITING, State.APPEALED, State.WITHDRAWN}),
    State.APPEALED: frozenset({State.PUBLISHED, State.RETURNED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.RETURNED, State.CALLED_OFF}),
    State.CALLED_OFF: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.HELD: frozenset({State.WITHDRAWN}),
}
"""From each state, the states it may turn into; reworded, it waits to be read again. What is published is not changed
under its readers: it is called off, and announced anew."""

UNDECIDED = (State.WAITING, State.APPEALED)
"""States in which a second person is asked."""

TOOK_PLACE = (State.PUBLISHED, State.HELD)
"""States of what people came to, once it is over."""


class Ground(models.TextChoices):
    """Why words are not published. There is no other ground; criticism of the police is none."""

    PERSON = "person", _("It names a private person, or describes one so that others know who it is")
    HARM = "harm", _("It threatens or demeans people")
    PAPERS = "papers", _("It asks people for papers, for their immigration status or for money")
    SELLING = "selling", _("It sells something, or asks for votes")
    UNCLEAR = "unclear", _("It does not say clearly what it is, when or where")
