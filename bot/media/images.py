"""Still pictures: small previews, and pictures and stickers as WhatsApp takes them. Runs only in a worker process."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.media.flaws import Damaged, Flaw, TooComplex
from bot.media.preflight import JPEG, PNG, RULES, STILL_STICKER, WEBP
from crm.model.media import MediaKind

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MOST_PIXELS = 64_000_000
THUMBNAIL = 320
STICKER = 512
_SIDES = (2560, 1600, 1024)
_QUALITIES = (88, 75, 60)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """Open and decode a picture. Raises a Flaw, whatever is wrong with it."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            image.load()
            yield image
    except (Flaw, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooComplex(str(bomb)) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as problem:
        raise Damaged(type(problem).__name__) from problem


def thumbnail(content: bytes) -> tuple[bytes, str]:
    """Draw a small JPEG."""
    with opened(content) as image:
        return small(image)


def small(image: Image.Image) -> tuple[bytes, str]:
    """Draw a picture that is already decoded small."""
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return _jpeg(_upright(image), 75), JPEG


def for_whatsapp(content: bytes) -> tuple[bytes, str]:
    """Keep what WhatsApp takes as it is; make a JPEG of everything else, as good as fits."""
    limit = RULES[MediaKind.IMAGE].limit
    with opened(content) as image:
        if len(content) <= limit and _taken(image, content):
            return content, JPEG if image.format == "JPEG" else PNG
        upright = _upright(image)
    for side in _SIDES:
        upright.thumbnail((side, side))
        for quality in _QUALITIES:
            found = _jpeg(upright, quality)
            if len(found) <= limit:
                return found, JPEG
    raise TooComplex("does not become small enough")


def sticker(content: bytes) -> tuple[bytes, str]:
    """Put a picture on the square that a sticker has; what moves and fits already is kept."""
    with opened(content) as image:
        square = image.size == (STICKER, STICKER) and image.format == "WEBP"
        limit = RULES[MediaKind.STICKER].limit if getattr(image, "n_frames", 1) > 1 else STILL_STICKER
        if square and len(content) <= limit:
            return content, WEBP
        sheet = on_square(image.convert("RGBA"))
    for quality in (*_QUALITIES, 40, 20):
        out = BytesIO()
        sheet.save(out, "WEBP", quality=quality)
        if out.tell() <= STILL_STICKER:
            return out.getvalue(), WEBP
    raise TooComplex("does not become small enough")


def on_square(image: Image.Image) -> Image.Image:
    """Centre a picture on a transparent square of a sticker's size."""
    fitted = ImageOps.contain(image, (STICKER, STICKER))
    sheet = Image.new("RGBA", (STICKER, STICKER))
    sheet.paste(fitted, ((STICKER - fitted.width) // 2, (STICKER - fitted.height) // 2))
    return sheet


def _taken(image: Image.Image, content: bytes) -> bool:
    """Does Meta take it unchanged: eight bits a colour, red, green and blue, with transparency only in a PNG?"""
    if image.format == "JPEG":
        return image.mode == "RGB"
    eight_bits = len(content) > 24 and content[24] == 8
    return image.format == "PNG" and image.mode in ("RGB", "RGBA") and eight_bits and not _moves(image)


def _moves(image: Image.Image) -> bool:
    return getattr(image, "n_frames", 1) > 1


def _upright(image: Image.Image) -> Image.Image:
    """The picture as a person sees it: turned as the camera was, on white where it is transparent."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith("I"):  # sixteen bits, which Pillow would cut instead of scaling
        turned = turned.point(lambda value: value / 256).convert("L")
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        turned = Image.new("RGBA", clear.size, "white")
        turned.alpha_composite(clear)
    return turned.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
