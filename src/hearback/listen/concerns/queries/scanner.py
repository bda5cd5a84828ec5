"""ClamAV, where an installation has it: every file from outside is shown to it before anything else opens it."""

from __future__ import annotations

import socket
import struct

from django.conf import settings
from django.utils.translation import gettext as _

from hearback.listen.concerns.queries.uploads import UnusableFile
from hearback.refusal import Refusal

PATIENCE = 10
"""Seconds until a scanner that says nothing counts as absent."""
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class NotScanned(Refusal):
    """The scanner is not there, says nothing, or cannot say whether the file is clean."""


def scan(content: bytes) -> None:
    """Return when the file is clean or no scanner is configured; raise `UnusableFile` for malware.

    Speaks clamd's INSTREAM (man clamd, "COMMANDS"): each piece behind its length in four bytes, then nought.
    """
    if not settings.CLAMD:
        return
    pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
    sized = b"".join(struct.pack("!L", len(piece)) + piece for piece in pieces)
    said = _ask(b"zINSTREAM\0" + sized + struct.pack("!L", 0))
    if said.endswith("FOUND"):
        raise UnusableFile(_("This file carries a virus."), remedy=_("Send another one, or only words."))
    if said != "stream: OK":
        raise NotScanned(f"the scanner could not check a file: {said}")


def ailments() -> list[str]:
    """Whether a scanner that is configured answers."""
    try:
        if settings.CLAMD and _ask(b"zPING\0") != "PONG":
            raise NotScanned("it answers something else than PONG")
    except NotScanned as silence:
        return [f"Attachments are refused, because the scanner at {settings.CLAMD} does not work: {silence.problem}."]
    return []


def _ask(request: bytes) -> str:
    try:
        with _connected() as connection:
            connection.sendall(request)
            said = b""
            while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (piece := connection.recv(PIECE)):
                said += piece
    except (OSError, ValueError) as failure:
        raise NotScanned(f"the scanner does not answer ({type(failure).__name__})") from failure
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _connected() -> socket.socket:
    """A socket's path, or a host and a port."""
    if settings.CLAMD.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(settings.CLAMD)
        return connection
    host, _, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
