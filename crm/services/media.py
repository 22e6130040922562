"""Files that customers send: claim, fetch, keep, tell; and forget them when they were kept long enough.

A file is wanted from the moment its message is applied. It is fetched outside any transaction under a lease, put into the object
store under its own hash, and only then settled; a process that dies in between has lost nothing and fetches it again. The agents
heard of the message at once; a second notice shows them the file, or says that it will not come.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from crm import effects
from crm.clock import Clock
from crm.errors import AccountSuspended, CrmError, SendRejected, SendUncertain
from crm.model.accounts import Account
from crm.model.alerts import AlertKind, Notice, NoticeKind, Severity
from crm.model.media import ERASED, ERASED_AT, EXPIRED, Media, MediaState
from crm.model.messages import Message, Source
from crm.model.records import replace
from crm.policy import media as policy
from crm.policy.media import Again, Keep, Never
from crm.ports import Address, Fetched, MediaSource, MediaStore, Pictures, Store, UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
LONGEST_FETCH = 300.0
"""Seconds for one file, from the first question to the last byte; well within the lease."""
AT_ONCE = 4
FORGOTTEN_AT_ONCE = 200
MOST_SHOWN = 900


@dataclass(frozen=True, slots=True)
class MediaTools:
    """Where files come from and where they lie; how large they may be, and how long they are kept (None: for ever)."""

    store: MediaStore
    source: MediaSource
    pictures: Pictures
    limit: int = 100 * 1024 * 1024
    keep: timedelta | None = None
    wake: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that lies in the store."""

    key: str
    size: int
    mime_type: str
    thumbnail_key: str | None
    odd: str | None


class MediaService:
    def __init__(self, store: Store, clock: Clock, tools: MediaTools, on_told: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._tools = tools
        self._on_told = on_told

    # --- fetching -------------------------------------------------------------------------------------------------------------

    async def due(self) -> datetime | None:
        """When something wanted may be fetched next; in the past when it is due."""
        async with self._store.read() as uow:
            return await uow.media.next_due_at()

    async def run_once(self, limit: int = AT_ONCE) -> int:
        """Fetch up to `limit` files that are due; return how many were taken."""
        claimed = await self.claim(limit)
        await asyncio.gather(*map(self.fetch, claimed))
        return len(claimed)

    async def claim(self, limit: int) -> list[Media]:
        """Take files that are due under a lease. Costs one look when there are none."""
        now, first = self._clock.now(), await self.due()
        if first is None or first > now:
            return []
        async with self._store.begin() as uow:
            return await uow.media.claim_due(now, now + LEASE, limit)

    async def fetch(self, media: Media) -> None:
        """Fetch one claimed file, keep it, and settle how that ended."""
        outcome: _Kept | Again | Never
        try:
            if media.attempts > policy.MOST_ATTEMPTS:
                raise SendRejected("media-unavailable")
            outcome = await self._obtain(media)
        except CrmError as failure:
            outcome = policy.after(failure, media, self._clock.now())
            log.warning(
                "media_not_fetched", media_id=media.id, account_id=media.account_id, code=failure.code, **_why(failure)
            )
            await self._alarm(failure, media)
        await self._settle(media, outcome)

    async def _obtain(self, media: Media) -> _Kept | Again:
        tools = self._tools
        url = policy.address(media, self._clock.now())
        at = Address(url, media.mime_type) if url is not None else None
        try:
            async with asyncio.timeout(LONGEST_FETCH):
                fetched = await tools.source.fetch(media.account_id, media.meta_id or "", tools.limit, at)
        except TimeoutError:
            raise SendUncertain("media-unavailable", detail="too slow") from None
        found = await asyncio.to_thread(_digest, fetched.content)
        match policy.judge(media, found, fetched.sha256 or media.sha256, self._clock.now()):
            case Again() as again:
                return again
            case Keep(odd):
                await tools.store.put(found, fetched.content, fetched.mime_type)
                small = await self._thumbnail(media, fetched)
                return _Kept(found, len(fetched.content), fetched.mime_type, small, odd)

    async def _thumbnail(self, media: Media, fetched: Fetched) -> str | None:
        """A small picture beside the file. None of its troubles keeps anybody from the file itself."""
        try:
            picture = await self._tools.pictures.thumbnail(fetched.content, fetched.mime_type)
            if picture is None:
                return None
            key = _digest(picture.content)
            await self._tools.store.put(key, picture.content, picture.mime_type)
        except CrmError as trouble:
            log.warning("media_without_thumbnail", media_id=media.id, code=trouble.code)
            return None
        return key

    async def _settle(self, claimed: Media, outcome: _Kept | Again | Never) -> None:
        now = self._clock.now()
        stray: set[str] = set()
        told: Sequence[Notice] = []
        async with self._store.begin() as uow:
            media = (await uow.media.load([claimed.id])).get(claimed.id)
            if media is None or media.state is not MediaState.WANTED or media.attempts != claimed.attempts:
                # The lease ran out, and somebody else has it or had it; or it was erased, and its bytes are nobody's.
                kept = (outcome.key, outcome.thumbnail_key) if isinstance(outcome, _Kept) else ()
                keys = {key for key in kept if key is not None}
                stray = keys - await uow.media.in_use(keys, now)
                settled = None
            else:
                settled = _settled(media, outcome, now)
                await uow.media.save(changed=[settled])
                told = [] if isinstance(outcome, Again) else await _tell(uow, settled, now)
                await uow.notices.add(told)
        for key in sorted(stray):
            await self._tools.store.delete(key)
        if settled is not None:
            state, error = settled.state.value, settled.error
            log.info("media_settled", media_id=settled.id, state=state, size=settled.size, error=error)
        if told:
            self._on_told()

    async def _alarm(self, failure: CrmError, media: Media) -> None:
        """What only somebody with the keys to the house can repair is told to admins, once."""
        async with self._store.begin() as uow:
            if isinstance(failure, AccountSuspended) and failure.reason in ("token", "permission"):
                account = await uow.accounts.get(media.account_id)
                alarms = [_refused_token(account, failure)] if account is not None else []
            elif failure.code == "media-store-unavailable":
                params = {"problem": str(failure.params.get("problem", ""))}
                alarms = [
                    effects.Alarm(
                        AlertKind.MEDIA_STORE,
                        Severity.CRITICAL,
                        "media_store",
                        params,
                        admins_only=True,
                        rests=True,
                    )
                ]
            else:
                return
            await effects.raise_alerts(uow, alarms, self._clock.now())

    # --- keeping --------------------------------------------------------------------------------------------------------------

    async def find(self, media_id: int) -> Media | None:
        """What is known of a file."""
        async with self._store.read() as uow:
            return (await uow.media.load([media_id])).get(media_id)

    async def content(self, key: str) -> bytes:
        """A stored file. NotFound when it is there no more, Unavailable when the store does not answer."""
        return await self._tools.store.get(key)

    async def part(self, key: str, start: int, length: int) -> bytes:
        """Some bytes of a stored file."""
        return await self._tools.store.part(key, start, length)

    async def forget_old(self) -> dict[str, int]:
        """Delete files that were kept long enough; what is known of them stays, and so does what waits to leave. Bytes that another
        message shows, or a plan or an agent is about to send, stay as well."""
        if self._tools.keep is None:
            return await self.forget_erased()
        return await self._forget(self._clock.now() - self._tools.keep)

    async def forget_erased(self) -> dict[str, int]:
        """Delete the files of people who were erased: they are as old as time."""
        return await self._forget(ERASED_AT + timedelta(seconds=1))

    async def _forget(self, before: datetime) -> dict[str, int]:
        now = self._clock.now()
        forgotten = deleted = 0
        while True:
            async with self._store.begin() as uow:
                old = await uow.media.kept_since(before, FORGOTTEN_AT_ONCE)
                gone = [replace(m, state=MediaState.GONE, error=m.error if m.error == ERASED else EXPIRED) for m in old]
                await uow.media.save(changed=gone)
                keys = {key for m in old for key in (m.key, m.thumbnail_key) if key is not None}
                free = keys - await uow.media.in_use(keys, now)
            for key in sorted(free):
                await self._tools.store.delete(key)
            async with self._store.begin() as uow:  # until here the next run would find the keys again
                await uow.media.save(
                    changed=[
                        replace(m, key=None, thumbnail_key=None, ready_at=m.ready_at if m.error == ERASED else now)
                        for m in gone
                    ],
                )
            forgotten, deleted = forgotten + len(old), deleted + len(free)
            if len(old) < FORGOTTEN_AT_ONCE:
                return {"forgotten": forgotten, "deleted": deleted}


def _settled(media: Media, outcome: _Kept | Again | Never, now: datetime) -> Media:
    media = replace(media, url=None, url_until=None)
    match outcome:
        case Again(at, why):
            return replace(media, ready_at=at, error=why)
        case Never(state, why):
            return replace(media, state=state, ready_at=now, error=why)
        case _Kept():
            return replace(
                media,
                state=MediaState.STORED,
                ready_at=now,
                key=outcome.key,
                sha256=outcome.key,
                size=outcome.size,
                mime_type=outcome.mime_type,
                thumbnail_key=outcome.thumbnail_key,
                error=outcome.odd,
            )


async def _tell(uow: UnitOfWork, media: Media, now: datetime) -> Sequence[Notice]:
    """Show it to those who heard of its message; of one from a phone's history only its number is told."""
    message = (await uow.messages.load([media.message_id or 0])).get(media.message_id or 0)
    if message is None:
        return []
    if message.imported:
        known = (await uow.imports.of([media.account_id])).get(media.account_id)
        if known is None:
            return []
        progress, notices = effects.tell_import(uow, known, await uow.agents.all(), now)
        await uow.imports.save([progress])
        return notices
    return await _notices(uow, media, message, now)


async def _notices(uow: UnitOfWork, media: Media, message: Message, now: datetime) -> Sequence[Notice]:
    conversation = (await uow.conversations.load([message.conversation_id]))[message.conversation_id]
    contact = (await uow.contacts.load([message.contact_id]))[message.contact_id]
    account = await uow.accounts.get(message.account_id)
    ours = message.source is not Source.CUSTOMER
    if ours and conversation.agent_id is None:
        return []
    params = {
        "contact": contact.title,
        "contact_id": contact.id,
        "account": account.name if account is not None else "",
        "message_id": message.id,
        "conversation_id": conversation.id,
        "kind": media.kind.value,
        "text": (message.text or "")[:MOST_SHOWN],
        "ours": ours,
    }
    return [
        effects.notice(
            uow,
            agent.id,
            NoticeKind.MEDIA,
            media.id,
            now,
            params=params,
            conversation_id=conversation.id,
            priority=effects.INBOUND_PRIORITY,
        )
        for agent in effects.recipients(await uow.agents.all(), conversation.agent_id)
    ]


def _refused_token(account: Account, failure: AccountSuspended) -> effects.Alarm:
    return effects.Alarm(
        AlertKind.TOKEN_FAILED,
        Severity.CRITICAL,
        f"token_failed:{account.id}",
        {"account": account.name, "account_id": account.id, "problem": failure.code},
        account_id=account.id,
        admins_only=True,
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _why(failure: CrmError) -> dict[str, str]:
    detail = getattr(failure, "detail", "")
    return {"detail": detail} if detail else {}
