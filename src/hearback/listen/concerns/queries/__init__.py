"""Reading concerns: by receipt, at a desk, and as numbers on the clock."""

from hearback.listen.concerns.queries.cards import desk_cards
from hearback.listen.concerns.queries.clock import holdings
from hearback.listen.concerns.queries.upkeep import ailments

__all__ = ["ailments", "desk_cards", "holdings"]
