"""One person, one contact, whatever WhatsApp calls them: with another number, without a phone, and when somebody gets their old number."""

from sandbox.acts import perform
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import World
from tests.e2e.plans import publish, step

NEW = "5491155559999"


async def test_a_customer_who_changes_the_number_keeps_history_pause_and_agent(
    world: World, ana: Agent, leo: Customer
) -> None:
    """The plan was paused by the reply, and stays paused: neither the change nor the new number's message greets anew."""
    await publish(world, step(24, "¿Pudiste ver la propuesta?"))
    leo.writes(world.number, "Hola")
    await world.travel(hours=1)
    leo.writes(world.number, "¿Precio?")
    await world.travel(hours=1)
    leo.changes_phone(NEW)
    await world.travel(minutes=5)
    leo.writes(world.number, "Soy yo, con número nuevo")
    asked = await world.sees(ana, "Soy yo, con número nuevo")
    await world.says(ana, "Te anoto", reply_to=asked)
    await world.says(ana, "/c Leo")
    shown = await world.sees(ana, "👤 Leo", "+54 9 11 5555-9999", "Antes: +54 9 11 5555-0099", "respondió")
    for words in ("Hola", "¿Precio?", "Soy yo, con número nuevo"):
        assert words in shown.plain
    await world.travel(hours=72)
    assert [each.text for each in leo.inbox] == ["Te anoto"]


async def test_who_gets_an_old_number_is_somebody_else(world: World, ana: Agent, leo: Customer) -> None:
    leo.writes(world.number, "Hola")
    await world.travel(hours=1)
    old = leo.phone
    leo.changes_phone(NEW)
    await world.travel(days=2)
    eva = world.graph.person(phone=old, name="Eva")
    eva.writes(world.number, "Buenas, número nuevo")
    asked = await world.sees(ana, "Buenas, número nuevo")
    await world.says(ana, "Bienvenida, Eva", reply_to=asked)
    await world.says(ana, "/c Eva")
    shown = await world.sees(ana, "👤 Eva", "+54 9 11 5555-0099")
    assert "Hola" not in shown.plain
    assert "misma persona" not in shown.plain, "Meta said that Leo gave the number up"
    await world.travel(minutes=2)
    assert [each.text for each in eva.inbox] == ["Bienvenida, Eva"]
    assert leo.inbox == []


async def test_who_hides_the_phone_stays_the_same_and_is_answered_by_phone_then_by_id(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "Hola")
    await world.travel(minutes=1)
    await perform(world, "customer.takes_username", {"customer": leo.name, "username": "leo.d"})
    leo.writes(world.number, "Ahora sin teléfono")
    asked = await world.sees(ana, "Ahora sin teléfono")
    await world.says(ana, "Te veo igual", reply_to=asked)
    await world.travel(minutes=2)
    mia = world.graph.person(bsuid="AR.77", name="Mía", username="mia")
    mia.writes(world.number, "Nunca dije mi teléfono")
    asked = await world.sees(ana, "Nunca dije mi teléfono")
    await world.says(ana, "No hace falta", reply_to=asked)
    await world.travel(minutes=2)
    assert [each.text for each in leo.inbox] == ["Te veo igual"]
    assert [each.text for each in mia.inbox] == ["No hace falta"]
    await world.says(ana, "/c leo.d")
    shown = await world.sees(ana, "👤 Leo", "@leo.d", "+54 9 11 5555-0099")
    assert "Ahora sin teléfono" in shown.plain
    await world.says(ana, "/c mia")
    await world.sees(ana, "👤 Mía", "sin teléfono: solo su usuario de WhatsApp", "@mia")


async def test_two_that_may_be_one_are_merged_by_an_agent_and_parted_again(
    world: World, ana: Agent, leo: Customer
) -> None:
    """Another id with the same username: for WhatsApp two, for the agent one."""
    leo.takes_username("leo.d", hides_phone=False)
    leo.writes(world.number, "Hola desde siempre")
    await world.travel(minutes=1)
    leo.takes_username(None, hides_phone=False)
    world.graph.person(bsuid="AR.88", name="Leonardo", username="leo.d").writes(world.number, "Soy Leo, otra cuenta")
    await world.sees(ana, "Soy Leo, otra cuenta")
    await world.says(ana, "/c Leonardo")
    card = await world.sees(ana, "👤 Leonardo", "Quizá sea la misma persona: Leo")
    await world.presses(ana, "🔗 Unir con Leo", on=card)
    await world.presses(ana, "🔗 Sí, unir", on=card)
    assert "Unido a mano con Leonardo" in card.plain
    assert "Hola desde siempre" in card.plain
    assert "Soy Leo, otra cuenta" in card.plain
    await world.presses(ana, "✂️ Deshacer la unión", on=card)
    await world.presses(ana, "✂️ Sí, separar", on=card)
    assert "Soy Leo, otra cuenta" not in card.plain
    assert "Hola desde siempre" in card.plain
