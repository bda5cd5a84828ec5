"""Who may do what: how the predicates `may_<verb>(actor, subject)` in slices' `permissions` are made and asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

from hearback.refusal import Refusal

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor

Predicate = Callable[..., bool]


class NotAllowed(Refusal, PermissionDenied):
    """The actor may not do this; a page answers with status 403."""


def held_by(*roles: str) -> Callable[[Predicate], Predicate]:
    """Says which roles may hold a permission; whoever has another role is refused before the predicate is asked.

    The roles stand on the predicate, so that the table in `docs/permissions.md` cannot promise anything else.
    """

    def declare(predicate: Predicate) -> Predicate:
        @wraps(predicate)
        def asked(actor: Actor, *subject: Any) -> bool:
            return actor.role in roles and predicate(actor, *subject)

        vars(asked)["roles"] = tuple(str(role) for role in roles)
        return asked

    return declare


def demand(permission: Predicate, actor: Actor, *subject: Any) -> None:
    """Refuse unless the actor holds the permission.

    The software itself (the command line, the timetable) is not asked: whoever can run it holds the machine anyway,
    and what it does is in the audit log.
    """
    if actor.kind != "software" and not permission(actor, *subject):
        wanted = permission.__name__.removeprefix("may_").replace("_", " ")
        raise NotAllowed(f"{actor.name} may not {wanted}", remedy="Ask somebody who may")
