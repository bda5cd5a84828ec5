"""Response rates as the American Association for Public Opinion Research defines them."""

from __future__ import annotations

from dataclasses import dataclass

from hearback.refusal import Refusal


class UnusableDispositions(Refusal):
    """Outcomes of contacts from which no response rate can be made."""


@dataclass(frozen=True)
class Dispositions:
    """Final outcomes of all cases drawn, in AAPOR's groups; `ineligible` cases count in no rate."""

    complete: int
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    ineligible: int = 0

    @property
    def answered(self) -> int:
        """Complete and partial interviews."""
        return self.complete + self.partial

    @property
    def eligible(self) -> int:
        """Cases known to belong to the population."""
        return self.answered + self.refusal + self.non_contact + self.other

    @property
    def unknown(self) -> int:
        """Cases of which it is not known whether they belong."""
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True)
class ResponseRates:
    """AAPOR's response rates: even numbers count partial interviews as answers; 1 and 2 take all cases of unknown
    eligibility as eligible, 3 and 4 the share `eligible_share` of them, 5 and 6 none."""

    rr1: float
    rr2: float
    rr3: float
    rr4: float
    rr5: float
    rr6: float
    eligible_share: float


def response_rates(cases: Dispositions, *, eligible_share: float | None = None) -> ResponseRates:
    """Response rates 1 to 6 from the outcomes of all cases.

    `eligible_share` of the cases of unknown eligibility is taken as eligible in rates 3 and 4; None takes the share
    among cases whose eligibility is known (CASRO's rule, the usual one).

    Errors: `UnusableDispositions`. Source: AAPOR 2023, Standard Definitions, 10th edition, response rates.
    """
    counts = vars(cases)
    negative = [name for name, count in counts.items() if count < 0]
    if negative or cases.eligible == 0:
        raise UnusableDispositions(
            f"The count of {negative[0].replace('_', ' ')} is below 0" if negative else "No case is known as eligible",
            remedy="Give the final outcome of every case drawn, each in one group",
        )
    share = cases.eligible / (cases.eligible + cases.ineligible) if eligible_share is None else eligible_share
    if not 0 <= share <= 1:
        raise UnusableDispositions(f"{share:g} is no share of cases", remedy="Give one from 0 to 1")
    all_, some, none = (cases.eligible + part * cases.unknown for part in (1, share, 0))
    return ResponseRates(
        rr1=cases.complete / all_,
        rr2=cases.answered / all_,
        rr3=cases.complete / some,
        rr4=cases.answered / some,
        rr5=cases.complete / none,
        rr6=cases.answered / none,
        eligible_share=share,
    )
