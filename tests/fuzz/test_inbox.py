"""Broken webhooks through the whole inbox and into a database: what is good of them arrives, what is not is kept by name."""

import json
import os
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.model.webhooks import WebhookState
from storage.database import Database
from tests.fuzz.breaking import ELEMENT, FIELD, MUTATION, broken
from tests.integration.engine.desk import PHONE_ID, WABA, open_desk
from tests.unit.whatsapp.payloads import a_change, a_contact, a_message

CASES = max(5, int(os.environ.get("FUZZ_CASES", "400")) // 40)
AT_ONCE = 20


def _value(**parts: Any) -> dict[str, Any]:
    return {"metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_ID}, **parts}


async def test_good_messages_arrive_however_broken_their_neighbours_are(database: Database) -> None:
    desk = await open_desk(database)
    count = 0

    batches = st.lists(
        st.tuples(ELEMENT, FIELD, st.lists(MUTATION, min_size=1, max_size=4)), min_size=1, max_size=AT_ONCE
    )
    drawn: list[list[Any]] = []

    @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(batches)
    def draw(batch: list[Any]) -> None:
        drawn.append(batch)

    draw()
    for batch in drawn:
        bodies = []
        for (key, content), (field, value), mutations in batch:
            count += 1
            good = a_message(id=f"wamid.GOOD{count}", timestamp=str(int(desk.clock.now().timestamp())))
            odd = broken(a_change(_value(**{key: [content]})), mutations)
            change = broken(a_change(_value(**value), field), mutations)
            changes = [odd, a_change(_value(contacts=[a_contact()], messages=[good])), change]
            document = {
                "object": "whatsapp_business_account",
                "entry": [{"id": WABA, "time": 1743451903, "changes": changes}],
            }
            bodies.append(_dump(document))
        await desk.arrives(*bodies)
        desk.clock.advance(minutes=1)
    async with database.read() as uow:
        found = await uow.messages.known({f"wamid.GOOD{n + 1}" for n in range(count)})
    assert len(found) == count
    unfinished = await desk.engine.housekeeping.webhooks({WebhookState.FAILED, WebhookState.DEAD}, 5)
    assert [(webhook.state.value, webhook.error) for webhook in unfinished] == []


def _dump(document: Any) -> bytes:
    try:
        return orjson.dumps(document)
    except (TypeError, orjson.JSONEncodeError):
        return json.dumps(document).encode()
