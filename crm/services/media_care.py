"""What an operator does about files: see which did not come, have them fetched once more, take one out, and try the store.

Meta keeps a customer's file for seven days (reference 7), so that is how long "once more" makes sense.
"""

import hashlib
from collections.abc import Callable, Sequence
from secrets import token_bytes

from crm.clock import Clock
from crm.errors import NotFound, Refused, Unavailable
from crm.model.media import Media, MediaState
from crm.model.records import replace
from crm.policy.media import ID_LIVES
from crm.ports import MediaStore, Store

AT_ONCE = 500


class MediaCare:
    def __init__(self, store: Store, clock: Clock, objects: MediaStore, on_wanted: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._objects = objects
        self._on_wanted = on_wanted

    async def waiting(self, limit: int) -> list[Media]:
        """What is still to be fetched, the longest due first."""
        async with self._store.read() as uow:
            return await uow.media.wanted(limit)

    async def lost(self, limit: int) -> list[Media]:
        """What did not come in the last seven days, the newest first."""
        since = self._clock.now() - ID_LIVES
        async with self._store.read() as uow:
            return await uow.media.lost(since, limit)

    async def retry(self, ids: Sequence[int] | None = None) -> int:
        """Want files again: those that did not come, or these, whatever became of them. Return how many. NotFound, or Refused for one
        that Meta has no more; then none is wanted."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            known = (
                await uow.media.load(ids) if ids else {m.id: m for m in await uow.media.lost(now - ID_LIVES, AT_ONCE)}
            )
            missing = next((each for each in ids or () if each not in known), None)
            if missing is not None:
                raise NotFound("media-not-found", media=missing)
            askable = [m for m in known.values() if m.meta_id is not None and m.created_at > now - ID_LIVES]
            if ids and len(askable) < len(known):
                raise Refused("media-too-old", media=min(known.keys() - {m.id for m in askable}))
            again = [
                replace(
                    m,
                    state=MediaState.WANTED,
                    key=None,
                    thumbnail_key=None,
                    ready_at=now,
                    attempts=0,
                    error=None,
                    url=None,
                    url_until=None,
                )
                for m in askable
                if m.state is not MediaState.WANTED or ids
            ]
            await uow.media.save(changed=again)
        if again:
            self._on_wanted()
        return len(again)

    async def taken(self, media_id: int | None = None, wamid: str | None = None) -> tuple[Media, bytes]:
        """A file with its bytes, by its own id or by its message's. NotFound says whether there never was one, or it is here no more."""
        async with self._store.read() as uow:
            if wamid is not None:
                messages = await uow.messages.known([wamid])
                found = next(iter((await uow.media.of_messages([m.id for m in messages.values()])).values()), None)
            else:
                found = (await uow.media.load([media_id or 0])).get(media_id or 0)
        if found is None:
            raise NotFound("media-not-found")
        if found.key is None or found.state is not MediaState.STORED:
            raise NotFound("media-not-kept", state=found.state.value, error=found.error)
        return found, await self._objects.get(found.key)

    async def probe(self) -> None:
        """Write, read and delete something in the store. Raises Unavailable when it does not do all three."""
        content = token_bytes(64)
        key = hashlib.sha256(content).hexdigest()
        await self._objects.put(key, content, "application/octet-stream")
        try:
            same = await self._objects.get(key) == content
        except NotFound:
            same = False
        await self._objects.delete(key)
        if not same:
            raise Unavailable("media-store-unavailable", problem="gives back something else")
