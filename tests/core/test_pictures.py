"""Metadata goes, pixels stay."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pasaj.core.pictures import without_metadata


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


SCAN = segment(0xDA, b"\x01\x01\x00\x00?\x00") + b"pixels\xff\x00more\xff\xd3end\xff\xd9"
TABLES = segment(0xDB, b"\x00" * 65) + segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
JFIF, ICC, ADOBE = segment(0xE0, b"JFIF\x00\x01"), segment(0xE2, b"ICC_PROFILE\x00x"), segment(0xEE, b"Adobe\x00d")
EXIF = segment(0xE1, b"Exif\x00\x00GPS 18.5 -72.3")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


PNG = b"\x89PNG\r\n\x1a\n"
HEAD, PIXELS, END = chunk(b"IHDR", b"\x00" * 13), chunk(b"IDAT", b"data"), chunk(b"IEND", b"")


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.req("R10.8")
def test_a_jpeg_keeps_its_colours_and_pixels() -> None:
    telling = [EXIF, segment(0xFE, b"by Marie"), segment(0xED, b"Photoshop 3.0\x00caption"), segment(0xE2, b"MPF\x00x")]
    full = b"\xff\xd8" + JFIF + EXIF + ICC + b"".join(telling) + b"\xff" + ADOBE + TABLES + SCAN + b"trailer GPS"
    assert without_metadata(full) == b"\xff\xd8" + JFIF + ICC + ADOBE + TABLES + SCAN


@pytest.mark.req("R10.8")
def test_a_png_keeps_its_colours_and_pixels() -> None:
    colour = chunk(b"iCCP", b"profile")
    told = [chunk(name, b"GPS") for name in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")]
    assert without_metadata(PNG + HEAD + colour + b"".join(told) + PIXELS + END + b"more") == (
        PNG + HEAD + colour + PIXELS + END
    )


@pytest.mark.req("R10.8")
def test_a_webp_says_no_longer_that_it_has_them() -> None:
    pixels = (b"VP8 ", b"odd")
    full = riff((b"VP8X", b"\x1c" + b"\x00" * 9), pixels, (b"EXIF", b"GPS"), (b"XMP ", b"<x/>"))
    assert without_metadata(full) == riff((b"VP8X", b"\x10" + b"\x00" * 9), pixels)


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"GIF89a", b"RIFF....WAVE", b"\xff\xd8", b"\xff\xd8xx", b"\xff\xd8" + EXIF, b"\xff\xd8\xff\xe1\x00\x01",
        b"\xff\xd8\xff\xe1\xff\xffshort", b"\xff\xd8" + SCAN[:-2], PNG + HEAD, PNG + HEAD[:6], PNG + HEAD + PIXELS[:-1],
        riff((b"VP8 ", b"data"))[:-2],
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_comes_back_as_it_is(broken: bytes) -> None:
    assert without_metadata(broken) == broken


@given(some.binary(max_size=60), some.sampled_from([b"\xff\xd8", PNG, b"RIFF\x00\x00\x00\x00WEBP"]))
def test_any_bytes_and_twice(noise: bytes, start: bytes) -> None:
    once = without_metadata(start + noise)
    assert without_metadata(once) == once
    assert len(once) <= len(start + noise)
