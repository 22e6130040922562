"""What lies ready to be sent is what it says it is, and WhatsApp would take it."""

import struct
import zlib

import pytest

from sandbox.acts.samples import SAMPLES
from sandbox.graph.media import LIMITS

FILES = [name for name, sample in SAMPLES.items() if sample.mime_type]
MAGIC = {
    "image": b"\x89PNG\r\n\x1a\n",
    "video": b"ftyp",
    "audio": b"\xff\xfb",
    "voice": b"OggS",
    "document": b"%PDF-1.4",
    "sticker": b"WEBP",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_sample_is_small_begins_as_its_kind_does_and_is_of_a_type_that_whatsapp_takes(kind: str) -> None:
    file = SAMPLES[kind].file()
    assert MAGIC[kind] in file.content[:16]
    assert len(file.content) < 40_000
    limit, types = LIMITS["audio" if kind == "voice" else kind]
    assert file.mime_type.partition(";")[0] in types
    assert len(file.content) <= limit


def test_the_voice_message_is_made_of_ogg_pages_with_true_checksums() -> None:
    data, pages = SAMPLES["voice"].file().content, 0
    while data:
        count = data[26]
        size = 27 + count + sum(data[27 : 27 + count])
        page, data = data[:size], data[size:]
        (told,) = struct.unpack("<I", page[22:26])
        assert told == _crc(page[:22] + bytes(4) + page[26:])
        pages += 1
    assert pages == 3


def test_the_picture_has_whole_chunks_and_all_its_rows() -> None:
    data = SAMPLES["image"].file().content[8:]
    chunks: dict[bytes, bytes] = {}
    while data:
        (size,) = struct.unpack(">I", data[:4])
        name, body, told = data[4:8], data[8 : 8 + size], data[8 + size : 12 + size]
        assert struct.pack(">I", zlib.crc32(name + body)) == told
        chunks[name], data = body, data[12 + size :]
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + 3 * width)


def test_the_document_says_truly_where_its_objects_lie() -> None:
    data = SAMPLES["document"].file().content
    table = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert data[table:].startswith(b"xref")
    for number, line in enumerate(data[table:].split(b"\n")[3:8], start=1):
        assert data[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def _crc(data: bytes) -> int:
    """Ogg's checksum by another road: the reflected CRC-32 table turned round, bit by bit."""
    remainder = 0
    for bit in "".join(f"{byte:08b}" for byte in data):
        carry = remainder >> 31 ^ int(bit)
        remainder = (remainder << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if carry else 0)
    return remainder
