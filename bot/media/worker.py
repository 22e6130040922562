"""The process that looks into one file: `python -m bot.media.entrance`, an order and the file in, an answer and a file out.

Everything it needs is loaded before it reads a single byte of the file; then it gives up opening files, most of its memory and its
time. What it says of a file is a code and nothing else, for a message could repeat what a stranger wrote into it.
"""

import pkgutil
import resource
import sys
from collections.abc import Callable
from importlib import import_module

import av
import orjson
from PIL import Image

from bot.media import images, movies, pages, sniff, sounds
from bot.media.flaws import Damaged, Flaw, TooComplex, WrongType
from bot.media.preflight import JPEG, PDF, PNG, WEBP
from crm.model.media import MediaKind

_IMAGES = (JPEG, PNG, WEBP, "image/gif", "image/bmp", "image/tiff")

Made = tuple[bytes, str]


def thumbnail(content: bytes, declared: str) -> Made:
    """Draw a file small."""
    found = _found(content, declared)
    if found in _IMAGES:
        return images.thumbnail(content)
    if found in sniff.CONTAINERS:
        return movies.thumbnail(content, found)
    if found == PDF:
        return pages.thumbnail(content)
    raise WrongType(found)


def for_whatsapp(kind: MediaKind, content: bytes, declared: str) -> Made:
    """Make a file what WhatsApp takes of this kind."""
    found = _found(content, declared)
    match kind:
        case MediaKind.IMAGE:
            return images.for_whatsapp(content)
        case MediaKind.VIDEO:
            return movies.for_whatsapp(content, found)
        case MediaKind.AUDIO | MediaKind.VOICE:
            return sounds.for_whatsapp(content, found, voice=kind is MediaKind.VOICE)
        case MediaKind.STICKER:
            return images.sticker(content) if found in _IMAGES else movies.sticker(content, found)
        case MediaKind.DOCUMENT:
            return content, found


def _found(content: bytes, declared: str) -> str:
    found = sniff.type_of(content, declared)
    if found is None:
        raise WrongType(declared)
    return found


def _made(order: dict[str, str], content: bytes) -> Made:
    if order["task"] == "thumbnail":
        return thumbnail(content, order["mime_type"])
    return for_whatsapp(MediaKind(order["kind"]), content, order["mime_type"])


def answer(work: Callable[[], Made]) -> tuple[dict[str, str], bytes]:
    """Do the work; whatever a file does to it becomes a code."""
    try:
        content, mime_type = work()
    except Flaw as flaw:
        return {"flaw": flaw.code}, b""
    except MemoryError:
        return {"flaw": TooComplex.code}, b""
    except Exception:
        return {"flaw": Damaged.code}, b""
    return {"mime_type": mime_type}, content


def main() -> None:
    """Read the order and the file, answer, end."""
    Image.init()
    pages.prepare()
    "".encode("cp437")  # the names in an archive of earlier times
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    line, content = sys.stdin.buffer.readline(), b""
    order = orjson.loads(line)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(order["seconds"]), int(order["seconds"])))
    resource.setrlimit(resource.RLIMIT_AS, (int(order["memory"]), int(order["memory"])))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        content = sys.stdin.buffer.read()
    except MemoryError:
        head, made = {"flaw": TooComplex.code}, b""
    else:
        head, made = answer(lambda: _made(order, content))
    sys.stdout.buffer.write(orjson.dumps(head) + b"\n" + made)
    sys.stdout.buffer.flush()
