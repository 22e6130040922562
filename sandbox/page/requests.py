"""What every route needs: JSON in and out, and the language of whoever asks."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from sandbox.acts import Refused
from sandbox.stories import StoryInvalid
from sandbox.texts import LANGUAGES

T = TypeVar("T")


def answer(value: object) -> web.Response:
    """Return JSON, as small as it gets."""
    return web.json_response(value, dumps=_dumps)


async def json_of(request: web.Request) -> dict[str, Any]:
    """Read the JSON object of a request, or refuse the request."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        asked = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest
    return asked


def language_of(request: web.Request) -> str:
    """Return the language that is asked for, or the browser's, or the first."""
    wanted = request.query.get("language") or request.headers.get("Accept-Language", "")[:2]
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def readable(read: Callable[[], T]) -> T:
    """Read a story; what is wrong with it is refused like any act."""
    try:
        return read()
    except StoryInvalid as invalid:
        raise Refused("no-story-file", where=invalid.where, problem=invalid.problem) from None


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
