"""Telegram on loopback: the HTTP server a bot talks to, and the door through which tests and the demo reach its people.

Knows the bot only by its token and its calls. Every call is written down, may meet a fault that was asked for, and
wakes whoever waits with `until`. While `files_flow` is cleared, no file that was asked for comes.
"""

import asyncio
import inspect
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from crm.clock import Clock
from sandbox.telegram.ask import NOTHING, Ask, GroupMeter, Params, State
from sandbox.telegram.chats import Chat, Chats, User
from sandbox.telegram.faults import ApiFault, BadGateway, Delay, DropConnection, Fault, FaultPlan
from sandbox.telegram.methods import BY_LOWER_NAME, unknown
from sandbox.telegram.people import Person
from sandbox.telegram.updates import Pulse, Updates

HOST = "127.0.0.1"
TOKEN = "123:abc"
REMEMBERED_CALLS = 10_000
LARGEST_REQUEST = 64 * 1024 * 1024
LOOK_AGAIN_S = 0.1

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made, and what became of it."""

    method: str
    params: dict[str, Any]
    at: datetime
    error: str | None = None
    answer: Any = None


class Telegram:
    """A Bot API server for one bot, with the people who use it."""

    def __init__(self, clock: Clock, token: str = TOKEN, username: str = "centralita_bot") -> None:
        self.token = token
        self.faults = FaultPlan()
        self.files_flow = asyncio.Event()
        self.files_flow.set()
        self._clock = clock
        self._pulse = Pulse()
        bot = User(int(token.split(":")[0]), "Centralita", is_bot=True, username=username)
        self.state = State(Chats(bot), Updates(clock, self._pulse))
        self._people: dict[int, Person] = {}
        self._calls: deque[Call] = deque(maxlen=REMEMBERED_CALLS)
        self.on_call: Callable[[Call], None] | None = None
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._pusher: asyncio.Task[None] | None = None
        self._port = 0

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession()
        self._pusher = asyncio.create_task(self.state.updates.keep_pushing(self._session))

    async def stop(self) -> None:
        """Close the door: polls under way end, nothing is pushed any more. People and chats remain."""
        if self._pusher is not None:
            self._pusher.cancel()
            with suppress(asyncio.CancelledError):
                await self._pusher
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._pusher = self._session = self._runner = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def bot(self) -> User:
        return self.state.chats.bot

    @property
    def updates(self) -> Updates:
        return self.state.updates

    @property
    def meter(self) -> GroupMeter:
        """The ration per group; set `meter.per_minute` to another number, or None for no limit."""
        return self.state.meter

    @property
    def push_automatically(self) -> bool:
        return self.updates.push_automatically

    @push_automatically.setter
    def push_automatically(self, wanted: bool) -> None:
        self.updates.push_automatically = wanted
        self._pulse.beat()

    @property
    def calls(self) -> list[Call]:
        return list(self._calls)

    def calls_to(self, *methods: str) -> list[Call]:
        return [call for call in self._calls if call.method in methods]

    @property
    def people(self) -> list[Person]:
        return list(self._people.values())

    def person(
        self, user_id: int, name: str = "Persona", language: str | None = "es", username: str | None = None
    ) -> Person:
        """Get an account, or make it known."""
        if user_id not in self._people:
            user = User(user_id, name, username=username, language=language)
            self._people[user_id] = Person(user, self.state.chats.person(user), self.state, self._clock)
        return self._people[user_id]

    def group(
        self,
        chat_id: int,
        title: str = "Grupo",
        *,
        forum: bool = False,
        members: Iterable[Person] = (),
        bot_status: str = "administrator",
    ) -> Chat:
        """Get a group the bot is in, or make it."""
        if chat_id in self.state.chats.by_id:
            return self.state.chats.by_id[chat_id]
        chat = Chat(chat_id, "supergroup", title, is_forum=forum, bot_status=bot_status)
        chat.members = {person.id: "member" for person in members}
        return self.state.chats.group(chat)

    def migrates(self, group: Chat, new_chat_id: int) -> None:
        """Give a group a new id; calls with the old one are told where it went."""
        self.state.chats.migrate(group, new_chat_id)

    def fail_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Make the next calls of a method ("*": of any) meet a fault."""
        self.faults.add(method, fault, times)

    async def deliver_due(self) -> int:
        """Push what is pending to the webhook now; answer how many updates it accepted."""
        if self._session is None or self.updates.webhook is None:
            return 0
        return await self.updates.push_due(self._session)

    async def until(self, predicate: Callable[[], Found], timeout_s: float = 5) -> Found:
        """Wait until the predicate holds and answer its value; fail with the chats printed.

        It is tried at every call of the bot, and now and then besides: it may look at more than this server.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while not (found := predicate()):
            left = deadline - loop.time()
            if left <= 0:
                last = ", ".join(f"{call.method}{f' ({call.error})' if call.error else ''}" for call in self.calls[-8:])
                raise AssertionError(
                    f"it did not happen in {timeout_s} s\nlast calls: {last}\n{self.state.chats.drawn()}"
                )
            await self._pulse.next(min(left, LOOK_AGAIN_S))
        return found

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refused(ApiFault(401, "Unauthorized"))
        asked = request.match_info["method"]
        name, method = BY_LOWER_NAME.get(asked.lower(), (asked, unknown))
        fault = self.faults.take(name)
        params = NOTHING
        error: str | None = None
        result: Any = None
        try:
            params = await Params.read(request)
            if isinstance(fault, ApiFault):
                raise fault
            if isinstance(fault, BadGateway):
                error = f"{fault.status} Bad Gateway"
                return web.Response(status=fault.status, text="<html>Bad Gateway</html>", content_type="text/html")
            if fault == DropConnection(after_applying=False):
                error = "connection dropped"
                return _dropped(request)
            result = method(Ask(params, self._clock.now(), self.state))
            if inspect.isawaitable(result):
                result = await result
        except ApiFault as refusal:
            error = str(refusal)
            return _refused(refusal)
        finally:
            call = Call(name, params.fields, self._clock.now(), error, result)
            self._calls.append(call)
            if self.on_call is not None:
                self.on_call(call)
            self._pulse.beat()
        if isinstance(fault, DropConnection):
            return _dropped(request)
        if isinstance(fault, Delay):
            await _real_time(fault.seconds)
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        stored = next((one for one in self.state.chats.files.values() if one.path == path), None)
        if request.match_info["token"] != self.token or stored is None:
            return _refused(ApiFault(404, "Not Found"))
        await self.files_flow.wait()
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _refused(fault: ApiFault) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": fault.code, "description": fault.description}
    return web.json_response(body | ({"parameters": fault.parameters} if fault.parameters else {}), status=fault.code)


def _dropped(request: web.Request) -> web.Response:
    """Cut the line; the answer aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _real_time(seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
