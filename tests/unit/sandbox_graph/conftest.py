"""A stand around the simulated Graph API: a clock one can set, a webhook that listens, a client that calls."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.graph import Graph, Number, Person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN, SECRET = "EAAG-test", "s3cret"


class FakeClock:
    """Stands still until somebody moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Hook:
    """The program's webhook: keeps every body and answers as told."""

    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    async def post(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.signatures.append(request.headers["X-Hub-Signature-256"])
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def get(self, request: web.Request) -> web.Response:
        good = request.query["hub.verify_token"] == "verify-me"
        return web.Response(text=request.query["hub.challenge"]) if good else web.Response(status=403)

    def values(self, name: str = "messages") -> list[dict[str, Any]]:
        """Return the values of a field in order of arrival."""
        return [
            change["value"]
            for body in map(json.loads, self.bodies)
            for entry in body["entry"]
            for change in entry["changes"]
            if change["field"] == name
        ]

    def statuses(self) -> list[dict[str, Any]]:
        return [each for value in self.values() for each in value.get("statuses", ())]

    def names(self) -> list[str]:
        return [each["status"] for each in self.statuses()]


@dataclass
class Stand:
    """Everything a test touches."""

    graph: Graph
    clock: FakeClock
    hook: Hook
    http: aiohttp.ClientSession
    number: Number
    leo: Person

    async def call(
        self, method: str, path: str, body: Any = None, token: str | None = TOKEN, **more: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.request(method, self.graph.url + path, json=body, headers=headers, **more) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(self, body: dict[str, Any], **more: Any) -> tuple[int, Any]:
        """Post a message body as it is."""
        return await self.call("POST", "/v26.0/1065/messages", {"messaging_product": "whatsapp"} | body, **more)

    async def send(
        self, text: str = "Hola", to: str = "+5491155550099", token: str = TOKEN, timeout: float = 30, **more: Any
    ) -> tuple[int, Any]:
        """Post a text; `more` goes into the body."""
        body = {"to": to, "type": "text", "text": {"body": text}} | more
        return await self.post(body, token=token, timeout=aiohttp.ClientTimeout(total=timeout))

    async def accepted(self, text: str = "Hola", **more: Any) -> str:
        """Send a text that must be accepted; returns its wamid."""
        status, answer = await self.send(text, **more)
        assert status == 200, answer
        return str(answer["messages"][0]["id"])

    async def code(self, text: str = "Hola", **more: Any) -> int:
        """Send a text that must be refused; returns Meta's code."""
        _, answer = await self.send(text, **more)
        return int(answer["error"]["code"])

    async def template(self, name: str = "aviso", *values: str, to: str = "+5491155550099") -> tuple[int, Any]:
        parameters = [{"type": "text", "text": value} for value in values]
        content = {
            "name": name,
            "language": {"code": "es_AR"},
            "components": [{"type": "body", "parameters": parameters}],
        }
        return await self.post({"to": to, "type": "template", "template": content})

    async def settle(self, limit: timedelta = timedelta(minutes=10)) -> None:
        """Let time pass up to a limit, stopping at every moment at which something is due."""
        end = self.clock.at + limit
        await self.graph.deliver_due()
        while (due := self.graph.next_at()) is not None and due <= end:
            self.clock.at = max(due, self.clock.at)
            await self.graph.deliver_due()
        self.clock.at = end


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    clock, hook = FakeClock(), Hook()
    app = web.Application(client_max_size=4 * 1024**2)
    app.router.add_post("/hook", hook.post)
    app.router.add_get("/hook", hook.get)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    graph = Graph(clock, app_secret=SECRET, app_id="77", verify_token="verify-me")
    await graph.start()
    graph.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    number = graph.add_number(
        phone_number_id="1065", waba_id="2001", display_phone="+5491150000000", token=TOKEN, name="Ventas AR"
    )
    leo = graph.person(phone="5491155550099", name="Leo Díaz")
    async with aiohttp.ClientSession() as http:
        yield Stand(graph, clock, hook, http, number, leo)
    await graph.stop()
    await runner.cleanup()


@pytest.fixture
def in_the_shop(stand: Stand) -> Callable[[], Number]:
    """Make a coexistence number."""

    def make() -> Number:
        return stand.graph.add_number(
            phone_number_id="1066", waba_id="2001", display_phone="+5491150000001", token=TOKEN, coexistence=True
        )

    return make
