"""Reading engagements: what waits for a person, what is shown, what was counted."""

from hearback.listen.engagements.queries.cards import desk_cards, holdings

__all__ = ("desk_cards", "holdings")
