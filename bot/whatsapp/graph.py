"""Our side of the Graph API: send a message, hand over and fetch a file, look after tokens, read templates and numbers.

Meta documents no idempotency key (reference 3), so what matters most here is to know whether a message may have left.
Only a failure to connect proves that it did not; once the request may have been written, silence, a broken connection
or a 5xx is a SendUncertain. aiohttp repeats a request on a stale connection only for idempotent methods, never a POST.
A token travels in headers or queries, and never in an exception: failures are raised outside the handler that caught
aiohttp's own, which carry the URL.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import aiohttp
import orjson
import stamina
from yarl import URL

from bot.whatsapp import answers, template_facts
from bot.whatsapp.answers import MediaFacts
from bot.whatsapp.compose import compose
from bot.whatsapp.errors import from_answer, scrubbed
from bot.whatsapp.media import MEDIA_HOSTS, Addresses, download, too_large, upload_form
from bot.whatsapp.wire import Malformed
from crm.errors import (
    AccountSuspended,
    CrmError,
    Misconfigured,
    NotFound,
    Scope,
    SendFailed,
    SendPostponed,
    SendRejected,
    SendUncertain,
)
from crm.model.imports import Sync
from crm.model.limits import Usage
from crm.model.numbers import BusinessFacts, NumberFacts, SubscribedApp
from crm.model.outbox import Accepted, Enclosed, Parcel
from crm.model.records import replace
from crm.model.templates import TemplateFacts
from crm.ports import Address, Fetched, TokenFacts

MAX_ANSWER = 8 * 1024 * 1024
MAX_PAGES = 100
UPLOAD_PATIENCE = 5 / 3
"""A file may take longer than an answer, 50 seconds by default: less than what must be left of a lease when a call begins."""
_UNREACHABLE_WAIT = timedelta(seconds=15)
_NUMBER_FIELDS = (
    "display_phone_number,verified_name,name_status,quality_rating,status,throughput,is_on_biz_app,platform_type,"
    "whatsapp_business_manager_messaging_limit,health_status,webhook_configuration"
)
_NO_USABLE_ANSWER = frozenset(
    {"graph-unreachable", "no-answer", "unreadable-answer", "meta-unknown", "meta-unavailable"}
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """Where Meta is and as which app we come. Without app id and secret tokens can be neither inspected nor renewed."""

    base_url: str = "https://graph.facebook.com"
    version: str = "v26.0"
    app_id: str | None = None
    app_secret: str | None = field(default=None, repr=False)
    media_hosts: tuple[str, ...] = MEDIA_HOSTS
    connect_seconds: float = 10
    read_seconds: float = 30
    attempts: int = 3


class _Answer(NamedTuple):
    status: int
    body: bytes
    usage: Usage | None = None


class GraphClient:
    """The Sender, Uploader, MediaSource, Gateway and Registry ports over one HTTP session; use it as an async context manager."""

    def __init__(
        self,
        settings: GraphSettings,
        token_for: Callable[[int], Awaitable[str]],
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        base = URL(settings.base_url)
        if base.scheme not in ("http", "https") or not base.host:
            raise Misconfigured("whatsapp.graph_url", "not an http or https address")
        self._settings, self._token_for, self._on_refused = settings, token_for, on_refused
        self._root = f"{settings.base_url.rstrip('/')}/{settings.version}"
        self._addresses = Addresses(base, settings.media_hosts)
        self._session: aiohttp.ClientSession | None = None
        connect, read = settings.connect_seconds, settings.read_seconds
        self._patience = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
        self._upload_patience = aiohttp.ClientTimeout(total=read * UPLOAD_PATIENCE, sock_connect=connect)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=self._patience,
            headers={"User-Agent": "centralita", "Accept": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the session; sends in flight end as uncertain."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    # --- Sender -------------------------------------------------------------------------------------------------------

    async def send(self, parcel: Parcel) -> Accepted:
        """Hand one message to Meta. Raises a SendFailed; only SendUncertain means that it may have left."""
        data = orjson.dumps(compose(parcel))
        return await self._with_token(parcel.account_id, lambda token: self._post(parcel, data, token))

    async def _with_token(self, account_id: int, call: Callable[[str], Awaitable[_T]]) -> _T:
        """Call with the account's token; with a newer one when it is refused and there is one."""
        token = await self._token(account_id)
        try:
            return await call(token)
        except AccountSuspended as refusal:
            if refusal.reason != "token":
                raise
            # Another process may have replaced the token since ours was read. A refused one is proof that nothing left.
            self._on_refused()
            newer = await self._token(account_id)
            if newer == token:
                raise
        return await call(newer)

    async def _post(self, parcel: Parcel, data: bytes, token: str) -> Accepted:
        url = URL(f"{self._root}/{parcel.phone_number_id}/messages{self._proof_query(token)}", encoded=True)
        answer = await self._call("POST", url, token, data)
        return replace(self._read(answers.accepted, answer, token), usage=answer.usage)

    async def _token(self, account_id: int) -> str:
        try:
            token = await self._token_for(account_id)
        except SendFailed:
            raise
        except CrmError as problem:
            raise AccountSuspended("token-missing", reason="token", detail=problem.code) from problem
        return _usable(token)

    # --- Marker -------------------------------------------------------------------------------------------------------

    async def mark_read(self, account_id: int, phone_number_id: str, wamid: str, *, typing: bool) -> None:
        """Tell a customer that a message was read, and that somebody is typing if so. Raises a SendFailed."""
        mark: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        if typing:
            mark["typing_indicator"] = {"type": "text"}
        data, number = orjson.dumps(mark), _digits(phone_number_id)
        await self._with_token(account_id, lambda token: self._mark(number, data, token))

    async def _mark(self, phone_number_id: str, data: bytes, token: str) -> None:
        url = URL(f"{self._root}/{phone_number_id}/messages{self._proof_query(token)}", encoded=True)
        answer = await self._call("POST", url, token, data)
        self._read(lambda found: found, answer, token)

    # --- Uploader -----------------------------------------------------------------------------------------------------

    async def upload(self, account_id: int, phone_number_id: str, content: bytes, enclosed: Enclosed) -> str:
        """Hand a file to Meta for sending from a number; return Meta's id for it. Raises a SendFailed."""
        return await self._with_token(account_id, lambda token: self._upload(phone_number_id, content, enclosed, token))

    async def _upload(self, phone_number_id: str, content: bytes, enclosed: Enclosed, token: str) -> str:
        url = URL(f"{self._root}/{_digits(phone_number_id)}/media{self._proof_query(token)}", encoded=True)
        boundary, form = upload_form(content, enclosed)
        answer = await self._call(
            "POST", url, token, form, f"multipart/form-data; boundary={boundary}", self._upload_patience
        )
        return self._read(answers.uploaded, answer, token)

    # --- MediaSource --------------------------------------------------------------------------------------------------

    async def fetch(self, account_id: int, meta_id: str, limit: int, at: Address | None = None) -> Fetched:
        """Fetch a customer's file of at most `limit` bytes. NotFound: Meta has it no more; SendRejected: never."""
        return await self._with_token(account_id, lambda token: self._fetch(meta_id, limit, token, at))

    async def _fetch(self, meta_id: str, limit: int, token: str, at: Address | None) -> Fetched:
        """An address lives five minutes; one that is dead is asked for anew, once."""
        if at is not None:
            content = await self._fetch_there(at.url, limit, token)
            if content is not None:
                return Fetched(content, at.mime_type, None)
        for _ in range(2):
            facts = await self._media_facts(meta_id, token)
            if facts.size is not None and facts.size > limit:
                raise too_large(facts.size)
            url = self._addresses.checked(facts.url)
            if self._session is None:
                raise _unreachable("the client is closed")
            content = await download(self._session, url, token, limit)
            if content is not None:
                return Fetched(content, facts.mime_type, facts.sha256)
        raise SendPostponed("media-unavailable", scope=Scope.MESSAGE, wait=_UNREACHABLE_WAIT, detail="dead addresses")

    async def _fetch_there(self, address: str, limit: int, token: str) -> bytes | None:
        """The file behind the webhook's own address; None when Meta must be asked for another: it is dead, no longer open to this token,
        leads elsewhere, or is not one that we would show the token to. None of that tells more than that the address is old."""
        try:
            url = self._addresses.checked(address)
            return await download(self._session, url, token, limit) if self._session is not None else None
        except AccountSuspended:
            return None
        except SendRejected as refusal:
            if refusal.code == "media-too-large":
                raise
            return None

    async def _media_facts(self, meta_id: str, token: str) -> MediaFacts:
        try:
            return await self._get(_digits(meta_id), {}, token, answers.media_facts)
        except SendRejected as refusal:
            code = refusal.meta_code
        raise NotFound("media-gone", meta_code=code)

    # --- Gateway ------------------------------------------------------------------------------------------------------

    async def inspect_token(self, token: str) -> TokenFacts:
        """Ask Meta whether a token is valid and until when."""
        app_id, secret = self._app()
        ours = f"{app_id}|{secret}"
        query = {"input_token": _usable(token), "access_token": ours, **self._proof(ours)}
        return await self._get("debug_token", query, None, answers.token_facts, (token,))

    async def renew_token(self, token: str) -> str:
        """Exchange a still valid 60-day token for a new one; the old one keeps its own end."""
        app_id, secret = self._app()
        query = {
            "grant_type": "fb_exchange_token",
            "client_id": app_id,
            "client_secret": secret,
            "set_token_expires_in_60_days": "true",
            "fb_exchange_token": _usable(token),
        }
        return await self._get("oauth/access_token", query, None, answers.renewed_token, (token,))

    async def templates(self, waba_id: str, token: str) -> list[TemplateFacts]:
        """Return every template of a business account.

        Pages are asked for by cursor: Meta's `next` link carries the token.
        """
        query = {"fields": template_facts.FIELDS, "limit": "100"}
        pages = await self._pages(f"{_digits(waba_id)}/message_templates", query, token)
        return [each for page in pages for each in template_facts.template_facts(page)]

    async def _pages(self, path: str, query: Mapping[str, str], token: str) -> list[dict[str, Any]]:
        """Every page of a list, up to a bound."""
        pages: list[dict[str, Any]] = []
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = await self._get(path, query, token, lambda answer: answer)
            pages.append(page)
            cursor = answers.next_cursor(page)
            if cursor is None or cursor in seen:
                break
            seen.add(cursor)
            query = {**query, "after": cursor}
        return pages

    # --- Registry -----------------------------------------------------------------------------------------------------

    async def number(self, phone_number_id: str, token: str) -> NumberFacts:
        """Return what Meta says of one of our numbers."""
        path, query = _digits(phone_number_id), {"fields": _NUMBER_FIELDS}
        return await self._get(path, query, token, lambda answer: answers.number_facts(phone_number_id, answer))

    async def business(self, waba_id: str, token: str) -> BusinessFacts:
        """Return what Meta says of a business account and its owner."""
        query = {"fields": "name,owner_business_info"}
        return await self._get(_digits(waba_id), query, token, lambda answer: answers.business_facts(waba_id, answer))

    async def numbers_of(self, waba_id: str, token: str) -> frozenset[str]:
        """Return the phone number ids of a business account."""
        pages = await self._pages(f"{_digits(waba_id)}/phone_numbers", {"fields": "id", "limit": "100"}, token)
        return frozenset(each for page in pages for each in answers.ids(page))

    async def subscriptions(self, waba_id: str, token: str) -> list[SubscribedApp]:
        """Return the apps that receive the webhooks of a business account."""
        return await self._get(f"{_digits(waba_id)}/subscribed_apps", {}, token, answers.subscribed_apps)

    async def subscribe(self, waba_id: str, token: str) -> None:
        """Let the webhooks of a business account come to our app. Again is no fault, so an uncertain end may be repeated."""
        await self._change("POST", f"{_digits(waba_id)}/subscribed_apps", token)

    async def unsubscribe(self, waba_id: str, token: str) -> None:
        """Let them come no more: for every number of the account."""
        await self._change("DELETE", f"{_digits(waba_id)}/subscribed_apps", token)

    async def _change(self, method: str, path: str, token: str) -> None:
        token = _usable(token)
        url = URL(f"{self._root}/{path}{self._proof_query(token)}", encoded=True)
        self._read(answers.succeeded, await self._call(method, url, token), token)

    # --- phones in coexistence ----------------------------------------------------------------------------------------

    async def hand_over(self, phone_number_id: str, sync: Sync, token: str) -> None:
        """Ask a phone in coexistence for what it holds (reference 8). Asking twice is refused by Meta and does no harm."""
        usable = _usable(token)
        url = URL(f"{self._root}/{_digits(phone_number_id)}/smb_app_data") % self._proof(usable)
        data = orjson.dumps({"messaging_product": "whatsapp", "sync_type": sync.value})
        answer = await self._call("POST", url, usable, data)
        self._read(lambda told: told, answer, usable)

    # --- calls --------------------------------------------------------------------------------------------------------

    async def _get(
        self,
        path: str,
        query: Mapping[str, str],
        token: str | None,
        read: Callable[[dict[str, Any]], _T],
        secrets: tuple[str, ...] = (),
    ) -> _T:
        """Ask, and ask again when no usable answer came: reading repeats nothing."""
        usable = None if token is None else _usable(token)
        url = URL(f"{self._root}/{path}") % {**query, **(self._proof(usable) if usable else {})}
        known = (*secrets, usable or "")
        async for attempt in stamina.retry_context(on=_worth_repeating, attempts=self._settings.attempts, timeout=60):
            with attempt:
                answer = await self._call("GET", url, usable)
                return self._read(read, answer, *known)
        raise AssertionError("stamina always returns or raises")

    async def _call(
        self,
        method: str,
        url: URL,
        token: str | None,
        data: bytes | None = None,
        kind: str = "application/json",
        patience: aiohttp.ClientTimeout | None = None,
    ) -> _Answer:
        if self._session is None:
            raise _unreachable("the client is closed")
        headers = {"Content-Type": kind} if data is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._session.request(
                method, url, headers=headers, data=data, allow_redirects=False, timeout=patience or self._patience
            ) as response:
                return _Answer(response.status, await _bounded(response), answers.usage(response.headers))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as problem:
            failure: SendFailed = _unreachable(scrubbed(str(problem)))
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            failure = SendUncertain("no-answer", detail=type(problem).__name__)
        raise failure

    def _read(self, read: Callable[[dict[str, Any]], _T], answer: _Answer, *secrets: str) -> _T:
        known = (*secrets, self._settings.app_secret or "")
        if not 200 <= answer.status < 300:
            raise from_answer(answer.status, answer.body, known)
        try:
            found = answers.json_object(answer.body)
            if isinstance(found.get("error"), dict):  # a refusal dressed as a success
                raise from_answer(answer.status, answer.body, known)
            return read(found)
        except Malformed as problem:
            reason = str(problem)
        raise SendUncertain("unreadable-answer", detail=reason)

    def _proof(self, token: str) -> dict[str, str]:
        """Prove that we know the app secret, as Meta can demand of every call (reference 6)."""
        if not self._settings.app_secret:
            return {}
        return {"appsecret_proof": _proof_of(self._settings.app_secret, token)}

    def _proof_query(self, token: str) -> str:
        return "".join(f"?{name}={value}" for name, value in self._proof(token).items())

    def _app(self) -> tuple[str, str]:
        if not self._settings.app_id or not self._settings.app_secret:
            raise SendRejected("app-unknown", scope=Scope.ACCOUNT, detail="app id and app secret are not configured")
        return self._settings.app_id, self._settings.app_secret


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer; one beyond all measure is cut, and then cannot be read."""
    body = bytearray()
    while piece := await response.content.readany():
        body += piece
        if len(body) > MAX_ANSWER:
            return b""
    return bytes(body)


@lru_cache(maxsize=64)
def _proof_of(app_secret: str, token: str) -> str:
    return hmac.digest(app_secret.encode(), token.encode(), "sha256").hex()


def _unreachable(detail: str) -> SendPostponed:
    """Nothing left, because there was nobody to give it to."""
    return SendPostponed("graph-unreachable", scope=Scope.NUMBER, wait=_UNREACHABLE_WAIT, detail=detail)


def _worth_repeating(problem: Exception) -> bool:
    return isinstance(problem, SendFailed) and problem.code in _NO_USABLE_ANSWER


def _usable(token: str) -> str:
    """Return a token that fits into a header, or hold the account: nothing can be sent with it."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise AccountSuspended("token-missing", reason="token", detail="not a token")
    return token


def _digits(meta_id: str) -> str:
    if not meta_id.isascii() or not meta_id.isdigit() or len(meta_id) > 32:
        raise SendRejected("number-invalid", detail="id: not a number")
    return meta_id
