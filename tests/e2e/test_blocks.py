"""Silence becomes a suspicion and then a certainty, agents hear of it, nothing more leaves; a delivery or a person's word ends it."""

import pytest

from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import World
from tests.e2e.plans import publish, step

SILENT_DAYS = 3.6
"""Longer than the 72 hours of silence, and than the six hours between two looks."""


async def pass_days(world: World, mia: Customer, days: float) -> None:
    """Let days pass in which the number talks with somebody else: without that, silence proves nothing."""
    for _ in range(int(days)):
        await world.travel(hours=24)
        world.number.phone_sends(mia, "¡Gracias por escribir!")
    await world.travel(hours=24 * (days % 1))


async def test_a_block_is_probable_then_confirmed_then_reactivated_by_button_and_sends_flow_again(
    world: World, ana: Agent, leo: Customer, mia: Customer
) -> None:
    await publish(world, step(2, "Hola {name}"), step(12, "¿Sigues ahí?"), step(200, "Vuelve cuando quieras"))
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    leo.blocks(world.number)
    await world.travel(hours=20)
    assert [sent.body for sent in world.graph.sends] == ["Hola Leo", "¿Sigues ahí?"]
    await pass_days(world, mia, SILENT_DAYS)
    await world.sees(ana, "Leo: bloqueo probable (95 %)", "♻️ Reactivar")
    await world.says(ana, "/bloqueos")
    await world.sees(ana, "🟧 Leo · probable 95 % · 2 sin entregar")
    await world.says(ana, "/c Leo")
    await world.sees(ana, "en pausa: posible bloqueo")

    world.number.phone_sends(leo, "¿Todo bien?")
    await pass_days(world, mia, SILENT_DAYS)
    alarm = await world.sees(ana, "Leo: bloqueo confirmado (99 %)", "♻️ Reactivar")
    await world.says(ana, "¿Te llegó?", reply_to=asked)
    await world.sees(ana, "Bloqueo confirmado: no se puede enviar")
    await world.travel(days=10)
    assert leo.inbox == []
    assert len([sent for sent in world.graph.sends if sent.person is leo]) == 2

    leo.unblocks(world.number)
    await world.presses(ana, "♻️ Reactivar", on=alarm)
    assert "bloqueo confirmado (99 %)" in alarm.plain
    await world.presses(ana, "♻️ Sí, reactivar", on=alarm)
    assert "Reactivado" in alarm.plain
    await world.says(ana, "/bloqueos")
    await world.sees(ana, "Ninguna sospecha abierta")
    leo.writes(world.number, "Ya estoy")
    again = await world.sees(ana, "Ya estoy")
    await world.says(ana, "¡Bienvenido de vuelta!", reply_to=again)
    await world.travel(minutes=5)
    assert [shown.text for shown in leo.inbox] == ["¡Bienvenido de vuelta!"]


async def test_a_reactivated_contact_walks_on_where_the_block_had_stopped_the_sequence(
    world: World, ana: Agent, leo: Customer, mia: Customer
) -> None:
    world.number.add_template("saludo", "es", "UTILITY", "Hola {{1}}, aquí estamos.")
    await publish(world, step(2, "Hola {name}"), step(100, "¿Cómo sigue todo?", "saludo"))
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    leo.blocks(world.number)
    await world.travel(hours=3)
    for text in ("Cuesta diez", "¿Te sirve?"):
        await world.says(ana, text, reply_to=asked)
    await pass_days(world, mia, SILENT_DAYS)
    alarm = await world.sees(ana, "Leo: bloqueo confirmado (99 %), 3 mensajes")
    await pass_days(world, mia, 4)
    await world.says(ana, "/cola")
    await world.sees(ana, "Cola vacía")
    leo.unblocks(world.number)
    await world.presses(ana, "♻️ Reactivar", on=alarm)
    await world.presses(ana, "♻️ Sí, reactivar", on=alarm)
    await world.travel(hours=48)
    await world.says(ana, "/cola")
    await world.presses(ana, "▶️ Resolver")
    await world.presses(ana, "💳 Plantilla")
    await world.presses(ana, "1 saludo")
    await world.presses(ana, "✅ Enviar por")
    await world.travel(minutes=5)
    assert [shown.text for shown in leo.inbox] == ["Hola Leo, aquí estamos."]


@pytest.mark.parametrize("silent", [2, 3])
async def test_a_late_delivery_refutes_a_suspicion_at_once_and_the_sequence_goes_on(
    world: World, ana: Agent, leo: Customer, mia: Customer, silent: int
) -> None:
    await publish(world, step(2, "Hola {name}"), step(120, "¿Cómo sigue todo?"))
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    leo.goes_offline()
    await world.travel(hours=3)
    for text in ("Cuesta diez", "¿Te sirve?")[: silent - 1]:
        await world.says(ana, text, reply_to=asked)
    await pass_days(world, mia, SILENT_DAYS)
    await world.sees(ana, "Leo: bloqueo", f"{silent} mensajes seguidos sin entregar")
    leo.comes_online()
    await world.travel(minutes=5)
    assert len(leo.inbox) == silent
    await world.says(ana, "/bloqueos")
    await world.sees(ana, "Ninguna sospecha abierta")
    await world.says(ana, "/c Leo")
    await world.sees(ana, "👤 Leo", "«Bienvenida» paso 2 de 2 · próximo")


async def test_silence_proves_nothing_while_the_number_itself_delivers_nothing(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    leo.blocks(world.number)
    for text in ("Cuesta diez", "¿Te sirve?", "¿Hola?"):
        await world.says(ana, text, reply_to=asked)
    await world.travel(days=8)
    await world.says(ana, "/bloqueos")
    await world.sees(ana, "Ninguna sospecha abierta")


async def test_a_suspicion_that_comes_back_is_told_again(
    world: World, ana: Agent, leo: Customer, mia: Customer
) -> None:
    leo.writes(world.number, "¿Precio?")
    await world.sees(ana, "¿Precio?")
    for _ in range(2):
        await world.travel(minutes=5)
        leo.goes_offline()
        for text in ("Cuesta diez", "¿Te sirve?"):
            world.number.phone_sends(leo, text)
        await pass_days(world, mia, SILENT_DAYS)
        leo.comes_online()
    told = [message for message in ana.chat if "Leo: bloqueo probable" in message.plain]
    assert len(told) == 2
