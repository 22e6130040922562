"""How updates leave: offsets, kinds, conflicts and age."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, EndPointNotFound, InvalidToken

from sandbox.telegram import Person, Telegram
from tests.unit.sandbox_telegram.conftest import HandClock, a_bot


async def test_an_offset_confirms_what_came_before(bot: Bot, ana: Person) -> None:
    second = ana.says("dos")
    first, again = await bot.get_updates(), await bot.get_updates()
    assert [one.update_id for one in first] == [one.update_id for one in again]
    assert [one.update_id for one in await bot.get_updates(offset=second)] == [second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_a_long_poll_ends_when_somebody_writes(bot: Bot, ana: Person) -> None:
    (start,) = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=30))
    written = ana.says("hola")
    assert [one.update_id for one in await poll] == [written]


async def test_a_second_poller_ends_the_first(tg: Telegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await tg.until(lambda: tg.updates.polled)
    async with a_bot(tg) as second:
        assert await second.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("https://crm.example.org/tg")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_setting_a_webhook_ends_a_poll_under_way(tg: Telegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await tg.until(lambda: tg.updates.polled)
    await bot.set_webhook("https://crm.example.org/tg")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll


async def test_a_webhook_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://crm.example.org/tg")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://crm.example.org/tg", secret_token="ñ")


async def test_reactions_arrive_only_when_asked_for(bot: Bot, ana: Person) -> None:
    """Telegram leaves message_reaction out of the default set; forgetting that is a classic."""
    shown = await bot.send_message(1001, "hola")
    message = ana.screen
    assert message is not None
    ana.reacts(message, "👍")
    assert [one.message_reaction for one in await bot.get_updates()] == [None]
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    ana.reacts(message, "❤")
    reaction = (await bot.get_updates())[-1].message_reaction
    assert reaction is not None
    assert (reaction.message_id, len(reaction.old_reaction), len(reaction.new_reaction)) == (shown.message_id, 1, 1)


async def test_kinds_not_asked_for_are_dropped_silently(bot: Bot, ana: Person) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
    ana.says("¿me lees?")
    assert [one.message and one.message.text for one in await bot.get_updates()] == ["/start"]


async def test_an_update_lives_a_day(bot: Bot, ana: Person, clock: HandClock) -> None:
    clock.advance(hours=23, minutes=59)
    assert len(await bot.get_updates()) == 1
    clock.advance(minutes=1)
    assert await bot.get_updates() == ()


async def test_a_message_may_be_old(bot: Bot, ana: Person, clock: HandClock) -> None:
    """After an outage the bot sees commands written long ago."""
    written = clock.now()
    clock.advance(minutes=43)
    ana.says("/enviar", date=written)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.date == written


async def test_an_edited_message_and_an_answer_arrive_whole(bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "¿Nombre?")
    ana.says("Ana", reply_to=ana.screen)
    assert ana.said is not None
    ana.edits(ana.said, "Ana María")
    _, answer, edit = await bot.get_updates()
    assert answer.message is not None
    assert answer.message.reply_to_message is not None
    assert edit.edited_message is not None
    assert answer.message.reply_to_message.text == "¿Nombre?"
    assert (edit.edited_message.text, edit.edited_message.message_id) == ("Ana María", answer.message.message_id)


async def test_a_wrong_token_is_refused(tg: Telegram) -> None:
    stranger = a_bot(tg, "999:nope")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_an_unknown_method_does_not_exist(bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelegram")
