"""What a Fluent file says, as it is written: for the tests that hold the languages of each package against one another."""

from functools import cache
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor


class _Placeholders(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


@cache
def messages(path: Path) -> dict[str, frozenset[str]]:
    """Key to placeholders. What is no message or comment fails, and a key that stands there twice."""
    found: dict[str, frozenset[str]] = {}
    for entry in FluentParser().parse(path.read_text("utf-8")).body:
        assert not isinstance(entry, ftl.Junk), f"{path.name}: {entry.content}"
        if isinstance(entry, ftl.Message):
            assert entry.id.name not in found, f"{path.name} says {entry.id.name} twice"
            reader = _Placeholders()
            reader.visit(entry)
            found[entry.id.name] = frozenset(reader.found)
    return found
