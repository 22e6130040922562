"""Whoever listens sees every call with its answer, and what people hold in hand can be looked at."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle, InputTextMessageContent
from telegram.error import BadRequest

from sandbox.telegram import Call, Person, Telegram


async def test_every_call_is_told_with_its_answer_or_its_error(tg: Telegram, bot: Bot, ana: Person) -> None:
    heard: list[Call] = []
    tg.on_call = heard.append
    sent = await bot.send_message(ana.id, "Hola")
    with pytest.raises(BadRequest):
        await bot.send_message(1, "Hola")
    (told, refused) = [each for each in heard if each.method == "sendMessage"]
    assert (told.answer["message_id"], told.error) == (sent.message_id, None)
    assert (refused.answer, refused.error) == (None, "400 Bad Request: chat not found")


async def test_the_latest_tap_and_search_of_a_person_are_remembered(tg: Telegram, bot: Bot, ana: Person) -> None:
    assert (ana.press, ana.search) == (None, None)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí", callback_data="y")]])
    await bot.send_message(ana.id, "¿Sí?", reply_markup=keyboard)
    press, search = ana.presses("Sí"), ana.searches("Leo")
    assert (ana.press, ana.search) == (press, search)
    assert tg.people == [ana]


async def test_a_result_that_was_offered_can_be_picked_and_the_bot_hears_of_it(
    tg: Telegram, bot: Bot, ana: Person
) -> None:
    await bot.get_updates(allowed_updates=["inline_query", "chosen_inline_result", "message"])
    search = ana.searches("Leo")
    content = InputTextMessageContent("<b>Leo</b> 54", parse_mode="HTML")
    await bot.answer_inline_query(search.query_id, [InlineQueryResultArticle("7", "Leo", content)])
    ana.picks("7")
    assert ana.said is not None
    assert ana.said.body == "Leo 54"
    updates = await bot.get_updates(offset=search.update_id)
    chosen = next(each.chosen_inline_result for each in updates if each.chosen_inline_result)
    assert (chosen.result_id, chosen.query, chosen.from_user.id) == ("7", "Leo", ana.id)
    with pytest.raises(AssertionError, match="no such result"):
        ana.picks("8")


async def test_the_bot_hears_that_it_was_made_an_administrator(tg: Telegram, bot: Bot, ana: Person) -> None:
    group = tg.group(-1001, "Bandeja", forum=True, members=[ana], bot_status="left")
    ana.makes_administrator(group)
    updates = await bot.get_updates(allowed_updates=["my_chat_member"])
    change = next(each.my_chat_member for each in updates if each.my_chat_member)
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("left", "administrator")
    assert (await bot.create_forum_topic(-1001, "Leo")).name == "Leo"
