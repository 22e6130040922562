"""Trouble on purpose: what python-telegram-bot makes of it, and what really happened."""

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from sandbox.telegram import ApiFault, BadGateway, Delay, DropConnection, Person, Telegram, flood


async def test_flood_control_says_how_long_to_wait_and_passes(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.fail_next("sendMessage", flood(7))
    with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
        await bot.send_message(1001, "hola")
    assert ana.screen is None
    await bot.send_message(1001, "hola")
    assert [call.error for call in tg.calls_to("sendMessage")] == ["429 Too Many Requests: retry after 7", None]


async def test_a_fault_meets_only_the_method_it_was_made_for(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.fail_next("sendMessage", ApiFault(400, "Bad Request: message thread not found"), times=2)
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(1001, "hola")
    await bot.send_message(1001, "hola")


async def test_a_line_cut_after_applying_leaves_the_message_standing(tg: Telegram, bot: Bot, ana: Person) -> None:
    """The ambiguous failure: the bot cannot know, and must not send twice."""
    tg.fail_next("sendMessage", DropConnection())
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "hola")
    assert str(ana.screen) == "hola"


async def test_a_line_cut_before_applying_leaves_nothing(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.fail_next("sendMessage", DropConnection(after_applying=False))
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "hola")
    assert ana.screen is None


async def test_a_slow_answer_times_out_though_the_message_stands(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.fail_next("sendMessage", Delay(30))
    with pytest.raises(TimedOut):
        await bot.send_message(1001, "hola", read_timeout=0.05)
    assert str(ana.screen) == "hola"


async def test_a_proxys_page_is_a_network_error(tg: Telegram, bot: Bot, ana: Person) -> None:
    tg.fail_next("*", BadGateway())
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "hola")
    assert ana.screen is None


async def test_waiting_in_vain_prints_the_chats(tg: Telegram, bot: Bot, ana: Person) -> None:
    await bot.send_message(1001, "hola")
    with pytest.raises(AssertionError, match=r"last calls: getMe, sendMessage\n── Ana \(1001\) ──\n👤 /start\n🤖 hola"):
        await tg.until(lambda: False, timeout_s=0)
