"""Files of strangers: what WhatsApp takes stays as it is, the rest is made fit, and what cannot be is named and harms nobody."""

import asyncio
import io
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.media.apart import ROOT, Limits
from bot.media.pictures import SafePictures
from bot.media.preflight import MB, RULES
from crm.errors import Refused
from crm.model.media import MediaKind
from tests import recordings

PICTURES = SafePictures()


async def fitted(kind: MediaKind, content: bytes, declared: str = "application/octet-stream") -> tuple[bytes, str]:
    made = await PICTURES.for_whatsapp(kind, content, declared)
    return made.content, made.mime_type


async def refused(kind: MediaKind, content: bytes, declared: str = "image/png", **limits: float) -> str:
    pictures = SafePictures(Limits(**limits)) if limits else PICTURES  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        await pictures.for_whatsapp(kind, content, declared)
    return refusal.value.code


# --- pictures -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB")])
async def test_a_picture_that_whatsapp_takes_stays_as_it_is(kind: str, mode: str) -> None:
    content = recordings.picture(kind, mode)
    assert await fitted(MediaKind.IMAGE, content) == (content, f"image/{kind.lower()}")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P"), ("BMP", "RGB"), ("PNG", "I;16")],
)
async def test_any_other_picture_becomes_a_jpeg(kind: str, mode: str) -> None:
    made, made_type = await fitted(MediaKind.IMAGE, recordings.picture(kind, mode))
    with Image.open(BytesIO(made)) as image:
        assert (made_type, image.format, image.mode, image.size) == ("image/jpeg", "JPEG", "RGB", (80, 60))


async def test_a_picture_is_what_it_is_and_not_what_it_is_called() -> None:
    content = recordings.picture("PNG")
    assert await fitted(MediaKind.IMAGE, content, "image/jpeg") == (content, "image/png")


async def test_a_picture_that_is_too_heavy_becomes_lighter() -> None:
    heavy = recordings.noise((2200, 2200))
    assert len(heavy) > RULES[MediaKind.IMAGE].limit
    made, _ = await fitted(MediaKind.IMAGE, heavy)
    assert len(made) <= RULES[MediaKind.IMAGE].limit


async def test_a_decompression_bomb_is_refused_unopened() -> None:
    bomb = recordings.picture("PNG", "1", (30_000, 30_000))
    assert len(bomb) < MB
    assert await refused(MediaKind.IMAGE, bomb) == "file-too-complex"
    assert await PICTURES.thumbnail(bomb, "image/png") is None


@pytest.mark.parametrize(
    "content",
    [
        recordings.picture("PNG")[:-30],
        recordings.picture("JPEG")[:300],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GIF89a" + b"\xff" * 200,
    ],
    ids=["cut PNG", "cut JPEG", "empty PNG", "mad GIF"],
)
async def test_a_damaged_picture_is_named_damaged(content: bytes) -> None:
    assert await refused(MediaKind.IMAGE, content) == "file-unreadable"
    assert await PICTURES.thumbnail(content, "image/png") is None


async def test_a_picture_is_drawn_small_and_upright() -> None:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    Image.new("RGB", (1200, 600), "blue").save(out, "JPEG", exif=exif)
    small = await PICTURES.thumbnail(out.getvalue(), "image/jpeg")
    assert small is not None
    with Image.open(BytesIO(small.content)) as image:
        assert (image.size, small.mime_type) == ((160, 320), "image/jpeg")


# --- films and sounds ---------------------------------------------------------------------------------------------------------


async def test_a_film_becomes_h264_and_aac_and_then_stays() -> None:
    made, made_type = await fitted(MediaKind.VIDEO, recordings.film())
    assert (made_type, recordings.streams(made)) == ("video/mp4", [("audio", "aac"), ("video", "h264")])
    assert await fitted(MediaKind.VIDEO, made) == (made, "video/mp4")


async def test_h264_that_looks_ahead_is_encoded_anew() -> None:
    high = recordings.film("mp4", "libx264", sound=None, seconds=2)
    with av.open(BytesIO(high), "r") as source:
        assert source.streams.video[0].codec_context.profile == "High"
    made, _ = await fitted(MediaKind.VIDEO, high)
    with av.open(BytesIO(made), "r") as source:
        assert source.streams.video[0].codec_context.profile == "Main"


async def test_a_film_stands_upright_as_the_phone_was_held() -> None:
    turned = recordings.film("mov", "mpeg4", size=(128, 96), sound=None, turned=90)
    made, _ = await fitted(MediaKind.VIDEO, turned)
    with av.open(BytesIO(made), "r") as source:
        frame = next(source.decode(video=0)).reformat(format="rgb24")
    plane = frame.planes[0]
    below = bytes(plane)[120 * plane.line_size + 48 * 3 :][:3]
    assert (frame.width, frame.height) == (96, 128)
    assert below[0] > 200 > 60 > below[2], "what was left is below, a quarter turn against the clock"


async def test_the_first_picture_of_a_film_is_its_thumbnail() -> None:
    small = await PICTURES.thumbnail(recordings.film(size=(640, 480)), "video/webm")
    assert small is not None
    with Image.open(BytesIO(small.content)) as image:
        assert (image.size, image.format) == ((320, 240), "JPEG")


async def test_a_film_that_no_quality_makes_small_enough_is_too_long() -> None:
    film = recordings.film("mp4", "mpeg4", sound=None, size=(16, 16), seconds=16 * 60, rate=1)
    assert await refused(MediaKind.VIDEO, film) == "file-too-long"


@pytest.mark.parametrize(("container", "codec"), [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("flac", "flac")])
async def test_a_voice_note_becomes_opus_with_one_channel_and_then_stays(container: str, codec: str) -> None:
    made, made_type = await fitted(MediaKind.VOICE, recordings.sound(container, codec))
    with av.open(BytesIO(made), "r") as source:
        stream = source.streams.audio[0]
        assert (made_type, stream.codec_context.name, stream.channels) == ("audio/ogg; codecs=opus", "opus", 1)
    assert await fitted(MediaKind.VOICE, made) == (made, made_type)


@pytest.mark.parametrize(
    ("container", "codec", "kept_as"),
    [("mp3", "libmp3lame", "audio/mpeg"), ("ipod", "aac", "audio/mp4"), ("adts", "aac", "audio/aac")],
)
async def test_a_sound_that_whatsapp_plays_stays_as_it_is(container: str, codec: str, kept_as: str) -> None:
    content = recordings.sound(container, codec)
    assert await fitted(MediaKind.AUDIO, content) == (content, kept_as)


async def test_a_playlist_called_film_opens_nothing() -> None:
    """FFmpeg's playlists make it read files of the author's choice; it is never asked what a file might be."""
    playlist = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
    assert await refused(MediaKind.VIDEO, playlist, "video/mp4") == "file-unreadable"


async def test_a_picture_is_no_film_and_no_sound() -> None:
    for kind in (MediaKind.VIDEO, MediaKind.VOICE):
        assert await refused(kind, recordings.picture("PNG")) == "file-unreadable"
    assert await refused(MediaKind.VIDEO, recordings.sound("ogg", "libopus")) == "file-type"


# --- stickers and documents ---------------------------------------------------------------------------------------------------


async def test_a_sticker_gets_its_square() -> None:
    made, made_type = await fitted(MediaKind.STICKER, recordings.picture("WEBP", "RGBA", (512, 300)))
    with Image.open(BytesIO(made)) as image:
        assert (made_type, image.size, len(made) <= 100 * 1024) == ("image/webp", (512, 512), True)


async def test_a_sticker_that_moves_goes_on_moving() -> None:
    made, made_type = await fitted(MediaKind.STICKER, recordings.film(sound=None, size=(128, 128)))
    with Image.open(BytesIO(made)) as image:
        assert (made_type, image.size, getattr(image, "n_frames", 1)) == ("image/webp", (512, 512), 10)


async def test_a_drawn_animation_is_no_sticker_for_whatsapp() -> None:
    assert await refused(MediaKind.STICKER, b"\x1f\x8b\x08" + bytes(99), "application/x-tgsticker") == "file-type"


def office(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{part}/main.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (b"%PDF-1.7\n", "application/octet-stream", "application/pdf"),
        (b"name;price\nMate;7\n", "text/csv", "text/plain"),
        (office("xl"), "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "application/vnd.ms-excel", "application/vnd.ms-excel"),
        (recordings.picture("PNG"), "image/png", "image/png"),
    ],
)
async def test_a_document_is_sent_as_what_it_is(content: bytes, declared: str, found: str) -> None:
    assert await fitted(MediaKind.DOCUMENT, content, declared) == (content, found)


async def test_a_program_that_is_called_a_document_does_not_leave() -> None:
    assert await refused(MediaKind.DOCUMENT, b"MZ\x90\x00\x03\x00", "application/pdf") == "file-type"


async def test_a_picture_as_a_document_may_only_be_as_large_as_a_picture() -> None:
    heavy = recordings.noise((2200, 2200))
    assert await refused(MediaKind.DOCUMENT, heavy, "image/png") == "file-too-large"


# --- limits -------------------------------------------------------------------------------------------------------------------


async def test_what_takes_too_long_is_killed_and_named() -> None:
    assert await refused(MediaKind.VIDEO, recordings.film(), seconds=0.0) == "file-too-complex"


async def test_what_takes_too_much_memory_is_stopped_and_named() -> None:
    large = recordings.picture("BMP", "RGB", (5000, 5000))
    assert await refused(MediaKind.IMAGE, large, memory=200 * MB) == "file-too-complex"


async def test_the_next_file_is_not_hurt_by_the_one_before() -> None:
    pictures = SafePictures(Limits(at_a_time=1))
    with pytest.raises(Refused):
        await pictures.for_whatsapp(MediaKind.IMAGE, b"\x89PNG\r\n\x1a\n" + bytes(9), "image/png")
    good = recordings.picture()
    assert (await pictures.for_whatsapp(MediaKind.IMAGE, good, "image/png")).content == good


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="Linux's scheduler")
def test_the_worker_gives_way_before_it_loads_its_code() -> None:
    """Loading takes longer than most files, and the door to Meta stands beside it."""
    instead = (
        "import os, sys, types; stand_in = types.ModuleType('bot.media.worker'); "
        "stand_in.main = lambda: print("
        "os.sched_getscheduler(0) == os.SCHED_IDLE, os.getpriority(os.PRIO_PROCESS, 0), 'av' in sys.modules); "
        "sys.modules['bot.media.worker'] = stand_in; from bot.media import entrance; entrance.main()"
    )
    said = subprocess.run([sys.executable, "-c", instead], capture_output=True, check=True, text=True, cwd=ROOT).stdout
    assert said.split() == ["True", "19", "False"]


async def test_a_photo_does_not_wait_for_a_film() -> None:
    pictures = SafePictures(Limits(at_a_time=1))
    slow = recordings.film("mp4", "mpeg4", size=(1280, 720), sound=None, seconds=8, rate=30)
    film = asyncio.create_task(pictures.for_whatsapp(MediaKind.VIDEO, slow, "video/mp4"))
    another = asyncio.create_task(pictures.for_whatsapp(MediaKind.VIDEO, slow, "video/mp4"))
    await pictures.for_whatsapp(MediaKind.IMAGE, recordings.picture(), "image/png")
    assert not another.done()
    for each in (film, another):
        each.cancel()
    await asyncio.gather(film, another, return_exceptions=True)


async def test_who_stops_waiting_leaves_no_process_behind() -> None:
    pictures = SafePictures(Limits(at_a_time=1))
    slow = recordings.film("mp4", "mpeg4", size=(1280, 720), sound=None, seconds=8, rate=30)
    before = children()
    film = asyncio.create_task(pictures.for_whatsapp(MediaKind.VIDEO, slow, "video/mp4"))
    while children() == before:
        await asyncio.get_running_loop().run_in_executor(None, os.sched_yield)
    film.cancel()
    await asyncio.gather(film, return_exceptions=True)
    assert children() == before


def children() -> set[int]:
    """Our own processes, by number."""
    return {int(number) for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}
