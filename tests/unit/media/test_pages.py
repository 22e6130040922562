"""The first page of a stranger's PDF: drawn small, or not at all, and never at anybody's cost."""

import zlib
from io import BytesIO

import pytest
from PIL import Image

from bot.media.apart import Limits
from bot.media.pictures import SafePictures
from bot.media.preflight import MB
from tests import recordings

PDF = "application/pdf"
PICTURES = SafePictures()
LOCK = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'61' * 32}>/U<{'62' * 32}>>>"


async def drawn(content: bytes, **limits: float) -> Image.Image | None:
    pictures = SafePictures(Limits(**limits)) if limits else PICTURES  # type: ignore[arg-type]
    found = await pictures.thumbnail(content, PDF)
    if found is None:
        return None
    assert found.mime_type == "image/jpeg"
    with Image.open(BytesIO(found.content)) as image:
        return image.convert("RGB")


def colours(image: Image.Image) -> list[str]:
    """What is seen left, right, above and below."""
    width, height = image.size
    places = [(width // 4, height // 2), (width * 3 // 4, height // 2), (width // 2, 4), (width // 2, height - 5)]
    reds, greens, _ = image.split()
    seen = [(int(str(reds.getpixel(place))), int(str(greens.getpixel(place)))) for place in places]
    return ["white" if min(pixel) > 200 else "red" if pixel[0] > 200 else "other" for pixel in seen]


async def test_the_first_page_is_drawn_small() -> None:
    image = await drawn(recordings.document())
    assert image is not None
    assert (image.size, colours(image)[:2]) == ((227, 320), ["red", "white"])


async def test_a_page_that_is_turned_is_drawn_as_it_is_read() -> None:
    image = await drawn(recordings.document(page="/Rotate 90"))
    assert image is not None
    assert (image.size, colours(image)[2:]) == ((320, 227), ["red", "white"])


@pytest.mark.parametrize(
    "box", ["0 0 1000000000 1000000000", "0 0 1e38 1e38", "0 0 600000 1"], ids=["a square mile", "endless", "a line"]
)
async def test_a_page_of_any_claimed_size_costs_no_more_than_a_thumbnail(box: str) -> None:
    image = await drawn(recordings.document(box), memory=400 * MB)
    assert image is None or max(image.size) <= 320


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 3 3000", "-595 -842 0 0"])
async def test_odd_pages_are_pages(box: str) -> None:
    image = await drawn(recordings.document(box))
    assert image is not None
    assert max(image.size) == 320


@pytest.mark.parametrize(
    "content",
    [
        recordings.document(trailer=LOCK),
        recordings.document()[:60],
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\xff" * 5_000,
        recordings.document().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        recordings.document().replace(b"/Type/Page/Parent", b"/Type/Nope/Parent").replace(b"/Kids[3", b"/Kids[9"),
    ],
    ids=["locked", "cut", "nothing", "noise", "its own parent", "no page"],
)
async def test_what_cannot_be_read_has_no_picture(content: bytes) -> None:
    assert await drawn(content) is None


async def test_a_table_of_contents_that_leads_nowhere_is_repaired() -> None:
    image = await drawn(recordings.document(trailer="/Prev 0"))
    assert image is not None
    assert colours(image)[:2] == ["red", "white"]


async def test_a_content_that_unfolds_without_end_is_stopped() -> None:
    """Four hundred megabytes of drawing in half a megabyte of file."""
    packed = zlib.compress(b"0 0 1 1 re f\n" * (30 * MB), 9)
    assert len(packed) < 2 * MB
    assert await drawn(recordings.document(drawn=packed, filters="/Filter/FlateDecode"), seconds=3.0) is None


async def test_a_picture_inside_that_would_fill_the_memory_is_stopped() -> None:
    """Sixty thousand points square, as one row of zeros."""
    packed = zlib.compress(bytes(64 * MB), 9)
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    )
    bomb = recordings.document(
        drawn=b"595 0 0 842 0 0 cm /I Do", page="/Resources<</XObject<</I 5 0 R>>>>", more=(picture,)
    )
    image = await drawn(bomb, memory=500 * MB, seconds=20.0)
    assert image is None or max(image.size) <= 320
    assert await drawn(recordings.document()) is not None


async def test_what_is_called_a_pdf_and_is_a_picture_is_drawn_as_what_it_is() -> None:
    image = await drawn(recordings.picture("PNG"))
    assert image is not None
    assert image.size == (80, 60)
    assert await drawn(b"<html><script>alert(1)</script></html>") is None
