"""What the server refuses to show, with the words of the real one, and what a person then sees."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, MenuButtonCommands
from telegram.constants import MessageEntityType
from telegram.error import BadRequest, Forbidden

from sandbox.telegram import Person, Telegram
from tests.unit.sandbox_telegram.conftest import HandClock

HTML = "HTML"


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button] for button in buttons])


def button(label: str, data: str = "n:m") -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


async def test_nobody_is_written_to_before_she_spoke(tg: Telegram, bot: Bot) -> None:
    tg.person(1002, "Beto")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(1002, "hola")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(4711, "hola")


async def test_a_person_who_blocks_the_bot_is_out_of_reach_until_she_unblocks_it(bot: Bot, ana: Person) -> None:
    ana.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "hola")
    with pytest.raises(AssertionError, match="must unblock"):
        ana.says("hola")
    ana.unblocks_bot()
    await bot.send_message(1001, "hola")
    changes = [one.my_chat_member for one in await bot.get_updates() if one.my_chat_member]
    assert [one.new_chat_member.status for one in changes] == ["kicked", "member"]


async def test_html_is_read_as_people_read_it(bot: Bot, ana: Person) -> None:
    closes = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    sent = await bot.send_message(
        1001,
        f'😀 <b>Ana &lt;3</b> <tg-time unix="{closes.timestamp():.0f}" format="r">15:00</tg-time>'
        "<blockquote expandable>largo</blockquote>",
        parse_mode=HTML,
    )
    assert sent.text == "😀 Ana <3 15:00largo"
    found = [(entity.type, sent.parse_entity(entity)) for entity in sent.entities]
    assert found == [
        (MessageEntityType.BOLD, "Ana <3"),
        (MessageEntityType.DATE_TIME, "15:00"),
        (MessageEntityType.EXPANDABLE_BLOCKQUOTE, "largo"),
    ]
    assert ana.screen is not None
    assert ana.screen.plain == sent.text
    assert ana.screen.text.startswith("😀 <b>")


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("año <b>a</i>", 'Unmatched end tag at byte offset 9, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("3 < 4", 'Unsupported start tag "" at byte offset 2'),
        ("3 <4", "Unclosed start tag at byte offset 2"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_is_not_telegrams_is_refused(
    tg: Telegram, bot: Bot, ana: Person, html: str, complaint: str
) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(1001, html, parse_mode=HTML)
    assert tg.calls[-1].error == f"400 Bad Request: can't parse entities: {complaint}"
    assert ana.screen is None


async def test_length_is_counted_in_utf16_after_the_tags_are_gone(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, f"<b>{'😀' * 2048}</b>", parse_mode=HTML)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(1001, "😀" * 2048 + "a")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(1001, "<b> </b>", parse_mode=HTML)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(1001, b"x", caption="a" * 1025)


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (keyboard(button("a", "ñ" * 33)), "Button_data_invalid"),
        (keyboard(*[button("a")] * 101), "Reply markup is too long"),
        (keyboard(InlineKeyboardButton("a", callback_data="x", style="pink")), "invalid button style"),
        (keyboard(InlineKeyboardButton("a")), "text buttons are unallowed"),
        (keyboard(InlineKeyboardButton("a", url="nada")), "url 'nada' is invalid"),
    ],
)
async def test_keyboards_telegram_would_not_show_are_refused(
    bot: Bot, ana: Person, markup: InlineKeyboardMarkup, complaint: str
) -> None:
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_message(1001, "hola", reply_markup=markup)


async def test_64_bytes_and_a_hundred_buttons_pass(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "hola", reply_markup=keyboard(*[button("a", "ñ" * 32)] * 100))
    assert ana.screen is not None
    assert len(ana.screen.buttons) == 100


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(1001, "<b>hola</b>", parse_mode=HTML, reply_markup=keyboard(button("a")))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("<strong>hola</strong> ", parse_mode=HTML, reply_markup=keyboard(button("a")))
    assert ana.screen is not None
    assert ana.screen.edits == 0


async def test_an_edit_without_keyboard_takes_the_keyboard_away(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(1001, "hola", reply_markup=keyboard(button("a")))
    await sent.edit_text("hola")
    assert ana.screen is not None
    assert (ana.screen.edits, ana.screen.rows) == (1, ())


async def test_only_the_bots_standing_messages_can_be_edited(bot: Bot, ana: Person) -> None:
    assert ana.said is not None
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", 1001, ana.said.message_id)
    sent = await bot.send_message(1001, "hola")
    await sent.delete()
    assert ana.screen is None
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("x")
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()


async def test_after_two_days_a_message_stays(bot: Bot, ana: Person, clock: HandClock) -> None:
    sent = await bot.send_message(1001, "hola")
    clock.advance(hours=48, seconds=1)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await sent.delete()


async def test_a_button_is_found_by_what_it_says(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "vieja", reply_markup=keyboard(button("💳 Plantilla", "old")))
    await bot.send_message(
        1001, "nueva", reply_markup=keyboard(button("💳 Plantillas", "list"), button("💳 Plantilla", "one"))
    )
    ana.presses("💳 Plantilla")
    ana.presses("Plantillas")
    ana.presses(data="old")
    pressed = [one.callback_query.data for one in await bot.get_updates() if one.callback_query]
    assert pressed == ["one", "list", "old"]


async def test_a_button_that_is_not_there_shows_the_screen(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "<b>Inicio</b>", parse_mode=HTML, reply_markup=keyboard(button("💬 Chats")))
    with pytest.raises(AssertionError, match=r"Ana sees no button 'Costos'(?s:.*)Inicio\n\[ 💬 Chats \]"):
        ana.presses("Costos")


async def test_a_link_button_asks_nothing_of_the_bot(bot: Bot, ana: Person) -> None:
    link = InlineKeyboardButton("Abrir", url="https://t.me/centralita_bot?start=x")
    await bot.send_message(1001, "hola", reply_markup=keyboard(link))
    press = ana.presses("Abrir")
    assert (press.url, press.update_id) == (link.url, None)
    assert len(await bot.get_updates()) == 1


async def test_an_alert_is_not_a_toast(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "hola", reply_markup=keyboard(button("a")))
    press = ana.presses("a")
    assert press.query_id is not None
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(press.query_id, "a" * 201)
    await bot.answer_callback_query(press.query_id, "No puedes", show_alert=True)
    assert (press.toast, press.alert) == (None, "No puedes")


async def test_a_press_is_answered_once_and_within_a_quarter_of_an_hour(
    bot: Bot, ana: Person, clock: HandClock
) -> None:
    await bot.send_message(1001, "hola", reply_markup=keyboard(button("a")))
    prompt, late = ana.presses("a"), ana.presses("a")
    assert prompt.query_id is not None
    assert late.query_id is not None
    clock.advance(minutes=15)
    await bot.answer_callback_query(prompt.query_id)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(prompt.query_id)
    clock.advance(seconds=1)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late.query_id)


async def test_an_old_client_can_press_a_button_that_is_gone(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(1001, "hola", reply_markup=keyboard(button("a", "m:cl:1:4")))
    await sent.edit_text("hecho")
    ana.presses(message=ana.screen, data="m:cl:1:4")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "m:cl:1:4"


async def test_reactions_come_from_the_fixed_list_one_at_a_time(bot: Bot, ana: Person) -> None:
    said = ana.said
    assert said is not None
    await bot.set_message_reaction(1001, said.message_id, "👀")
    assert said.reactions == ["👀"]
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(1001, said.message_id, "✅")
    with pytest.raises(BadRequest, match="Reactions_too_many"):
        await bot.set_message_reaction(1001, said.message_id, ["👀", "👍"])
    await bot.set_message_reaction(1001, said.message_id)
    assert said.reactions == []


async def test_files_travel_both_ways(bot: Bot, ana: Person) -> None:
    ana.uploads(b"nombre;tel", "contactos.csv", caption="va la lista")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    assert (message.caption, message.document.file_name) == ("va la lista", "contactos.csv")
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"nombre;tel"
    sent = await bot.send_photo(1001, b"\x89PNG", caption="<b>Costos</b>", parse_mode=HTML)
    assert ana.screen is not None
    assert ana.screen.file is not None
    assert (ana.screen.file.content, ana.screen.body) == (b"\x89PNG", "Costos")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("x")
    await sent.edit_caption("Costos de hoy", reply_markup=keyboard(button("🔄")))
    assert str(ana.screen).splitlines()[1:] == ["Costos de hoy", "[ 🔄 ]"]


async def test_more_than_20_megabytes_cannot_be_downloaded(bot: Bot, ana: Person) -> None:
    ana.uploads(bytes(20 * 1024 * 1024 + 1), "video.mp4")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await message.document.get_file()


async def test_an_answer_to_a_message_that_is_gone_is_refused(bot: Bot, ana: Person) -> None:
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1001, "hola", reply_to_message_id=99)
    await bot.send_message(1001, "hola", reply_to_message_id=99, allow_sending_without_reply=True)


async def test_command_menus_are_kept_per_scope_and_language(bot: Bot, ana: Person) -> None:
    await bot.set_my_commands([BotCommand("menu", "Inicio")], language_code="es")
    assert await bot.get_my_commands() == ()
    assert await bot.get_my_commands(language_code="es") == (BotCommand("menu", "Inicio"),)
    await bot.delete_my_commands(language_code="es")
    assert await bot.get_my_commands(language_code="es") == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Menú", "Inicio")])
    await bot.set_chat_menu_button(1001, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(1001)).type == "commands"


async def test_what_a_person_is_can_be_asked(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(1001, "fija")
    await sent.pin()
    chat = await bot.get_chat(1001)
    assert (chat.first_name, chat.pinned_message) == ("Ana", sent)
    assert (await bot.get_chat_member(1001, 1001)).status == "member"


async def test_time_of_messages_is_the_injected_clocks(bot: Bot, ana: Person, clock: HandClock) -> None:
    clock.advance(days=30)
    sent = await bot.send_message(1001, "hola")
    assert sent.date == clock.now()
    clock.advance(minutes=5)
    edited = await bot.edit_message_text("adiós", 1001, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date == sent.date + timedelta(minutes=5)
