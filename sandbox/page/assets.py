"""Files that the page needs: its own, and what was sent in chats.

What people sent is served so that a browser shows or saves it and never runs it.
"""

import mimetypes
from importlib.resources import files
from pathlib import Path

from aiohttp import hdrs, web

from sandbox.page.house import House
from sandbox.texts import LANGUAGES

STATIC = Path(str(files("sandbox.page").joinpath("static")))
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
TEXTUAL = ("text/", "application/json", "image/svg", "application/manifest")
SHOWN = ("image/png", "image/jpeg", "image/webp", "image/gif", "audio/", "video/")
"""What a browser may show in place; everything else is saved: in its cage a browser would not even show a PDF."""
CAGE = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}


def static(path: str) -> web.Response:
    """Return one of the page's own files."""
    wanted = (STATIC / path).resolve()
    kind = KINDS.get(wanted.suffix)
    if kind is None or not wanted.is_relative_to(STATIC.resolve()) or not wanted.is_file():
        raise web.HTTPNotFound
    charset = "utf-8" if kind.startswith(TEXTUAL) else None
    response = web.Response(body=wanted.read_bytes(), content_type=kind, charset=charset)
    if charset is not None:
        response.enable_compression()
    return response


def texts(name: str) -> web.Response:
    """Return the page's words in one language."""
    if name not in LANGUAGES:
        raise web.HTTPNotFound
    return static(f"texts/{name}.json")


def telegram_file(house: House, file_id: str, request: web.Request) -> web.Response:
    """Return what was sent in Telegram."""
    stored = house.world.telegram.state.chats.files.get(file_id)
    if stored is None:
        raise web.HTTPNotFound
    return _sent(stored.content, stored.name, stored.mime_type, request)


def whatsapp_file(house: House, media_id: str, request: web.Request) -> web.Response:
    """Return what was sent in WhatsApp, as long as the sandbox remembers it."""
    media = house.world.graph.media.kept(media_id)
    if media is None:
        raise web.HTTPNotFound
    suffix = mimetypes.guess_extension(media.mime_type.partition(";")[0]) or ""
    return _sent(media.content, f"{media.id}{suffix}", media.mime_type, request)


def _sent(content: bytes, name: str, mime_type: str, request: web.Request) -> web.Response:
    plain = mime_type.partition(";")[0].strip().lower()
    shown = plain.startswith(SHOWN)
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)[-80:]
    headers = {
        **CAGE,
        hdrs.CONTENT_TYPE: plain if shown else "application/octet-stream",
        hdrs.CONTENT_DISPOSITION: f'{"inline" if shown else "attachment"}; filename="{safe}"',
        hdrs.ACCEPT_RANGES: "bytes",
    }
    return _ranged(content, headers, request)


def _ranged(content: bytes, headers: dict[str, str], request: web.Request) -> web.Response:
    """Answer a part when only a part is asked for: players seek."""
    try:
        wanted = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=content, headers=headers)
    start, stop, _ = wanted.indices(len(content))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable
    headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{len(content)}"
    return web.Response(status=206, body=content[start:stop], headers=headers)
