"""Pictures without what the camera wrote beside the pixels: place, moment, device, owner, and a smaller copy.

JPEG (ITU-T T.81, annex B), PNG (W3C, third edition, section 5) and WebP (RFC 9649). Pixels and colour profile stay as
they are, byte for byte; nothing is decoded.
"""

from collections.abc import Iterator

JPEG, PNG, WEBP = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF"
# Segments that say how to draw the picture: JFIF, the colour profile, Adobe's colour transform.
_DRAWN = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
_APP, _COMMENT, _SCAN, _END = range(0xE0, 0xF0), 0xFE, 0xDA, 0xD9
_TOLD = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_TOLD_WEBP = {b"EXIF", b"XMP "}
_HAS_EXIF_OR_XMP = 0x0C  # flags of a VP8X header


def without_metadata(data: bytes) -> bytes:
    """The same picture without metadata; what is no picture of these kinds, or is broken, comes back unchanged.

    Doing it again changes nothing. Whatever follows the end of the picture goes too.
    """
    try:
        if data.startswith(JPEG):
            return b"".join(_jpeg(data))
        if data.startswith(PNG):
            return b"".join(_png(data))
        if data.startswith(WEBP) and data[8:12] == b"WEBP":
            return _webp(data)
    except (IndexError, ValueError):
        pass
    return data


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield JPEG
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError(at)
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2 or at + 2 + size > len(data):
            raise ValueError(at)
        segment = data[at : at + 2 + size]
        if marker == _SCAN:
            yield _pixels(data, at)
            return
        told = marker == _COMMENT or (marker in _APP and not segment[4:].startswith(_DRAWN.get(marker, b"\x00never")))
        if not told:
            yield segment
        at += 2 + size


def _pixels(data: bytes, at: int) -> bytes:
    """From the first scan to the end of the picture. Inside pixels 0xFF is followed by a zero or a restart marker."""
    end = data.find(bytes((0xFF, _END)), at)
    if end < 0:
        raise ValueError(at)
    return data[at : end + 2]


def _png(data: bytes) -> Iterator[bytes]:
    yield PNG
    at, last = len(PNG), b""
    while last != b"IEND":
        size = int.from_bytes(data[at : at + 4], "big")
        last, end = data[at + 4 : at + 8], at + 12 + size
        if len(last) < 4 or end > len(data):
            raise ValueError(at)
        if last not in _TOLD:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(data):
            raise ValueError(at)
        chunk = data[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes((chunk[8] & ~_HAS_EXIF_OR_XMP,)) + chunk[9:]
        if name not in _TOLD_WEBP:
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    return WEBP + len(body).to_bytes(4, "little") + body
