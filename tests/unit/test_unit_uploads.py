"""Photos and voice notes from outside: what they say of place, time and device is gone; what is neither is refused."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import COMM, ID3, TIT2
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hearback.listen.concerns.queries.uploads import FILE_NAMES, LARGEST, UnusableFile, cleaned

SECRET = b"Ana Kowalczyk"


def _photo(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **more: object) -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (38.0, 53.0, 51.0)
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, exif=exif, **more)
    return made.getvalue()


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_keeps_its_picture_and_loses_everything_else(kind: str) -> None:
    before = _photo(kind=kind)
    assert SECRET in before
    after = cleaned(before)
    assert after.media_type == "image/jpeg"
    assert SECRET not in after.content
    photo = _opened(after.content)
    assert photo.size == (60, 40)
    assert not photo.getexif()
    assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    red, green, _ = photo.getpixel((30, 20))
    assert red > 150 > green


def test_comments_texts_and_what_hangs_behind_the_picture_are_gone() -> None:
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    for before in (_photo(comment=SECRET), _photo(kind="PNG", pnginfo=texts), _photo() + SECRET):
        assert SECRET in before
        assert SECRET not in cleaned(before).content


def test_a_photo_lying_on_its_side_is_turned_before_it_forgets_that_it_lay() -> None:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(made, "JPEG", exif=exif)
    assert _opened(cleaned(made.getvalue()).content).size == (40, 60)


def test_a_large_photo_is_made_smaller() -> None:
    assert _opened(cleaned(_photo((4000, 3000))).content).size == (1600, 1200)


def test_what_is_see_through_stays_so() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(made, "PNG")
    after = cleaned(made.getvalue())
    assert after.media_type == "image/png"
    assert _opened(after.content).getpixel((1, 1))[3] == 0


def test_a_small_file_that_claims_an_enormous_picture_is_refused_before_it_is_drawn() -> None:
    def part(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(bytes(1000))) + part(b"IEND", b"")
    with pytest.raises(UnusableFile, match="neither a photo"):
        cleaned(bomb)


@pytest.mark.parametrize("cut", [4, 20, 200])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_was_cut_off_is_refused(kind: str, cut: int) -> None:
    with pytest.raises(UnusableFile):
        cleaned(_photo((300, 300), kind)[:cut])


def test_the_first_bytes_decide_what_it_is() -> None:
    for content in (b"", b"MZ\x90", b"<svg onload='x'/>", b"GIF89a" + bytes(50), b"%PDF-1.7", b"PK\x03\x04"):
        with pytest.raises(UnusableFile, match="neither a photo nor a voice note"):
            cleaned(content)


def test_more_than_eight_megabytes_are_refused() -> None:
    with pytest.raises(UnusableFile, match="larger than 8 MB"):
        cleaned(_photo() + bytes(LARGEST))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _wav() -> bytes:
    body = _chunk(b"bext", SECRET + bytes(600)) + _chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))
    body += _chunk(b"LIST", b"INFOIART" + SECRET) + _chunk(b"data", b"\x80" * 801) + _chunk(b"id3 ", SECRET)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def test_a_wav_keeps_its_sound_and_nothing_else() -> None:
    import wave

    after = cleaned(_wav())
    assert after.media_type == "audio/wav"
    assert SECRET not in after.content
    with wave.open(io.BytesIO(after.content)) as sound:
        assert sound.readframes(2000) == b"\x80" * 801


def _mp3() -> bytes:
    frames = (b"\xff\xfb\x90\x00" + bytes(413)) * 20
    tags = ID3()
    tags.add(TIT2(encoding=3, text=SECRET.decode()))
    tags.add(COMM(encoding=3, lang="eng", desc="", text=SECRET.decode()))
    file = io.BytesIO(frames)
    tags.save(file, v1=2)
    return file.getvalue()


def test_an_mp3_loses_its_tags_at_both_ends() -> None:
    before = _mp3()
    assert before.count(SECRET) >= 3
    after = cleaned(before)
    assert after.media_type == "audio/mpeg"
    assert SECRET not in after.content
    assert after.content.count(b"\xff\xfb\x90\x00") == 20


def test_tags_without_sound_are_refused() -> None:
    with pytest.raises(UnusableFile):
        cleaned(b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(2000))


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def _m4a(handler: bytes = b"soun", before: bytes = b"") -> bytes:
    header = struct.pack(">IIIII", 0, 3_900_000_000, 3_900_000_000, 1000, 5000) + bytes(80)
    about = _box(b"udta", _box(b"meta", bytes(4), b"\xa9xyz+38.89-077.03/" + SECRET))
    media = _box(
        b"mdia", _box(b"mdhd", header), _box(b"hdlr", bytes(8), handler, bytes(12), SECRET), _box(b"minf", b"kept")
    )
    movie = _box(b"moov", _box(b"mvhd", header), _box(b"trak", _box(b"tkhd", header), media, about), about)
    return _box(b"ftyp", b"M4A \0\0\0\0") + before + movie + _box(b"mdat", b"sound") + _box(b"uuid", SECRET)


def test_an_m4a_loses_place_time_and_names_and_keeps_every_byte_where_it_was() -> None:
    before = _m4a()
    after = cleaned(before)
    assert after.media_type == "audio/mp4"
    assert SECRET not in after.content
    assert b"+38.89" not in after.content
    assert struct.pack(">I", 3_900_000_000) not in after.content
    assert len(after.content) == len(before)
    assert after.content.index(b"sound") == before.index(b"sound")
    assert b"kept" in after.content


def test_a_film_is_no_voice_note() -> None:
    with pytest.raises(UnusableFile):
        cleaned(_m4a(handler=b"vide"))


@pytest.mark.parametrize("broken", [_m4a(before=struct.pack(">I4s", 4, b"free")), _m4a()[:60], _box(b"ftyp", b"M4A ")])
def test_a_damaged_m4a_is_refused(broken: bytes) -> None:
    with pytest.raises(UnusableFile):
        cleaned(broken)


def _ogg() -> bytes:
    """Two pages of headers and one of sound, as an Opus voice note has them."""
    from mutagen.ogg import OggPage

    head = b"OpusHead\x01\x01\x00\x00" + struct.pack("<IhB", 48_000, 0, 0)
    comment = b"ARTIST=" + SECRET
    tags = (
        b"OpusTags"
        + struct.pack("<I", len(SECRET))
        + SECRET
        + struct.pack("<I", 1)
        + struct.pack("<I", len(comment))
        + comment
    )
    pages = []
    for number, (packet, position) in enumerate(((head, 0), (tags, 0), (b"\xf8\xff\xfe", 960))):
        page = OggPage()
        page.packets, page.position, page.sequence, page.serial = [packet], position, number, 1
        page.first, page.last = number == 0, number == 2
        pages.append(page.write())
    return b"".join(pages)


def test_an_ogg_loses_its_comments() -> None:
    before = _ogg()
    assert SECRET in before
    after = cleaned(before)
    assert after.media_type == "audio/ogg"
    assert SECRET not in after.content
    assert b"\xf8\xff\xfe" in after.content


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WAVE", b"OggS", b"ID3"])
    | st.just(b"\0\0\0\x10ftyp"),
    st.binary(max_size=300),
)
def test_whatever_follows_the_first_bytes_is_cleaned_or_refused_in_words(start: bytes, rest: bytes) -> None:
    """Pillow and mutagen raise many things at odd input; only a refusal gets through."""
    with suppress(UnusableFile):
        assert cleaned(start + rest).media_type in FILE_NAMES
