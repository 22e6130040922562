"""The story endpoints: the list of ready stories, playing one (or a file of one's own), turning the page, recording."""

from typing import Any

from aiohttp import hdrs, web

from sandbox.page.house import House
from sandbox.page.requests import answer, json_of, language_of, readable
from sandbox.stories import Story, parse, ready, ready_names

SPEEDS = ("step", "auto")
LONGEST_TITLE = 120


class Storybook:
    """The routes of the stories."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/stories", self.listed),
            web.post("/api/story", self.begin),
            web.post("/api/story/run", self.run),
            web.post("/api/story/next", self.turn),
            web.post("/api/story/stop", self.stop),
            web.post("/api/record", self.record),
            web.get("/api/record.toml", self.recorded),
        ]

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """The ready stories, told in the language of the page."""
        language = language_of(request)
        return answer([_told(name, ready(name), language) for name in ready_names()])

    async def begin(self, request: web.Request) -> web.StreamResponse:
        """Play a ready story."""
        asked = await json_of(request)
        name, speed = asked.get("name"), asked.get("speed", SPEEDS[0])
        if not isinstance(name, str) or speed not in SPEEDS:
            raise web.HTTPBadRequest
        return await self._play(request, readable(lambda: ready(name)), name, speed)

    async def run(self, request: web.Request) -> web.StreamResponse:
        """Play a file of one's own."""
        if request.content_type not in ("application/toml", "text/plain"):
            raise web.HTTPUnsupportedMediaType
        try:
            text = (await request.read()).decode("utf-8")
        except UnicodeDecodeError:
            raise web.HTTPBadRequest from None
        speed = request.query.get("speed", SPEEDS[0])
        if speed not in SPEEDS:
            raise web.HTTPBadRequest
        return await self._play(request, readable(lambda: parse(text)), "", speed)

    async def _play(self, request: web.Request, story: Story, name: str, speed: str) -> web.StreamResponse:
        await self._house.play(story, name, language_of(request), by_itself=speed == "auto")
        return self._version()

    async def turn(self, request: web.Request) -> web.StreamResponse:
        """Play the next scene."""
        await self._house.next_scene()
        return self._version()

    async def stop(self, request: web.Request) -> web.StreamResponse:
        """Leave the story; its world stays."""
        await self._house.stop_story()
        return self._version()

    async def record(self, request: web.Request) -> web.StreamResponse:
        """Begin to write down what is done, or leave it be."""
        asked = await json_of(request)
        on, title = asked.get("on"), asked.get("title", "")
        if not isinstance(on, bool) or not isinstance(title, str):
            raise web.HTTPBadRequest
        await self._house.record(on=on, title=title[:LONGEST_TITLE])
        return self._version()

    async def recorded(self, request: web.Request) -> web.StreamResponse:
        """What was written down, as a story that plays."""
        text = await self._house.recorded(request.query.get("title", "")[:LONGEST_TITLE])
        saved = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="story.toml"'}
        return web.Response(text=text, content_type="application/toml", headers=saved)

    def _version(self) -> web.Response:
        return answer({"version": self._house.version})


def _told(name: str, story: Story, language: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": story.say(story.title, language),
        "about": story.say(story.about, language),
        "minutes": story.minutes,
    }
