"""What agents live through, from the first code to the last press, over the real engine and a simulated Bot API."""

import re
from datetime import timedelta

import pytest

from crm.model.agents import Role
from crm.model.alerts import AlertKind, Severity
from crm.model.sequences import Trigger
from crm.model.templates import Components, TemplateFacts
from sandbox.telegram import ShownMessage, forbidden
from tests.integration.engine.desk import envelope, heard
from tests.integration.telegram.conftest import Office

REMINDER = TemplateFacts("recordatorio", "es", "UTILITY", "APPROVED", Components("Hola {{1}}, tu pedido está listo."))


def push(office: Office, of: str = "ana") -> ShownMessage:
    """The newest message of the bot."""
    screen = getattr(office, of).screen
    assert isinstance(screen, ShownMessage)
    return screen


async def a_closed_window(office: Office, text: str = "Te lo reservo hasta el viernes") -> ShownMessage:
    """Leo wrote, Ana answers two days later: her text waits on a card."""
    await office.writes("¿Tienen stock?")
    asked = push(office)
    office.desk.clock.advance(hours=48)
    await office.says(office.ana, text, reply_to=asked)
    return push(office)


# --- coming in ---------------------------------------------------------------------------------------------------------------


async def test_a_stranger_gets_no_answer_but_a_code_opens_the_door_once(office: Office) -> None:
    eva, mallory = office.fake.person(666, "Eva", language="pt-br"), office.fake.person(667, "Mallory")
    code = await office.desk.engine.agents.invite(Role.ADMIN)
    for words in ("hola", "/start", "/menu", "/start wrong-code", "/cola"):
        await office.says(eva, words)
    assert eva.screen is None
    await office.says(eva, f"/start {code}")
    assert "Boas-vindas, Eva" in push_of(eva)
    assert (await office.known(eva)).role is Role.ADMIN
    await office.says(mallory, f"/start {code}")
    assert mallory.screen is None


async def test_codes_cannot_be_guessed_faster_than_five_an_hour(office: Office) -> None:
    eva = office.fake.person(666, "Eva")
    code = await office.desk.engine.agents.invite(Role.VIEWER)
    for number in range(5):
        await office.says(eva, f"/start guess-{number}x")
    await office.says(eva, f"/start {code}")
    assert eva.screen is None
    office.desk.clock.advance(minutes=61)
    await office.says(eva, f"/start {code}")
    assert "Eva" in push_of(eva)


async def test_a_strangers_press_on_a_forwarded_button_does_nothing(office: Office) -> None:
    card = await a_closed_window(office)
    eva = office.fake.person(666, "Eva")
    eva.presses(message=card, data=next(b.data for b in card.buttons if "Descartar" in b.text))
    await office.rests()
    assert (await office.desk.engine.reports.status(None)).pending == 1


async def test_each_agent_has_a_menu_in_their_own_language(office: Office) -> None:
    await office.says(office.ana, "/idioma en")
    menus = office.fake.state.commands
    of_ana = next(names for (scope, _), names in menus.items() if "1001" in scope)
    assert [entry["command"] for entry in of_ana][:3] == ["menu", "queue", "c"]
    assert [entry["command"] for entry in menus[('{"type": "default"}', "es")]] == ["start"]


# --- a customer writes -------------------------------------------------------------------------------------------------------


async def test_replying_to_the_push_answers_the_customer(office: Office) -> None:
    await office.writes("¿Tienen <b>stock</b>?")
    asked = push(office)
    assert "Leo Díaz" in asked.body
    assert "¿Tienen <b>stock</b>?" in asked.body
    await office.says(office.ana, "Sí, en azul", reply_to=asked)
    await office.desk.sends()
    assert [parcel.text for parcel in office.desk.meta.sent] == ["Sí, en azul"]
    assert office.ana.said is not None
    assert office.ana.said.reactions == ["👌"]


async def test_the_reply_button_asks_for_the_words(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.presses(office.ana, "Responder")
    assert "Escribe tu respuesta para Leo Díaz" in push(office).body
    await office.says(office.ana, "Sí")
    await office.desk.sends()
    assert [parcel.text for parcel in office.desk.meta.sent] == ["Sí"]
    await office.says(office.ana, "y esto es para nadie")
    await office.desk.sends()
    assert len(office.desk.meta.sent) == 1
    assert "deslizando" in push(office).body


async def test_a_command_ends_the_answer_that_was_being_written(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.presses(office.ana, "Responder")
    await office.says(office.ana, "/cola")
    await office.says(office.ana, "hola")
    await office.desk.sends()
    assert office.desk.meta.sent == []
    await office.presses(office.ana, "Buscar contacto")
    await office.says(office.ana, "/cancelar")
    assert "Cancelado" in push(office).body


async def test_a_document_sent_into_the_answer_field_leaves(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.presses(office.ana, "Responder")
    office.ana.uploads(b"%PDF-1.7 stock", "stock.pdf", caption="Todo esto")
    await office.rests()
    await office.desk.sends()
    [parcel] = office.desk.meta.sent
    assert parcel.enclosed is not None
    assert (parcel.text, parcel.enclosed.name) == ("Todo esto", "stock.pdf")
    assert list(office.desk.meta.handed.values()) == [b"%PDF-1.7 stock"]


async def test_a_file_that_whatsapp_does_not_take_is_refused_politely(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.presses(office.ana, "Responder")
    office.ana.uploads(b"MZ\x90\x00", "stock.exe")
    await office.rests()
    assert "WhatsApp no acepta archivos de este tipo" in push(office).body
    assert office.desk.meta.sent == []


async def test_a_die_is_refused_politely(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.presses(office.ana, "Responder")
    die = {"dice": {"emoji": "🎲", "value": 4}}
    chat = {"id": office.ana.id, "type": "private", "first_name": "Ana"}
    sender = {"id": office.ana.id, "is_bot": False, "first_name": "Ana"}
    date = int(office.desk.clock.now().timestamp())
    message = {"message_id": 999, "date": date, "chat": chat, "from": sender} | die
    office.fake.updates.put("message", office.ana.id, message)
    await office.rests()
    assert "Desde aquí salen" in push(office).body


async def test_an_answer_that_lay_around_is_asked_about_first(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    asked = push(office)
    late = office.desk.clock.now()
    office.desk.clock.advance(minutes=43)
    await office.says(office.ana, "Sí", reply_to=asked, date=late)
    await office.desk.sends()
    assert office.desk.meta.sent == []
    assert "hace 43 min" in push(office).body
    question = push(office)
    await office.presses(office.ana, "Ejecutar", on=question)
    again = office.ana.presses(message=question, data=question.buttons[0].data if question.buttons else "m:go:1:0")
    await office.fake.until(lambda: again.answered)
    await office.desk.sends()
    assert [parcel.text for parcel in office.desk.meta.sent] == ["Sí"]
    assert question.buttons == []


async def test_an_answer_that_lay_around_can_be_dropped(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.says(office.ana, "Sí", reply_to=push(office), date=office.desk.clock.now() - timedelta(minutes=3))
    await office.presses(office.ana, "Ignorar")
    await office.desk.sends()
    assert office.desk.meta.sent == []


async def test_an_opted_out_customer_is_not_written_to_and_the_agent_hears_why(office: Office) -> None:
    await office.writes("baja")
    await office.says(office.ana, "¿Seguro?", reply_to=push(office))
    await office.desk.sends()
    assert office.desk.meta.sent == []
    assert "Pidió no recibir" in push(office).body


# --- the manual queue --------------------------------------------------------------------------------------------------------


async def test_a_closed_window_keeps_the_words_and_opens_again_when_the_customer_writes(office: Office) -> None:
    card = await a_closed_window(office)
    assert "No se envió" in card.body
    assert "Te lo reservo hasta el viernes" in card.body
    assert not any("Enviar ahora" in label for label in card.labels)
    await office.writes("¿Hola?")
    await office.presses(office.ana, "🔄", on=card)
    assert any("Enviar ahora" in label for label in card.labels)
    press = await office.presses(office.ana, "Enviar ahora", on=card)
    assert re.search(r"En camino · (US\$ 0,\d{4}, salvo|sin)", press.toast or "")
    await office.desk.sends()
    assert [parcel.text for parcel in office.desk.meta.sent] == ["Te lo reservo hasta el viernes"]
    assert "enviado por Ana" in card.body


async def test_of_two_who_press_at_once_one_wins_and_the_other_hears_who(office: Office) -> None:
    of_ana = await a_closed_window(office)
    await office.says(office.beto, "/cola")
    await office.presses(office.beto, "▶️ Resolver")
    of_beto = push(office, "beto")
    first, second = office.ana.presses("Descartar", message=of_ana), office.beto.presses("Descartar", message=of_beto)
    await office.fake.until(lambda: first.answered and second.answered)
    await office.rests()
    toasts = sorted(filter(None, (first.toast, second.toast)))
    alerts = list(filter(None, (first.alert, second.alert)))
    assert toasts == ["🗑 Descartado"]
    assert len(alerts) == 1
    assert re.fullmatch(r"🔒 Ya lo resolvió (Ana|Beto)\.", alerts[0])
    await office.tell()
    assert "descartado por" in of_beto.body
    assert "descartado por" in of_ana.body


async def test_every_copy_of_a_card_becomes_the_resolved_one_but_other_screens_stay(office: Office) -> None:
    await a_closed_window(office)
    await office.says(office.beto, "/cola")
    await office.presses(office.beto, "▶️ Resolver")
    copy = push(office, "beto")
    await office.says(office.beto, "/cola")
    await office.presses(office.beto, "▶️ Resolver")
    elsewhere = push(office, "beto")
    await office.presses(office.beto, "‹ Cola", on=elsewhere)
    await office.presses(office.ana, "Descartar")
    await office.tell()
    assert "descartado por Ana" in copy.body
    assert "Cola manual" in elsewhere.body


async def test_an_old_card_says_that_it_is_old_and_shows_the_truth(office: Office) -> None:
    card = await a_closed_window(office)
    data = next(button.data for button in card.buttons if "Descartar" in button.text)
    await office.presses(office.ana, "Descartar", on=card)
    press = office.ana.presses(message=card, data=data)
    await office.fake.until(lambda: press.answered)
    assert press.alert == "🔒 Ya lo resolvió Ana."
    stranger_things = office.ana.presses(message=card, data="m:nope:1:1")
    await office.fake.until(lambda: stranger_things.answered)
    assert "Abre /menu" in (stranger_things.alert or "")


async def test_sending_by_hand_is_declared(office: Office) -> None:
    card = await a_closed_window(office)
    await office.presses(office.ana, "A mano", on=card)
    buttons = {button.text: button for button in card.buttons}
    assert buttons["📋 Copiar texto"].copy == "Te lo reservo hasta el viernes"
    assert (buttons["↗️ Abrir WhatsApp"].url or "").startswith("https://wa.me/5491155550099?text=Te%20lo")
    await office.presses(office.ana, "Ya lo envié", on=card)
    assert "lo declaró Ana" in card.body
    assert (await office.desk.engine.reports.status(None)).pending == 0


async def test_a_text_too_long_for_the_screen_is_sent_before_it(office: Office) -> None:
    card = await a_closed_window(office, "á" * 4096)
    await office.presses(office.ana, "A mano", on=card)
    texts = [message.body for message in office.ana.chat if message.from_bot and set(message.body) == {"á"}]
    assert "".join(texts) == "á" * 4096
    assert "arriba" in push(office).body


async def test_a_template_is_priced_confirmed_once_and_sent(office: Office) -> None:
    await office.templates(REMINDER)
    card = await a_closed_window(office)
    await office.presses(office.ana, "Plantilla", on=card)
    assert "recordatorio · utilidad · US$" in card.body
    await office.presses(office.ana, "1 recordatorio", on=card)
    assert "Hola Leo, tu pedido está listo." in card.body
    send = card.buttons[0]
    assert send.style == "danger"
    assert send.text.startswith("✅ Enviar por US$")
    await office.presses(office.ana, send.text, on=card)
    again = office.ana.presses(message=card, data=send.data)
    await office.fake.until(lambda: again.answered)
    await office.desk.sends()
    assert [parcel.template.name for parcel in office.desk.meta.sent if parcel.template] == ["recordatorio"]
    assert "ya no vale" in (again.alert or "")
    await office.rests()
    assert "enviado por Ana" in card.body


async def test_a_confirmation_dies_after_90_seconds_and_is_nobody_elses(office: Office) -> None:
    await office.templates(REMINDER)
    card = await a_closed_window(office)
    await office.presses(office.ana, "Plantilla", on=card)
    await office.presses(office.ana, "1 recordatorio", on=card)
    data = card.buttons[0].data
    foreign = office.beto.presses(message=push(office, "beto"), data=data)
    await office.fake.until(lambda: foreign.answered)
    office.desk.clock.advance(seconds=91)
    press = await office.presses(office.ana, "Enviar por", on=card)
    await office.desk.sends()
    assert "ya no vale" in (foreign.alert or "")
    assert "ya no vale" in (press.alert or "")
    assert office.desk.meta.sent == []
    assert "Plantilla" in " ".join(card.labels)


async def test_the_queue_turns_its_pages_and_works_one_by_one(office: Office) -> None:
    for number in range(11):
        await office.writes("Hola", name=f"Cliente {number}", wa_id=f"54911555501{number:02}")
    pushes = [message for message in office.ana.chat if message.from_bot and "Cliente" in message.body]
    office.desk.clock.advance(hours=30)
    for asked in pushes:
        await office.says(office.ana, "Respuesta", reply_to=asked)
    await office.says(office.ana, "/queue")
    queue = push(office)
    assert "Cola manual · 11" in queue.body
    assert queue.body.count("«Respuesta»") == 8
    await office.presses(office.ana, "Más", on=queue)
    assert queue.body.count("«Respuesta»") == 3
    await office.presses(office.ana, "Inicio", on=queue)
    await office.presses(office.ana, "Resolver uno por uno", on=queue)
    for _ in range(10):
        await office.presses(office.ana, "Descartar", on=queue)
        await office.presses(office.ana, "Siguiente", on=queue)
    await office.presses(office.ana, "Descartar", on=queue)
    press = await office.presses(office.ana, "Siguiente", on=queue)
    assert press.toast == "📮 Cola vacía 🎉"
    assert "Cola vacía" in queue.body


# --- contacts and sequences --------------------------------------------------------------------------------------------------


async def test_a_contact_is_found_enrolled_paused_and_resumed(office: Office) -> None:
    await office.desk.plan("Hola {name}", trigger=Trigger.MANUAL)
    await office.writes("¿Tienen stock?")
    await office.says(office.ana, "/c leo")
    card = push(office)
    assert "Leo Díaz" in card.body
    assert "Ventana abierta" in card.body
    await office.presses(office.ana, "Inscribir", on=card)
    await office.presses(office.ana, "Bienvenida", on=card)
    assert "Primer mensaje" in card.body
    await office.presses(office.ana, "Inscribir", on=card)
    assert "paso 1 de 1" in card.body
    await office.presses(office.ana, "⏸ Bienvenida", on=card)
    assert "en pausa por el equipo" in card.body
    await office.presses(office.ana, "▶️ Bienvenida", on=card)
    assert "próximo" in card.body
    await office.presses(office.ana, "Inscribir", on=card)
    await office.presses(office.ana, "Bienvenida", on=card)
    press = await office.presses(office.ana, "Inscribir", on=card)
    assert press.alert == "Ya está en esa secuencia."
    await office.presses(office.ana, "Ficha" if "👤 Ficha" in card.labels else "Secuencias", on=card)


async def test_a_contact_is_taken_and_given_back(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.says(office.beto, "/c leo")
    card = push(office, "beto")
    await office.presses(office.beto, "Tomar", on=card)
    assert "Beto" in card.body
    await office.presses(office.beto, "Soltar", on=card)
    assert "sin asignar" in card.body


async def test_a_plan_is_paused_and_resumed_by_an_admin_and_an_agent_cannot(office: Office) -> None:
    await office.desk.plan("Hola {name}", trigger=Trigger.MANUAL)
    await office.says(office.ana, "/secuencias")
    await office.presses(office.ana, "Bienvenida")
    card = push(office)
    data = next(button.data for button in card.buttons if "Pausar" in button.text)
    await office.presses(office.ana, "Pausar", on=card)
    assert "en pausa" in card.body
    await office.presses(office.ana, "Reanudar", on=card)
    assert "activa" in card.body
    await office.says(office.beto, "/sequences")
    await office.presses(office.beto, "Bienvenida")
    of_beto = push(office, "beto")
    assert not any("Pausar" in label for label in of_beto.labels)
    forged = office.beto.presses(message=of_beto, data=data)
    await office.fake.until(lambda: forged.answered)
    assert "Tu rol no puede" in (forged.alert or "")


async def test_enrolling_from_a_plan_asks_whom(office: Office) -> None:
    await office.desk.plan("Hola {name}", trigger=Trigger.MANUAL)
    await office.writes("Hola")
    await office.writes("Hola", name="Leonor", wa_id="5491155550777")
    await office.says(office.ana, "/sequencias")
    await office.presses(office.ana, "Bienvenida")
    await office.presses(office.ana, "Inscribir")
    await office.says(office.ana, "nadie así")
    assert "No encuentro «nadie así»" in push(office).body
    await office.says(office.ana, "/secuencias")
    await office.presses(office.ana, "Bienvenida")
    await office.presses(office.ana, "Inscribir")
    await office.says(office.ana, "leo")
    await office.presses(office.ana, "Leonor")
    await office.presses(office.ana, "Inscribir")
    assert "Leonor" in push(office).body
    assert "paso 1 de 1" in push(office).body


async def test_a_button_finds_contacts_too(office: Office) -> None:
    await office.writes("Hola")
    await office.says(office.ana, "/menu")
    await office.presses(office.ana, "Buscar contacto")
    await office.says(office.ana, "50099")
    assert "Leo Díaz" in push(office).body


# --- blocks and alerts -------------------------------------------------------------------------------------------------------


async def a_blocked_contact(office: Office) -> None:
    """Two messages that never arrive, while another contact's do."""
    await office.writes("Hola")
    asked = push(office)
    await office.writes("Hola", name="Marta", wa_id="5491155550777")
    office.desk.clock.advance(minutes=1)
    for text in ("uno", "dos"):
        await office.says(office.ana, text, reply_to=asked)
    await office.desk.sends()
    for number in (1, 2):
        await office.desk.arrives(envelope(heard(f"wamid.OUT{number}", "sent", office.desk.clock.now())))
    office.desk.clock.advance(hours=80)
    await office.writes("Hola otra vez", name="Marta", wa_id="5491155550777")
    await office.says(office.ana, "¡Hola!", reply_to=push(office))
    await office.desk.sends()
    for status in ("sent", "delivered"):
        await office.desk.arrives(envelope(heard("wamid.OUT3", status, office.desk.clock.now())))
    assert (await office.desk.engine.blocks.detect()).get("probable") == 1
    await office.tell()


async def test_a_suspicion_rings_and_can_be_taken_back(office: Office) -> None:
    await a_blocked_contact(office)
    alarm = push(office)
    assert "bloqueo probable (95 %)" in alarm.body
    await office.presses(office.ana, "Me ocupo", on=alarm)
    assert "Te ocupas tú" in alarm.body
    await office.says(office.ana, "/bloqueos")
    assert "probable 95 %" in push(office).body
    await office.presses(office.ana, "Leo Díaz")
    card = push(office)
    await office.presses(office.ana, "Reactivar", on=card)
    old = next(button.data for button in card.buttons if "reactivar" in button.text)
    office.desk.clock.advance(seconds=100)
    press = office.ana.presses(message=card, data=old)
    await office.fake.until(lambda: press.answered)
    assert "ya no vale" in (press.alert or "")
    await office.rests()
    await office.presses(office.ana, "Leo Díaz", on=card)
    await office.presses(office.ana, "Reactivar", on=card)
    await office.presses(office.ana, "Sí, reactivar", on=card)
    assert "Reactivado" in card.body
    assert (await office.desk.engine.reports.status(None)).blocks.get("probable", 0) == 0


async def test_alerts_are_listed_and_taken(office: Office) -> None:
    await a_blocked_contact(office)
    await office.says(office.ana, "/alerts")
    listed = push(office)
    before = listed.body.count("👀") + sum("👀" in label for label in listed.labels)
    await office.presses(office.ana, "👀 1", on=listed)
    assert listed.body.count("👀") + sum("👀" in label for label in listed.labels) < before


async def test_an_assumption_is_believed_again_with_one_press(office: Office) -> None:
    from crm.effects import Alarm, raise_alerts

    account = office.desk.account
    await office.desk.engine.accounts.set_assumption(office.desk.admin, account.id, "manual_send", on=False)
    params = {"account": account.name, "account_id": account.id, "assumption": "manual_send"}
    alarm = Alarm(AlertKind.ASSUMPTION_OFF, Severity.WARNING, "assumption_off:1", params, admins_only=True)
    async with office.desk.database.begin() as uow:
        await raise_alerts(uow, [alarm], office.desk.clock.now())
    await office.tell()
    press = await office.presses(office.ana, "Volver a suponerlo")
    assert press.toast == "↩️ Se vuelve a suponer"
    accounts = await office.desk.engine.accounts.all()
    assert "manual_send" in accounts[0].assumptions


# --- the rest ----------------------------------------------------------------------------------------------------------------


async def test_the_language_changes_at_once(office: Office) -> None:
    await office.says(office.ana, "/language")
    press = await office.presses(office.ana, "English")
    assert press.toast == "🌐 English"
    await office.says(office.ana, "/menu")
    assert "Hi, Ana" in push(office).body
    await office.says(office.ana, "/idioma pt")
    assert "Em que idioma" in push(office).body


@pytest.mark.parametrize(
    "command", ["/menu", "/cola", "/c", "/secuencias", "/bloqueos", "/alertas", "/estado", "/ayuda", "/idioma"]
)
async def test_every_command_answers_every_role(office: Office, command: str) -> None:
    code = await office.desk.engine.agents.invite(Role.VIEWER)
    reader = office.fake.person(1003, "Lara")
    await office.says(reader, f"/start {code}")
    for person in (office.ana, office.beto, reader):
        before = len(person.chat)
        await office.says(person, command)
        assert len(person.chat) == before + 2, command
    assert not any(call.error for call in office.fake.calls)


async def test_an_unknown_command_is_answered_with_the_nearest(office: Office) -> None:
    await office.says(office.ana, "/colas")
    assert "¿Quisiste /cola?" in push(office).body
    await office.says(office.ana, "/xyzzyx")
    assert "/ayuda" in push(office).body


async def test_something_unforeseen_is_told_with_a_number_and_never_a_stack(office: Office) -> None:
    class Broken:
        async def status(self, by: object) -> None:
            raise ZeroDivisionError("secret detail")

    office.desk.engine.reports = Broken()  # type: ignore[assignment]
    await office.says(office.ana, "/estado")
    assert re.search(r"Código E-[0-9A-F]{4}\.", push(office).body)
    assert "secret" not in push(office).body
    await office.says(office.ana, "/cola")
    assert "Cola" in push(office).body
    press = await office.presses(office.ana, "Menú")
    assert re.search(r"E-[0-9A-F]{4}", press.alert or "")


async def test_a_slow_press_is_answered_before_it_is_done(office: Office) -> None:
    import asyncio

    finished = asyncio.Event()
    honest = office.desk.engine.reports.glance

    async def slowly(by: object) -> object:
        await finished.wait()
        return await honest(by)  # type: ignore[arg-type]

    office.desk.engine.reports.glance = slowly  # type: ignore[assignment, method-assign]
    await office.says(office.ana, "/cola")
    press = office.ana.presses("Menú")
    await office.fake.until(lambda: press.answered)
    assert press.toast == "⏳ En curso"
    finished.set()
    await office.rests()
    assert "Hola, Ana" in push(office).body


async def test_somebody_who_blocked_the_bot_is_passed_over_until_they_come_back(office: Office) -> None:
    office.beto.blocks_bot()
    await office.rests()
    assert not (await office.known(office.beto)).reachable
    await office.writes("Hola")
    assert "Leo" in push(office).body
    office.beto.unblocks_bot()
    await office.rests()
    assert (await office.known(office.beto)).reachable


async def test_a_push_that_is_refused_for_good_marks_the_agent(office: Office) -> None:
    office.fake.fail_next("sendMessage", forbidden("bot was blocked by the user"), times=2)
    await office.writes("Hola")
    assert not (await office.known(office.ana)).reachable
    await office.says(office.ana, "/menu")
    assert (await office.known(office.ana)).reachable


async def test_what_the_agent_of_a_conversation_cannot_be_told_the_others_read_and_may_answer(office: Office) -> None:
    await office.writes("Hola")
    conversation = (await office.desk.engine.desk.recall(1001, push(office).message_id))["conversation"]
    beto = await office.known(office.beto)
    await office.desk.engine.conversations.assign(office.desk.admin, conversation, beto.id)
    office.fake.fail_next("sendMessage", forbidden("bot was blocked by the user"))
    await office.writes("¿Tienen stock?")
    assert not (await office.known(office.beto)).reachable
    assert any("A Beto no le llega nada" in message.body for message in office.ana.chat)
    asked = [message for message in office.ana.chat if "¿Tienen stock?" in message.body]
    assert len(asked) == 1
    await office.says(office.ana, "Sí, en azul", reply_to=asked[0])
    await office.desk.sends()
    assert [(parcel.text, parcel.reply_to_wamid) for parcel in office.desk.meta.sent] == [("Sí, en azul", "wamid.IN1")]


async def test_groups_hear_one_line_once_and_only_when_an_agent_calls(office: Office) -> None:
    eva = office.fake.person(666, "Eva")
    group = office.fake.group(-1001, "Ventas", members=(office.ana, eva))
    eva.says("/cola", chat=group)
    await office.rests()
    assert [message for message in group.messages if message.from_bot] == []
    office.ana.says("/cola", chat=group)
    office.ana.says("/cola", chat=group)
    await office.rests()
    assert [message.body for message in group.messages if message.from_bot] == [
        "🔒 Aquí no trabajo: escríbeme en privado."
    ]


def push_of(person: object) -> str:
    screen = getattr(person, "screen", None)
    assert screen is not None
    return str(screen.body)


# --- what is written down of a contact ---------------------------------------------------------------------------------------


async def test_tags_fields_and_notes_are_written_from_the_card(office: Office) -> None:
    await office.writes("¿Tienen stock?")
    await office.says(office.ana, "/c Leo")
    await office.presses(office.ana, "Ficha")
    assert "Sin etiquetas" in push(office).body
    await office.presses(office.ana, "Etiqueta")
    await office.says(office.ana, "x" * 60)
    assert "entre 1 y 40" in push(office).body
    await office.says(office.ana, "vip <b>")
    assert "vip <b>" in push(office).body
    await office.presses(office.ana, "Dato")
    await office.says(office.ana, "Ciudad: Rosario")
    assert "ciudad: Rosario" in push(office).body
    await office.presses(office.ana, "Nota")
    await office.says(office.ana, "Prefiere la tarde")
    assert "Prefiere la tarde" in push(office).body
    await office.desk.sends()
    assert office.desk.meta.sent == [], "nothing of it is told to the customer"
    stale = push(office)
    await office.presses(office.ana, "✖️ vip", on=stale)
    assert "Sin etiquetas" in push(office).body
    await office.says(office.ana, "/c Leo")
    card = push(office).body
    assert all(words in card for words in ("ciudad: Rosario", "Prefiere la tarde"))


async def test_an_admin_forgets_a_person_by_typing_the_word(office: Office) -> None:
    await office.writes("Me llamo Leo y vivo en Rosario")
    await office.says(office.ana, "/c Leo")
    await office.presses(office.ana, "Ficha")
    await office.presses(office.ana, "Olvidar")
    question = push(office)
    assert "¿Borrar todo de Leo Díaz?" in question.body
    await office.says(office.ana, "sí")
    assert "No se borró nada" in push(office).body
    await office.says(office.ana, "/c Leo")
    await office.presses(office.ana, "Ficha")
    await office.presses(office.ana, "Olvidar")
    word = re.search(r"BORRAR \w+", push(office).body)
    assert word is not None
    await office.says(office.ana, word[0])
    assert "Borrado el contacto" in push(office).body
    await office.tell()
    shown = [each.body for each in office.ana.private.visible if each.from_bot]
    assert not any("Leo" in body for body in shown)
    await office.says(office.ana, "/c Leo")
    assert "No encuentro" in push(office).body
