"""Agents on a simulated Telegram: they join with a code, hear of customers, answer, and decide what leaves; strangers get nothing."""

from crm.model.agents import Role
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.telegram import Press, ShownMessage
from sandbox.world import World
from tests.e2e.plans import publish, step

TEMPLATE = "recordatorio"


async def waiting_card(world: World, leo: Customer) -> None:
    """Leo's step has come due with his window closed; a template could stand in for it."""
    world.number.add_template(TEMPLATE, "es", "UTILITY", "Hola {{1}}, tu pedido te espera.")
    world.number.add_template("promo", "es", "MARKETING", "Hola {{1}}, mira las ofertas.")
    await publish(world, step(80, "¿Pudiste ver la propuesta?", TEMPLATE))
    leo.writes(world.number, "Hola")
    await world.travel(hours=81)


async def on_the_card(world: World, agent: Agent) -> ShownMessage:
    """Open the queue, and the one card in it."""
    await world.says(agent, "/cola")
    await world.presses(agent, "▶️ Resolver")
    return await world.sees(agent, "Leo", "¿Pudiste ver", "Plantilla")


async def test_a_reply_in_telegram_reaches_the_customer_and_is_nodded_at(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "¿Tienen stock?")
    asked = await world.sees(ana, "Leo", "¿Tienen stock?")
    answer = await world.says(ana, "Sí, hay diez", reply_to=asked)
    await world.travel(minutes=2)
    assert [(shown.text, shown.phone_number_id) for shown in leo.inbox] == [
        ("Sí, hay diez", world.number.phone_number_id)
    ]
    assert answer.reactions == ["👌"]


async def test_a_reply_after_the_window_waits_as_a_card_and_nothing_is_sent(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "¿Tienen stock?")
    asked = await world.sees(ana, "¿Tienen stock?")
    await world.travel(hours=25)
    await world.says(ana, "Sí, hay diez", reply_to=asked)
    kept = await world.sees(ana, "No se envió", "Sí, hay diez")
    assert world.graph.sends == []
    leo.writes(world.number, "¿Hola?")
    await world.presses(ana, "🔄", on=kept)
    await world.presses(ana, "✅ Enviar ahora", on=kept)
    await world.travel(minutes=2)
    assert [shown.text for shown in leo.inbox] == ["Sí, hay diez"]
    assert "enviado por Ana" in kept.plain


async def test_a_step_whose_window_closed_leaves_as_the_template_an_agent_confirmed_at_its_price(
    world: World, ana: Agent, leo: Customer
) -> None:
    await waiting_card(world, leo)
    await world.sees(ana, "ventana cerrada con Leo")
    assert world.graph.sends == []
    card = await on_the_card(world, ana)
    await world.presses(ana, "💳 Plantilla", on=card)
    assert "recordatorio · utilidad · US$ 0,0260" in card.plain
    assert "promo · marketing · US$ 0,0618" in card.plain
    await world.presses(ana, "1 recordatorio", on=card)
    assert "Precio: US$ 0,0260" in card.plain
    assert world.graph.sends == []
    await world.presses(ana, "✅ Enviar por US$ 0,0260", on=card)
    await world.travel(minutes=2)
    assert [shown.text for shown in leo.inbox] == ["Hola Leo, tu pedido te espera."]
    assert [(sent.template, sent.basis) for sent in world.graph.sends] == [(TEMPLATE, "template")]
    assert "enviado por Ana" in card.plain


async def test_of_two_agents_who_confirm_at_once_one_sends_and_the_other_is_told_who(
    world: World, ana: Agent, beto: Agent, leo: Customer
) -> None:
    await waiting_card(world, leo)
    cards = {agent.user.name: await on_the_card(world, agent) for agent in (ana, beto)}
    for agent in (ana, beto):
        await world.presses(agent, "💳 Plantilla", on=cards[agent.user.name])
        await world.presses(agent, "1 recordatorio", on=cards[agent.user.name])
    for agent in (ana, beto, ana, beto):
        agent.presses("✅ Enviar por", message=cards[agent.user.name])
    await world.travel(minutes=2)
    assert [sent.template for sent in world.graph.sends] == [TEMPLATE]
    assert [shown.text for shown in leo.inbox] == ["Hola Leo, tu pedido te espera."]
    winner = next(name for name in cards if f"enviado por {name}" in cards["Ana"].plain)
    assert all(f"enviado por {winner}" in card.plain for card in cards.values())


async def test_of_two_agents_who_send_the_same_text_at_once_one_does(
    world: World, ana: Agent, beto: Agent, leo: Customer
) -> None:
    await waiting_card(world, leo)
    leo.writes(world.number, "¿Siguen ahí?")
    cards = [await on_the_card(world, agent) for agent in (ana, beto)]
    presses: list[Press] = []
    for agent, card in zip((ana, beto), cards, strict=True):
        presses += [agent.presses("✅ Enviar ahora", message=card) for _ in range(2)]
    await world.travel(minutes=2)
    assert [shown.text for shown in leo.inbox] == ["¿Pudiste ver la propuesta?"]
    assert len(world.graph.sends) == 1
    refused = [press.alert for press in presses if press.alert]
    assert len(refused) == 3
    assert all("Ya lo resolvió" in why for why in refused)


async def test_a_stranger_gets_no_answer_and_a_viewer_may_only_look(world: World, ana: Agent, leo: Customer) -> None:
    viewer = await world.agent("Vera", 1003, Role.VIEWER)
    stranger = world.telegram.person(user_id=666, name="Nadie", language="es")
    for words in ("/menu", "/start adivina", "/cola"):
        await world.says(stranger, words)
    await waiting_card(world, leo)
    await world.says(viewer, "/cola")
    queue = await world.sees(viewer, "Cola manual", "Leo")
    assert "Resolver" not in queue.plain
    assert [message for message in stranger.chat if message.from_bot] == []
