"""What is promised before anything is typed: how soon an answer, what is kept and how long, what the law may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from hearback.listen.concerns.enums import PROMISES, ConcernKind


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
    _("If a court or the law asks that something be kept, oversight says so and why, and it is erased afterwards."),
)
"""What happens when the time is over, in the order it is told."""

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
        False, _("How to reach you is sealed apart. Whenever somebody opens it, that is on record.")
    ),
    "safety": Disclosability(
        False, _("This is kept only so that nobody calls you back, and is erased with your words.")
    ),
}
"""By the field of the form."""


def retention_schedule() -> tuple[Kept, ...]:
    """What is kept, by kind, in the order of the form."""
    return tuple(
        Kept(kind, promise.answer, promise.resolution, promise.keep_days)
        for kind in ConcernKind
        if (promise := PROMISES[kind])
    )


def disclosability(field: str) -> Disclosability:
    """What is said beside a field before it is filled in."""
    return DISCLOSABILITY[field]
