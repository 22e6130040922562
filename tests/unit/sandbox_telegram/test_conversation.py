"""A whole python-telegram-bot application talks with a person: by polling, and fed from a webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from sandbox.telegram import Telegram

SECRET = "s3cret-Token_1"
App = Application[Any, Any, Any, Any, Any, Any]


async def menu(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    keyboard = [
        [
            InlineKeyboardButton("💳 Plantilla", callback_data="n:t"),
            InlineKeyboardButton("‹ Volver", callback_data="n:m"),
        ]
    ]
    assert update.message is not None
    await update.message.reply_html("<b>Inicio</b> · 3 &amp; más", reply_markup=InlineKeyboardMarkup(keyboard))


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Enviado")
    await query.edit_message_text(f"Elegiste {query.data}")


def application(tg: Telegram, *, polling: bool) -> App:
    builder = Application.builder().token(tg.token).base_url(f"{tg.url}/bot").base_file_url(f"{tg.url}/file/bot")
    app: App = builder.build() if polling else builder.updater(None).build()
    app.add_handler(CommandHandler("menu", menu))
    app.add_handler(CallbackQueryHandler(pressed))
    return app


@asynccontextmanager
async def polling(tg: Telegram) -> AsyncIterator[App]:
    app = application(tg, polling=True)
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling()
        yield app
        await app.updater.stop()
        await app.stop()


class Door:
    """The bot's own HTTP door, where a webhook arrives; `closed` makes it answer 503."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.closed = False
        self.secrets: list[str | None] = []
        self.received: list[int] = []

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.closed:
            return web.Response(status=503)
        update = Update.de_json(await request.json(), self.app.bot)
        self.received.append(update.update_id)
        await self.app.update_queue.put(update)
        return web.Response()


@asynccontextmanager
async def webhook(tg: Telegram) -> AsyncIterator[Door]:
    app = application(tg, polling=False)
    door = Door(app)
    site = web.Application()
    site.router.add_post("/tg", door.receive)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with app:
        await app.start()
        await app.bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/tg", secret_token=SECRET)
        yield door
        await app.stop()
    await runner.cleanup()


async def test_a_person_walks_through_a_menu_by_polling(tg: Telegram) -> None:
    ana = tg.person(1001, "Ana", "es")
    async with polling(tg):
        ana.says("/menu")
        await tg.until(lambda: ana.screen)
        assert str(ana.screen) == "Inicio · 3 & más\n[ 💳 Plantilla ] [ ‹ Volver ]"
        press = ana.presses("💳 Plantilla")
        await tg.until(lambda: ana.screen and ana.screen.edits)
    assert (press.toast, press.alert) == ("Enviado", None)
    assert str(ana.screen) == "Elegiste n:t"


async def test_a_person_walks_through_a_menu_by_webhook(tg: Telegram) -> None:
    ana = tg.person(1001, "Ana", "es")
    async with webhook(tg) as door:
        ana.says("/menu")
        await tg.until(lambda: ana.screen)
        press = ana.presses("Volver")
        await tg.until(lambda: press.answered and ana.screen and ana.screen.edits)
    assert set(door.secrets) == {SECRET}
    assert str(ana.screen) == "Elegiste n:m"


async def test_an_update_the_webhook_refused_comes_again(tg: Telegram) -> None:
    ana = tg.person(1001, "Ana", "es")
    async with webhook(tg) as door:
        door.closed = True
        update_id = ana.says("/menu")
        await tg.until(lambda: len(door.secrets) > 1)
        info = await door.app.bot.get_webhook_info()
        assert info.pending_update_count == 1
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
        door.closed = False
        await tg.until(lambda: ana.screen)
        assert door.received == [update_id]


async def test_a_redelivered_update_reaches_the_webhook_with_its_old_id(tg: Telegram) -> None:
    ana = tg.person(1001, "Ana", "es")
    async with webhook(tg) as door:
        update_id = ana.says("hola")
        await tg.until(lambda: door.received)
        ana.redelivers(update_id)
        await tg.until(lambda: len(door.received) == 2)
        assert door.received == [update_id, update_id]


async def test_a_redelivered_update_reaches_a_poller_with_its_old_id(tg: Telegram) -> None:
    ana = tg.person(1001, "Ana", "es")
    async with polling(tg):
        update_id = ana.says("/menu")
        await tg.until(lambda: ana.screen)
        ana.redelivers(update_id)
        await tg.until(lambda: len([message for message in ana.chat if message.from_bot]) == 2)


async def test_nothing_is_pushed_unasked_when_automatic_pushing_is_off(tg: Telegram) -> None:
    """The time machine decides when updates arrive."""
    ana, beto = tg.person(1001, "Ana"), tg.person(1002, "Beto")
    async with webhook(tg) as door:
        tg.push_automatically = False
        ids = [ana.says("uno"), beto.says("dos"), ana.says("tres")]
        assert (await door.app.bot.get_webhook_info()).pending_update_count == 3
        assert door.received == []
        assert await tg.deliver_due() == 3
        assert sorted(door.received) == ids
        assert await tg.deliver_due() == 0


async def test_updates_of_one_chat_are_pushed_in_order(tg: Telegram) -> None:
    ana, beto = tg.person(1001, "Ana"), tg.person(1002, "Beto")
    async with webhook(tg) as door:
        tg.push_automatically = False
        hers = [ana.says(str(number)) for number in range(1, 6)]
        his = [beto.says(str(number)) for number in range(1, 6)]
        await tg.deliver_due()
    assert [one for one in door.received if one in hers] == hers
    assert [one for one in door.received if one in his] == his


async def test_a_language_and_a_command_arrive_as_a_client_sends_them(tg: Telegram) -> None:
    async with polling(tg):
        tg.person(1003, "Bia", "pt").says("😀 /menu@centralita_bot")
        tg.person(1003).says("/menu@centralita_bot")
        await tg.until(lambda: tg.person(1003).screen)
    assert len(tg.calls_to("sendMessage")) == 1, "a command in the middle of a text is no command for CommandHandler"
