"""Photos and voice notes from outside: known by their first bytes, made anew without anything but picture and sound."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from mutagen import MutagenError
from mutagen.apev2 import delete as without_ape
from mutagen.mp3 import MP3
from mutagen.ogg import OggFileType
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis
from PIL import Image, ImageOps

from hearback.refusal import Refusal

LARGEST = 8 * 1024 * 1024
LONGER_SIDE = 1600
MOST_PIXELS = 50_000_000
"""More than any phone's camera makes; a small file that claims more is a trap, and is refused before it is drawn."""

FILE_NAMES = {
    "image/jpeg": "photo.jpg",
    "image/png": "photo.png",
    "audio/mpeg": "voice.mp3",
    "audio/mp4": "voice.m4a",
    "audio/ogg": "voice.ogg",
    "audio/wav": "voice.wav",
}
"""Every type that is kept, and the name it is handed out under: what the sender called it is forgotten."""


class UnusableFile(Refusal):
    """No photo or voice note, too large, or damaged."""


@dataclass(frozen=True)
class Upload:
    """A photo or a voice note, already without its metadata."""

    media_type: str
    content: bytes = field(repr=False)


def cleaned(content: bytes) -> Upload:
    """The photo drawn anew (JPEG, or PNG where something is see-through), or the sound without its tags.

    The first bytes decide what it is; its name and what the browser said of it are never looked at.
    """
    if len(content) > LARGEST:
        raise UnusableFile(_("This file is larger than 8 MB."), remedy=_("Send a smaller one, or only words."))
    for looks_like, clean in _KINDS:
        if looks_like.match(content):
            try:
                return clean(content)
            except (MutagenError, OSError, ValueError, struct.error, SyntaxError, Image.DecompressionBombError):
                break
    raise UnusableFile(
        _("This is neither a photo nor a voice note that can be opened."),
        remedy=_("Send a JPEG, PNG or WebP photo, or an MP3, M4A, OGG or WAV sound."),
    )


_draw = Image.Image.save


def _photo(content: bytes) -> Upload:
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as photo:
        if photo.width * photo.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        photo.draft("RGB", (LONGER_SIDE, LONGER_SIDE))
        upright = ImageOps.exif_transpose(photo)
    see_through = upright.has_transparency_data
    drawn = upright.convert("RGBA" if see_through else "RGB")
    drawn.thumbnail((LONGER_SIDE, LONGER_SIDE))
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    made = io.BytesIO()
    if see_through:
        _draw(bare, made, "PNG", optimize=True)
        return Upload("image/png", made.getvalue())
    _draw(bare, made, "JPEG", quality=85)
    return Upload("image/jpeg", made.getvalue())


def _mp3(content: bytes) -> Upload:
    file = io.BytesIO(content)
    sound = MP3(file)
    if sound.info.sketchy:
        raise ValueError("no sound")
    file.seek(0)
    sound.delete(file)
    file.seek(0)
    without_ape(file)
    return Upload("audio/mpeg", file.getvalue())


def _ogg(content: bytes) -> Upload:
    for kind in (OggOpus, OggVorbis, OggSpeex, OggFLAC):
        if kind.score("", io.BytesIO(content), content[:128]) > 0:
            return Upload("audio/ogg", _without_comments(content, kind))
    raise ValueError("no sound")


def _without_comments(content: bytes, kind: type[OggFileType]) -> bytes:
    file = io.BytesIO(content)
    sound = kind(file)
    sound.tags.vendor = ""  # the program that recorded it
    file.seek(0)
    sound.delete(file)
    return file.getvalue()


def _wav(content: bytes) -> Upload:
    """Only the two chunks that make a sound; recorders write name, time and place into others."""
    kept = [(name, body) for name, body in _chunks(content) if name in {b"fmt ", b"data"}]
    if [name for name, _ in kept] != [b"fmt ", b"data"]:
        raise ValueError("no sound")
    body = b"".join(name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in kept)
    return Upload("audio/wav", b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 12
    while start + 8 <= len(content):
        (size,) = struct.unpack_from("<I", content, start + 4)
        yield content[start : start + 4], content[start + 8 : start + 8 + size]
        start += 8 + size + size % 2


_NESTED = frozenset({b"moov", b"trak", b"mdia"})
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_NEEDED = _NESTED | _DATED | {b"ftyp", b"mdat", b"hdlr", b"minf", b"edts"}
"""Boxes without which an MPEG-4 file makes no sound; others hold titles, places, devices and what programs left."""
_MOVING = re.compile(rb"hdlr.{8}vide", re.DOTALL)


def _m4a(content: bytes) -> Upload:
    """What is not needed is blanked where it stands, because the sound is found by its distance from the start."""
    file = bytearray(content)
    found = set(_blank(file, 0, len(file)))
    if not {b"moov", b"trak", b"mdat"} <= found or _MOVING.search(file):
        raise ValueError("no sound, or a film")
    return Upload("audio/mp4", bytes(file))


def _blank(file: bytearray, start: int, end: int) -> Iterator[bytes]:
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", file, start)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", file, start + 8), 16
        body, stop = start + head, start + (size or end - start)
        if not body <= stop <= end:
            raise ValueError("a damaged box")
        yield name
        if name not in _NEEDED:
            file[start + 4 : start + 8] = b"free"
            file[body:stop] = bytes(stop - body)
        elif name in _DATED:
            dates = 16 if file[body] else 8
            file[body + 4 : body + 4 + dates] = bytes(dates)
        elif name == b"hdlr":
            file[body + 12 : stop] = bytes(max(stop - body - 12, 0))
        elif name in _NESTED:
            yield from _blank(file, body, stop)
        start = stop


_KINDS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], Upload]], ...] = (
    (re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL), _photo),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), _wav),
    (re.compile(rb"OggS"), _ogg),
    (re.compile(rb"....ftyp", re.DOTALL), _m4a),
    (re.compile(rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]"), _mp3),
)
