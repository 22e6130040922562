"""Several numbers of ours: what one person says to each stays apart, and the trouble of one is not the trouble of another."""

from pathlib import Path

import pytest

from sandbox.graph import Number
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import TOKEN, World
from tests.e2e.operator import operator
from tests.e2e.plans import publish, step


@pytest.fixture
async def other(world: World) -> Number:
    """A second number, with a token of its own."""
    return await world.add_number("Ventas ES", "+34600000000", token="EAAG-other")


async def operator_enters_token(world: World, number: Number, token: str, folder: Path) -> None:
    """What an operator does, in a process of his own: `centralita accounts token`."""
    ended = await operator(
        world, folder, "token", "--phone-number-id", number.phone_number_id, "--token-env", "NEW_TOKEN", token=token
    )
    assert ended.code == 0, ended.said
    assert token not in ended.said


def heard(leo: Customer, number: Number) -> list[str]:
    """What reached Leo's phone from this number."""
    return [shown.text for shown in leo.inbox if shown.phone_number_id == number.phone_number_id]


async def test_one_person_and_two_numbers_have_two_conversations_two_windows_and_two_walks(
    world: World, ana: Agent, leo: Customer, other: Number
) -> None:
    await publish(world, step(20, "Hola {name}, ¿seguimos?"))
    leo.writes(world.number, "Hola, Argentina")
    first = await world.sees(ana, "Leo · Ventas AR", "Hola, Argentina")
    await world.travel(hours=10)
    leo.writes(other, "Hola, España")
    await world.travel(hours=2)
    leo.writes(other, "¿Están?")
    second = await world.sees(ana, "Leo · Ventas ES", "¿Están?")
    await world.travel(hours=10)
    assert heard(leo, world.number) == ["Hola Leo, ¿seguimos?"]
    assert heard(leo, other) == []

    await world.travel(hours=4)
    await world.says(ana, "Desde Argentina", reply_to=first)
    await world.says(ana, "Desde España", reply_to=second)
    await world.travel(hours=1)
    assert heard(leo, other) == ["Desde España"]
    assert heard(leo, world.number) == ["Hola Leo, ¿seguimos?"]
    await world.sees(ana, "No se envió", "Desde Argentina")
    await world.says(ana, "/c Leo")
    card = (await world.sees(ana, "👤 Leo")).body
    argentina, spain = sorted(card.split("Ventas ")[1:])
    assert "Ventana cerrada" in argentina
    assert "«Bienvenida» terminada" in argentina
    assert "Ventana abierta" in spain
    assert "«Bienvenida» paso 1 de 1 · en pausa: respondió" in spain


async def test_a_dead_token_holds_one_number_and_a_new_one_lets_what_was_held_leave_once(
    world: World, ana: Agent, leo: Customer, other: Number, tmp_path: Path
) -> None:
    leo.writes(world.number, "Hola, Argentina")
    first = await world.sees(ana, "Leo · Ventas AR")
    leo.writes(other, "Hola, España")
    second = await world.sees(ana, "Leo · Ventas ES")
    await world.says(ana, "uno", reply_to=first)
    world.graph.tokens.revoke(TOKEN)
    for text in ("dos", "tres"):
        await world.says(ana, text, reply_to=first)
        await world.says(ana, text, reply_to=second)
    await world.travel(hours=3)
    assert heard(leo, world.number) == ["uno"]
    assert heard(leo, other) == ["dos", "tres"]
    await world.sees(ana, "El token de Ventas AR falla", "Sus envíos esperan un token nuevo")
    await world.says(ana, "/estado")
    await world.sees(ana, "Ventas AR · 2 en espera · detenido")

    world.graph.tokens.grant("EAAG-new", {world.number.phone_number_id, world.number.waba_id}, world.clock.at, None)
    await operator_enters_token(world, world.number, "EAAG-new", tmp_path)
    await world.travel(hours=1)
    assert heard(leo, world.number) == ["uno", "dos", "tres"]
    assert heard(leo, other) == ["dos", "tres"]
    assert len(world.graph.sends) == 5
    await world.says(ana, "/estado")
    await world.sees(ana, "Ventas AR · 0 en espera", "Todo funciona")

    world.graph.tokens.revoke("EAAG-new")
    await world.says(ana, "cuatro", reply_to=first)
    await world.settle()
    assert len([message for message in ana.chat if "El token de Ventas AR falla" in message.plain]) == 2


async def test_a_token_that_another_process_replaced_in_time_is_used_before_anybody_is_alarmed(
    world: World, ana: Agent, leo: Customer, tmp_path: Path
) -> None:
    leo.writes(world.number, "Hola")
    asked = await world.sees(ana, "Leo · Ventas AR")
    await world.says(ana, "uno", reply_to=asked)
    world.graph.tokens.grant("EAAG-new", {world.number.phone_number_id, world.number.waba_id}, world.clock.at, None)
    await operator_enters_token(world, world.number, "EAAG-new", tmp_path)
    world.graph.tokens.revoke(TOKEN)
    await world.says(ana, "dos", reply_to=asked)
    await world.travel(minutes=5)
    assert heard(leo, world.number) == ["uno", "dos"]
    assert not any("token" in message.plain for message in ana.chat)
