"""Making and changing our frozen records quickly.

A frozen dataclass sets each of its fields through `object.__setattr__`, which is most of the time that making one takes; a pump makes
a dozen for every message. Here a function is written for each class that fills an open twin of the same shape with plain
assignments and then hands it over to the frozen class; what comes out cannot be told from what the class itself makes.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """Make a fast constructor for a frozen, slotted dataclass; it wants every field, in order."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    lines = [
        f"def make({', '.join(names)}):",
        "    made_ = new_(twin_)",
        *(f"    made_.{name} = {name}" for name in names),
        "    made_.__class__ = kind_",
        "    return made_",
    ]
    made: Callable[P, T] = _written("\n".join(lines), kind, names)["make"]
    return made


if TYPE_CHECKING:
    from dataclasses import replace as replace
else:
    _openers: dict[type, Callable[[Any], Any]] = {}

    def replace(record: T, /, **changes: object) -> T:
        """The same record with other values. Raises AttributeError for a field that it does not have."""
        kind = record.__class__
        opened = (_openers.get(kind) or _opener(kind))(record)
        for name, value in changes.items():
            setattr(opened, name, value)
        opened.__class__ = kind
        return opened

    def _opener(kind: type) -> Callable[[Any], Any]:
        names = [field.name for field in fields(kind)]
        lines = [
            "def opened(record):",
            "    made_ = new_(twin_)",
            *(f"    made_.{name} = record.{name}" for name in names),
            "    return made_",
        ]
        _openers[kind] = _written("\n".join(lines), kind, names)["opened"]
        return _openers[kind]


def _written(source: str, kind: Any, names: list[str]) -> dict[str, Any]:
    twin = type(f"Open{kind.__name__}", (), {"__slots__": tuple(names)})
    scope: dict[str, Any] = {"new_": object.__new__, "twin_": twin, "kind_": kind}
    exec(source, scope)  # noqa: S102 (only the field names of our own classes)
    return scope
