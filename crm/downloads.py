"""The media pump in real time: a few files at a time, so that one that crawls never stops the others.

It is woken when a message with a file was applied, and asks the database once a second otherwise; a text message costs it nothing.
"""

import asyncio

import structlog

from crm.model.media import Media
from crm.runner import POLL, Bell, keep
from crm.services.media import AT_ONCE, MediaService

log = structlog.get_logger(__name__)

FINISH_WITHIN = 5.0
"""Seconds that downloads under way have when the process stops; what is cut off is fetched again."""


class Downloads:
    """Fetches what is wanted until told to stop."""

    def __init__(self, media: MediaService, bell: Bell) -> None:
        self._media, self._woken = media, bell.listener()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Claim until `stop`; then give what is under way a moment."""
        try:
            await keep("media", self._turn, self._woken, stop)
        finally:
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=FINISH_WITHIN)
            cut = list(self._under_way)
            for task in cut:
                task.cancel()
            await asyncio.gather(*cut, return_exceptions=True)

    async def _turn(self) -> float:
        free = AT_ONCE - len(self._under_way)
        for media in await self._media.claim(free) if free else ():
            task = asyncio.create_task(self._fetch(media))
            self._under_way.add(task)
            task.add_done_callback(self._over)
        return POLL

    async def _fetch(self, media: Media) -> None:
        try:
            await self._media.fetch(media)
        except Exception:  # the lease runs out, and it is fetched again
            log.exception("media_failed", media_id=media.id)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._woken.set()
