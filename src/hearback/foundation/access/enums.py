"""The kinds of desk a resident can write to, and who can sit at which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearback.foundation.people.enums import Role


class DeskKind(models.TextChoices):
    """Who reads at a desk: the agency's liaisons, a partner organisation, or independent oversight."""

    LIAISON = "liaison", _("The liaison team of the police")
    PARTNER = "partner", _("A partner organisation")
    OVERSIGHT = "oversight", _("Independent oversight")


SEATED: dict[DeskKind, frozenset[Role]] = {
    DeskKind.LIAISON: frozenset({Role.LIAISON, Role.COORDINATOR}),
    DeskKind.PARTNER: frozenset({Role.PARTNER}),
    DeskKind.OVERSIGHT: frozenset({Role.OVERSIGHT}),
}
"""Roles that can sit at each kind of desk: nobody of the police side ever sits at a partner's or oversight's."""

INDEPENDENT = frozenset({DeskKind.PARTNER, DeskKind.OVERSIGHT})
"""Desks whose own people decide who joins them; the agency only ever invites the first."""
