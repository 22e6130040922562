"""Small things to send that lie ready: a picture, a voice message, a document, a place, a card. All made here, none from elsewhere.

Most are computed, byte by byte, by the formats' own rules; the sticker and the film are files beside this one that a browser drew.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from sandbox.acts.files import Content
from sandbox.graph.errors import Json

SIDE = 160


@dataclass(frozen=True, slots=True)
class Sample:
    """Something of one kind: a file, or an element of its own."""

    kind: str
    name: str
    mime_type: str
    make: Callable[[], bytes] = bytes

    def file(self) -> Content:
        return Content(self.name, self.mime_type, self.make())

    def element(self, name: str, phone: str | None) -> Json:
        """Return the message element of a kind that is no file."""
        if self.kind == "location":
            place = {"latitude": -34.6037, "longitude": -58.3816, "name": "Obelisco", "address": "Buenos Aires"}
            return {"type": "location", "location": place}
        card: Json = {"name": {"formatted_name": name, "first_name": name}}
        return {"type": "contacts", "contacts": [card | ({"phones": [{"phone": f"+{phone}"}]} if phone else {})]}


def sample(kind: str) -> Sample:
    """Return what lies ready of this kind."""
    return SAMPLES[kind]


def pictures(count: int) -> list[bytes]:
    """So many pictures (up to ten), no two the same."""
    return [_picture(20 * number) for number in range(count)]


def _picture(red: int = 40) -> bytes:
    """A PNG: a soft square in two colours, of which one begins with so much red."""
    rows = (
        b"\0"
        + b"".join(
            bytes((min(255, red + x * 160 // SIDE), 120 + y * 90 // SIDE, 190 - x * 60 // SIDE)) for x in range(SIDE)
        )
        for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _document() -> bytes:
    """A PDF of one page with two words on it."""
    text = b"BT /F1 36 Tf 72 720 Td (Centralita) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    pdf, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(pdf))
    return pdf + b"xref\n0 %d\n" % count + table + end


def _voice() -> bytes:
    """Two seconds of an Ogg Opus file, silent: a page with the header, one with the (empty) tags, one with the sound."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    maker = b"centralita"
    tags = b"OpusTags" + struct.pack("<I", len(maker)) + maker + struct.pack("<I", 0)
    frames = [b"\xf8\xff\xfe"] * 100
    pages = ((2, 0, [head]), (0, 0, [tags]), (4, 960 * len(frames), frames))
    return b"".join(_page(kind, at, number, packets) for number, (kind, at, packets) in enumerate(pages))


def _page(kind: int, position: int, number: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(each) for each in packets)
    before = b"OggS" + struct.pack("<BBqII", 0, kind, position, 1, number)
    after = bytes((len(packets),)) + lengths + b"".join(packets)
    return before + struct.pack("<I", _ogg_sum(before + b"\0\0\0\0" + after)) + after


def _ogg_sum(data: bytes) -> int:
    """The checksum of Ogg: CRC-32 without reflection."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value & 0xFFFFFFFF


def _sound() -> bytes:
    """Two seconds of an MP3, silent: frames of 128 kbit/s with nothing in them."""
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    return frame * 77


def _beside(name: str) -> Callable[[], bytes]:
    return lambda: files("sandbox.acts.media").joinpath(name).read_bytes()


SAMPLES: dict[str, Sample] = {
    each.kind: each
    for each in (
        Sample("image", "image.png", "image/png", _picture),
        Sample("video", "video.mp4", "video/mp4", _beside("video.mp4")),
        Sample("audio", "audio.mp3", "audio/mpeg", _sound),
        Sample("voice", "voice.ogg", "audio/ogg; codecs=opus", _voice),
        Sample("document", "centralita.pdf", "application/pdf", _document),
        Sample("sticker", "sticker.webp", "image/webp", _beside("sticker.webp")),
        Sample("location", "", ""),
        Sample("contacts", "", ""),
    )
}
