"""Files that lie, explode or stop in the middle: each ends as something WhatsApp takes or as one refusal."""

import io
import zipfile
import zlib
from io import BytesIO
from struct import pack

import av
import pytest
from PIL import Image

from bot.media.apart import Limits
from bot.media.pictures import SafePictures
from bot.media.preflight import KB, MB, PLAYABLE_VOICE, RULES, STILL_STICKER
from crm.errors import Refused
from crm.model.media import MediaKind
from tests import recordings

PICTURES = SafePictures(Limits(seconds=60))


async def fitted(kind: MediaKind, content: bytes, declared: str = "application/octet-stream") -> tuple[bytes, str]:
    made = await PICTURES.for_whatsapp(kind, content, declared)
    return made.content, made.mime_type


async def refused(kind: MediaKind, content: bytes, declared: str = "application/octet-stream") -> str:
    with pytest.raises(Refused) as refusal:
        await PICTURES.for_whatsapp(kind, content, declared)
    return refusal.value.code


def moving(kind: str, frames: int, size: tuple[int, int]) -> bytes:
    """An animation in which every picture differs."""
    sheets = [Image.new("RGB", size, (number % 256, number * 7 % 256, 90)) for number in range(frames)]
    out = BytesIO()
    sheets[0].save(out, kind, save_all=True, append_images=sheets[1:], duration=50)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A PNG that says it has this many points a side, with a megabyte of packed zeros behind."""
    head = pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(64 * MB), 9)), (b"IEND", b""))
    chunks = (pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data)) for name, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "content",
    [
        bomb(100_000),
        bomb(60_000),
        moving("GIF", 3, (16, 16)).replace(pack("<HH", 16, 16), pack("<HH", 65_535, 65_535), 1),
    ],
    ids=["PNG", "PNG of 14 GB", "GIF"],
)
async def test_pixels_that_nobody_could_hold_are_refused(content: bytes) -> None:
    assert await refused(MediaKind.IMAGE, content) in ("file-too-complex", "file-unreadable")
    assert await PICTURES.thumbnail(content, "image/png") is None


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
        (b"<html><script>alert(1)</script></html>", "image/jpeg"),
        (b"\x00\x00\x00\x1cftypheic" + bytes(500), "image/heic"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "image/png"),
    ],
    ids=["svg", "html", "heic", "postscript"],
)
async def test_what_is_no_picture_we_read_is_no_picture(content: bytes, declared: str) -> None:
    assert await refused(MediaKind.IMAGE, content, declared) in ("file-unreadable", "file-type")
    assert await PICTURES.thumbnail(content, declared) is None


async def test_a_picture_with_a_page_hidden_behind_it_is_a_picture() -> None:
    """A polyglot: the door shows it as a picture only, under `nosniff` (tests/e2e/test_media.py)."""
    content = recordings.picture("JPEG") + b"<html><script>alert(1)</script></html>"
    _, found = await fitted(MediaKind.IMAGE, content, "text/html")
    assert found == "image/jpeg"
    small = await PICTURES.thumbnail(content, "image/jpeg")
    assert small is not None
    assert b"script" not in small.content


async def test_an_archive_that_would_fill_the_disk_is_passed_on_untouched() -> None:
    """Nobody here unpacks a document: what it holds is its reader's business."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(200 * MB))
    content = out.getvalue()
    assert len(content) < MB
    made, found = await fitted(MediaKind.DOCUMENT, content)
    assert (made == content, found.endswith("wordprocessingml.document")) == (True, True)


@pytest.mark.parametrize("size", [(1, 1), (3, 3000), (3000, 3), (17, 31), (641, 483)])
async def test_odd_dimensions_are_pictures(size: tuple[int, int]) -> None:
    made, _ = await fitted(MediaKind.IMAGE, recordings.picture("WEBP", "RGB", size))
    with Image.open(BytesIO(made)) as image:
        assert (max(image.size), min(image.size) >= 1) == (min(max(size), 2560), True)


@pytest.mark.parametrize("size", [(65, 49), (2, 2), (34, 320)])
async def test_films_of_odd_dimensions_become_even_ones(size: tuple[int, int]) -> None:
    made, _ = await fitted(MediaKind.VIDEO, recordings.film("mov", "mpeg4", size=size, sound=None))
    with av.open(BytesIO(made), "r") as source:
        stream = source.streams.video[0]
        assert (stream.width % 2, stream.height % 2) == (0, 0)


async def test_what_is_transparent_becomes_white() -> None:
    made, found = await fitted(MediaKind.IMAGE, clear())
    assert found == "image/jpeg"
    with Image.open(BytesIO(made)) as image:
        assert image.convert("L").getextrema() == (255, 255)


def clear() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (80, 60), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    return out.getvalue()


async def test_an_animation_as_a_picture_is_its_first_one() -> None:
    for kind in ("WEBP", "GIF", "PNG"):
        made, found = await fitted(MediaKind.IMAGE, moving(kind, 5, (80, 60)))
        with Image.open(BytesIO(made)) as image:
            assert (found, getattr(image, "n_frames", 1)) == ("image/jpeg", 1)


async def test_stickers_keep_to_their_hundred_and_their_five_hundred_kilobytes() -> None:
    still, _ = await fitted(MediaKind.STICKER, recordings.noise((900, 900)))
    assert len(still) <= STILL_STICKER == 100 * KB
    moves = moving("WEBP", 6, (512, 512))
    assert len(moves) <= RULES[MediaKind.STICKER].limit == 500 * KB
    assert await fitted(MediaKind.STICKER, moves) == (moves, "image/webp")


# --- films and sounds ---------------------------------------------------------------------------------------------------------


async def test_a_recording_of_a_browser_without_a_length_becomes_a_film_and_a_voice_note() -> None:
    """peers 85: browsers write webm and never go back to say how long it became."""
    film, _ = await fitted(MediaKind.VIDEO, recordings.film("webm", "libvpx"), "video/mp4")
    assert recordings.streams(film) == [("audio", "aac"), ("video", "h264")]
    voice, found = await fitted(MediaKind.VOICE, recordings.sound("webm", "libopus"), "audio/ogg")
    assert (found, recordings.streams(voice)) == ("audio/ogg; codecs=opus", [("audio", "opus")])


async def test_a_film_whose_table_is_at_its_end_is_read() -> None:
    content = recordings.film("mp4", "mpeg4", sound=None)
    assert content.index(b"moov") > content.index(b"mdat")
    made, _ = await fitted(MediaKind.VIDEO, content)
    assert recordings.streams(made) == [("video", "h264")]
    assert await refused(MediaKind.VIDEO, content[: content.index(b"moov")]) == "file-unreadable"


async def test_ten_hours_of_sound_are_too_long() -> None:
    """A header says it; nothing is decoded."""
    content = bytearray(recordings.sound("flac", "flac"))
    facts = int.from_bytes(content[18:26])  # rate, channels, bits, and 36 bits for the number of samples
    content[18:26] = ((facts >> 36 << 36) | 48_000 * 36_000).to_bytes(8)
    assert await refused(MediaKind.VOICE, bytes(content)) == "file-too-long"


async def test_a_long_voice_note_gets_coarser_and_keeps_its_play_button() -> None:
    """Meta shows it up to 512 KB (reference 7): four minutes at 32 kbit/s would be a megabyte."""
    made, _ = await fitted(MediaKind.VOICE, recordings.sound("flac", "flac", seconds=240))
    assert len(made) <= PLAYABLE_VOICE == 512 * KB


@pytest.mark.parametrize("kind", [kind for kind in MediaKind if kind is not MediaKind.DOCUMENT])
@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"\xff" * 3, b"RIFF\xff\xff\xff\xffWEBP", b"OggS", b"\x1aE\xdf\xa3", b"PK\x03\x04"]
)
async def test_beginnings_without_an_end_are_refused(kind: MediaKind, content: bytes) -> None:
    assert await refused(kind, content) in ("file-unreadable", "file-type")
