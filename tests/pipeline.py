"""Logging belongs to the whole test run: who sets up the program's pipeline puts everything back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot import logs


@contextmanager
def as_it_was() -> Iterator[None]:
    """Restore the log set-up at the end of the block."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.TALKATIVE}
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
        root.handlers[:], logging.raiseExceptions = handlers, raising
        root.setLevel(level)
        logging.getLogger("aiohttp.server").filters.clear()
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
