"""What is promised before anything is typed: how soon an answer, what is kept and how long, what the law may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from hearback.foundation.places.queries import city
from hearback.importers.promises import USUAL, Promise
from hearback.listen.concerns.enums import ConcernKind

if TYPE_CHECKING:
    from hearback.foundation.places.models import City


@dataclass(frozen=True)
class Kept:
    """One line of the page that says what is kept: a kind of concern, its promises in working days, and the days it is
    kept after the last thing that happened to it."""

    kind: ConcernKind
    answer: int
    resolution: int
    keep_days: int


@dataclass(frozen=True)
class Disclosability:
    """Whether a public-records request can bring something to light, and the sentence that says so."""

    disclosable: bool
    sentence: str | Lazy


AFTERWARDS = (
    _("Then every word, photo, note and key is erased; so it is whenever you ask for it with your receipt."),
    _(
        "What stays is a trace: that there was something of this kind, in which language, at which desk, and its dates."
        " It holds no word, no place and no name, and the numbers on our promise page are made from it."
    ),
    _("Something that nobody has answered is not erased by itself: nobody's silence may make it disappear."),
)
"""What happens when the time is over, in the order it is told."""

AT_ONCE = (
    _(
        "With your seven words you can take everything back, at any time and without a reason. Every word, answer,"
        " photo, note, the place and how to reach you are erased at once, also for those who read them."
    ),
    _("Copies that were made for safety before hold it, still sealed, until they are written over."),
)
"""What is erased on request."""

HELD = (
    _("If a court or the law asks that something be kept, oversight writes down why, and that is on record for good."),
    _(
        "Until that ends it is not erased, not even when you ask. You can take it back all the same: then nobody works"
        " on it any more, and nobody new can open it. Your receipt tells you what stays."
    ),
    _("When it ends, what you took back is erased in the same moment."),
)
"""What a legal hold does."""

NEVER = (
    _("Your name, unless you write it. There is no account."),
    _("The address of your phone or computer, or what kind it is. No cookie, no log of who reads what."),
    _("Your immigration status. We never ask, and we warn you if you write about it."),
    _("A place finer than about 250 m."),
    _("What a photo or voice note says of when, where and with which device it was made."),
)
"""What is not kept at all."""

DISCLOSABILITY: dict[str, Disclosability] = {
    "kind": Disclosability(True, _("The kind of what you say can become public, as a number among others.")),
    "language": Disclosability(True, _("Your language can become public, as a number among others.")),
    "desk": Disclosability(True, _("Which desk you chose can become public, as a number among others.")),
    "area": Disclosability(True, _("The area can become public, as a number among others; small numbers are hidden.")),
    "words": Disclosability(
        False,
        _(
            "What you write is sealed to those you chose. If you chose the police, a records request may ask them for"
            " it; leave out what could tell who you are."
        ),
    ),
    "pin": Disclosability(False, _("The place on the map is sealed like your words, and kept to about 250 m only.")),
    "file": Disclosability(False, _("A photo or voice note is sealed like your words. A voice can be recognised.")),
    "contact": Disclosability(
        False, _("It is sealed apart. If you chose the police, a records request may ask them for this too.")
    ),
    "safety": Disclosability(
        False,
        _("Kept so that nobody calls you back, and erased with your words. It is not sealed; no name is beside it."),
    ),
}
"""By the field of the form."""


def promise_of(kind: ConcernKind, *, place: City | None) -> Promise:
    """What the city's description promises for this kind; before there is one, what is usual."""
    said = place.promises if place else {}
    return Promise(**said[kind]) if kind in said else USUAL[kind]


def retention_schedule() -> tuple[Kept, ...]:
    """What is promised and kept today, by kind, in the order of the form."""
    place = city()
    return tuple(
        Kept(kind, promise.answer, promise.resolution, promise.keep_days)
        for kind in ConcernKind
        if (promise := promise_of(kind, place=place))
    )


def disclosability(field: str) -> Disclosability:
    """What is said beside a field before it is filled in."""
    return DISCLOSABILITY[field]
