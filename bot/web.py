"""The HTTP pages that are for the house: is it alive, is it ready, its numbers.

The numbers need no secret, so they are only shown to the networks of the settings, and never to somebody who comes through a proxy:
behind one on this machine the whole world would seem to come from loopback.
"""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.whatsapp.sources import Network, lies_in
from crm.errors import CrmError

PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def pages(
    backlog: Callable[[], Awaitable[int]], numbers: Callable[[], Awaitable[bytes]], networks: Sequence[Network]
) -> list[web.RouteDef]:
    """`/healthz`: this process answers. `/readyz`: it reaches its database. `/metrics`: `numbers`, for `networks`."""

    async def healthy(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(_: web.Request) -> web.Response:
        try:
            waiting = await backlog()
        except CrmError:
            return web.json_response({"ready": False, "problem": "database"}, status=503)
        return web.json_response({"ready": True, "backlog": waiting})

    async def metrics(request: web.Request) -> web.Response:
        passed_on = any(name in request.headers for name in PASSED_ON)
        if passed_on or not lies_in(request.remote or "", networks):
            return web.Response(status=403, text="server.metrics_networks says who may read this, and no proxy may\n")
        return web.Response(body=await numbers(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthy), web.get("/readyz", ready), web.get("/metrics", metrics)]
