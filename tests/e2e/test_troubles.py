"""When Meta disagrees, falls silent or repeats itself: nothing is lost, nothing leaves twice, and a person is asked at most once."""

from datetime import timedelta

import pytest

from sandbox.graph import Fault
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import World
from tests.e2e.plans import publish, step

ACCEPTED_AND_SILENT = (Fault("close"), Fault("html", accepted=True))
"""Two ways in which Meta takes a message and we never read its answer."""


def told(agent: Agent, words: str) -> int:
    """In how many messages of the bot the agent reads these words."""
    return sum(message.from_bot and words in message.plain for message in agent.chat)


# --- Meta does not share an assumption ---------------------------------------------------------------------------------------


async def test_an_assumption_that_meta_refuses_is_given_up_once_for_the_number_and_its_messages_wait(
    world: World, ana: Agent, leo: Customer, mia: Customer
) -> None:
    await publish(world, step(30, "¿Sigues interesado, {name}?"))
    leo.writes(world.number, "Hola")
    mia.writes(world.number, "Buenas")
    await world.travel(hours=31)
    assert (leo.inbox, mia.inbox, world.graph.sends) == ([], [], [])
    alarm = await world.sees(ana, "Meta rechazó en Ventas AR un envío por supuesto (inicio de secuencia)")
    await world.says(ana, "/cola")
    await world.sees(ana, "Cola manual · 2", "Leo", "Mía")

    sol = world.graph.person(phone="5491155552222", name="Sol")
    sol.writes(world.number, "Hola")
    asked_of_meta = len(world.graph.refusals)
    await world.travel(hours=31)
    assert len(world.graph.refusals) == asked_of_meta
    assert told(ana, "Meta rechazó en Ventas AR un envío por supuesto") == 1

    await world.presses(ana, "↩️ Volver a suponerlo", on=alarm)
    world.graph.brief_rules = True
    tom = world.graph.person(phone="5491155553333", name="Tom")
    tom.writes(world.number, "Hola")
    await world.travel(hours=31)
    assert [shown.text for shown in tom.inbox] == ["¿Sigues interesado, Tom?"]


async def test_a_reply_on_the_phones_word_that_meta_refuses_comes_back_as_a_card_with_its_text(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    await world.travel(hours=20)
    world.number.phone_sends(leo, "Te averiguo")
    await world.travel(hours=10)
    await world.says(ana, "Cuesta diez", reply_to=asked)
    await world.sees(ana, "por un supuesto que Meta podría rechazar: alguien le escribió desde el teléfono")
    await world.sees(ana, "Meta no lo aceptó", "Cuesta diez", "Plantilla")
    assert [shown.text for shown in leo.inbox] == ["Te averiguo"]
    leo.writes(world.number, "¿Y?")
    await world.says(ana, "/cola")
    await world.presses(ana, "▶️ Resolver")
    await world.presses(ana, "✅ Enviar ahora")
    await world.travel(minutes=2)
    assert [shown.text for shown in leo.inbox] == ["Te averiguo", "Cuesta diez"]


# --- nobody knows whether it left --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ACCEPTED_AND_SILENT, ids=lambda fault: fault.kind)
async def test_a_send_whose_answer_is_lost_is_settled_by_its_status_and_nobody_is_asked(
    world: World, ana: Agent, leo: Customer, fault: Fault
) -> None:
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    world.graph.fail_next(fault)
    await world.says(ana, "Cuesta diez", reply_to=asked)
    await world.travel(hours=2)
    assert [shown.text for shown in leo.inbox] == ["Cuesta diez"]
    assert len(world.graph.sends) == 1
    assert told(ana, "quizá") == 0
    await world.says(ana, "/c Leo")
    await world.sees(ana, "👀 Cuesta diez")


@pytest.mark.parametrize("fault", ACCEPTED_AND_SILENT, ids=lambda fault: fault.kind)
async def test_a_send_that_stays_unknown_goes_to_a_person_and_a_late_status_takes_the_question_back(
    world: World, ana: Agent, leo: Customer, fault: Fault
) -> None:
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    door, world.graph.webhook_url = world.graph.webhook_url, None
    world.graph.fail_next(fault)
    await world.says(ana, "Cuesta diez", reply_to=asked)
    await world.travel(minutes=10)
    assert told(ana, "Quizá ya salió") == 0
    await world.travel(minutes=10)
    question = await world.sees(ana, "Quizá ya salió", "Cuesta diez")
    await world.travel(hours=2)
    assert len(world.graph.sends) == 1
    world.graph.webhook_url = door
    await world.travel(minutes=1)
    assert "ya no hace falta" in question.plain
    assert not any("Enviar ahora" in label for label in question.labels)
    assert [shown.text for shown in leo.inbox] == ["Cuesta diez"]
    assert len(world.graph.sends) == 1


async def test_a_send_that_certainly_did_not_leave_is_tried_again_by_itself(
    world: World, ana: Agent, leo: Customer
) -> None:
    leo.writes(world.number, "¿Precio?")
    asked = await world.sees(ana, "¿Precio?")
    world.graph.fail_next(Fault("error", code=131056, http=400), times=2)
    await world.says(ana, "Cuesta diez", reply_to=asked)
    await world.travel(hours=1)
    assert [shown.text for shown in leo.inbox] == ["Cuesta diez"]


# --- Meta repeats itself -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 50])
async def test_every_webhook_twice_in_any_order_and_late_changes_nothing_that_people_see(
    world: World, ana: Agent, leo: Customer, mia: Customer, batch: int
) -> None:
    world.graph.duplicate_webhooks, world.graph.shuffle, world.graph.batch = 1.0, True, batch
    world.graph.delay = timedelta(minutes=3)
    await publish(world, step(2, "Hola {name}"), step(3, "¿Sigues ahí?"))
    for customer, words in ((leo, "Hola, soy Leo"), (mia, "Hola, soy Mía")):
        customer.writes(world.number, words)
    await world.travel(hours=3)
    mia.writes(world.number, "Gracias, lo pienso")
    await world.travel(minutes=10)
    asked = await world.sees(ana, "Gracias, lo pienso")
    await world.says(ana, "Cuando quieras", reply_to=asked)
    world.number.phone_sends(leo, "¿sigues ahi?")
    await world.travel(hours=12)
    assert [shown.text for shown in mia.inbox] == ["Hola Mía", "Cuando quieras"]
    assert [shown.text for shown in leo.inbox] == ["Hola Leo", "¿sigues ahi?"]
    assert [told(ana, words) for words in ("Hola, soy Leo", "Hola, soy Mía", "Gracias, lo pienso")] == [1, 1, 1]
    assert all(record.status == 200 for record in world.graph.webhooks)
    assert len(world.graph.webhooks) % 2 == 0
    await world.says(ana, "/c Leo")
    card = await world.sees(ana, "👤 Leo", "«Bienvenida» terminada")
    assert card.plain.count("¿sigues ahi?") == 1
