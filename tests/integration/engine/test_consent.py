"""Who says that they want no more gets no more; who says that they want again gets again; and agents hear both."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm.errors import Refused
from crm.model.contacts import Contact
from crm.policy.consent import words
from storage.database import Database
from tests.integration.engine.desk import CONSENT, NOON, Desk, envelope, open_desk, wrote

HOUR = timedelta(hours=1)
POLITE = replace(CONSENT, farewell=words({}, {}, {"es": "Listo, no te escribimos más."}).farewell)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


async def leo(desk: Desk) -> Contact:
    (contact,) = await desk.engine.contacts.find(desk.admin, "Leo")
    return contact


async def consents(desk: Desk) -> list[Any]:
    async with desk.database.begin() as uow:
        notices = await uow.notices.claim(desk.clock.now(), desk.clock.now() + HOUR, 100)
    return [each.params["consent"] for each in notices if "consent" in each.params and each.agent_id == desk.admin.id]


async def test_somebody_who_opted_out_opts_in_again_and_agents_hear_both(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")), envelope(wrote("¡BAJA!", NOON + HOUR, "wamid.2")))
    assert (await leo(desk)).opted_out
    desk.clock.advance(hours=2)
    await desk.arrives(envelope(wrote("alta", desk.clock.now(), "wamid.3")))
    back = await leo(desk)
    assert (back.opted_out, back.consent_at) == (False, desk.clock.now())
    assert sorted(await consents(desk)) == ["back", "out"]


async def test_the_newest_word_counts_in_any_order_and_however_late(database: Database, desk: Desk) -> None:
    said = [("BAJA", NOON), ("alta", NOON + HOUR), ("stop", NOON + 2 * HOUR), ("start", NOON + 3 * HOUR)]
    desk.clock.advance(hours=4)
    for number, order in enumerate(itertools.permutations(said)):
        who = f"54911555{number:05}"
        for text, at in order:
            await desk.arrives(envelope(wrote(text, at, f"wamid.{number}.{text}", wa_id=who, name=f"P{number:03}")))
        (contact,) = await desk.engine.contacts.find(desk.admin, f"P{number:03}")
        assert (contact.opted_out, contact.consent_at) == (False, NOON + 3 * HOUR), order


async def test_a_tapped_button_whose_payload_is_stop_opts_out(desk: Desk) -> None:
    tapped = wrote("x", NOON, "wamid.1")
    message = tapped["messages"][0]
    del message["text"]
    message |= {"type": "button", "button": {"text": "No, gracias", "payload": "STOP"}}
    await desk.arrives(envelope(tapped))
    assert (await leo(desk)).opted_out


async def test_words_inside_a_sentence_opt_nobody_out(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("¿La baja del servicio tiene costo? No hagan stop", NOON, "wamid.1")))
    assert not (await leo(desk)).opted_out


async def test_an_opt_out_is_answered_once_where_the_settings_have_words_for_it(database: Database) -> None:
    desk = await open_desk(database, consent=POLITE)
    baja = envelope(wrote("Baja", NOON, "wamid.1"))
    await desk.arrives(baja, baja, envelope(wrote("BAJA", NOON, "wamid.2")))
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Listo, no te escribimos más."]
    card = await desk.engine.contacts.card(desk.admin, (await leo(desk)).id)
    with pytest.raises(Refused, match="opted-out"):
        await desk.engine.conversations.reply(desk.agent, card.conversations[0].conversation.id, "¿Seguro?")


async def test_a_late_opt_out_is_not_answered(database: Database) -> None:
    desk = await open_desk(database, NOON + timedelta(days=2), consent=POLITE)
    await desk.arrives(envelope(wrote("Baja", NOON, "wamid.1")))
    await desk.sends()
    assert (desk.meta.sent, (await leo(desk)).opted_out) == ([], True)


async def test_without_such_words_nothing_is_answered(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Baja", NOON, "wamid.1")))
    await desk.sends()
    assert desk.meta.sent == []
