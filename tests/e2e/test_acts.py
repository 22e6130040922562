"""Everything that can be done in the sandbox can be done by name, and what cannot be done is refused in a sentence."""

import base64
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.acts import ACTS, Refused, perform
from sandbox.acts.troubles import AMISS, TROUBLES, amiss
from sandbox.graph import ChatLine
from sandbox.world import World, open_world

SEQUENCE = """
[[sequence]]
key = "seguir"
name = "Seguir"
[[sequence.steps]]
delay_hours = 1
text = "Hola {name}"
"""
FILE = {"name": "lista.pdf", "mime_type": "application/pdf", "base64": base64.b64encode(b"%PDF-1.4 x").decode()}


@pytest.fixture
async def world(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(sqlite_url) as world:
        yield world


@pytest.fixture
async def shop(world: World) -> World:
    """Two agents, two customers, of whom one has written."""
    await perform(world, "agent.joins", {"name": "Ana", "role": "admin"})
    await perform(world, "agent.joins", {"name": "Beto", "role": "agent", "language": "en"})
    await perform(world, "customer.joins", {"name": "Leo"})
    await perform(world, "customer.joins", {"name": "Mía", "username": "mia", "hides_phone": True})
    await perform(world, "customer.writes", {"customer": "Leo", "text": "Hola, soy Leo"})
    return world


def chat(world: World, name: str) -> list[ChatLine]:
    person = next(each for each in world.graph.people if each.name == name)
    return person.chat(world.number)


def reads(world: World, name: str) -> str:
    """Everything that stands in an agent's private chat."""
    person = next(each for each in world.telegram.people if each.user.name == name)
    return "\n".join(each.plain for each in person.private.visible)


# --- people ------------------------------------------------------------------------------------------------------------------


async def test_what_a_customer_writes_reaches_the_agents(shop: World) -> None:
    assert "Hola, soy Leo" in reads(shop, "Ana")
    assert "Hola, soy Leo" in reads(shop, "Beto")


async def test_names_are_understood_in_any_case_and_phones_too(shop: World) -> None:
    phone = next(each.phone for each in shop.graph.people if each.name == "Leo")
    for name in ("leo", " Leo", str(phone), f"+{phone}"):
        await perform(shop, "customer.writes", {"customer": name, "text": f"de {name}"})
    assert [line.text for line in chat(shop, "Leo")][1:] == [
        f"de {each}" for each in ("leo", " Leo", phone, f"+{phone}")
    ]


async def test_an_agent_answers_and_the_customer_reads_reacts_and_replies(shop: World) -> None:
    await perform(shop, "agent.says", {"agent": "Ana", "text": "¿En qué ayudo?", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"minutes": 3})
    answer = chat(shop, "Leo")[-1]
    assert (answer.text, answer.tick) == ("¿En qué ayudo?", "read")
    await perform(shop, "customer.reacts", {"customer": "Leo", "message": "¿En qué", "emoji": "❤️"})
    assert chat(shop, "Leo")[-1].reactions == ("❤️",)
    await perform(shop, "customer.reacts", {"customer": "Leo", "message": "¿En qué", "emoji": None})
    assert chat(shop, "Leo")[-1].reactions == ()
    told = await perform(shop, "customer.writes", {"customer": "Leo", "text": "Precio", "reply_to": "¿En qué"})
    assert told is not None
    written = shop.graph.find(told["message"])
    assert written is not None
    assert written.context == answer.wamid


async def test_a_customer_edits_and_deletes_what_was_written(shop: World) -> None:
    await perform(shop, "customer.edits", {"customer": "Leo", "message": "Hola, soy Leo", "text": "Hola, soy Leonardo"})
    assert chat(shop, "Leo")[0].text == "Hola, soy Leonardo"
    assert chat(shop, "Leo")[0].edited
    await perform(shop, "customer.revokes", {"customer": "Leo", "message": "Leonardo"})
    assert chat(shop, "Leo")[0].revoked


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "document", "sticker", "location", "contacts"])
async def test_a_customer_sends_each_kind_of_thing_and_the_agents_hear_of_it(shop: World, kind: str) -> None:
    before = len(reads(shop, "Ana"))
    await perform(shop, "customer.sends", {"customer": "Leo", "kind": kind, "caption": "mira"})
    line = chat(shop, "Leo")[-1]
    assert line.type == ("audio" if kind == "voice" else kind)
    assert len(reads(shop, "Ana")) > before
    assert [record.status for record in shop.graph.webhooks[-1:]] == [200]


async def test_a_customer_sends_a_file_of_ones_own(shop: World) -> None:
    await perform(shop, "customer.sends", {"customer": "Leo", "kind": "document", "file": FILE})
    message = shop.graph.find(chat(shop, "Leo")[-1].wamid)
    assert message is not None
    kept = shop.graph.media.kept(message.content["document"]["id"])
    assert kept is not None
    assert (kept.content, message.content["document"]["filename"]) == (b"%PDF-1.4 x", "lista.pdf")


async def test_a_phone_that_is_off_gets_its_messages_later(shop: World) -> None:
    await perform(shop, "customer.offline", {"customer": "Leo"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "¿Sigues?", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"hours": 1})
    assert chat(shop, "Leo")[-1].tick == "sent"
    await perform(shop, "customer.online", {"customer": "Leo"})
    await perform(shop, "time.forward", {"minutes": 5})
    assert chat(shop, "Leo")[-1].tick == "read"


async def test_a_block_is_silence_and_ends(shop: World) -> None:
    await perform(shop, "customer.blocks", {"customer": "Leo"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "uno", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"minutes": 5})
    await perform(shop, "customer.unblocks", {"customer": "Leo"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "dos", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"hours": 1})
    assert [line.tick for line in chat(shop, "Leo")[1:]] == ["sent", "read"]


async def test_habits_decide_about_ticks(shop: World) -> None:
    await perform(shop, "customer.habits", {"customer": "Leo", "reads": False, "delivery_seconds": 30})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "uno", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"minutes": 30})
    assert chat(shop, "Leo")[-1].tick == "delivered"
    habits = next(each.habits for each in shop.graph.people if each.name == "Leo")
    assert habits.delivery == timedelta(seconds=30)
    await perform(
        shop, "customer.habits", {"customer": "Leo", "reads": True, "read_after_seconds": 1, "chat_open": True}
    )
    assert (habits.reads, habits.chat_open, habits.delivery) == (True, True, timedelta(seconds=30))


async def test_marketing_is_stopped_and_resumed(shop: World) -> None:
    leo = next(each for each in shop.graph.people if each.name == "Leo")
    await perform(shop, "customer.stops_marketing", {"customer": "Leo"})
    assert leo.thread(shop.number).no_marketing
    await perform(shop, "customer.resumes_marketing", {"customer": "Leo"})
    assert not leo.thread(shop.number).no_marketing


async def test_a_customer_moves_to_another_phone_and_writes_from_there(shop: World) -> None:
    await perform(shop, "customer.changes_phone", {"customer": "Leo", "phone": "+54 9 11 5559-9999"})
    told = shop.graph.webhooks[-1].payload["entry"][0]["changes"][0]["value"]["messages"][0]["system"]
    assert (told["type"], told["wa_id"]) == ("user_changed_number", "5491155599999")
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "mi número nuevo"})
    assert "mi número nuevo" in reads(shop, "Ana")
    assert shop.graph.webhooks[-1].payload["entry"][0]["changes"][0]["value"]["messages"][0]["from"] == "5491155599999"


async def test_a_customer_takes_a_username_and_hides_the_phone(shop: World) -> None:
    await perform(shop, "customer.takes_username", {"customer": "Leo", "username": "@leo.d"})
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "sin teléfono"})
    value = shop.graph.webhooks[-1].payload["entry"][0]["changes"][0]["value"]
    assert "from" not in value["messages"][0]
    assert value["contacts"][0]["profile"]["username"] == "leo.d"
    await perform(shop, "customer.takes_username", {"customer": "Leo", "username": None, "hides_phone": False})
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "con teléfono"})
    value = shop.graph.webhooks[-1].payload["entry"][0]["changes"][0]["value"]
    assert value["messages"][0]["from"] == "5491155550001"
    assert "username" not in value["contacts"][0]["profile"]


async def test_an_ad_brings_a_customer_with_its_words(shop: World) -> None:
    told = await perform(shop, "customer.writes", {"customer": "Mía", "text": "Vi el anuncio", "ad": True})
    assert told is not None
    message = shop.graph.find(told["message"])
    assert message is not None
    assert message.content["referral"]["source_type"] == "ad"


# --- the business's numbers ---------------------------------------------------------------------------------------------------


async def test_a_second_number_is_a_second_conversation_and_keeps_the_customer(shop: World) -> None:
    await perform(shop, "number.joins", {"name": "Soporte", "phone": "+54 9 11 5000-0001", "coexistence": False})
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "Algo falla", "number": "Soporte"})
    assert "Soporte" in reads(shop, "Ana")
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "¿Me leen?"})
    leo = next(each for each in shop.graph.people if each.name == "Leo")
    second = next(each for each in shop.graph.numbers.values() if each.name == "Soporte")
    assert [line.text for line in leo.chat(second)] == ["Algo falla", "¿Me leen?"]


async def test_what_is_typed_on_the_phone_in_the_shop_is_an_echo_that_may_be_changed(shop: World) -> None:
    await perform(shop, "phone.sends", {"customer": "Leo", "text": "Te llamo"})
    await perform(shop, "time.forward", {"minutes": 2})
    assert [line.text for line in chat(shop, "Leo")] == ["Hola, soy Leo", "Te llamo"]
    await perform(shop, "phone.edits", {"message": "Te llamo", "text": "Te llamo a las 9"})
    assert chat(shop, "Leo")[-1].text == "Te llamo a las 9"
    await perform(shop, "phone.revokes", {"message": "a las 9"})
    assert chat(shop, "Leo")[-1].revoked
    assert {record.status for record in shop.graph.webhooks} == {200}


async def test_a_template_is_known_at_once_and_its_button_can_be_tapped(shop: World) -> None:
    template = {
        "name": "aviso",
        "language": "es",
        "category": "UTILITY",
        "body": "Hola {{1}}, tu pedido está listo",
        "buttons": [{"text": "Voy"}, {"type": "URL", "text": "Mapa", "url": "https://example.com"}],
    }
    await perform(shop, "template.add", template)
    await perform(shop, "time.forward", {"hours": 25})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "¿Vienes?", "reply_to": "Hola, soy Leo"})
    await perform(shop, "agent.presses", {"agent": "Ana", "button": "Plantilla"})
    await perform(shop, "agent.presses", {"agent": "Ana", "button": "1 aviso"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "Leo"})
    await perform(shop, "agent.presses", {"agent": "Ana", "button": "Enviar por"})
    await perform(shop, "time.forward", {"minutes": 3})
    assert chat(shop, "Leo")[-1].text == "Hola Leo, tu pedido está listo"
    with pytest.raises(Refused, match="Mapa"):
        await perform(shop, "customer.taps", {"customer": "Leo", "button": "Mapa"})
    await perform(shop, "customer.taps", {"customer": "Leo", "button": "Voy"})
    assert chat(shop, "Leo")[-1].text == "Voy"


# --- agents ------------------------------------------------------------------------------------------------------------------


async def test_agents_press_edit_react_upload_and_block(shop: World) -> None:
    told = await perform(shop, "agent.presses", {"agent": "Ana", "button": "Ficha", "message": "Hola, soy Leo"})
    assert told is not None
    assert told["label"].endswith("Ficha")
    await perform(shop, "agent.reacts", {"agent": "Ana", "message": "Hola, soy Leo"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "/menu"})
    await perform(shop, "agent.edits", {"agent": "Ana", "message": "/menu", "text": "/estado"})
    await perform(shop, "agent.uploads", {"agent": "Ana", "file": FILE, "caption": "la lista"})
    ana = next(each for each in shop.telegram.people if each.user.name == "Ana")
    mine = [each for each in ana.private.visible if each.sender is ana.user]
    assert [(each.body, each.edits) for each in mine[-2:]] == [("/estado", 1), ("la lista", 0)]
    pushed = next(each for each in ana.private.visible if each.from_bot and "Hola, soy Leo" in each.body)
    assert pushed.reactions_by[ana.id] == ["👌"]
    await perform(shop, "agent.blocks_bot", {"agent": "Ana"})
    with pytest.raises(Refused, match="blocked the bot"):
        await perform(shop, "agent.says", {"agent": "Ana", "text": "hola"})
    await perform(shop, "agent.unblocks_bot", {"agent": "Ana"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "/menu"})


async def test_a_search_without_an_answer_offers_nothing(shop: World) -> None:
    assert await perform(shop, "agent.searches", {"agent": "Ana", "query": "Leo"}) == {"answered": False, "results": []}
    with pytest.raises(Refused, match="was not offered"):
        await perform(shop, "agent.picks", {"agent": "Ana", "result": "Leo"})


async def test_what_the_bot_offered_is_posted_when_it_is_picked(shop: World) -> None:
    await perform(shop, "agent.searches", {"agent": "Ana", "query": "Leo"})
    ana = next(each for each in shop.telegram.people if each.user.name == "Ana")
    assert ana.search is not None
    content = {"message_text": "<b>Leo</b>", "parse_mode": "HTML"}
    ana.search.results = [{"id": "7", "title": "Leo", "input_message_content": content}]
    await perform(shop, "agent.picks", {"agent": "Ana", "result": "Leo"})
    assert ana.said is not None
    assert ana.said.body == "Leo"


async def test_a_group_is_opened_with_the_bot_as_its_administrator(shop: World) -> None:
    told = await perform(shop, "group.opens", {"title": "Bandeja", "members": ["Ana", "Beto"]})
    assert told is not None
    group = shop.telegram.state.chats.by_id[told["chat"]]
    assert (group.is_forum, group.bot_status) == (True, "administrator")
    await perform(shop, "agent.says", {"agent": "Beto", "text": "hola", "chat": "Bandeja"})
    assert [each.body for each in group.visible if not each.from_bot] == ["hola"]


# --- sequences and crowds -------------------------------------------------------------------------------------------------------


async def test_a_sequence_is_loaded_and_a_customer_walks_it(shop: World) -> None:
    assert await perform(shop, "sequence.load", {"text": SEQUENCE}) == {"sequences": ["seguir"]}
    await perform(shop, "sequence.enroll", {"sequence": "seguir", "customer": "Leo"})
    await perform(shop, "time.forward", {"hours": 3})
    assert chat(shop, "Leo")[-1].text == "Hola Leo"


async def test_a_crowd_comes_twice_the_same_and_behaves_as_told(shop: World) -> None:
    await perform(shop, "sequence.load", {"text": SEQUENCE})
    told = await perform(shop, "crowd.joins", {"size": 20, "sequence": "seguir", "seed": 7})
    assert told == {"customers": 20}
    await perform(shop, "time.forward", {"hours": 12})
    crowd = [each for each in shop.graph.people if each.name.startswith("Cliente")]
    assert all(len(each.chat(shop.number)) >= 2 for each in crowd)
    assert any(len(each.chat(shop.number)) > 2 for each in crowd), "nobody answered"
    status = await shop.program.engine.reports.status(None)
    assert status.contacts == 21
    await perform(shop, "crowd.joins", {"size": 2})
    assert len({each.name for each in shop.graph.people}) == len(shop.graph.people)


# --- time ------------------------------------------------------------------------------------------------------------------------


async def test_time_passes_by_so_much_to_the_next_thing_and_to_an_hour(shop: World) -> None:
    began = shop.clock.at
    await perform(shop, "time.forward", {"days": 1, "hours": 2, "minutes": 3})
    assert shop.clock.at - began == timedelta(days=1, hours=2, minutes=3)
    before = shop.clock.at
    await perform(shop, "time.next", {})
    assert before < shop.clock.at < before + timedelta(hours=7)
    await perform(shop, "time.until", {"at": "9:30"})
    assert f"{shop.clock.at:%H:%M}" == "12:30"
    here = shop.clock.at
    await perform(shop, "time.until", {"at": "09:30", "days": 2})
    assert shop.clock.at - here == timedelta(days=2)
    await perform(shop, "time.until", {"at": "09:30"})
    assert shop.clock.at - here == timedelta(days=3)


# --- troubles ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        each.id
        for each in TROUBLES.values()
        if each.where == "messages" and each.fault.kind not in ("no_answer", "slow")
    ],
)
async def test_after_any_trouble_with_meta_nothing_is_doubled(shop: World, trouble: str) -> None:
    await perform(shop, "trouble.graph", {"trouble": trouble, "customer": "Leo"})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "Cuesta diez", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"hours": 2})
    assert shop.graph.faults.waiting == ()
    texts = [line.text for line in chat(shop, "Leo")]
    assert texts.count("Cuesta diez") <= 1
    opaque = [sent.opaque for sent in shop.graph.sends]
    assert len(set(opaque)) == len(opaque)


async def test_the_post_gets_rough_and_calm_again(shop: World) -> None:
    await perform(shop, "trouble.webhooks", {"duplicates": 1, "shuffle": True, "delay_minutes": 3, "batch": 10})
    weather = shop.graph.weather
    assert (weather.duplicates, weather.shuffle, weather.delay, weather.batch) == (1, True, timedelta(minutes=3), 10)
    await perform(shop, "trouble.webhooks", {"shuffle": False})
    assert (weather.duplicates, weather.shuffle) == (1, False)
    await perform(shop, "trouble.graph", {"trouble": "window", "times": 5})
    await perform(shop, "trouble.telegram", {"kind": "gateway", "times": 3})
    await perform(shop, "trouble.clear", {})
    assert (weather.duplicates, weather.delay, weather.batch) == (0, timedelta(), 1)
    assert shop.graph.faults.waiting == ()
    assert shop.telegram.faults.take("sendMessage") is None


@pytest.mark.parametrize("kind", ["flood", "gateway", "drop"])
async def test_a_notice_reaches_the_agent_through_telegrams_trouble(shop: World, kind: str) -> None:
    await perform(shop, "trouble.telegram", {"kind": kind, "seconds": 1})
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "¿Hay alguien?"})
    await perform(shop, "time.forward", {"minutes": 10})
    assert "¿Hay alguien?" in reads(shop, "Ana")
    assert "¿Hay alguien?" in reads(shop, "Beto")


async def test_a_token_expires_and_an_operator_puts_a_new_one_in_place(shop: World) -> None:
    await perform(shop, "trouble.token_expires", {})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "Cuesta diez", "reply_to": "Hola, soy Leo"})
    await perform(shop, "time.forward", {"minutes": 5})
    assert [line.text for line in chat(shop, "Leo")] == ["Hola, soy Leo"]
    await perform(shop, "trouble.token_renewed", {})
    await perform(shop, "time.forward", {"hours": 1})
    assert [line.text for line in chat(shop, "Leo")] == ["Hola, soy Leo", "Cuesta diez"]


async def test_what_is_amiss_at_meta_is_found_by_a_check_and_can_be_put_right(shop: World) -> None:
    found = {
        "scope": "Al token le falta whatsapp_business_messaging",
        "app": "El token es de otra app",
        "target": "El token no alcanza la cuenta",
        "subscription": "Nuestra app no recibe los avisos",
        "webhook": "Los avisos van a elsewhere.example",
        "quality": "Calidad RED",
    }
    assert (
        found.keys() | {"blocked", "limited", "calls"} == AMISS.keys()
    )  # those are heeded where messages leave: test_limits
    for kind, words in found.items():
        await perform(shop, "trouble.account", {"kind": kind})
        assert amiss(shop.graph, shop.number) == [kind]
        assert words in await checked(shop)
        await perform(shop, "trouble.account", {"kind": kind, "mended": True})
    for kind in found:
        await perform(shop, "trouble.account", {"kind": kind})
    await perform(shop, "trouble.clear", {})
    assert amiss(shop.graph, shop.number) == []
    assert "Todo está en orden" in await checked(shop)


async def checked(shop: World) -> str:
    await perform(shop, "agent.says", {"agent": "Ana", "text": "/cuentas"})
    for button in (shop.number.name, "🧪 Revisar con Meta"):
        await perform(shop, "agent.presses", {"agent": "Ana", "button": button})
    ana = next(each for each in shop.telegram.people if each.user.name == "Ana")
    return next(each.plain for each in reversed(ana.private.visible) if "🧪" in each.plain)


async def test_an_agent_hands_in_a_token_on_the_page_behind_the_button(shop: World) -> None:
    with pytest.raises(Refused, match="no form for a token"):
        await perform(shop, "agent.hands_in", {"agent": "Ana"})
    await perform(shop, "trouble.token_expires", {})
    await perform(shop, "agent.says", {"agent": "Ana", "text": "Cuesta diez", "reply_to": "Hola, soy Leo"})
    await perform(shop, "agent.presses", {"agent": "Ana", "button": "🔑 Token nuevo"})
    bad = await perform(shop, "agent.hands_in", {"agent": "Ana", "token": "EAAG-nobody"})
    assert bad == {"status": 422, "says": "Token para Ventas AR"}
    good = await perform(shop, "agent.hands_in", {"agent": "Ana"})
    assert good == {"status": 200, "says": "Listo: Ventas AR tiene un token nuevo."}
    await perform(shop, "time.forward", {"minutes": 5})
    assert [line.text for line in chat(shop, "Leo")] == ["Hola, soy Leo", "Cuesta diez"]


# --- no ---------------------------------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "time.forward": ({}, "how much time"),
    "time.next": ({"days": 1}, "days"),
    "time.until": ({"at": "25:00"}, "at"),
    "phone.remembers": ({"customer": "Nadie"}, "No customer is called Nadie"),
    "phone.names": ({"customer": "Nadie", "name": "x"}, "No customer is called Nadie"),
    "phone.declines": ({"number": "Otro"}, "no number Otro"),
    "number.joins": ({"name": "Ventas AR", "phone": "+5491150000009"}, "called Ventas AR already"),
    "customer.joins": ({"name": "leo"}, "called leo already"),
    "customer.writes": ({"customer": "Nadie", "text": "x"}, "No customer is called Nadie"),
    "customer.sends": ({"customer": "Leo", "kind": "image", "file": FILE}, "cannot be sent as image"),
    "customer.reacts": ({"customer": "Leo", "message": "nunca dicho"}, "no such message"),
    "customer.taps": ({"customer": "Leo", "button": "Sí"}, "no such message"),
    "customer.edits": ({"customer": "Leo", "message": "nunca dicho", "text": "x"}, "no such message"),
    "customer.revokes": ({"customer": "Leo", "message": "nunca dicho"}, "no such message"),
    "customer.blocks": ({"customer": "Leo", "number": "Otro"}, "no number Otro"),
    "customer.unblocks": ({"customer": "Leo", "number": "Otro"}, "no number Otro"),
    "customer.offline": ({"customer": "Nadie"}, "Nadie"),
    "customer.online": ({"customer": "Nadie"}, "Nadie"),
    "customer.habits": ({"customer": "Leo", "delivery_seconds": -1}, "delivery_seconds"),
    "customer.stops_marketing": ({"customer": "Nadie"}, "Nadie"),
    "customer.resumes_marketing": ({"customer": "Nadie"}, "Nadie"),
    "customer.changes_phone": ({"customer": "Mía", "phone": "5491155550001"}, "taken"),
    "customer.takes_username": ({"customer": "Nadie", "username": "x"}, "Nadie"),
    "customer.sends_odd_file": ({"customer": "Leo", "what": "nada"}, "what"),
    "customer.sends_sample": ({"customer": "Leo", "sample": "nada"}, "No sample nada lies ready"),
    "customer.calls": ({"customer": "Nadie"}, "Nadie"),
    "meta.says": ({"news": "nada"}, "No sample nada lies ready"),
    "meta.agent": ({"number": "Otro"}, "no number Otro"),
    "meta.answers": ({"customer": "Nadie", "text": "x"}, "Nadie"),
    "meta.hands_over": ({"customer": "Leo", "to": "nobody"}, "to"),
    "phone.sends": ({"customer": "Leo", "text": "x", "number": "Sin app"}, "not in coexistence"),
    "phone.edits": ({"message": "nunca dicho", "text": "x"}, "Nothing like this was typed"),
    "phone.revokes": ({"message": "nunca dicho"}, "Nothing like this was typed"),
    "agent.joins": ({"name": "ana", "role": "admin"}, "called ana already"),
    "agent.says": ({"agent": "Ana", "text": "x", "chat": "Otro"}, "no chat Otro"),
    "agent.presses": ({"agent": "Ana", "button": "No existe"}, "sees no button"),
    "agent.edits": ({"agent": "Ana", "message": "nunca dicho", "text": "x"}, "no such message"),
    "agent.reacts": ({"agent": "Ana", "message": "nunca dicho"}, "no such message"),
    "agent.uploads": ({"agent": "Ana", "file": FILE | {"base64": "***"}}, "base64"),
    "agent.uploads_album": ({"agent": "Ana", "pictures": 11}, "pictures"),
    "agent.searches": ({"agent": "Nadie", "query": "x"}, "No agent is called Nadie"),
    "agent.picks": ({"agent": "Ana", "result": "x"}, "was not offered"),
    "agent.blocks_bot": ({"agent": "Nadie"}, "Nadie"),
    "agent.unblocks_bot": ({"agent": "Nadie"}, "Nadie"),
    "group.opens": ({"title": "G", "members": ["Nadie"]}, "No agent is called Nadie"),
    "template.add": (
        {"name": "a", "language": "es", "category": "UTILITY", "body": "{{1}} {{3}}"},
        "without a gap",
    ),
    "template.hold": ({"what": "nada"}, "what"),
    "template.change": ({"name": "no_hay", "event": "PAUSED"}, "no template no_hay"),
    "trouble.graph": ({"trouble": "nada"}, "no trouble nada"),
    "trouble.webhooks": ({"duplicates": 2}, "duplicates"),
    "trouble.telegram": ({"kind": "nada"}, "kind"),
    "trouble.token_expires": ({"number": "Otro"}, "no number Otro"),
    "trouble.token_renewed": ({"number": "Otro"}, "no number Otro"),
    "trouble.account": ({"kind": "nada"}, "kind"),
    "agent.hands_in": ({"agent": "Nadie"}, "Nadie"),
    "agent.shares": ({"agent": "Nadie", "kind": "location"}, "Nadie"),
    "trouble.database": ({"stopped": True}, "cannot be stopped"),
    "trouble.kill": ({}, "cannot be killed"),
    "trouble.restart": ({}, "cannot be started anew"),
    "trouble.clear": ({"all": True}, "all"),
    "sequence.load": ({"text": "[[sequence]]"}, "sequence"),
    "sequence.enroll": ({"sequence": "x", "customer": "Mía"}, "never had a chat"),
    "crowd.joins": ({"size": 3, "answers": 0.9, "silent": 0.9}, "more than the whole"),
}


def test_every_act_has_its_refusal_here() -> None:
    assert set(REFUSED) == set(ACTS)


async def test_what_cannot_be_done_is_refused_in_a_sentence_and_changes_nothing(shop: World) -> None:
    await perform(shop, "number.joins", {"name": "Sin app", "phone": "+5491150000002", "coexistence": False})
    seen = _seen(shop)
    for name, (args, words) in REFUSED.items():
        with pytest.raises(Refused) as refused:
            await perform(shop, name, args)
        assert words in str(refused.value), f"{name}: {refused.value}"
        assert refused.value.say("pt")
    assert _seen(shop) == seen


async def test_an_unknown_act_is_refused(shop: World) -> None:
    with pytest.raises(Refused, match=r"no act customer\.flies"):
        await perform(shop, "customer.flies", {})


WRONG: list[tuple[str, Callable[[str], Any]]] = [
    ("unknown value", lambda text: {"customer": "Leo", "text": text, "colour": "red"}),
    ("wrong type", lambda text: {"customer": ["Leo"], "text": text}),
    ("missing", lambda text: {"text": text}),
    ("empty", lambda _: {"customer": "Leo", "text": ""}),
    ("too long", lambda _: {"customer": "Leo", "text": "x" * 4097}),
]


@pytest.mark.parametrize(("case", "args"), WRONG, ids=[case for case, _ in WRONG])
async def test_values_that_make_no_sense_are_refused(shop: World, case: str, args: Callable[[str], Any]) -> None:
    with pytest.raises(Refused) as refused:
        await perform(shop, "customer.writes", args("hola"))
    assert refused.value.key == "wrong-value"
    assert len(chat(shop, "Leo")) == 1


def _seen(world: World) -> tuple[object, ...]:
    """What everybody has before them."""
    people = [(each.name, each.phone, len(each.chat(world.number))) for each in world.graph.people]
    agents = [(each.user.name, reads(world, each.user.name)) for each in world.telegram.people]
    return people, agents, len(world.graph.sends), world.clock.at
