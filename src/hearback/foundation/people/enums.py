"""Roles of people who sign in, and what a slice puts on their start page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is here to do. A person has one role; who may do what stands in `permissions`."""

    PARTNER = "partner", _("Partner organisation")
    LIAISON = "liaison", _("Liaison")
    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    OVERSIGHT = "oversight", _("Independent oversight")
    ADMINISTRATOR = "administrator", _("Administrator")


POLICE_SIDE = frozenset({Role.LIAISON, Role.COORDINATOR, Role.ANALYST, Role.ADMINISTRATOR})
"""Roles held by the agency's own people; partners and oversight are not among them."""


@dataclass(frozen=True)
class DeskCard:
    """Something that waits for a person, shown on the start page.

    A slice adds its own by having `desk_cards(person, *, at)` in its queries, which returns a list of these.
    """

    title: str
    text: str
    address: str
    """Where to do it."""
    link: str
    """The words of the link."""
    count: int | None = None
    urgent: bool = False
