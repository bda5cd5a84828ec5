"""The known name that somebody most likely meant, for a refusal that says what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_SHOWN = 200
"""Characters of one name: a file that is no table has its whole content as names."""


def advice(written: str, known: Iterable[str]) -> str:
    """`You may mean …` where one known name is near or continues what is written; otherwise all known names."""
    names = tuple(known)
    by_folded = {name.casefold(): name for name in names}
    continued = [folded for folded in by_folded if len(written) > 2 and folded.startswith(written.casefold())]
    near = continued if len(continued) == 1 else get_close_matches(written.casefold(), by_folded, n=1, cutoff=0.6)
    if near:
        return f'You may mean "{by_folded[near[0]]}"'
    return f"Known here: {listing(names)}" if names else ""


def listing(names: Iterable[str], *, shown: int = 12) -> str:
    """The first names, comma-separated, and how many more there are."""
    everything = tuple(name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…" for name in names)
    rest = len(everything) - shown
    return ", ".join(everything[:shown]) + (f" and {rest} more" if rest > 0 else "")
