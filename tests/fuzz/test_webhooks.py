"""However a webhook is broken: no exception, no sibling lost, nothing that a database would refuse, and no memory without bound."""

import gc
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.whatsapp.translate import MAX_ELEMENTS, WhatsAppReader
from crm.errors import Unreadable
from crm.model.events import Broken, Event, Inbound
from tests.fuzz.breaking import ELEMENT, FIELD, MUTATION, broken
from tests.unit.whatsapp.payloads import a_change, a_contact, a_message, a_value, an_envelope

CASES = int(os.environ.get("FUZZ_CASES", "400"))
GROWTH_MB = 96
"""What the process may grow by over all cases of a test: hypothesis remembers something of each, we nothing."""

READER = WhatsAppReader()
fuzzed = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
MUTATIONS = st.lists(MUTATION, min_size=1, max_size=5)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    before = _resident_mb()
    yield
    gc.collect()
    grown = _resident_mb() - before
    assert grown < GROWTH_MB, f"{grown:.0f} MB more than before"


def _resident_mb() -> float:
    """What the process holds now; where the system does not tell, the most that it ever held."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(document: Any) -> list[Event]:
    """The events, each of them fit to be stored, and together not much larger than what came."""
    body = json.dumps(document).encode()
    events = READER.read(body)
    assert len(events) <= MAX_ELEMENTS + 1
    kept = 0
    for event in events:
        facts = [getattr(event, name, None) for name in ("payload", "text", "kind", "wamid", "reason", "position")]
        text = json.dumps(facts, allow_nan=False, ensure_ascii=False)
        text.encode()
        assert "\\u0000" not in text
        orjson.dumps(facts[0])
        kept += len(text)
        assert not (isinstance(event, Broken) and "unforeseen" in event.reason), event
    assert kept <= 8 * len(body) + 10_000
    return events


def arrived(events: list[Event]) -> list[str]:
    return [event.wamid for event in events if isinstance(event, Inbound)]


@fuzzed
@given(ELEMENT, MUTATIONS)
def test_a_broken_element_stays_alone(element: tuple[str, Any], mutations: list[tuple[int, str, Any, int]]) -> None:
    key, content = element
    odd = broken(content, mutations)
    before, after = a_message(id="wamid.BEFORE"), a_message(id="wamid.AFTER")
    siblings = {"messages": [before, odd, after]} if key == "messages" else {"messages": [before, after], key: [odd]}
    events = read(an_envelope(a_change(a_value(contacts=[a_contact()], **siblings))))
    assert {"wamid.BEFORE", "wamid.AFTER"} <= set(arrived(events))


@fuzzed
@given(FIELD, MUTATIONS)
def test_a_broken_change_stays_alone(field: tuple[str, Any], mutations: list[tuple[int, str, Any, int]]) -> None:
    name, value = field
    odd = broken({"field": name, "value": {**a_value(), **value}}, mutations)
    good = a_change(a_value(messages=[a_message(id="wamid.GOOD")]))
    assert "wamid.GOOD" in arrived(read(an_envelope(good, odd)))
    assert "wamid.GOOD" in arrived(read(an_envelope(odd, good, time=1743451903)))


@fuzzed
@given(ELEMENT, FIELD, MUTATIONS)
def test_a_whole_webhook_that_is_broken_anywhere_is_read_or_unreadable(
    element: tuple[str, Any], field: tuple[str, Any], mutations: list[tuple[int, str, Any, int]]
) -> None:
    key, content = element
    whole = an_envelope(
        a_change(a_value(contacts=[a_contact()], **{key: [content]})), a_change({**a_value(), **field[1]}, field[0])
    )
    try:
        read(broken(whole, mutations))
    except Unreadable:
        return
