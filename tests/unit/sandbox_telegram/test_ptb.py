"""python-telegram-bot with a small bot of its own: what it may send and change, what it hears, and what it is refused."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    InputTextMessageContent,
    MenuButtonCommands,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from sandbox.acts.samples import sample
from sandbox.telegram import BadGateway, Chat, Person, Telegram, flood
from tests.unit.sandbox_telegram.conftest import HandClock

ANA, INBOX = 1001, -1001234567890
App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
Call = Callable[[Bot], Awaitable[object]]


def buttons(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(each, callback_data=each) for each in labels]])


@pytest.fixture
def inbox(tg: Telegram, ana: Person) -> Chat:
    return tg.group(INBOX, "Bandeja", forum=True, members=[ana])


# --- a bot of its own


async def greets(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text("¿Qué hacemos?", reply_markup=buttons("Sí", "No"))


async def repeats(update: Update, context: Context) -> None:
    assert update.message is not None
    await update.message.reply_html(f"<i>{update.message.text}</i>", do_quote=True)


async def keeps_photo(update: Update, context: Context) -> None:
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    await update.message.reply_text(f"{len(await file.download_as_bytearray())} bytes: {update.message.caption}")


async def presses(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Hecho")
    await update.callback_query.edit_message_text(f"Elegiste {update.callback_query.data}")


async def reacts(update: Update, context: Context) -> None:
    change = update.message_reaction
    assert change is not None
    emojis = [each.emoji for each in change.new_reaction if isinstance(each, ReactionTypeEmoji)]
    await context.bot.send_message(change.chat.id, f"Reacción: {' '.join(emojis) or 'ninguna'}")


async def searches(update: Update, context: Context) -> None:
    assert update.inline_query is not None
    found = InlineQueryResultArticle("c1", "Julia", InputTextMessageContent("/c 1"))
    await update.inline_query.answer([found], cache_time=0, is_personal=True)


async def picked(update: Update, context: Context) -> None:
    assert update.chosen_inline_result is not None
    chosen = update.chosen_inline_result
    await context.bot.send_message(chosen.from_user.id, f"Elegida: {chosen.result_id}, por {chosen.query}")


async def moves(update: Update, context: Context) -> None:
    assert update.my_chat_member is not None
    context.bot_data["status"] = update.my_chat_member.new_chat_member.status


def application(tg: Telegram, *, polling: bool) -> App:
    builder = Application.builder().token(tg.token).base_url(f"{tg.url}/bot").base_file_url(f"{tg.url}/file/bot")
    app: App = builder.build() if polling else builder.updater(None).build()
    app.add_handlers(
        [
            CommandHandler("start", greets),
            MessageHandler(filters.PHOTO, keeps_photo),
            MessageHandler(filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE, repeats),
            CallbackQueryHandler(presses),
            MessageReactionHandler(reacts),
            InlineQueryHandler(searches),
            ChosenInlineResultHandler(picked),
            ChatMemberHandler(moves),
        ]
    )
    return app


@asynccontextmanager
async def polls(tg: Telegram) -> AsyncIterator[App]:
    app = application(tg, polling=True)
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        yield app
        await app.updater.stop()
        await app.stop()


@asynccontextmanager
async def is_pushed_to(tg: Telegram) -> AsyncIterator[App]:
    app = application(tg, polling=False)

    async def receive(request: web.Request) -> web.Response:
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    site = web.Application()
    site.router.add_post("/hook", receive)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with app:
        await app.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await app.bot.set_webhook(url, allowed_updates=Update.ALL_TYPES)
        yield app
        await app.stop()
    await runner.cleanup()


@pytest.fixture(params=[polls, is_pushed_to], ids=["polling", "webhook"])
async def app(request: pytest.FixtureRequest, tg: Telegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with request.param(tg) as app:
        yield app


async def test_a_bot_hears_everything_and_answers(tg: Telegram, app: App, ana: Person) -> None:
    def shows(text: str) -> Callable[[], bool]:
        return lambda: any(each.body == text for each in ana.chat if each.from_bot)

    await tg.until(shows("¿Qué hacemos?"))
    ana.says("hola & chau")
    await tg.until(lambda: ana.screen is not None and ana.screen.body == "hola & chau")
    assert ana.screen is not None
    assert ana.screen.entities
    assert ana.screen.reply_to is ana.said
    press = ana.presses("No")
    await tg.until(lambda: press.answered)
    await tg.until(shows("Elegiste No"))
    assert press.toast == "Hecho"
    file = sample("image").file()
    ana.uploads(file.content, file.name, kind="photo", mime_type=file.mime_type, caption="la mesa")
    await tg.until(shows(f"{len(file.content)} bytes: la mesa"))
    first = ana.chat[1]
    ana.reacts(first, "👍")
    await tg.until(shows("Reacción: 👍"))
    ana.reacts(first)
    await tg.until(shows("Reacción: ninguna"))
    search = ana.searches("jul")
    await tg.until(lambda: search.answered)
    assert [each["title"] for each in search.results] == ["Julia"]
    ana.picks("c1")
    await tg.until(shows("Elegida: c1, por jul"))
    ana.blocks_bot()
    await tg.until(lambda: app.bot_data.get("status") == "kicked")


async def test_a_webhook_and_what_waits_for_it_can_be_asked(tg: Telegram, bot: Bot, ana: Person) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody", max_connections=7, allowed_updates=["message"])
    await tg.until(lambda: tg.updates.last_error)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == ("http://127.0.0.1:9/nobody", 7, 1)
    assert info.last_error_message == "Connection refused"
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0


# --- about itself


async def test_a_bot_knows_itself_its_commands_and_its_button(bot: Bot, ana: Person) -> None:
    me = await bot.get_me()
    assert (me.is_bot, me.username, me.supports_inline_queries) == (True, "centralita_bot", True)
    scope = BotCommandScopeChat(ANA)
    await bot.set_my_commands([("menu", "Todo"), BotCommand("cola", "Lo que espera")], scope=scope, language_code="es")
    kept = await bot.get_my_commands(scope=scope, language_code="es")
    assert [(each.command, each.description) for each in kept] == [("menu", "Todo"), ("cola", "Lo que espera")]
    await bot.delete_my_commands(scope=scope, language_code="es")
    assert await bot.get_my_commands(scope=scope, language_code="es") == ()
    await bot.set_chat_menu_button(ANA, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(ANA)).type == "commands"


# --- messages


async def test_a_text_is_sent_edited_and_deleted(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(ANA, "<b>Hola</b> &amp; chau", ParseMode.HTML, reply_markup=buttons("Sí"))
    assert (sent.text, sent.text_html, sent.chat.first_name) == ("Hola & chau", "<b>Hola</b> &amp; chau", "Ana")
    assert sent.reply_markup is not None
    edited = await sent.edit_text("Otra cosa", reply_markup=buttons("No"))
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    await sent.edit_reply_markup(None)
    assert [str(each) for each in ana.private.visible if each.from_bot] == ["Otra cosa"]
    quoting = await bot.send_message(ANA, "sí", reply_parameters=ReplyParameters(sent.message_id))
    assert quoting.reply_to_message is not None
    copy = await bot.copy_message(ANA, ANA, sent.message_id)
    assert await bot.delete_messages(ANA, [sent.message_id, copy.message_id])
    assert await quoting.delete()
    assert [each for each in ana.private.visible if each.from_bot] == []


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "audio", "video", "animation", "sticker"])
async def test_files_of_every_kind_come_back_as_they_went(bot: Bot, ana: Person, kind: str) -> None:
    more = {} if kind == "sticker" else {"caption": "<i>Mira</i>", "parse_mode": ParseMode.HTML}
    sent = await getattr(bot, f"send_{kind}")(ANA, b"content", **more)
    carried = sent.photo[-1] if kind == "photo" else getattr(sent, kind)
    assert (carried.file_size, sent.caption) == (7, "Mira" if more else None)
    file = await carried.get_file()
    assert bytes(await file.download_as_bytearray()) == b"content"
    again = await getattr(bot, f"send_{kind}")(ANA, carried.file_id)
    assert (again.photo[-1] if kind == "photo" else getattr(again, kind)).file_id == carried.file_id


async def test_an_album_is_sent_as_messages_of_one_group(bot: Bot, ana: Person) -> None:
    media: list[InputMediaPhoto | InputMediaVideo] = [
        InputMediaPhoto(b"uno", caption="<b>Uno</b>", parse_mode=ParseMode.HTML),
        InputMediaVideo(b"dos"),
    ]
    first, second = await bot.send_media_group(ANA, media)
    assert (first.caption, second.caption) == ("Uno", None)
    assert first.media_group_id == second.media_group_id
    assert first.media_group_id
    assert [each.file.content for each in ana.private.visible if each.file] == [b"uno", b"dos"]
    (alone,) = await bot.send_media_group(ANA, [InputMediaDocument(b"tres", filename="tres.pdf")])
    assert alone.media_group_id is None


async def test_a_caption_and_a_file_can_be_changed(bot: Bot, ana: Person) -> None:
    sent = await bot.send_photo(ANA, b"uno", caption="Uno")
    await sent.edit_caption("Dos", reply_markup=buttons("Ver"))
    changed = await sent.edit_media(InputMediaDocument(b"tres", caption="Tres", filename="tres.pdf"))
    assert isinstance(changed, Message)
    assert changed.document is not None
    assert (changed.document.file_name, changed.caption) == ("tres.pdf", "Tres")
    assert ana.screen is not None
    assert ana.screen.edits == 2


async def test_a_place_a_card_and_an_action_are_taken(bot: Bot, ana: Person) -> None:
    place = await bot.send_location(ANA, -34.6, -58.4)
    assert place.location is not None
    assert place.location.latitude == -34.6
    card = await bot.send_contact(ANA, "+549115555", "Leo")
    assert card.contact is not None
    assert card.contact.first_name == "Leo"
    assert await bot.send_chat_action(ANA, ChatAction.TYPING)


async def test_reactions_and_pins_stand_until_they_are_taken_away(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(ANA, "uno")
    assert ana.said is not None
    await bot.set_message_reaction(ANA, ana.said.message_id, "👌")
    assert ana.said.reactions == ["👌"]
    await bot.set_message_reaction(ANA, ana.said.message_id)
    assert ana.said.reactions == []
    await sent.pin()
    pinned = (await bot.get_chat(ANA)).pinned_message
    assert pinned is not None
    assert pinned.text == "uno"
    await sent.unpin()
    assert (await bot.get_chat(ANA)).pinned_message is None
    await sent.pin()
    await bot.unpin_all_chat_messages(ANA)
    assert (await bot.get_chat(ANA)).pinned_message is None


async def test_topics_hold_messages_files_and_albums(bot: Bot, inbox: Chat, ana: Person) -> None:
    icons = await bot.get_forum_topic_icon_stickers()
    topic = await bot.create_forum_topic(INBOX, "Julia", icon_custom_emoji_id=icons[0].custom_emoji_id)
    lane = topic.message_thread_id
    await bot.send_message(INBOX, "hola", message_thread_id=lane)
    await bot.send_media_group(INBOX, [InputMediaPhoto(b"1"), InputMediaPhoto(b"2")], message_thread_id=lane)
    assert [each.thread_id for each in inbox.visible] == [lane] * 4
    assert await bot.edit_forum_topic(INBOX, lane, name="Julia Paz")
    assert inbox.topics[lane].name == "Julia Paz"
    assert await bot.close_forum_topic(INBOX, lane)
    assert await bot.reopen_forum_topic(INBOX, lane)
    assert (await bot.get_chat_member(INBOX, ANA)).status == "member"
    assert await bot.get_chat_member_count(INBOX) == 2
    assert await bot.delete_forum_topic(INBOX, lane)
    assert inbox.visible == []


# --- refusals


REFUSED: dict[str, tuple[Call, str]] = {
    "an empty text": (lambda bot: bot.send_message(ANA, " "), "Message text is empty"),
    "a text too long": (lambda bot: bot.send_message(ANA, "x" * 4097), "Message is too long"),
    "a caption too long": (lambda bot: bot.send_photo(ANA, b"x", caption="x" * 1025), "Message caption is too long"),
    "HTML that is none": (lambda bot: bot.send_message(ANA, "<x>", ParseMode.HTML), "Can't parse entities"),
    "a chat nobody knows": (lambda bot: bot.send_message(4711, "x"), "Chat not found"),
    "an empty file": (lambda bot: bot.send_document(ANA, b""), "File must be non-empty"),
    "a file nobody knows": (
        lambda bot: bot.get_file("nonsense"),
        "Wrong file_id or the file is temporarily unavailable",
    ),
    "a message that is not there": (lambda bot: bot.edit_message_text("x", ANA, 4711), "Message to edit not found"),
    "somebody else's message": (lambda bot: bot.edit_message_text("x", ANA, 1), "Message can't be edited"),
    "a reaction of no list": (lambda bot: bot.set_message_reaction(ANA, 1, "🧉"), "Reaction_invalid"),
    "65 bytes in a button": (
        lambda bot: bot.send_message(ANA, "x", reply_markup=buttons("x" * 65)),
        "Button_data_invalid",
    ),
    "an action of no list": (lambda bot: bot.send_chat_action(ANA, "dancing"), "Wrong parameter action"),
    "a topic in no forum": (lambda bot: bot.create_forum_topic(ANA, "x"), "The chat is not a forum"),
    "a topic nobody knows": (
        lambda bot: bot.send_message(INBOX, "x", message_thread_id=99),
        "Message thread not found",
    ),
    "a query nobody asked": (lambda bot: bot.answer_callback_query("1"), "Query is too old"),
    "an album of eleven": (
        lambda bot: bot.send_media_group(ANA, [InputMediaPhoto(b"x")] * 11),
        "Too many messages to send as an album",
    ),
    "an album of documents and photos": (
        lambda bot: bot.send_media_group(ANA, [InputMediaPhoto(b"x"), InputMediaDocument(b"y")]),
        "document can't be mixed",
    ),
    "a command in capitals": (lambda bot: bot.set_my_commands([("Menu", "x")]), "Bot_command_invalid"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_telegram_refuses_is_refused(bot: Bot, ana: Person, inbox: Chat, what: str) -> None:
    call, words = REFUSED[what]
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await call(bot)
    assert [each for each in [*ana.private.visible, *inbox.visible] if each.from_bot] == [], "a refusal leaves nothing"


async def test_an_album_pays_the_ration_of_its_group_whole_or_not_at_all(
    bot: Bot, inbox: Chat, clock: HandClock
) -> None:
    for number in range(15):
        await bot.send_message(INBOX, str(number))
        clock.advance(seconds=1)
    album: list[InputMediaPhoto | InputMediaVideo] = [InputMediaPhoto(b"x")] * 7
    with pytest.raises(RetryAfter, match="Retry in 0:00:46"):
        await bot.send_media_group(INBOX, album)
    assert len(inbox.visible) == 15
    clock.advance(seconds=46)
    assert len(await bot.send_media_group(INBOX, album)) == 7


@pytest.mark.parametrize(
    ("fault", "error"), [(flood(7), RetryAfter), (BadGateway(), NetworkError)], ids=["429", "a proxy's page"]
)
async def test_trouble_on_order_strikes_once(
    tg: Telegram, bot: Bot, ana: Person, fault: Any, error: type[TelegramError]
) -> None:
    tg.fail_next("sendMediaGroup", fault)
    with pytest.raises(error):
        await bot.send_media_group(ANA, [InputMediaPhoto(b"x"), InputMediaPhoto(b"y")])
    assert ana.screen is None
    await bot.send_media_group(ANA, [InputMediaPhoto(b"x"), InputMediaPhoto(b"y")])


async def test_who_never_wrote_or_blocked_the_bot_cannot_be_reached(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.person(1002, "Beto")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(1002, "hola")
    ana.blocks_bot()
    for call in (bot.send_message(ANA, "x"), bot.send_photo(ANA, b"x"), bot.edit_message_text("x", ANA, 1)):
        with pytest.raises(Forbidden, match="blocked by the user"):
            await call
