"""A number in coexistence is onboarded: its phone hands over its address book and its history, through the whole program."""

from sandbox.acts import perform
from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World


async def asks(world: World, ana: Agent) -> None:
    """An administrator asks for the history on the account's screen."""
    await world.says(ana, "/cuentas")
    await perform(world, "agent.presses", {"agent": "Ana", "button": world.number.name})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "📥 Historial"})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "Pedir historial"})


def progress(agent: Agent) -> list[ShownMessage]:
    """The messages that tell of the import, but for the screen that was asked for."""
    told = [each for each in agent.private.visible if each.from_bot and "Historial de" in each.plain]
    return [each for each in told if not each.buttons]


async def test_the_history_comes_in_disorder_and_one_message_tells_how_far_it_is(world: World, ana: Agent) -> None:
    world.graph.weather.duplicates, world.graph.weather.shuffle = 0.3, True
    await perform(world, "phone.remembers", {"people": 5, "each": 300, "days": 180})
    await asks(world, ana)
    await world.travel(minutes=10)
    (message,) = progress(ana)
    assert "180 días importados" in message.plain
    assert "5 conversaciones · 1.500 mensajes" in message.plain
    status = (await world.host.status())["accounts"][0]["import"]
    assert (status["state"], status["messages"], status["conversations"]) == ("done", 1_500, 5)
    assert (status["files"] > 0, status["files_awaited"], status["waiting"]) == (True, 0, 0)
    assert world.graph.refusals == []
    assert not [each for each in ana.private.visible if "¿tienen stock?" in each.plain], "nobody is told of what is old"


async def test_the_address_book_s_name_is_what_agents_read(world: World, ana: Agent, leo: Customer) -> None:
    await perform(world, "phone.names", {"customer": "Leo", "name": "Leo (panadería)"})
    await perform(world, "customer.writes", {"customer": "Leo", "text": "Hola"})
    await world.sees(ana, "Leo (panadería)", "Hola")
    await world.travel(minutes=1)
    await perform(world, "phone.names", {"customer": "Leo", "name": "Leonardo pan"})
    await world.says(ana, "/c leonardo")
    await world.sees(ana, "👤 Leonardo pan", "En su perfil: Leo")
    await world.travel(minutes=1)
    await perform(world, "phone.names", {"customer": "Leo", "name": None})
    await world.says(ana, "/c leo")
    assert "En su perfil" not in (await world.sees(ana, "👤 Leo ·")).plain


async def test_the_owner_of_the_phone_declines(world: World, ana: Agent) -> None:
    await perform(world, "phone.remembers", {"people": 1, "each": 5})
    await perform(world, "phone.declines", {})
    await asks(world, ana)
    await world.travel(minutes=1)
    (message,) = progress(ana)
    assert "no quiso compartir" in message.plain


async def test_a_customer_who_is_known_from_the_history_writes_again(world: World, ana: Agent, leo: Customer) -> None:
    await perform(world, "phone.remembers", {"customer": "Leo", "each": 6, "days": 30})
    await asks(world, ana)
    await perform(world, "customer.writes", {"customer": "Leo", "text": "¿Siguen abiertos?"})
    await world.travel(minutes=5)
    await world.sees(ana, "¿Siguen abiertos?")
    await world.says(ana, "/c Leo")
    assert "Hacen envíos" in (await world.sees(ana, "👤 Leo")).plain


async def test_asking_too_late_is_refused_in_one_sentence(world: World, ana: Agent) -> None:
    await world.travel(hours=30)
    await world.says(ana, "/cuentas")
    await perform(world, "agent.presses", {"agent": "Ana", "button": world.number.name})
    await perform(world, "agent.presses", {"agent": "Ana", "button": "📥 Historial"})
    said = await perform(world, "agent.presses", {"agent": "Ana", "button": "Pedir historial"})
    assert said is not None
    assert "más de 24 horas" in f"{said['toast']} {said['alert']}".replace("Pasaron más", "más")


async def test_what_was_asked_for_is_not_offered_again(world: World, ana: Agent) -> None:
    await asks(world, ana)
    assert ana.screen is not None
    assert [label for label in ana.screen.labels if "Pedir" in label] == []
