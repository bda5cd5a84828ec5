"""Takes from a browser what it still sends, so that it shows the answer."""

from __future__ import annotations

from django.http import HttpRequest

MOST = 48 * 1024 * 1024
"""A browser shows an answer only when its upload was taken from it; beyond this it may be cut off."""
PIECE = 64 * 1024


def read_away(request: HttpRequest) -> None:
    """Take from the browser what nobody will look at."""
    left = MOST
    while left > 0 and (piece := request.read(PIECE)):
        left -= len(piece)
