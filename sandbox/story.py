"""The first story: a customer writes, a sequence starts and is paused by a reply; an agent answers from Telegram; a window closes and
the step waits; the phone's echo closes the card; silence raises a suspicion and a late delivery refutes it."""

from collections.abc import Callable
from datetime import timedelta

from crm.model.sequences import Sequence, SequenceState, Step, Trigger
from sandbox.world import World

Tell = Callable[[str, str], None]
OFFER = "Hola {name}, ¿pudiste ver la propuesta que te mandamos?"


async def play(world: World, tell: Tell) -> None:
    """Play it; `tell` gets a caption and what somebody then sees."""
    steps = (Step(timedelta(hours=2), OFFER), Step(timedelta(hours=80), "¿Seguimos con tu pedido, {name}?"))
    plan = Sequence(
        0, "bienvenida", "Bienvenida", SequenceState.ACTIVE, Trigger.FIRST_MESSAGE, None, steps, 1, world.clock.at
    )
    await world.program.engine.sequences.publish("sandbox", [plan])
    ana = await world.agent("Ana", 1001)
    leo = world.graph.person(phone="5491155550099", name="Leo Díaz")
    mia = world.graph.person(phone="5491155551111", name="Mía Paz")

    leo.writes(world.number, "Hola, ¿tienen stock?")
    tell("Leo writes on WhatsApp; Ana sees it in Telegram", await world.sees(ana, "Leo Díaz", "stock"))
    await world.travel(hours=3)
    tell("Two hours later, at the next full hour, the sequence's first step reaches Leo", leo.inbox[-1].text or "")

    leo.writes(world.number, "¿Cuánto cuesta?")
    await world.sees(ana, "¿Cuánto cuesta?")
    ana.says("Diez mil, con envío", reply_to=ana.screen)
    await world.until(lambda: any(s.body == "Diez mil, con envío" for s in world.graph.sends))
    await world.travel(minutes=2)
    tell("Leo's reply pauses the sequence; Ana answers by replying in Telegram", world.graph.sends[-1].body)

    mia.writes(world.number, "Buenas")
    await world.sees(ana, "Mía Paz")
    await world.travel(hours=84)
    ana.says("/cola")
    tell("Mía's second step came due with her window closed: it waits for a person", await world.sees(ana, "Mía Paz"))
    world.number.phone_sends(mia, "¿Seguimos con tu pedido, Mía?")
    await world.settle()
    status = await world.program.engine.reports.status(None)
    tell("Ana types it on the phone; the echo closes the card by itself", f"waiting in the queue: {status.pending}")

    mia.goes_offline()
    for text in ("¿Lo reservamos?", "¿Te lo guardo hasta el viernes?"):
        world.number.phone_sends(mia, text)
        await world.travel(hours=1)
    leo.writes(world.number, "Gracias, llegó todo bien")
    await world.travel(hours=72)
    world.number.phone_sends(leo, "¡Gracias a vos!")
    await world.travel(hours=12)
    status = await world.program.engine.reports.status(None)
    tell("Mía's phone takes nothing for three days: a suspicion, and an alert", f"blocks: {dict(status.blocks)}")
    mia.comes_online()
    await world.travel(minutes=5)
    status = await world.program.engine.reports.status(None)
    tell("Her phone comes back; the late delivery refutes it at once", f"blocks: {dict(status.blocks)}")
