"""Groups, forums and inline search: the little that later screens lean on."""

import pytest
from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from sandbox.telegram import Chat, Person, Telegram
from tests.unit.sandbox_telegram.conftest import HandClock

INBOX = -1001234567890


@pytest.fixture
def inbox(tg: Telegram, ana: Person) -> Chat:
    return tg.group(INBOX, "Bandeja", forum=True, members=[ana])


async def test_a_topic_lives_closes_and_dies(bot: Bot, inbox: Chat, ana: Person) -> None:
    topic = await bot.create_forum_topic(INBOX, "🟢 Julia")
    sent = await bot.send_message(INBOX, "hola", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    ana.says("nota", chat=inbox, thread_id=topic.message_thread_id)
    note = (await bot.get_updates())[-1].message
    assert note is not None
    assert note.message_thread_id == topic.message_thread_id
    await bot.edit_forum_topic(INBOX, topic.message_thread_id, "🔴 Julia")
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.edit_forum_topic(INBOX, topic.message_thread_id, "🔴 Julia")
    await bot.close_forum_topic(INBOX, topic.message_thread_id)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(INBOX, "hola", message_thread_id=topic.message_thread_id)
    await bot.reopen_forum_topic(INBOX, topic.message_thread_id)
    await bot.delete_forum_topic(INBOX, topic.message_thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(INBOX, "hola", message_thread_id=topic.message_thread_id)


async def test_a_group_takes_20_messages_a_minute_edits_included(bot: Bot, inbox: Chat, clock: HandClock) -> None:
    sent = await bot.send_message(INBOX, "0")
    for number in range(1, 20):
        await sent.edit_text(str(number))
    clock.advance(seconds=48)
    with pytest.raises(RetryAfter, match="Retry in 0:00:12"):
        await bot.send_message(INBOX, "una más")
    await bot.send_message(1001, "en privado sí")
    clock.advance(seconds=12)
    await bot.send_message(INBOX, "una más")


async def test_the_rations_of_groups_can_be_lifted(tg: Telegram, bot: Bot, inbox: Chat) -> None:
    tg.meter.per_minute = None
    for number in range(30):
        await bot.send_message(INBOX, str(number))
    assert len(inbox.messages) == 30


async def test_a_group_that_moved_says_where_it_went(tg: Telegram, bot: Bot, inbox: Chat) -> None:
    tg.migrates(inbox, INBOX - 1)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(INBOX, "hola")
    await bot.send_message(moved.value.new_chat_id, "hola")
    assert str(inbox.messages[-1]) == "hola"


async def test_a_bot_without_rights_hears_only_what_is_said_to_it(tg: Telegram, bot: Bot, ana: Person) -> None:
    team = tg.group(-55, "Equipo", members=[ana], bot_status="member")
    sent = await bot.send_message(-55, "hola")
    ana.says("entre nosotros", chat=team)
    ana.says("/ayuda", chat=team)
    ana.says("a ti", chat=team, reply_to=team.by_id[sent.message_id])
    heard = [one.message.text for one in await bot.get_updates() if one.message]
    assert heard == ["/start", "/ayuda", "a ti"]
    with pytest.raises(BadRequest, match="Not enough rights"):
        await sent.pin()


async def test_a_bot_that_left_is_no_longer_a_member(bot: Bot, inbox: Chat) -> None:
    admins = await bot.get_chat_administrators(INBOX)
    assert [one.user.username for one in admins] == ["centralita_bot"]
    await bot.leave_chat(INBOX)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(INBOX, "hola")


async def test_a_search_gets_its_results(bot: Bot, ana: Person) -> None:
    search = ana.searches("jul")
    query = (await bot.get_updates())[-1].inline_query
    assert query is not None
    julia = InlineQueryResultArticle("c1", "Julia", InputTextMessageContent("/c 1"))
    with pytest.raises(BadRequest, match="Result_id_duplicate"):
        await bot.answer_inline_query(query.id, [julia, julia])
    await bot.answer_inline_query(query.id, [julia], cache_time=0, is_personal=True)
    assert [one["title"] for one in search.results] == ["Julia"]
    assert search.is_personal
