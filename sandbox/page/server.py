"""The page server: loopback only, one page, its state and its acts.

Nothing here decides: requests are read, refused or passed on to the house, and answers are JSON. The contract with the page is in
`docs/sandbox.md`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import web

from sandbox.acts import Refused
from sandbox.page import assets
from sandbox.page.events import events
from sandbox.page.guard import guard
from sandbox.page.house import House
from sandbox.page.requests import answer, json_of, language_of
from sandbox.page.snapshot import snapshot
from sandbox.page.storybook import Storybook
from sandbox.page.view import View
from sandbox.texts import LANGUAGES

HOST = "127.0.0.1"
NEXT_WORLD_S = 30.0
LARGEST_ACT = 24 * 1024 * 1024
DEEPEST_PORT = 20
"""How many ports after the wanted one are tried when it is taken."""


class PageServer:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    def application(self) -> web.Application:
        app = web.Application(middlewares=[guard, self._refusals], client_max_size=LARGEST_ACT)
        app.add_routes(
            [
                web.get("/", self.index),
                web.get("/static/{path:.+}", self.static),
                web.get("/texts/{language}.json", self.texts),
                web.get("/api/events", self.events),
                web.get("/api/state", self.state),
                web.post("/api/act", self.act),
                web.get("/api/log/{n:[0-9]{1,12}}", self.log),
                web.post("/api/reset", self.reset),
                web.get("/files/telegram/{id}", self.telegram_file),
                web.get("/files/whatsapp/{id}", self.whatsapp_file),
                *Storybook(self._house).routes(),
            ]
        )
        return app

    @web.middleware
    async def _refusals(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """What the world refuses is said in the language of whoever asked."""
        try:
            response: web.StreamResponse = await handler(request)
        except Refused as refused:
            return _refused(request, refused)
        return response

    # --- the page

    async def index(self, request: web.Request) -> web.StreamResponse:
        return assets.static("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        return assets.static(request.match_info["path"])

    async def texts(self, request: web.Request) -> web.StreamResponse:
        return assets.texts(request.match_info["language"])

    async def telegram_file(self, request: web.Request) -> web.StreamResponse:
        return assets.telegram_file(self._house, request.match_info["id"], request)

    async def whatsapp_file(self, request: web.Request) -> web.StreamResponse:
        return assets.whatsapp_file(self._house, request.match_info["id"], request)

    # --- looking

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await events(self._house, request)

    async def state(self, request: web.Request) -> web.StreamResponse:
        """The state for one view; while one world gives way to the next it is waited for."""
        if not await self._house.opened(NEXT_WORLD_S):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "1"})
        return answer(snapshot(self._house, View.of(request.query)))

    async def log(self, request: web.Request) -> web.StreamResponse:
        entry = self._house.journal.find(int(request.match_info["n"]))
        if entry is None:
            raise web.HTTPNotFound
        return answer(entry.opened())

    # --- acting

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Do one thing; what the world refuses is a 422 with the sentence."""
        asked = await json_of(request)
        name, args = asked.get("act"), asked.get("args", {})
        if not isinstance(name, str) or not isinstance(args, dict):
            raise web.HTTPBadRequest
        try:
            result = await self._house.act(name, args)
        except Refused as refused:
            return _refused(request, refused, name)
        return answer({"version": self._house.version, "result": result})

    async def reset(self, request: web.Request) -> web.StreamResponse:
        """Begin anew."""
        asked = await json_of(request) if request.can_read_body else {}
        language = asked.get("language")
        await self._house.reset(language if language in LANGUAGES else None)
        return answer({"version": self._house.version})


def _refused(request: web.Request, refused: Refused, act: str | None = None) -> web.Response:
    return web.json_response({"error": refused.say(language_of(request)), "act": act}, status=422)


@asynccontextmanager
async def serving(house: House, port: int) -> AsyncIterator[str]:
    """Listen on loopback, on this port or the next free one; yields the address."""
    runner = web.AppRunner(PageServer(house).application(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        yield f"http://{HOST}:{await _listen(runner, port)}/"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> int:
    for candidate in range(port, port + DEEPEST_PORT) if port else (0,):
        with suppress(OSError):
            await web.TCPSite(runner, HOST, candidate).start()
            return int(runner.addresses[0][1])
    raise OSError(f"no port from {port} to {port + DEEPEST_PORT - 1} is free")
