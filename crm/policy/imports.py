"""How far the import of a phone's history is, from chunks in any order; how often people are told; when its files are fetched."""

from datetime import datetime, timedelta

from crm.model.imports import Import, ImportState
from crm.model.records import replace

COMPLETE = 100
TOLD_EVERY = timedelta(seconds=10)
"""Admins' one message is edited no oftener; the last state is always told."""
FILE_EVERY = timedelta(milliseconds=500)
"""Thousands of old files are fetched one after another, so that a customer's new one never waits behind them."""


def heard(known: Import, phase: int | None, progress: int | None, at: datetime) -> Import:
    """A chunk came: the furthest phase and progress count, whichever chunk comes first."""
    phases = [each for each in (known.phase, phase) if each is not None]
    return replace(
        known,
        phase=max(phases, default=None),
        progress=max(known.progress, min(progress or 0, COMPLETE)),
        heard_at=max(known.heard_at or at, at),
    )


def declined(known: Import, at: datetime) -> Import:
    """The owner does not share the history."""
    return replace(known, declined_at=max(known.declined_at or at, at))


def state(known: Import, waiting: int) -> ImportState:
    """What people are told of it, while so many messages wait to be applied.

    A chunk that comes after a refusal means that the owner thought again.
    """
    if known.declined_at is not None and (known.heard_at is None or known.heard_at <= known.declined_at):
        return ImportState.DECLINED
    if known.heard_at is None:
        return ImportState.ASKED if known.history_asked_at or known.contacts_asked_at else ImportState.IDLE
    done = known.progress >= COMPLETE and waiting == 0
    return ImportState.DONE if done else ImportState.RUNNING


def telling(known: Import, now: datetime) -> Import | None:
    """The import with its next telling fixed, at `told_at`; None when one is under way that will tell the news as well."""
    if known.told_at is not None and known.told_at > now:
        return None
    return replace(known, told_at=now if known.told_at is None else max(now, known.told_at + TOLD_EVERY))


def next_file_at(known: Import, now: datetime) -> datetime:
    """When one more file is to be fetched."""
    return max(now, (known.files_until or now - FILE_EVERY) + FILE_EVERY)
