"""One log for the whole process: our own events and those of the libraries go through the same pipeline to standard error.

JSON lines for machines, a readable form for a terminal. Every line passes the redactor. Libraries are heard from INFO up and
the talkative ones from WARNING: at DEBUG they would write contents and addresses with tokens. Strangers who speak no HTTP
are one counted line a minute, not a stack trace each.
"""

import logging
import sys
from collections.abc import Callable
from typing import Any, TextIO
from urllib.parse import unquote, urlsplit

import orjson
import structlog
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import SecretStr
from structlog.typing import Processor

from bot.config import Logs, Section, Settings
from bot.redaction import Redactor
from crm import decisions

log = structlog.get_logger(__name__)

TALKATIVE = ("httpx", "httpcore", "telegram", "apscheduler", "aiosqlite", "alembic", "aiohttp.access")
RUBBISH_EVERY = 60.0


def configure(
    wanted: Logs,
    redactor: Redactor,
    stream: TextIO | None = None,
    on_rubbish: Callable[[], None] = lambda: None,
    *,
    lasting: bool = False,
) -> None:
    """Set up structlog and the standard library's logging; later calls replace what earlier ones set up.

    Unless it is `lasting`: then loggers keep what they find at their first line, which saves a third of the cost of each line and
    nearly all of one that is below the level.
    """
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[wanted.level.upper()]
    begin: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
    ]
    end: list[Processor] = [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redactor,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _renderer(wanted, stream),
    ]
    structlog.configure(
        processors=[*begin, *end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=lasting,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*begin, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    decisions.HEARD.setLevel(level)
    server = logging.getLogger("aiohttp.server")
    server.filters[:] = [Rubbish(on_rubbish)]
    logging.raiseExceptions = False  # its own complaint about a line would print that line as it is
    logging.captureWarnings(capture=True)


def secrets_of(settings: Settings) -> list[str]:
    """Every secret that the settings hold, in clear; of several in one value each by itself too."""
    password = urlsplit(settings.storage.url).password or ""
    found = [password, unquote(password)]
    for name in Settings.model_fields:
        for _, value in getattr(settings, name) if isinstance(getattr(settings, name), Section) else ():
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, SecretStr):
                    secret = each.get_secret_value()
                    found += [secret, *map(str.strip, secret.split(","))]
    return found


class Rubbish(logging.Filter):
    """Takes aiohttp's stack traces about requests that are no HTTP out of the log and counts them instead."""

    def __init__(self, on_rubbish: Callable[[], None]) -> None:
        super().__init__()
        self._on_rubbish = on_rubbish
        self._since_told = 0
        self._told_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError):
            return True
        self._on_rubbish()
        self._since_told += 1
        if record.created - self._told_at >= RUBBISH_EVERY:
            log.warning("http_rubbish", count=self._since_told, latest=type(error).__name__)
            self._told_at, self._since_told = record.created, 0
        return False


def _renderer(wanted: Logs, stream: TextIO) -> Processor:
    readable = wanted.format == "console" or (wanted.format == "auto" and stream.isatty())
    if readable:
        return structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, sort_keys=False
        )
    return structlog.processors.JSONRenderer(serializer=_dumps)


def _dumps(event: Any, **_: Any) -> str:
    return orjson.dumps(event).decode()
