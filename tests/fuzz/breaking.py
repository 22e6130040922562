"""Ways to break a document: at a place of it, something is lost, doubled, swapped, or becomes what nobody would write there."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.corpus import ECHOES, FIELDS, MESSAGES, PREFERENCES, STATUSES, Json

_WORDS = (
    "",
    " ",
    "text",
    "image",
    "sent",
    "wamid.A",
    "1749416383",
    "99999999999999",
    "-1",
    "\0",
    "\ud800",
    "\u202e",
    "TIER_2K",
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(_WORDS)
    | st.text(st.characters(codec=None, categories=None), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_BIG = st.sampled_from([10, 1_000, 70_000])
GROWING = frozenset({"grow", "double"})
LARGEST = 400_000
"""Characters beyond which a document grows no more: a few mutations in each other would else make gigabytes of it."""
MUTATION = st.tuples(
    st.integers(0, 1_000_000),
    st.sampled_from(["drop", "replace", "replace", "double", "nest", "deepen", "grow", "rename", "swap"]),
    ANYTHING,
    _BIG,
)
ELEMENT = st.one_of(
    st.tuples(st.just("messages"), st.sampled_from(MESSAGES)),
    st.tuples(st.just("statuses"), st.sampled_from(STATUSES)),
    st.tuples(st.just("message_echoes"), st.sampled_from(ECHOES)),
    st.tuples(st.just("user_preferences"), st.sampled_from(PREFERENCES)),
)
FIELD = st.sampled_from([(field, value) for field, values in FIELDS.items() for value in values])


def broken(document: Any, mutations: list[tuple[int, str, Any, int]]) -> Any:
    """A copy of the document with these mutations made, one after the other."""
    holder = [copy.deepcopy(document)]
    for where, what, anything, size in mutations:
        places = list(_places(holder))
        parent, key = places[where % len(places)]
        if what in GROWING and len(repr(holder)) > LARGEST:
            continue
        _break(parent, key, what, copy.deepcopy(anything), size)
        if not holder:
            holder.append(None)
    return holder[0]


def _places(node: Any) -> Any:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in list(children):
        yield node, key
        if isinstance(child, dict | list):
            yield from _places(child)


def _break(parent: Any, key: Any, what: str, anything: Any, size: int) -> None:
    value = parent[key]
    match what:
        case "drop":
            del parent[key]
        case "double":
            parent[key] = [value, value]
        case "nest":
            parent[key] = {"value": value}
        case "deepen":
            for _ in range(min(size, 200)):
                value = [value]
            parent[key] = value
        case "grow":
            parent[key] = "Ñ" * size if isinstance(value, str) else [copy.deepcopy(value) for _ in range(min(size, 40))]
        case "rename" if isinstance(parent, dict):
            parent[str(anything)[:20]] = parent.pop(key)
        case "swap" if isinstance(parent, dict) and len(parent) > 1:
            other = next(name for name in parent if name != key)
            parent[key], parent[other] = parent[other], parent[key]
        case _:
            parent[key] = anything


__all__ = ["ANYTHING", "ELEMENT", "FIELD", "MUTATION", "Json", "broken"]
