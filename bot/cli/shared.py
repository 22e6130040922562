"""What every command needs: the settings, an opened program, a secret from the environment, and one line for what went wrong."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot.app import Program, open_program
from bot.config import Settings, load
from bot.telegram.errors import said
from bot.texts import Texts
from crm.clock import SystemClock
from crm.errors import CrmError, Misconfigured

T = TypeVar("T")

HERE = Path("config.toml")
Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file; ./config.toml if there is one.", envvar="CENTRALITA_CONFIG"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def leave(code: int, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise SystemExit(code)


def why(error: CrmError) -> str:
    """The sentence that agents read for it, if there is one, and the facts."""
    say = Texts().say("en", "UTC", SystemClock().now())
    return f"{said(error, say)} ({error})" if say.knows(f"error-{error.code}") else str(error)


def secret(name: str) -> str:
    """A secret that must be in the environment, since the command line can be read by others."""
    secret = os.environ.get(name, "")
    if not secret:
        raise Misconfigured(name, "is not set in the environment")
    return secret


def settings_of(config: Path | None) -> Settings:
    """The settings of the file that was named, or of the one that lies here."""
    return load(config or (HERE if HERE.exists() else None))


def in_program(config: Path | None, work: Callable[[Program], Coroutine[Any, Any, T]]) -> T:
    """Do one thing in an opened program."""

    async def do() -> T:
        async with open_program(settings_of(config)) as program:
            return await work(program)

    return asyncio.run(do())
