"""A sequence from its first message to its end, over days: by itself, after a pause, by hand from the phone, by template."""

from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World
from tests.e2e.plans import publish, step


def customer(world: World, name: str = "Leo", phone: str = "5491155550099") -> Customer:
    return world.graph.person(phone=phone, name=name)


def ticks(leo: Customer, world: World) -> list[tuple[str, str]]:
    """What the business said to Leo, and how far each came."""
    return [(line.text, line.tick) for line in leo.chat(world.number) if line.author != "person"]


async def file_of(world: World, agent: Agent, name: str) -> ShownMessage:
    """The contact's card as the agent sees it now."""
    await world.says(agent, f"/c {name}")
    return await world.sees(agent, f"👤 {name}")


async def test_a_whole_sequence_over_days_with_a_pause_and_a_paid_step_to_its_end(world: World, ana: Agent) -> None:
    leo = customer(world)
    world.number.add_template("ultimo_aviso", "es", "UTILITY", "Hola {{1}}, ¿cerramos tu pedido?")
    await publish(
        world,
        step(2, "Hola {name}, aquí va el catálogo"),
        step(10, "¿Te gustó algo, {name}?"),
        step(72, "¿Cerramos tu pedido?", "ultimo_aviso"),
    )
    leo.writes(world.number, "Hola, quiero ver el catálogo")
    assert "«Bienvenida» paso 1 de 3" in (await file_of(world, ana, "Leo")).plain
    await world.travel(hours=3)
    assert ticks(leo, world) == [("Hola Leo, aquí va el catálogo", "read")]

    leo.writes(world.number, "Gracias, lo miro")
    await world.travel(hours=5)
    card = await file_of(world, ana, "Leo")
    assert "paso 2 de 3 · en pausa: respondió" in card.plain
    await world.presses(ana, "▶️ Bienvenida", on=card)
    await world.travel(hours=8)
    assert len(world.graph.sends) == 1
    await world.travel(hours=2)
    assert ticks(leo, world)[1:] == [("¿Te gustó algo, Leo?", "read")]

    await world.travel(hours=73)
    assert len(world.graph.sends) == 2
    await world.says(ana, "/cola")
    await world.presses(ana, "▶️ Resolver")
    await world.presses(ana, "💳 Plantilla")
    await world.presses(ana, "1 ultimo_aviso")
    await world.presses(ana, "✅ Enviar por US$ 0,0260")
    await world.travel(minutes=5)
    assert ticks(leo, world)[2:] == [("Hola Leo, ¿cerramos tu pedido?", "read")]
    assert [sent.basis for sent in world.graph.sends] == ["customer_message", "customer_message", "template"]
    done = await file_of(world, ana, "Leo")
    assert "«Bienvenida» terminada" in done.plain
    await world.travel(days=30)
    assert len(world.graph.sends) == 3


async def test_a_step_typed_on_the_phone_before_it_was_due_is_not_sent_again_and_the_next_one_is(
    world: World, ana: Agent
) -> None:
    leo = customer(world)
    await publish(
        world, step(4, "¿Pudiste ver la propuesta que te mandamos?"), step(6, "Te la mando de nuevo por las dudas")
    )
    leo.writes(world.number, "Hola")
    await world.travel(hours=1)
    world.number.phone_sends(leo, "¿Pudiste ver la propuesta que te mandamos? 🙂")
    await world.travel(hours=5)
    assert world.graph.sends == []
    assert "«Bienvenida» paso 2 de 2" in (await file_of(world, ana, "Leo")).plain
    await world.travel(hours=3)
    assert [sent.body for sent in world.graph.sends] == ["Te la mando de nuevo por las dudas"]
    assert ticks(leo, world) == [
        ("¿Pudiste ver la propuesta que te mandamos? 🙂", "read"),
        ("Te la mando de nuevo por las dudas", "read"),
    ]
    assert "«Bienvenida» terminada" in (await file_of(world, ana, "Leo")).plain


async def test_a_card_closes_by_itself_in_every_chat_when_the_phone_says_its_text_and_the_sequence_goes_on(
    world: World, ana: Agent, beto: Agent
) -> None:
    leo = customer(world)
    await publish(world, step(80, "¿Pudiste ver la propuesta que te mandé?"), step(24, "Último aviso, {name}"))
    leo.writes(world.number, "Hola")
    await world.travel(hours=81)
    cards = []
    for agent in (ana, beto):
        await world.says(agent, "/cola")
        await world.presses(agent, "▶️ Resolver")
        cards.append(await world.sees(agent, "Leo", "¿Pudiste ver", "A mano"))
    world.number.phone_sends(leo, "¿pudiste ver la propuesta que te mande?")
    await world.settle()
    assert all("enviado desde el teléfono" in card.plain for card in cards)
    assert not any("Descartar" in card.plain for card in cards)
    await world.says(ana, "/cola")
    await world.sees(ana, "Cola vacía")
    assert world.graph.sends == []
    assert [text for text, _ in ticks(leo, world)] == ["¿pudiste ver la propuesta que te mande?"]
    assert "«Bienvenida» paso 2 de 2" in (await file_of(world, ana, "Leo")).plain
