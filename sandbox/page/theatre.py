"""A story on show: its player, and the hand that turns the pages when it shall go on by itself.

Scenes are played while the house holds the stage, as any other act; between them everybody may look around, and act too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from sandbox.graph.mishaps import pause
from sandbox.stories import Player

log = logging.getLogger(__name__)

LOOK_S = 2.0
PER_CHARACTER_S = 0.035
LONGEST_S = 12.0
BETWEEN_ACTS_S = 0.4


class StoryLeft(Exception):
    """Somebody left in the middle of a scene."""


class Theatre:
    """One story under way. `scene` plays the next scene with the stage in hand."""

    def __init__(self, player: Player, scene: Callable[[], Awaitable[None]]) -> None:
        self.player = player
        self._scene = scene
        self._turning: asyncio.Task[None] | None = None
        self._playing: asyncio.Future[None] | None = None
        self._left = False

    def goes_on(self) -> None:
        """Play on by itself, slowly enough to read."""
        if self._turning is None:
            self._turning = asyncio.create_task(self._turn(), name="sandbox:story")

    async def stands_still(self) -> None:
        """Stop after the act under way; nothing is torn in the middle."""
        turning, self._turning = self._turning, None
        if turning is None:
            return
        self._left = True
        turning.cancel()
        with suppress(asyncio.CancelledError):
            await turning
        if self._playing is not None:
            with suppress(StoryLeft):
                await self._playing

    async def after_act(self, act: str) -> None:
        """Leave a moment to see what an act did."""
        if self._left:
            raise StoryLeft
        if self._turning is not None:
            await pause(BETWEEN_ACTS_S)

    async def _turn(self) -> None:
        try:
            while not self.player.ended:
                self._playing = asyncio.ensure_future(self._scene())
                await asyncio.shield(self._playing)
                self._playing = None
                await pause(min(LOOK_S + PER_CHARACTER_S * self._length(), LONGEST_S))
        except Exception:
            self._playing = None
            log.exception("the story stopped")

    def _length(self) -> int:
        told = self.player.now(self.player.language)
        return len(told["caption"]) + sum(len(each["text"]) for each in told["checks"])

    def now(self, language: str) -> dict[str, Any]:
        return self.player.now(language)
