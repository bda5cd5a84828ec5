"""Names as they stand in addresses: small letters, digits and hyphens."""

from __future__ import annotations

import re
import unicodedata


def slug(name: str) -> str:
    """The name without accents, its other marks as hyphens; empty where no letter of a to z and no digit is left."""
    apart = "".join(" " if unicodedata.category(mark)[0] in "PSZ" else mark for mark in name)
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
