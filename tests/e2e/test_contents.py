"""What is neither words nor a file, from an agent's hand to a customer's phone and back: places, people, reactions, things to tap."""

import pytest

from sandbox.acts import perform
from sandbox.graph import Person as Customer
from sandbox.graph.faults import Fault
from sandbox.graph.state import Message
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World


async def pushed(world: World, ana: Agent, leo: Customer, text: str = "¿Dónde están?") -> ShownMessage:
    """A customer wrote, and Ana sees it."""
    leo.writes(world.number, text)
    return await world.sees(ana, text)


def got(world: World, leo: Customer) -> list[Message]:
    """What the business sent, as the customer's phone has it."""
    return [each for each in leo.thread(world.number).messages if each.author == "api"]


async def composes(world: World, ana: Agent, form: str, *typed: str) -> None:
    """Ana opens the customer's card, chooses a form and types, one message after another."""
    await world.settle()
    ana.says("/c leo")
    await world.settle()
    ana.presses("🔘 Botones")
    await world.settle()
    ana.presses(form)
    for text in typed:
        await world.settle()
        ana.says(text, reply_to=ana.screen)
    await world.settle()


# --- places and people ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arrives_as", "content"),
    [
        ("location", "location", {"latitude": -34.6037, "longitude": -58.3816}),
        (
            "venue",
            "location",
            {"latitude": -34.6037, "longitude": -58.3816, "name": "Obelisco", "address": "Av. 9 de Julio"},
        ),
        (
            "contact",
            "contacts",
            {
                "contacts": [
                    {
                        "name": {"formatted_name": "Obelisco", "first_name": "Obelisco"},
                        "phones": [{"phone": "+54 11 5555 0000", "type": "CELL"}],
                    }
                ]
            },
        ),
    ],
)
async def test_a_place_or_a_person_arrives_and_quotes_what_it_answers(
    world: World, ana: Agent, leo: Customer, kind: str, arrives_as: str, content: dict[str, object]
) -> None:
    await pushed(world, ana, leo)
    asked = leo.thread(world.number).messages[-1].wamid
    await perform(world, "agent.shares", {"agent": "Ana", "kind": kind, "reply_to": "¿Dónde están?"})
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert (message.type, message.content, message.context) == (arrives_as, content, asked)
    assert message.shown_at is not None


async def test_a_place_into_a_closed_window_waits_and_leaves_later(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await world.travel(hours=30)
    await perform(world, "agent.shares", {"agent": "Ana", "kind": "venue", "reply_to": "¿Dónde están?"})
    assert got(world, leo) == []
    card = await world.sees(ana, "Obelisco, Av. 9 de Julio")
    assert "📍" in card.body
    leo.writes(world.number, "¿Siguen ahí?")
    await world.settle()
    ana.presses("✅ Enviar ahora", message=card)
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert (message.type, message.text) == ("location", "Obelisco")
    assert message.context == leo.thread(world.number).messages[0].wamid


# --- reactions -----------------------------------------------------------------------------------------------------------------


async def test_an_agents_reaction_is_seen_changed_and_taken_back(world: World, ana: Agent, leo: Customer) -> None:
    push = await pushed(world, ana, leo)
    written = leo.thread(world.number).messages[-1]
    seen = []
    for emojis in (["👍"], ["❤"], []):
        ana.reacts(push, *emojis)
        await world.travel(seconds=10)
        seen.append(written.reactions.get("api"))
    assert seen == ["👍", "❤️", None]
    assert [each.type for each in got(world, leo)] == ["reaction"] * 3


async def test_reactions_elsewhere_and_custom_ones_say_nothing(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await world.settle()
    ana.says("/menu")
    await world.settle()
    assert ana.screen is not None
    ana.reacts(ana.screen, "👍")
    await world.travel(seconds=10)
    assert got(world, leo) == []


async def test_a_reaction_after_the_window_is_refused_with_a_sentence(world: World, ana: Agent, leo: Customer) -> None:
    push = await pushed(world, ana, leo)
    await world.travel(hours=30)
    ana.reacts(push, "👍")
    await world.settle()
    assert got(world, leo) == []
    assert ana.screen is not None
    assert "La ventana se cerró: la reacción no se envió." in ana.screen.body


async def test_a_reaction_that_is_delivered_twice_by_telegram_is_put_once(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    update = ana.reacts(push, "👍")
    await world.travel(seconds=10)
    ana.redelivers(update)
    await world.travel(seconds=10)
    assert len(got(world, leo)) == 1


# --- things to tap -------------------------------------------------------------------------------------------------------------


async def test_buttons_are_typed_looked_at_sent_tapped_and_the_tap_is_seen(
    world: World, ana: Agent, leo: Customer
) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "🔘 Botones", "¿Confirmas para mañana?", "Sí, confirmar\nCambiar fecha\nNo")
    assert ana.screen is not None
    assert "Así lo verá" in ana.screen.body
    assert "[ Cambiar fecha ]" in ana.screen.body
    assert got(world, leo) == []
    ana.presses("✅ Enviar así")
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert (message.type, message.content["type"]) == ("interactive", "button")
    await perform(world, "customer.taps", {"customer": "Leo", "button": "Cambiar fecha"})
    tapped = await world.sees(ana, "Cambiar fecha")
    assert "Leo" in tapped.body
    async with world.program.database.read() as uow:
        (reply,) = (await uow.messages.known([leo.thread(world.number).messages[-1].wamid])).values()
        (asked,) = (await uow.messages.known([message.wamid])).values()
    assert (reply.kind, reply.text, reply.payload["context"]["id"]) == ("interactive", "Cambiar fecha", message.wamid)
    assert asked.text == "¿Confirmas para mañana?\n▸ Sí, confirmar\n▸ Cambiar fecha\n▸ No"


async def test_a_list_is_opened_and_a_row_chosen(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "📋 Lista", "¿Qué día?", "# Esta semana\nLunes | de 9 a 12\nMartes\n# Otra\nOtro día")
    ana.presses("✅ Enviar así")
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert [section["title"] for section in message.content["action"]["sections"]] == ["Esta semana", "Otra"]
    await perform(world, "customer.taps", {"customer": "Leo", "button": "Martes"})
    assert "Leo" in (await world.sees(ana, "Martes")).body


async def test_a_link_leads_where_it_was_told(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "🔗 Enlace", "El catálogo", "Ver catálogo https://example.com/c")
    ana.presses("✅ Enviar así")
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert message.content["action"]["parameters"] == {
        "display_text": "Ver catálogo",
        "url": "https://example.com/c",
    }


async def test_somebody_without_a_phone_is_asked_for_it_and_gives_it(world: World, ana: Agent) -> None:
    leo = world.graph.person(phone="5491155550099", name="Leo", hides_phone=True)
    await pushed(world, ana, leo)
    await composes(world, ana, "📞 Pedir teléfono", "¿Nos compartes tu teléfono?")
    ana.presses("✅ Enviar así")
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert message.content["type"] == "contact_request"
    await perform(world, "customer.taps", {"customer": "Leo", "button": "request_contact_info"})
    assert "+5491155550099" in (await world.sees(ana, "5491155550099")).body


async def test_somebody_whose_phone_is_known_is_not_asked_for_it(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await world.settle()
    ana.says("/c leo")
    await world.settle()
    ana.presses("🔘 Botones")
    await world.settle()
    assert ana.screen is not None
    assert [label for label in ana.screen.labels if "teléfono" in label] == []


async def test_what_whatsapp_would_not_take_is_told_and_the_step_stays(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "🔘 Botones", "x" * 1_025)
    assert ana.screen is not None
    assert "El texto es demasiado largo: 1.025 de 1.024" in ana.screen.body
    ana.says("¿Sí o no?")
    await world.settle()
    for wrong, why in (
        ("Uno\nDos\nTres\nCuatro", "Hay demasiados botones: 4"),
        (f"Sí\n{'N' * 21}", "El título del botón 2 es demasiado largo: 21 de 20"),
        ("Sí\nSí", "El botón 2 se llama como otro"),
    ):
        ana.says(wrong)
        await world.settle()
        assert ana.screen is not None
        assert why in ana.screen.body
    ana.says("Sí\nNo")
    await world.settle()
    ana.presses("✅ Enviar así")
    await world.travel(minutes=1)
    assert [each.text for each in got(world, leo)] == ["¿Sí o no?"]


async def test_only_what_was_looked_at_last_is_sent_and_once(world: World, ana: Agent, leo: Customer) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "🔘 Botones", "¿Una?", "Sí\nNo")
    first = ana.screen
    assert first is not None
    ana.presses("✏️ Empezar de nuevo")
    await world.settle()
    ana.says("¿Dos?")
    await world.settle()
    ana.says("Sí\nNo")
    await world.settle()
    second = ana.screen
    assert second is not None
    send = next(button.data for button in second.buttons if button.text == "✅ Enviar así")
    old = ana.presses(message=first, data="m:cs:" + send.split(":")[2] + ":5") if send else None
    await world.settle()
    assert old is not None
    assert old.alert
    for _ in range(2):
        press = ana.presses(message=second, data=send)
        await world.settle()
    assert press.toast == "✅ Eso ya se hizo"
    await world.travel(minutes=1)
    assert [each.text for each in got(world, leo)] == ["¿Dos?"]


async def test_buttons_into_a_closed_window_wait_whole_and_can_be_tapped_later(
    world: World, ana: Agent, leo: Customer
) -> None:
    await pushed(world, ana, leo)
    await world.travel(hours=30)
    await composes(world, ana, "🔘 Botones", "¿Seguimos?", "Sí\nNo")
    ana.presses("✅ Enviar así")
    await world.settle()
    assert got(world, leo) == []
    card = ana.screen
    assert card is not None
    assert "▸ Sí" in card.body
    leo.writes(world.number, "Aquí estoy")
    await world.settle()
    ana.presses("✅ Enviar ahora", message=card)
    await world.travel(minutes=1)
    [message] = got(world, leo)
    assert message.content["type"] == "button"
    await perform(world, "customer.taps", {"customer": "Leo", "button": "Sí"})
    assert "Leo" in (await world.sees(ana, "Sí")).body


@pytest.mark.parametrize("cancel", ["/cancelar", "Cancelar"])
async def test_a_form_can_be_left(world: World, ana: Agent, leo: Customer, cancel: str) -> None:
    await pushed(world, ana, leo)
    await composes(world, ana, "🔘 Botones", "¿Sí?", "Sí\nNo")
    if cancel.startswith("/"):
        ana.says(cancel)
    else:
        ana.presses(cancel)
    await world.settle()
    ana.says("Otra cosa")
    await world.travel(minutes=1)
    assert got(world, leo) == []


# --- between messages ----------------------------------------------------------------------------------------------------------


def reads(world: World, leo: Customer) -> list[bool]:
    """Which of the customer's messages show blue ticks."""
    return ["read" in each.statuses for each in leo.thread(world.number).messages if each.author == "person"]


def typing(world: World, leo: Customer) -> bool:
    until = leo.thread(world.number).typing_until
    return until is not None and world.clock.now() < until


async def test_a_customer_sees_blue_ticks_when_an_agent_answers_and_not_before(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    await world.travel(minutes=5)
    assert reads(world, leo) == [False]
    ana.says("En el centro", reply_to=push)
    await world.travel(seconds=2)
    assert reads(world, leo) == [True]
    leo.writes(world.number, "Gracias")
    await world.travel(minutes=5)
    assert reads(world, leo) == [True, False]


async def test_a_customer_sees_somebody_typing_while_buttons_are_composed(
    world: World, ana: Agent, leo: Customer
) -> None:
    await pushed(world, ana, leo)
    await world.settle()
    ana.says("/c leo")
    await world.settle()
    ana.presses("🔘 Botones")
    await world.settle()
    assert not typing(world, leo)
    ana.presses("🔘 Botones")
    await world.settle()
    assert typing(world, leo)
    assert got(world, leo) == []


async def test_a_failing_read_mark_harms_no_answer(world: World, ana: Agent, leo: Customer) -> None:
    push = await pushed(world, ana, leo)
    world.graph.fail_next(Fault("error", code=131000), where="marks")
    ana.says("En el centro", reply_to=push)
    await world.travel(minutes=1)
    assert [each.text for each in got(world, leo)] == ["En el centro"]
    assert reads(world, leo) == [False]


# --- held by Meta --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("then", "shown"), [("release", ["Hola Leo, tu pedido está listo"]), ("drop", [])])
async def test_what_meta_holds_for_its_quality_is_shown_as_such_until_it_is_settled(
    world: World, ana: Agent, leo: Customer, then: str, shown: list[str]
) -> None:
    template = {"name": "aviso", "language": "es", "category": "UTILITY", "body": "Hola {{1}}, tu pedido está listo"}
    await perform(world, "template.add", template)
    await perform(world, "template.hold", {"what": "hold"})
    await pushed(world, ana, leo, "Hola")
    await world.travel(hours=25)
    await perform(world, "agent.says", {"agent": "Ana", "text": "¿Vienes?", "reply_to": "Hola"})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "Plantilla"})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "1 aviso"})
    await perform(world, "agent.says", {"agent": "Ana", "text": "Leo"})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "Enviar por"})
    await world.travel(minutes=3)
    await perform(world, "agent.says", {"agent": "Ana", "text": "/c leo"})
    assert ana.screen is not None
    assert "Meta lo retiene para revisar su calidad" in ana.screen.body
    await perform(world, "template.hold", {"what": then})
    await world.travel(minutes=3)
    assert [each.text for each in leo.inbox] == shown
    await perform(world, "agent.says", {"agent": "Ana", "text": "/c leo"})
    assert ana.screen is not None
    assert "Meta lo retiene" not in ana.screen.body
    assert ("⚠️" in ana.screen.body) is (then == "drop")
