"""Where a translator may listen: on this machine and nowhere else, because what it is shown was sealed."""

from __future__ import annotations

import re

from hearback.refusal import Refusal

HERE = re.compile(r"http://(?P<host>127\.0\.0\.1|\[::1\]|localhost):(?P<port>[1-9][0-9]{0,4})/?")
HIGHEST_PORT = 65_535


class NotOnThisMachine(Refusal):
    """An address to which residents' words may not go."""


def on_this_machine(address: str) -> str:
    """The address of a translator: a port of this machine, or the path of a socket; empty where there is none.

    Only what is written in one of these ways passes: an address that is read cleverly can be misread cleverly. The name
    `localhost` becomes a number, so that no name server is ever asked.
    """
    if not address or address.startswith("/"):
        return address
    found = HERE.fullmatch(address)
    if found is None or int(found["port"]) > HIGHEST_PORT:
        raise NotOnThisMachine(
            "a translator must be on this machine, because residents' words are sealed and must not leave it",
            where="HEARBACK_TRANSLATOR",
            remedy="Write http://127.0.0.1:PORT, http://[::1]:PORT, http://localhost:PORT, or the path of a socket",
        )
    host = found["host"].replace("localhost", "127.0.0.1")
    return f"http://{host}:{found['port']}"
