"""Hostile webhooks break themselves at most, never the reader and never their neighbours."""

import json

import orjson
import pytest

from bot.whatsapp.translate import WhatsAppReader
from crm.errors import Unreadable
from crm.model.events import Event, Inbound
from tests.unit.whatsapp.hostile import GOOD, HOSTILE, UNREADABLE, Hostile

READER = WhatsAppReader()


def label(event: Event) -> str:
    kind = getattr(event, "kind", None)
    return f"{type(event).__name__}:{kind}" if kind else type(event).__name__


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_comes_out_as_expected(case: Hostile) -> None:
    if case.expected == UNREADABLE:
        with pytest.raises(Unreadable):
            READER.read(case.body)
        return
    events = READER.read(case.body)
    assert tuple(map(label, events)) == case.expected
    assert not any("unforeseen" in getattr(event, "reason", "") for event in events)


@pytest.mark.parametrize("case", [case for case in HOSTILE if case.expected != UNREADABLE], ids=lambda case: case.name)
def test_can_be_stored_by_any_database(case: Hostile) -> None:
    """PostgreSQL refuses NUL and half surrogate pairs, JSON columns refuse infinities, and all bottomless nesting."""
    for event in READER.read(case.body):
        text = json.dumps(
            [getattr(event, name, None) for name in ("payload", "text", "kind", "wamid", "reason", "position")],
            allow_nan=False,
            ensure_ascii=False,
        )
        text.encode()
        assert "\\u0000" not in text
        orjson.dumps(getattr(event, "payload", None))


@pytest.mark.parametrize(
    "case", [case for case in HOSTILE if b"wamid.GOOD" in case.body and "Inbound:text" in case.expected]
)
def test_the_good_neighbour_arrives(case: Hostile) -> None:
    messages = [event for event in READER.read(case.body) if isinstance(event, Inbound)]
    assert GOOD["id"] in [message.wamid for message in messages]


def test_there_are_plenty() -> None:
    assert len(HOSTILE) >= 45
    assert len({case.name for case in HOSTILE}) == len(HOSTILE)
