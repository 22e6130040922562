"""`GET /media/{id}`: a stored file for whoever holds a signed address.

The content behind an address never changes, so it may be kept by browsers and CDNs until the address ends, is asked for in parts
(a video is looked at, not downloaded), and costs nothing when it is known. What a customer sent is hostile until proven otherwise:
only kinds that cannot run anything are shown in place, everything else is a download, and no browser may guess.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from bot.media.links import THUMBNAIL, WHOLE, Links
from crm.clock import Clock
from crm.errors import NotFound, Unavailable
from crm.model.ids import from_short, short
from crm.model.media import Media, MediaState
from crm.services.media import MediaService

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

PIECE = 1024 * 1024
SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "video/mp4",
        "video/3gpp",
        "audio/aac",
        "audio/amr",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
    }
)
"""Shown in place, under their own name. Neither SVG nor PDF nor HTML: these can carry programs."""
GUARD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
REFUSED = GUARD | {"Cache-Control": "no-store"}
"""Nothing that sits in front may keep a refusal: a key that was missing may be put back."""


class MediaDoor:
    """Opens to signed addresses."""

    def __init__(self, media: MediaService, links: Links, clock: Clock) -> None:
        self._media, self._links, self._clock = media, links, clock

    def routes(self) -> list[web.RouteDef]:
        """For the program's one HTTP server; HEAD is answered as well."""
        return [
            web.get("/media/{id}", self._guarded(self._whole)),
            web.get("/media/{id}/thumbnail", self._guarded(self._thumbnail)),
        ]

    def _guarded(self, answer: Answer) -> Answer:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            except NotFound:
                return _refusal(404, "This file is not here any more.")
            except Unavailable:
                return _refusal(503, "The file cannot be reached now.", {"Retry-After": "30"})

        return handle

    async def _whole(self, request: web.Request) -> web.StreamResponse:
        media, left = await self._admitted(request, WHOLE)
        if media.key is None or media.size is None:
            raise NotFound("media-gone")
        headers = _headers(media, media.key, left) | {"Accept-Ranges": "bytes"}
        if _knows(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        wanted = _wanted(request, media.size, headers["ETag"])
        if wanted is None:
            return _refusal(416, "There are no such bytes.", {"Content-Range": f"bytes */{media.size}"})
        start, stop = wanted
        partial = (start, stop) != (0, media.size)
        if partial:
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{media.size}"
        response = web.StreamResponse(status=206 if partial else 200, headers=headers)
        response.content_length = stop - start
        first = await self._media.part(media.key, start, min(PIECE, stop - start)) if stop > start else b""
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        await response.write(first)
        for begin in range(start + len(first), stop, PIECE):
            await response.write(await self._media.part(media.key, begin, min(PIECE, stop - begin)))
        await response.write_eof()
        return response

    async def _thumbnail(self, request: web.Request) -> web.StreamResponse:
        media, left = await self._admitted(request, THUMBNAIL)
        if media.thumbnail_key is None:
            raise NotFound("media-gone")
        headers = _headers(media, media.thumbnail_key, left)
        content = await self._media.content(media.thumbnail_key)
        headers["Content-Type"] = _kind_of_picture(content)
        headers["Content-Disposition"] = "inline"
        if _knows(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, headers=headers)

    async def _admitted(self, request: web.Request, form: str) -> tuple[Media, timedelta]:
        """The file and how long its address lives. Who cannot show a signature learns nothing, not even whether there is a file."""
        media_id = from_short(request.match_info["id"])
        if media_id is None or short(media_id) != request.match_info["id"]:
            raise web.HTTPForbidden(headers=REFUSED)
        query = request.query
        left = self._links.opens(media_id, form, query.get("until", ""), query.get("key", ""), self._clock.now())
        if left is None:
            raise web.HTTPForbidden(headers=REFUSED)
        if not left:
            raise web.HTTPGone(headers=REFUSED)
        media = await self._media.find(media_id)
        if media is None or media.state is not MediaState.STORED:
            raise NotFound("media-gone")
        return media, left


def _headers(media: Media, key: str, left: timedelta) -> dict[str, str]:
    shown = media.mime_type in SHOWN
    return {
        **GUARD,
        "ETag": f'"{key}"',
        "Cache-Control": f"public, max-age={int(left.total_seconds())}, immutable",
        "Content-Type": media.mime_type if shown else "application/octet-stream",
        "Content-Disposition": _disposition(media.name, inline=shown),
    }


def _disposition(name: str | None, *, inline: bool) -> str:
    """A name is told twice: plainly, without whatever could end it early, and in full."""
    kind = "inline" if inline else "attachment"
    if not name:
        return kind
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _knows(request: web.Request, etag: str) -> bool:
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or etag in [each.strip().removeprefix("W/") for each in given.split(",")]


def _wanted(request: web.Request, size: int, etag: str) -> tuple[int, int] | None:
    """Which bytes; all of them when no single range was asked for, None when there are none there."""
    asked = re.fullmatch(r"bytes=([0-9]{0,15})-([0-9]{0,15})", request.headers.get("Range", "").strip())
    if asked is None or asked[0] == "bytes=-" or request.headers.get("If-Range", etag).strip() != etag:
        return 0, size
    first, last = asked.groups()
    if not first:
        return (max(size - int(last), 0), size) if int(last) else None
    start, stop = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return 0, size
    return (start, stop) if start < size else None


def _kind_of_picture(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if content[8:12] == b"WEBP" else "image/jpeg"


def _refusal(status: int, why: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=f"{why}\n", headers={**REFUSED, **(headers or {})})
