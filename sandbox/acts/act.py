"""An act: a name, the values it takes and what it does. Pages, stories and recordings speak of acts in plain JSON or TOML values only.

Tables of acts are made in the modules by noun; `sandbox.acts` puts them together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from sandbox.world import World

Result = dict[str, Any] | None


class Args(BaseModel):
    """The values of an act. What is unknown or malformed is refused before anything happens."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class NoArgs(Args):
    """Nothing to say."""


A = TypeVar("A", bound=Args)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done. `settles`: everybody works on what follows from it before it counts as done."""

    name: str
    args: type[Args]
    run: Callable[[World, Any], Awaitable[Result]]
    settles: bool = True


def act(name: str, args: type[A], run: Callable[[World, A], Awaitable[Result]], *, settles: bool = True) -> Act:
    """Make a row of a table; the types of `args` and `run` must agree."""
    return Act(name, args, run, settles)
