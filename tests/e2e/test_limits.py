"""Meta's limits against the whole program: the portfolio's people, calls that are nearly used up, a number whose health is bad, and
marketing that Meta spares somebody. Nothing is lost, nothing leaves twice, Meta refuses nothing that could have been known."""

from sandbox.acts import perform
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World


async def checked(world: World, ana: Agent) -> None:
    """Ana lets the number be examined."""
    await world.says(ana, "/cuentas")
    card = await world.sees(ana, "Números")
    await world.presses(ana, world.number.name, on=card)
    await world.presses(ana, "🧪 Revisar con Meta", on=card)


async def listed(world: World, category: str) -> None:
    given = {"name": "aviso", "language": "es", "category": category, "body": "¿Seguimos?"}
    await perform(world, "template.add", given)


async def sent_to(world: World, ana: Agent, customer: Customer) -> None:
    """The template is chosen for somebody whose window is closed, and confirmed."""
    await world.says(ana, f"/c {customer.name}")
    card: ShownMessage = await world.sees(ana, customer.name, "Plantilla")
    await world.presses(ana, "💳 Plantilla", on=card)
    await world.presses(ana, "1 aviso", on=card)
    await world.presses(ana, "✅ Enviar por", on=await world.sees(ana, "Confirmar envío pago"))
    await world.travel(minutes=2)


async def test_whom_the_portfolio_may_not_reach_today_is_reached_tomorrow_and_once(
    world: World, ana: Agent, leo: Customer, mia: Customer
) -> None:
    await listed(world, "UTILITY")
    world.number.messaging_limit = "TIER_1"
    await checked(world, ana)
    for each in (leo, mia):
        each.writes(world.number, "Hola")
    await world.travel(hours=25)
    await sent_to(world, ana, leo)
    began = world.clock.at
    await sent_to(world, ana, mia)
    assert [sent.person for sent in world.graph.sends] == [leo]
    await world.sees(ana, "límite de Meta de 1", "1")
    await world.travel(hours=22)
    assert [sent.person for sent in world.graph.sends] == [leo]
    await world.travel(hours=3)
    assert [sent.person for sent in world.graph.sends] == [leo, mia]
    assert (world.graph.sends[1].at - world.graph.sends[0].at).total_seconds() >= 24 * 3600
    assert world.graph.sends[0].at <= began
    assert world.graph.refusals == []


async def test_a_number_rests_before_its_calls_are_used_up(world: World, ana: Agent, leo: Customer) -> None:
    await perform(world, "trouble.account", {"kind": "calls"})
    leo.writes(world.number, "Hola")
    await world.settle()
    note = await world.sees(ana, "Hola")
    await world.says(ana, "uno", reply_to=note)
    await world.settle()
    await perform(world, "trouble.account", {"kind": "calls", "mended": True})
    await world.says(ana, "dos", reply_to=note)
    await world.travel(minutes=4)
    assert [sent.body for sent in world.graph.sends] == ["uno"]
    await world.says(ana, "/estado")
    await world.sees(ana, "descansa hasta las")
    await world.travel(minutes=2)
    assert [sent.body for sent in world.graph.sends] == ["uno", "dos"]
    assert world.graph.refusals == []


async def test_a_number_that_meta_blocks_goes_on_only_when_it_may(world: World, ana: Agent, leo: Customer) -> None:
    leo.writes(world.number, "Hola")
    await world.settle()
    note = await world.sees(ana, "Hola")
    await perform(world, "trouble.graph", {"trouble": "spam"})
    await world.says(ana, "uno", reply_to=note)
    await world.settle()
    await perform(world, "trouble.account", {"kind": "blocked"})
    await world.travel(hours=7)
    assert world.graph.sends == []
    await world.sees(ana, "Meta lo tiene bloqueado", "Resolve the policy issue")
    await perform(world, "trouble.account", {"kind": "blocked", "mended": True})
    await world.travel(hours=2)
    assert [sent.body for sent in world.graph.sends] == ["uno"]
    assert [refusal.code for refusal in world.graph.refusals] == [131048]


async def test_marketing_that_meta_spares_somebody_waits_a_day_then_two(
    world: World, ana: Agent, leo: Customer
) -> None:
    await listed(world, "MARKETING")
    leo.writes(world.number, "Hola")
    await world.travel(hours=25)
    for days, times in ((1, 1), (2, 2)):
        await perform(world, "trouble.graph", {"trouble": "marketing"})
        await (sent_to(world, ana, leo) if times == 1 else again(world, ana))
        assert len(world.graph.sends) == times
        await world.travel(hours=24 * days - 1)
        await again(world, ana)
        assert len(world.graph.sends) == times
        await world.travel(hours=2)
    await again(world, ana)
    await world.travel(hours=1)
    (shown,) = [each for each in leo.thread(world.number).messages if each.author == "api" and each.shown_at]
    assert shown.wamid == world.graph.sends[2].wamid
    assert len(world.graph.sends) == 3


async def again(world: World, ana: Agent) -> None:
    """What Meta spared came back as a card; Ana says once more that it shall leave."""
    card = await world.sees(ana, "Meta no lo aceptó")
    await world.presses(ana, "💳 Plantilla", on=card)
    await world.presses(ana, "1 aviso", on=card)
    await world.presses(ana, "✅ Enviar por", on=await world.sees(ana, "Confirmar envío pago"))
    await world.travel(minutes=2)
