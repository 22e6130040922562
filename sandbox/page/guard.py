"""Who may talk with the page server: this machine's own pages, and nobody who merely knows the port.

A web site elsewhere can make a browser send requests to loopback, and a name of its own can be made to point there. So the Host must
be loopback's, a request with an Origin must come from this very page, and what changes something must be JSON or TOML, which no form sends.
"""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NAMES = frozenset({"127.0.0.1", "localhost"})
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse strangers, and mark every answer."""
    if problem := _problem(request):
        response: web.StreamResponse = web.json_response({"error": problem}, status=403)
    else:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = web.json_response({"error": error.reason}, status=error.status)
        except Exception as error:
            log.exception("a request failed")
            response = web.json_response({"error": f"{type(error).__name__}: {error}"}, status=500)
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _problem(request: web.Request) -> str | None:
    host = urlsplit(f"//{request.headers.get(hdrs.HOST, '')}")
    if host.hostname not in NAMES:
        return "this page is for this machine only"
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin != f"http://{request.headers[hdrs.HOST]}":
        return "this page takes no orders from other pages"
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "this page takes no orders from other pages"
    return None
