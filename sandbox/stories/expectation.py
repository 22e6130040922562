"""An expectation: a name, the values it takes, and where it looks. The tables are in the modules by place; `expectations` joins them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.acts.act import Args
from sandbox.graph import Person as Customer
from sandbox.world import World

Words = str | tuple[str, ...]
TOLD = 8
"""How many lines of a screen somebody is shown who expected something else."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whether it is so, and what is there instead if not."""

    true: bool
    instead: str = ""


A = TypeVar("A", bound=Args)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One kind of claim."""

    what: str
    args: type[Args]
    look: Callable[[World, Any], Awaitable[Found]]


def expect(what: str, args: type[A], look: Callable[[World, A], Awaitable[Found]]) -> Expectation:
    """Make a row of a table; the types of `args` and `look` must agree."""
    return Expectation(what, args, look)


def stands_in(text: str, words: Words, person: Customer | None = None) -> bool:
    """Say whether all these words are in a text; with a person, `{name}` is that person's."""
    pieces = (words,) if isinstance(words, str) else words
    return all((named(piece, person) if person is not None else piece) in text for piece in pieces)


def named(text: str, person: Customer) -> str:
    """Put the customer's first name where sequences put it."""
    return text.replace("{name}", person.name.split()[0])
