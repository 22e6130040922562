"""The HTTP face of the simulated Graph API: routes, the bearer at the door, and faults on order.

Every route answers with or without a version (`/v26.0/...`). What a handler refuses it raises as `GraphError`; the middleware
turns that into Meta's body. Reference: sections 3, 6, 7 and 8.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web

from sandbox.graph import intake, listing, mishaps, sending
from sandbox.graph.errors import GraphError, Json
from sandbox.graph.faults import Where
from sandbox.graph.phone_numbers import Business
from sandbox.graph.tokens import SIXTY_DAYS, Token
from sandbox.graph.world import Exchange, Refusal, World, nonexistent

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MANAGE, MESSAGE = "whatsapp_business_management", "whatsapp_business_messaging"
JSON = "application/json"
BODY_LIMIT = 110 * 1024 * 1024


class Server:
    """Translates between HTTP and the `World`."""

    def __init__(self, world: World, latency: Callable[[], float], webhook_url: Callable[[], str | None]) -> None:
        self._world, self._latency, self._webhook_url = world, latency, webhook_url

    def application(self) -> web.Application:
        """Build the aiohttp application."""
        app = web.Application(middlewares=[self._told, self._middleware], client_max_size=BODY_LIMIT)
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/debug_token", self.debug_token),
            ("GET", "/oauth/access_token", self.exchange_token),
            ("GET", "/oauth/revoke", self.revoke_token),
            ("GET", "/media-files/{key}", self.media_file),
            ("POST", "/{id}/messages", self.messages),
            ("POST", "/{id}/media", self.upload),
            ("POST", "/{id}/smb_app_data", self.sync),
            ("GET", "/{id}/phone_numbers", self.phone_numbers),
            ("GET", "/{id}/message_templates", self.message_templates),
            ("GET", "/{id}/subscribed_apps", self.subscriptions),
            ("POST", "/{id}/subscribed_apps", self.subscribe),
            ("DELETE", "/{id}/subscribed_apps", self.unsubscribe),
            ("GET", "/{id}", self.node),
            ("DELETE", "/{id}", self.delete),
        )
        for method, path, handler in routes:
            for prefix in ("", r"/{version:v\d+\.\d+}"):
                app.router.add_route(method, prefix + path, handler)
        app.router.add_route("*", "/{anything:.*}", self.nothing)
        return app

    @web.middleware
    async def _told(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let whoever listens see the call as it crossed the wire, the ones that got no answer too."""
        if (tell := self._world.on_exchange) is None:
            return await handler(request)
        asked = await request.read() if request.content_type == JSON else b""
        response: web.StreamResponse | None = None
        try:
            response = await handler(request)
        finally:
            lost = request.transport is None or request.transport.is_closing()
            status, answer = (None, b"") if response is None or lost else (response.status, _words(response))
            now = self._world.clock.now()
            tell(Exchange(request.method, request.path, dict(request.query), asked, status, answer, now))
        return response

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._world.advance()
        if (latency := self._latency()) > 0:
            await mishaps.pause(latency)
        try:
            response = await handler(request)
        except GraphError as refusal:
            self._world.refuse(Refusal(request.method, request.path, refusal.code, self._world.clock.now()))
            response = web.json_response(refusal.body(), status=refusal.http)
        if self._world.app_usage is not None:
            response.headers["X-App-Usage"] = json.dumps(self._world.app_usage)
        number = self._world.numbers.get(request.match_info.get("id", ""))
        if number is not None and number.business.calls_used:
            response.headers["X-Business-Use-Case-Usage"] = json.dumps(_usage(number.business))
        return response

    # --- who is asking

    def _token(self, request: web.Request) -> Token:
        bearer = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ").strip()
        value = bearer or request.query.get("access_token")
        return self._world.tokens.check(value, request.query.get("appsecret_proof"), self._world.clock.now())

    def _admit(self, request: web.Request, asset: str, scope: str) -> None:
        self._world.tokens.check_access(self._token(request), asset, scope)

    def _business(self, request: web.Request) -> str:
        """Return the account a management call is about, once the token may see it."""
        token, waba_id = self._token(request), request.match_info["id"]
        if waba_id not in self._world.businesses:
            raise nonexistent(waba_id)
        self._world.tokens.check_access(token, waba_id, MANAGE)
        return waba_id

    def _apps(self, business: Business) -> list[Json]:
        """Name the apps that get an account's webhooks: this one, or none."""
        app = {"id": self._world.tokens.app_id, "name": "Centralita", "link": "https://www.facebook.com/games/?app_id="}
        return [{"whatsapp_business_api_data": app}] if business.subscribed else []

    async def _suffer(self, request: web.Request, where: Where, phone_number_id: str | None = None) -> None:
        """Let ordered trouble strike a call other than a send."""
        if fault := self._world.faults.take(where, phone_number_id):
            await mishaps.strike(request, fault)

    # --- messages

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """Send a message or mark one as read."""
        raw = await request.read()
        body = _parsed(raw)
        identifier = request.match_info["id"]
        recipients = [str(body[key]) for key in ("to", "recipient") if isinstance(body, dict) and body.get(key)]
        where: Where = "marks" if isinstance(body, dict) and "status" in body else "messages"
        fault = self._world.faults.take(where, identifier, recipients)
        if fault is not None and fault.comes_before_acceptance:
            return mishaps.before(request, fault)
        token = self._token(request)
        number = self._world.number(identifier)
        self._world.tokens.check_access(token, identifier, MESSAGE)
        answer = intake.hand_in(self._world, number, sending.read_body(raw, body), fault)
        if fault is not None:
            return await mishaps.afterwards(request, fault, answer)
        return web.json_response(answer)

    # --- numbers and accounts

    async def node(self, request: web.Request) -> web.StreamResponse:
        """Read a phone number, an account, a template or a media id; which it is, only the id tells."""
        identifier, now = request.match_info["id"], self._world.clock.now()
        token = self._token(request)
        if (number := self._world.numbers.get(identifier)) is not None:
            await self._suffer(request, "number", identifier)
            self._world.tokens.check_access(token, identifier, MANAGE)
            fields = number.fields(self._webhook_url())
            return web.json_response(listing.pick(fields, request.query.get("fields"), listing.NUMBER_DEFAULTS))
        if (business := self._world.businesses.get(identifier)) is not None:
            self._world.tokens.check_access(token, identifier, MANAGE)
            fields = listing.account_fields(business, self._apps(business))
            return web.json_response(listing.pick(fields, request.query.get("fields"), listing.ACCOUNT_DEFAULTS))
        if (found := self._world.find_template(identifier)) is not None:
            owner, template = found
            self._world.tokens.check_access(token, owner.waba_id, MANAGE)
            element = template.element()
            return web.json_response(listing.pick(element, request.query.get("fields"), list(element)))
        if (media := self._world.media.find(identifier, now)) is not None:
            await self._suffer(request, "media")
            url = self._world.url + self._world.media.path(media, now)
            return web.json_response(self._world.media.describe(media, url))
        raise nonexistent(identifier)

    async def phone_numbers(self, request: web.Request) -> web.StreamResponse:
        """List the numbers of an account."""
        waba_id = self._business(request)
        rows = [
            listing.pick(number.fields(self._webhook_url()), request.query.get("fields"), listing.NUMBER_DEFAULTS)
            for number in self._world.numbers.values()
            if number.waba_id == waba_id
        ]
        return web.json_response(listing.page(rows, request.query, str(request.url)))

    async def message_templates(self, request: web.Request) -> web.StreamResponse:
        """List the templates of an account, page by page."""
        business = self._world.businesses[self._business(request)]
        await self._suffer(request, "templates")
        rows = [row for row in (each.element() for each in business.templates) if listing.fits(row, request.query)]
        counts = {"summary": listing.summary(asked, rows, business)} if (asked := request.query.get("summary")) else {}
        if wanted := request.query.get("fields"):
            rows = [listing.pick(row, wanted, ()) for row in rows]
        return web.json_response(listing.page(rows, request.query, str(request.url)) | counts)

    async def subscriptions(self, request: web.Request) -> web.StreamResponse:
        """List the apps that get an account's webhooks."""
        return web.json_response({"data": self._apps(self._world.businesses[self._business(request)])})

    async def subscribe(self, request: web.Request) -> web.StreamResponse:
        """Subscribe the app to an account; without it no webhook comes. There is one address for webhooks, the app's."""
        if "override_callback_uri" in (_parsed(await request.read()) or {}):
            raise GraphError(100, "The simulated platform has no other address for one account.")
        self._world.businesses[self._business(request)].subscribed = True
        return web.json_response({"success": True})

    async def unsubscribe(self, request: web.Request) -> web.StreamResponse:
        """Take the subscription away."""
        self._world.businesses[self._business(request)].subscribed = False
        return web.json_response({"success": True})

    async def sync(self, request: web.Request) -> web.StreamResponse:
        """Ask a coexistence number for its address book or its history, once each."""
        identifier = request.match_info["id"]
        token, number = self._token(request), self._world.number(identifier)
        self._world.tokens.check_access(token, identifier, MESSAGE)
        body = sending.read_body(raw := await request.read(), _parsed(raw))
        request_id = number.sync(str(body.get("sync_type")), self._world.people)
        return web.json_response({"messaging_product": "whatsapp", "request_id": request_id})

    # --- tokens

    async def debug_token(self, request: web.Request) -> web.StreamResponse:
        """Describe a token; the caller shows the app token APP_ID|APP_SECRET."""
        await self._suffer(request, "tokens")
        bearer = request.headers.get(hdrs.AUTHORIZATION, "").removeprefix("Bearer ").strip()
        office, now = self._world.tokens, self._world.clock.now()
        caller = request.query.get("access_token") or bearer
        proof = request.query.get("appsecret_proof")
        if caller == f"{office.app_id}|{office.app_secret}":
            office.check_proof(caller, proof)
        else:
            office.check(caller, proof, now)
        value = request.query.get("input_token")
        if not value:
            raise GraphError(100, "The parameter input_token is required.")
        return web.json_response({"data": office.describe(value, now)})

    async def exchange_token(self, request: web.Request) -> web.StreamResponse:
        """Exchange a living token for a new one of sixty days."""
        await self._suffer(request, "tokens")
        query = request.query
        self._world.tokens.check_app(query.get("client_id"), query.get("client_secret"))
        if query.get("grant_type") != "fb_exchange_token":
            raise GraphError(100, "The parameter grant_type must be fb_exchange_token.")
        sixty_days = query.get("set_token_expires_in_60_days") == "true"
        token = self._world.tokens.exchange(
            query.get("fb_exchange_token"), self._world.clock.now(), sixty_days=sixty_days
        )
        lives = {"expires_in": int(SIXTY_DAYS.total_seconds())} if token.expires_at else {}
        return web.json_response({"access_token": token.value, "token_type": "bearer"} | lives)

    async def revoke_token(self, request: web.Request) -> web.StreamResponse:
        """Revoke a token; the caller shows another one that lives."""
        await self._suffer(request, "tokens")
        query = request.query
        self._world.tokens.check_app(query.get("client_id"), query.get("client_secret"))
        self._token(request)
        self._world.tokens.revoke(query.get("revoke_token"))
        return web.json_response({"success": True})

    # --- media

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Store a file for sending."""
        identifier = request.match_info["id"]
        token, _ = self._token(request), self._world.number(identifier)
        self._world.tokens.check_access(token, identifier, MESSAGE)
        await self._suffer(request, "media", identifier)
        form = await request.post()
        if form.get("messaging_product") != "whatsapp":
            raise GraphError(100, "The parameter messaging_product is required.")
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise GraphError(100, "The parameter file is required.")
        kind = file.content_type or str(form.get("type"))
        media = self._world.media.upload(file.file.read(), kind, self._world.clock.now())
        return web.json_response({"id": media.id})

    async def media_file(self, request: web.Request) -> web.StreamResponse:
        """Hand out the bytes behind a five-minute address, to a bearer only."""
        try:
            self._token(request)
        except GraphError:
            return web.Response(status=401)
        await self._suffer(request, "media")
        media = self._world.media.open(request.match_info["key"], self._world.clock.now())
        if media is None:
            return web.Response(status=404)
        return web.Response(body=media.content, headers={hdrs.CONTENT_TYPE: media.mime_type})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Delete a media id."""
        self._token(request)
        if not self._world.media.delete(request.match_info["id"]):
            raise nonexistent(request.match_info["id"])
        return web.json_response({"success": True})

    async def nothing(self, request: web.Request) -> web.StreamResponse:
        """Refuse what the simulated platform does not know."""
        raise GraphError(100, f"Unknown path components: {request.path}", subcode=33)


def _words(response: web.StreamResponse) -> bytes:
    """What was answered, unless it is a file."""
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) and response.content_type in (JSON, "text/html") else b""


def _usage(business: Business) -> Json:
    """What the header about a business account's calls says; how Meta calls WhatsApp's kind there is not known (reference 4)."""
    used = {"type": "messaging", "call_count": business.calls_used, "total_cputime": 1, "total_time": 1}
    return {business.waba_id: [used | {"estimated_time_to_regain_access": business.regain_minutes}]}


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
