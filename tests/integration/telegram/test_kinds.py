"""Every kind of message reads in words of the agent's language, and what is about another message hangs under it."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.telegram import Person, ShownMessage
from tests.integration.engine.desk import came, envelope, heard
from tests.integration.telegram.conftest import Office

KINDS: list[tuple[str, Any, dict[str, Any], str]] = [
    ("text", {"body": "¿Tienen?"}, {}, "¿Tienen?"),
    ("text", {"body": "Mira"}, {"context": {"frequently_forwarded": True}}, "Reenviado muchas veces"),
    ("text", {"body": "Hola"}, {"referral": {"source_type": "ad", "headline": "Zapatos"}}, "un anuncio: Zapatos"),
    ("location", {"latitude": -34.6, "longitude": -58.38, "name": "Obelisco"}, {}, "Obelisco\n-34.6, -58.38"),
    ("contacts", [{"name": {"formatted_name": "Eva"}, "phones": [{"phone": "+34 600"}]}], {}, "Eva: +34 600"),
    ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Rojo"}}, {}, "Rojo"),
    (
        "interactive",
        {"type": "nfm_reply", "nfm_reply": {"response_json": '{"flow_token":"x","talle":"40"}'}},
        {},
        "talle: 40",
    ),
    (
        "interactive",
        {"type": "call_permission_reply", "call_permission_reply": {"response": "reject"}},
        {},
        "No quiere llamadas",
    ),
    ("button", {"payload": "MORE", "text": "Ver más"}, {}, "Ver más"),
    (
        "order",
        {"product_items": [{"product_retailer_id": "a", "quantity": 3, "item_price": 0.1, "currency": "EUR"}]},
        {},
        "= 0.3 EUR",
    ),
    ("system", {"type": "user_changed_number", "wa_id": "34600"}, {}, "Cambió de número: ahora es +34600"),
    ("unsupported", {"type": "poll_creation"}, {"errors": [{"code": 131051}]}, "Una encuesta"),
    ("image", None, {"errors": [{"code": 131052, "title": "Media download error"}]}, "demasiado grande"),
    ("unsupported", None, {"errors": [{"code": 131060, "title": "x"}]}, "se ve en el teléfono"),
    ("sticker", {"id": "no-id"}, {}, "Sticker"),
    ("hologram", {"depth": 3}, {}, "Mensaje de un tipo nuevo"),
]


@pytest.mark.parametrize(("kind", "content", "more", "words"), KINDS)
async def test_each_kind_reads_in_words(office: Office, kind: str, content: Any, more: Any, words: str) -> None:
    await office.desk.arrives(envelope(came(kind, content, office.desk.clock.now(), "wamid.K", **more)))
    await office.tell()
    shown = office.ana.screen
    assert shown is not None
    assert words in shown.body
    for code in ("{", "poll_creation", "13105", "13106", "user_changed", "reject"):
        assert code not in shown.body


def under(person: Person, words: str) -> ShownMessage | None:
    """The message that the newest one with these words answers."""
    found = next(message for message in reversed(person.chat) if words in message.body)
    return found.reply_to


async def test_a_reply_hangs_under_what_it_answers(office: Office) -> None:
    await office.writes("¿Tienen talla 40?")
    asked = next(message for message in office.beto.chat if "talla 40" in message.body)
    await office.says(office.beto, "Sí, y 41", reply_to=asked)
    ours = office.beto.chat[-1]
    await office.desk.sends()
    wamid, now = "wamid.OUT1", office.desk.clock.now()
    answer = came("text", {"body": "¡Genial!"}, now, "wamid.A", context={"id": wamid})
    await office.desk.arrives(envelope(answer))
    await office.tell()
    assert (under(office.beto, "¡Genial!") or asked).message_id == ours.message_id
    assert "Responde" not in office.beto.chat[-1].body


async def test_what_it_answers_is_quoted_where_the_chat_does_not_show_it(office: Office) -> None:
    await office.writes("¿Tienen talla 40?")
    talk = office.beto.chat[-1]
    await office.says(office.beto, "Sí, y 41", reply_to=talk)
    await office.desk.sends()
    conversation_id = (await office.desk.engine.desk.recall(office.beto.id, talk.message_id))["conversation"]
    await office.desk.engine.conversations.assign(await office.known(office.beto), conversation_id, None)
    answer = came("text", {"body": "¡Genial!"}, office.desk.clock.now(), "wamid.A", context={"id": "wamid.OUT1"})
    await office.desk.arrives(envelope(answer))
    await office.tell()
    assert "Responde a lo nuestro: «Sí, y 41»" in office.ana.chat[-1].body
    strange = came("text", {"body": "¿Y eso?"}, office.desk.clock.now(), "wamid.B", context={"id": "wamid.NOBODY"})
    await office.desk.arrives(envelope(strange))
    await office.tell()
    assert "Responde a un mensaje que no tengo" in office.ana.chat[-1].body


async def test_a_reaction_is_put_on_the_message_and_taken_away(office: Office) -> None:
    await office.writes("¿Tienen talla 40?")
    asked = next(message for message in office.beto.chat if "talla 40" in message.body)
    await office.says(office.beto, "Sí", reply_to=asked)
    ours, now, count = office.beto.chat[-1], office.desk.clock.now(), len(office.beto.chat)
    await office.desk.sends()
    reaction = came("reaction", {"message_id": "wamid.OUT1", "emoji": "❤️"}, now, "wamid.R1")
    await office.desk.arrives(envelope(reaction))
    await office.tell()
    assert [message.reactions for message in office.beto.chat if message is ours] == [["❤"]]
    assert len(office.beto.chat) == count
    later = now + timedelta(minutes=1)
    await office.desk.arrives(envelope(came("reaction", {"message_id": "wamid.OUT1"}, later, "wamid.R2")))
    await office.tell()
    assert [message.reactions for message in office.beto.chat if message is ours] == [[]]
    strange = came("reaction", {"message_id": "wamid.OUT1", "emoji": "🧿"}, later, "wamid.R3")
    await office.desk.arrives(envelope(strange))
    await office.tell()
    assert "Reacción\n🧿" in office.beto.chat[-1].body
    assert (office.beto.chat[-1].reply_to or asked).message_id == ours.message_id


async def test_an_edit_shows_the_old_and_the_new_and_a_deletion_strikes_it_out(office: Office) -> None:
    await office.writes("¿Tienen talla 40?")
    asked = next(message for message in office.ana.chat if "talla 40" in message.body)
    now = office.desk.clock.now()
    edit = {"original_message_id": "wamid.IN0", "message": {"type": "text", "text": {"body": "¿Y talla 41?"}}}
    await office.desk.arrives(envelope(came("edit", edit, now, "wamid.E")))
    await office.tell()
    changed = office.ana.chat[-1]
    assert changed.reply_to is not None
    assert changed.reply_to.message_id == asked.message_id
    assert "cambió su mensaje" in changed.body
    assert "talla 40" in changed.body
    assert "talla 41" in changed.body
    await office.desk.arrives(envelope(came("revoke", {"original_message_id": "wamid.IN0"}, now, "wamid.X")))
    await office.tell()
    assert "borró su mensaje" in office.ana.chat[-1].body
    seen = len(office.ana.chat)
    await office.desk.arrives(envelope(came("edit", edit, now, "wamid.E")))
    await office.tell()
    assert len(office.ana.chat) == seen


async def test_a_voice_note_that_was_listened_to_and_a_reaction_stand_in_the_card(office: Office) -> None:
    await office.writes("Hola")
    asked = office.beto.chat[-1]
    await office.says(office.beto, "Escucha", reply_to=asked)
    await office.desk.sends()
    now = office.desk.clock.now()
    reaction = came("reaction", {"message_id": "wamid.OUT1", "emoji": "🔥"}, now, "wamid.R1")
    await office.desk.arrives(envelope(reaction, heard("wamid.OUT1", "played", now)))
    await office.says(office.ana, "/c Leo")
    card = office.ana.screen
    assert card is not None
    assert "🎧 Escucha 🔥" in card.body
