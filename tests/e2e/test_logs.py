"""What a day's work leaves in the log: the brief's events under their names, with ids, and nobody's words, numbers or secrets."""

import io
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs
from bot.config import Logs
from bot.redaction import Redactor
from sandbox.graph import Fault
from sandbox.world import SECRET, TOKEN, World
from tests.e2e.plans import publish, step
from tests.pipeline import as_it_was

PEOPLE = {"5491155550099": "Leo Díaz", "5491155551111": "Mía Ríos"}
WORDS = ("Quiero saber el precio", "Te cuento del plan", "Gracias por escribir", "Cuesta diez")
IDS = {
    "whatsapp.message.received": {"webhook_id", "message_id", "kind"},
    "whatsapp.message.sent": {"contact_id", "message_id", "outbox_id", "status"},
    "whatsapp.window.closed": {"contact_id", "skipped_step", "sequence_id"},
    "whatsapp.send.failed": {"contact_id", "outbox_id", "error", "meta_code"},
    "whatsapp.block.detected": {"contact_id", "conversation_id", "probability"},
}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Everything that is logged, down to DEBUG, through the program's own pipeline."""
    stream = io.StringIO()
    with as_it_was():
        logs.configure(Logs(level="debug", format="json"), Redactor(), stream)
        yield stream


async def test_the_briefs_events_are_logged_with_ids_and_nothing_else(stream: io.StringIO, world: World) -> None:
    ana = await world.agent("Ana", 1001)
    await publish(world, step(2, WORDS[1]), step(12, WORDS[1]), step(80, WORDS[1]))
    leo, mia = (world.graph.person(phone=phone, name=name) for phone, name in PEOPLE.items())
    leo.writes(world.number, WORDS[0])
    mia.writes(world.number, WORDS[0])
    await world.settle()
    leo.blocks(world.number)
    await world.travel(hours=40)
    world.number.phone_sends(mia, WORDS[2])  # proof that the number still reaches others
    await world.travel(hours=60)
    mia.writes(world.number, WORDS[0])
    asked = await world.sees(ana, WORDS[0])
    world.graph.fail_next(Fault("error", code=131026))
    await world.says(ana, WORDS[3], reply_to=asked)
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in map(json.loads, stream.getvalue().splitlines()):
        told[line["event"]].append(line)
    for event, fields in IDS.items():
        assert event in told
        assert fields in [line.keys() - {"event", "level", "timestamp"} for line in told[event]]
    for private in (*PEOPLE, *PEOPLE.values(), *WORDS, TOKEN, SECRET, world.telegram.token, "+5491150000000"):
        assert private not in stream.getvalue()
