"""Templates from end to end: chosen and filled in on a simulated Telegram, checked by a simulated Meta, shown on the customer's phone;
and what happens when Meta changes its mind in between."""

from sandbox.acts import perform
from sandbox.graph import Person as Customer
from sandbox.graph import Template
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World
from tests import recordings


async def listed(world: World, category: str = "UTILITY") -> Template:
    """A template with everything: a picture above, two values, and a link that ends in one."""
    await perform(
        world,
        "template.add",
        {
            "name": "pedido_listo",
            "language": "es",
            "category": category,
            "body": "Hola {{1}}, tu pedido {{2}} está listo.",
            "footer": "Tienda Centro",
            "header_format": "IMAGE",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Gracias"},
                {"type": "URL", "text": "Ver", "url": "https://example.com/p/{{1}}"},
            ],
        },
    )
    return next(each for each in world.number.business.templates if each.name == "pedido_listo")


async def chosen(world: World, ana: Agent, leo: Customer) -> None:
    """Ana opens the contact of Leo, whose window is closed, and picks the template."""
    leo.writes(world.number, "Hola")
    await world.travel(hours=25)
    await world.says(ana, "/c Leo")
    card = await world.sees(ana, "Leo", "Plantilla")
    await world.presses(ana, "💳 Plantilla", on=card)
    await world.presses(ana, "1 pedido_listo", on=card)


async def filled(world: World, ana: Agent) -> ShownMessage:
    """She sends the picture, then the two values that nobody knows beforehand."""
    await world.sees(ana, "Manda la imagen", "dato 1 de 4")
    ana.uploads(recordings.picture("JPEG"), "foto.jpg", kind="photo", mime_type="image/jpeg")
    await world.settle()
    await world.sees(ana, "Escribe el dato «2»", "dato 3 de 4")
    await world.says(ana, "#1182\ny  algo     más")
    await world.sees(ana, "final del enlace del botón «Ver»")
    await world.says(ana, "1182")
    return await world.sees(ana, "Confirmar envío pago")


async def test_a_template_is_filled_in_value_by_value_looked_at_and_sent_once(
    world: World, ana: Agent, leo: Customer
) -> None:
    await listed(world)
    await chosen(world, ana, leo)
    look = await filled(world, ana)
    assert "Hola Leo, tu pedido #1182 y algo más está listo." in look.plain.replace("  ", " ")
    assert "https://example.com/p/1182" in look.plain
    assert "[📷 Foto]" in look.plain
    assert "Precio: US$ 0,0260 · Argentina · utilidad · tarifa del 2026-10-01" in look.plain
    assert world.graph.sends == []
    await world.presses(ana, "✅ Enviar por US$ 0,0260", on=look)
    await world.travel(minutes=2)
    (sent,) = world.graph.sends
    components = {each["type"]: each for each in sent.payload["template"]["components"]}
    assert components["header"]["parameters"][0]["type"] == "image"
    assert (components["button"]["index"], components["button"]["parameters"][0]["text"]) == ("1", "1182")
    (message,) = [each for each in leo.thread(world.number).messages if each.author == "api"]
    assert message.shown_at is not None
    assert "tu pedido #1182" in message.text


async def test_a_value_can_be_changed_after_looking_and_what_does_not_fit_is_asked_again(
    world: World, ana: Agent, leo: Customer
) -> None:
    await listed(world)
    await chosen(world, ana, leo)
    await world.says(ana, "esto no es una foto")
    await world.sees(ana, "Esta plantilla lleva un archivo arriba")
    look = await filled(world, ana)
    await world.presses(ana, "✏️ Datos", on=look)
    for label in ("la imagen", "«1»"):
        await world.presses(ana, "✔️ Dejar como está", on=await world.sees(ana, label))
    await world.sees(ana, "«2»", "Ahora: #1182")
    await world.says(ana, "x" * 1100)
    await world.sees(ana, "demasiado largo")
    await world.says(ana, "#1183")
    await world.presses(ana, "✔️ Dejar como está", on=await world.sees(ana, "«Ver»", "Ahora"))
    again = await world.sees(ana, "Confirmar envío pago", "#1183")
    await world.presses(ana, "✅ Enviar por", on=again)
    await world.travel(minutes=2)
    assert [("#1183" in sent.body) for sent in world.graph.sends] == [True]


async def test_a_template_that_meta_pauses_before_the_tap_does_not_leave(
    world: World, ana: Agent, leo: Customer
) -> None:
    await listed(world)
    await chosen(world, ana, leo)
    look = await filled(world, ana)
    await perform(world, "template.change", {"name": "pedido_listo", "event": "PAUSED"})
    await world.sees(ana, "pedido_listo", "Meta la pausó")
    await world.presses(ana, "✅ Enviar por", on=look)
    await world.travel(minutes=2)
    assert world.graph.sends == []
    assert world.graph.refusals == []


async def test_a_template_that_meta_recategorises_is_asked_about_again(world: World, ana: Agent, leo: Customer) -> None:
    await listed(world)
    await chosen(world, ana, leo)
    look = await filled(world, ana)
    await world.travel(seconds=2)
    await perform(world, "template.change", {"name": "pedido_listo", "category": "MARKETING"})
    await world.sees(ana, "pedido_listo", "Meta la pasó a marketing")
    press = await world.presses(ana, "✅ Enviar por US$ 0,0260", on=look)
    assert "El precio cambió a US$ 0,0618" in str(press.alert)
    assert world.graph.sends == []


async def test_every_template_is_listed_with_what_meta_says_of_it(world: World, ana: Agent) -> None:
    await listed(world)
    await world.travel(seconds=2)
    await perform(world, "template.change", {"name": "pedido_listo", "quality": "RED"})
    await world.says(ana, "/plantillas")
    page = await world.sees(ana, "Plantillas · 1", "pedido_listo · es · utilidad · aprobada 🔴")
    await world.presses(ana, "pedido_listo", on=page)
    assert "Hola {{1}}, tu pedido {{2}} está listo." in page.plain
    assert "Calidad: 🔴 baja" in page.plain
