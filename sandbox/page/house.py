"""The house around the stage: the world on show, who may act on it and when, and what the page needs to know beside it.

Acts happen one after another. A long one (a journey) leaves the state readable meanwhile and says that it is busy. A story plays in a
world of its own, so the world may be another after every act; nobody keeps it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Protocol

from sandbox.acts import Refused, perform
from sandbox.acts.act import Result
from sandbox.acts.time import heading
from sandbox.graph.mishaps import pause
from sandbox.page.clockwork import PLAY, STOP, Clockwork, speed_of
from sandbox.page.desk import Seen
from sandbox.page.journal import Journal
from sandbox.page.pulse import Pulse
from sandbox.page.stay import Stay
from sandbox.page.theatre import Theatre
from sandbox.stories import Player, Recorder, Story, opening
from sandbox.texts import Words
from sandbox.world import Score, World

LOOK_AGAIN_S = 0.5

Do = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
Welcome = Callable[[Do, str], Awaitable[None]]


class Opener(Protocol):
    """Opens a fresh world, with one number of this name."""

    def __call__(self, at: datetime | None, name: str) -> AbstractAsyncContextManager[World]: ...


class House:
    """The world, its journal, its clockwork, and the story that is played in it."""

    def __init__(self, opener: Opener, welcome: Welcome, language: str) -> None:
        self._opener, self._welcome, self.language = opener, welcome, language
        self._pulse, self._acting = Pulse(), asyncio.Lock()
        self._clockwork = Clockwork(self._pass)
        self._stay: Stay | None = None
        self._recorder: Recorder | None = None
        self._theatre: Theatre | None = None
        self._doing: str | None = None
        self._fresh()

    def _fresh(self) -> None:
        self.journal, self.seen = Journal(self._pulse.beat), Seen()
        self.score = Score()
        self._recorded: str | None = None
        self.next_at: datetime | None = None

    # --- life

    async def open(self) -> None:
        """Open the first world, with its people."""
        async with self._busy("reset"):
            await self._begin_with_people()

    async def close(self) -> None:
        """End everything that runs."""
        await self._stands_still()
        async with self._acting:
            await self._end()

    async def reset(self, language: str | None = None) -> None:
        """Begin anew with a fresh world and the people of the first."""
        await self._stands_still()
        self.language = language or self.language
        async with self._busy("reset"):
            await self._end()
            await self._begin_with_people()

    async def _begin_with_people(self) -> None:
        world = await self._begin(None, Words(self.language)("shop"))
        self._recorder = Recorder(world)
        await self._welcome(self._recorder.perform, self.language)

    async def _begin(self, at: datetime | None, name: str) -> World:
        self._fresh()
        self._stay = await Stay.begin(lambda: self._opener(at, name))
        self.journal.listen(self._stay.world)
        self._pulse.beat()
        return self._stay.world

    async def _end(self) -> None:
        stay, self._stay, self._recorder, self._theatre = self._stay, None, None, None
        self._pulse.beat()
        if stay is not None:
            await stay.end()

    async def _stands_still(self) -> None:
        await self._clockwork.stop()
        if self._theatre is not None:
            await self._theatre.stands_still()

    @property
    def world(self) -> World:
        if self._stay is None:
            raise Refused("no-world")
        return self._stay.world

    @property
    def is_open(self) -> bool:
        return self._stay is not None

    async def opened(self, timeout_s: float) -> bool:
        """Wait until there is a world to see, while one gives way to the next; say whether there is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._stay is None:
                    await self._pulse.after(self.version, timeout_s)
        return self._stay is not None

    # --- acts

    async def act(self, name: str, args: Mapping[str, object]) -> Result:
        """Do it as soon as what is under way has ended. Raises Refused."""
        if name == PLAY:
            speed = speed_of(args)
            await self._clockwork.stop()
            self._clockwork.start(speed)
            self._pulse.beat()
            return None
        if name == STOP or name.startswith("time."):
            await self._clockwork.stop()
            self._pulse.beat()
        if name == STOP:
            return None
        async with self._busy("travel" if name.startswith("time.") else name):
            return await self._do(name, args)

    async def _do(self, name: str, args: Mapping[str, object]) -> Result:
        return await (self._recorder.perform(name, args) if self._recorder else perform(self.world, name, args))

    @asynccontextmanager
    async def _busy(self, what: str) -> AsyncIterator[None]:
        """Hold the stage; keep the score fresh for those who look meanwhile."""
        async with self._acting:
            self._doing = what
            self._pulse.beat()
            watching = asyncio.create_task(self._watch(), name="sandbox:watch")
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
                self._doing = None
                await self.refresh()

    async def _watch(self) -> None:
        while True:
            await pause(LOOK_AGAIN_S)
            await self.refresh()

    async def refresh(self) -> None:
        """Ask the program how it stands, and what comes next."""
        if self._stay is not None:
            world = self._stay.world
            self.score, self.next_at = await world.score(), await world.next_at()
        self._pulse.beat()

    async def _pass(self, seconds: float) -> None:
        """Let time pass for the clockwork."""
        async with self._acting:
            await self.world.travel(seconds=seconds)
            await self.refresh()

    # --- stories

    async def play(self, story: Story, name: str, language: str, *, by_itself: bool) -> None:
        """Begin a story in a fresh world. Raises Refused if its beginning cannot be."""
        await self._stands_still()
        async with self._busy("story"):
            await self._end()
            player = Player(await self._begin(**opening(story, language)), story, language, name=name)
            await player.begin()
            theatre = self._theatre = Theatre(player, self.next_scene)
        if by_itself:
            theatre.goes_on()

    async def next_scene(self) -> None:
        """Play the next scene; after the last one nothing happens."""
        theatre = self._theatre
        if theatre is None:
            raise Refused("no-story")
        async with self._busy("story"):
            await theatre.player.step(theatre.after_act)

    async def stop_story(self) -> None:
        """Leave the story where it is; its world stays, for whoever wants to go on playing."""
        await self._stands_still()
        self._theatre = None
        self._pulse.beat()

    async def record(self, *, on: bool, title: str) -> None:
        """Write down from now on what is done; at the end, keep the story for whoever fetches it."""
        recorder = self._recorder
        if recorder is None:
            raise Refused("no-recording-here")
        if on:
            recorder.start()
            self._recorded = None
        elif recorder.recording and self._recorded is None:
            async with self._acting:
                self._recorded = await recorder.toml(title)
        self._pulse.beat()

    async def recorded(self, title: str) -> str:
        """Return the recording, as far as it has come. Raises Refused when there is none."""
        if self._recorded is not None:
            return self._recorded
        if self._recorder is None or not self._recorder.recording:
            raise Refused("no-recording")
        async with self._acting:
            return await self._recorder.toml(title)

    # --- what the page asks

    @property
    def version(self) -> int:
        return self._pulse.version

    @property
    def playing(self) -> float:
        return self._clockwork.speed

    async def changed(self, version: int, timeout_s: float) -> int:
        """Return the version once it is beyond this one, or when the time is up."""
        return await self._pulse.after(version, timeout_s)

    @property
    def busy(self) -> dict[str, Any] | None:
        """What is being done, and when in the world's time a journey will end."""
        if self._doing is None:
            return None
        until = heading.get(self._stay.world) if self._stay is not None else None
        return {"what": self._doing, "until": until.isoformat() if until is not None else None}

    def story_now(self, language: str) -> dict[str, Any] | None:
        return self._theatre.now(language) if self._theatre is not None else None

    def recording_now(self) -> dict[str, Any] | None:
        recorder = self._recorder
        if recorder is None or not recorder.recording or self._recorded is not None:
            return None
        return {"steps": recorder.steps}
