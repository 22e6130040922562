"""Which parts of the program a process runs, so that it can be spread over several; and the parts only one process may do at a time.

`web` takes what Meta delivers, `worker` applies it and sends, `scheduler` runs the jobs, `bot` talks with the agents. Webhooks and
jobs are claimed row by row, so any number of processes share them. Two things a process must know to be alone with: sending, for
each account's pace is kept in memory, and the agents' bot, for updates are taken up again at its start. There a second process
stands by and takes over when the first is gone.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from enum import StrEnum
from typing import Any

import structlog

from crm.errors import CrmError, Misconfigured
from storage.parts import PartClaim, claim_part

log = structlog.get_logger(__name__)

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""It is given the event at which it must end."""

LOOK_EVERY = 3.0
"""Seconds between two looks: whether a claim still holds, or whether one has become free."""


class Part(StrEnum):
    WEB = "web"
    WORKER = "worker"
    SCHEDULER = "scheduler"
    BOT = "bot"


ALL = frozenset(Part)


def parts_of(roles: str) -> frozenset[Part]:
    """Read `web,worker`. Raises Misconfigured."""
    names = [name.strip() for name in roles.split(",") if name.strip()]
    wrong = [name for name in names if name not in set(Part)]
    if wrong or not names:
        raise Misconfigured("roles", f"must name some of {', '.join(Part)}, separated by commas")
    return frozenset(map(Part, names))


async def alone(
    url: str,
    part: str,
    work: Work,
    stop: asyncio.Event,
    wake: Callable[[], None] = lambda: None,
    look_every: float = LOOK_EVERY,
) -> None:
    """Work while no other process does, until `stop`. When `work` must end, `wake` is called.

    A claim that is lost (its session broke) ends the work; it begins again when the part can be claimed again. So does work that
    fails in a way that was foreseen; only a wrong setting ends it for good.
    """
    told = False
    while not stop.is_set():
        claim = await _claim(url, part)
        if claim is None:
            if not told:
                log.info("part_stands_by", part=part)
            told = True
            await _pause(stop, look_every)
            continue
        told = False
        log.info("part_begun", part=part)
        try:
            await _hold(claim, part, work, stop, wake, look_every)
        except Misconfigured:
            raise
        except CrmError as problem:  # the database, most likely: it comes back, and the other parts go on meanwhile
            log.error("part_failed", part=part, problem=str(problem))
            await _pause(stop, look_every)
        finally:
            await claim.release()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _claim(url: str, part: str) -> PartClaim | None:
    try:
        return await claim_part(url, part)
    except CrmError as problem:
        log.warning("part_not_claimed", part=part, problem=str(problem))
        return None


async def _hold(
    claim: PartClaim,
    part: str,
    work: Work,
    stop: asyncio.Event,
    wake: Callable[[], None],
    look_every: float,
) -> None:
    ended = asyncio.Event()
    working = asyncio.ensure_future(work(ended))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        while not (await asyncio.wait({working, stopping}, timeout=look_every, return_when="FIRST_COMPLETED"))[0]:
            if not await claim.holds():
                log.error("part_lost", part=part)
                break
        ended.set()
        wake()
        await working
    finally:
        stopping.cancel()
        working.cancel()
        await asyncio.wait({working, stopping})
