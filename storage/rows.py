"""Turning rows into dataclasses quickly.

A frozen dataclass sets each of its fields through `object.__setattr__`, which is what most of the time for a row would
go into. `maker` writes a function that fills an open twin of the same shape with plain assignments and then hands it
over to the frozen class; what comes out cannot be told from what the class itself makes.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """Make a fast constructor for a frozen, slotted dataclass; it wants every field, in order."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    twin = type(f"Open{kind.__name__}", (), {"__slots__": tuple(names)})
    lines = [
        f"def make({', '.join(names)}):",
        "    made_ = new_(twin_)",
        *(f"    made_.{name} = {name}" for name in names),
        "    made_.__class__ = kind_",
        "    return made_",
    ]
    scope: dict[str, Any] = {"new_": object.__new__, "twin_": twin, "kind_": kind}
    exec("\n".join(lines), scope)  # noqa: S102 (only the field names of our own classes)
    make: Callable[P, T] = scope["make"]
    return make
