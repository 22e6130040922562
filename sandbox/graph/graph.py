"""The simulated Graph API as its users hold it: start it, populate it, let time pass, deliver the post.

It is honest: it refuses what Meta refuses, says nothing about blocks, loses no webhook for seven days, and knows the program
under test only as an address to post to. Nothing moves by itself; whoever owns the clock calls `deliver_due`.
"""

import ipaddress
from datetime import datetime, timedelta
from typing import cast

import aiohttp
from aiohttp import web

from crm.clock import Clock
from sandbox.graph.delivery import Postman
from sandbox.graph.errors import Json
from sandbox.graph.faults import Fault, Order, Where
from sandbox.graph.people import Person
from sandbox.graph.phone_numbers import Business, Number
from sandbox.graph.server import Server
from sandbox.graph.webhooks import Update, encode
from sandbox.graph.world import World, trim


class Graph(World):
    """Meta's side of the wire, and the customers behind it."""

    def __init__(
        self,
        clock: Clock,
        app_secret: str = "app-secret",
        app_id: str = "1000000001",
        verify_token: str = "verify-me",
        seed: int = 0,
    ) -> None:
        super().__init__(clock, app_id=app_id, app_secret=app_secret, seed=seed)
        self.app_secret, self.app_id, self.verify_token = app_secret, app_id, verify_token
        self.webhook_url: str | None = None
        self.latency = 0.0
        self._postman = Postman(self.mailroom)
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    # --- life

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; `url` says where."""
        server = Server(self, lambda: self.latency, lambda: self.webhook_url)
        self._runner = web.AppRunner(
            server.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = cast(tuple[str, int], self._runner.addresses[0][:2])
        self.url = f"http://{ipaddress.ip_address(host)}:{bound}"
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        """Close everything, also answers that were never to come."""
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._session = self._runner = None

    # --- who is there

    def add_number(
        self,
        phone_number_id: str,
        waba_id: str,
        display_phone: str,
        token: str,
        *,
        coexistence: bool = False,
        token_expires_at: datetime | None = None,
        name: str = "Business",
    ) -> Number:
        """Register a business number; several numbers may share an account and a token."""
        now = self.clock.now()
        business = self.businesses.setdefault(waba_id, Business(waba_id, name))
        number = self.numbers[phone_number_id] = Number(
            self,
            business,
            phone_number_id=phone_number_id,
            display_phone=display_phone,
            name=name,
            in_coexistence=coexistence,
            onboarded_at=now,
        )
        self.tokens.grant(token, {phone_number_id, waba_id}, now, token_expires_at)
        return number

    def person(
        self,
        phone: str | None = None,
        name: str = "Somebody",
        bsuid: str | None = None,
        *,
        hides_phone: bool = False,
        username: str | None = None,
    ) -> Person:
        """Return the person with this phone or BSUID; a new one is born if nobody has it."""
        if phone is None and bsuid is None:
            raise ValueError("a person needs a phone or a BSUID")
        plain = "".join(filter(str.isdigit, phone)) if phone else None
        found = self.find_person(plain, bsuid)
        if found is not None:
            return found
        hidden = hides_phone or phone is None
        return self.add_person(Person(self, phone=phone, name=name, bsuid=bsuid, hides_phone=hidden, username=username))

    # --- trouble

    def fail_next(
        self,
        fault: Fault,
        times: int | None = 1,
        phone_number_id: str | None = None,
        to: str | None = None,
        where: Where = "messages",
    ) -> None:
        """Let the next fitting calls go wrong; `times=None` until `faults.clear()`."""
        self.faults.add(Order(fault, times, where, phone_number_id, to))

    @property
    def require_proof(self) -> bool:
        """Whether calls without `appsecret_proof` are refused."""
        return self.tokens.require_proof

    @require_proof.setter
    def require_proof(self, required: bool) -> None:
        self.tokens.require_proof = required

    @property
    def duplicate_webhooks(self) -> float:
        """How likely a webhook is posted twice, from 0 to 1."""
        return self.weather.duplicates

    @duplicate_webhooks.setter
    def duplicate_webhooks(self, probability: float) -> None:
        self.weather.duplicates = float(probability)

    @property
    def shuffle(self) -> bool:
        """Whether webhooks that are due together come in any order."""
        return self.weather.shuffle

    @shuffle.setter
    def shuffle(self, shuffled: bool) -> None:
        self.weather.shuffle = shuffled

    @property
    def delay(self) -> timedelta:
        """The longest a webhook may be late; each draws its own delay."""
        return self.weather.delay

    @delay.setter
    def delay(self, longest: timedelta) -> None:
        self.weather.delay = longest

    @property
    def batch(self) -> int:
        """How many updates may share one POST."""
        return self.weather.batch

    @batch.setter
    def batch(self, size: int) -> None:
        self.weather.batch = size

    # --- time and post

    def next_at(self) -> datetime | None:
        """Return when something is due next; webhooks count only if there is an address to post them to."""
        self.advance()
        posted_at = self.mailroom.next_at() if self.webhook_url is not None else None
        return min((moment for moment in (self.planned_at(), posted_at) if moment is not None), default=None)

    async def deliver_due(self) -> int:
        """Post every webhook whose time has come; returns how many POSTs were made."""
        made = 0
        self.advance()
        while self.webhook_url is not None and self._session is not None:
            now = self.clock.now()
            parcels = self.mailroom.take_due(now)
            if not parcels:
                break
            records = await self._postman.carry(
                self._session, self.webhook_url, parcels, now, concurrency=self.weather.concurrency
            )
            self.webhooks.extend(records)
            if self.on_webhook is not None:
                for record in records:
                    self.on_webhook(record)
            trim(self.webhooks, self.journal_limit)
            made += len(records)
            self.advance()
        return made

    def queue_raw_webhook(
        self,
        value_or_body: Json | bytes,
        field: str = "messages",
        at: datetime | None = None,
        *,
        waba_id: str | None = None,
        signature: str | None = None,
    ) -> None:
        """Queue anything: a value, a whole body (it has `object`), or bytes that are not even JSON.

        It is signed correctly unless `signature` says otherwise.
        """
        moment = at or self.clock.now()
        account = waba_id or next(iter(self.businesses), "0")
        if isinstance(value_or_body, bytes):
            update = Update(account, field, {}, value_or_body, signature, moment)
        elif "object" in value_or_body:
            update = Update(account, field, {}, encode(value_or_body), signature, moment)
        else:
            update = Update(account, field, value_or_body, None, signature, moment)
        self.mailroom.put(update, moment)

    async def verify_webhook(self) -> bool:
        """Do the handshake Meta does when an address is saved: the challenge must come back as it is (section 2)."""
        if self.webhook_url is None or self._session is None:
            return False
        challenge = str(self.random.randrange(10**9, 10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self.verify_token}
        async with self._session.get(self.webhook_url, params=query) as answer:
            return answer.status == 200 and await answer.text() == challenge
