"""Updates are kept before they are handled, handled once, and survive a stop; Telegram's refusals of pushes mean what they mean."""

import asyncio
import io
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.telegram import errors
from bot.telegram.application import Telegram, TelegramSettings
from bot.telegram.intake import LARGEST_BODY, SECRET_HEADER
from crm.errors import Conflict, Misconfigured
from crm.model.alerts import NoticeKind
from crm.ports import AgentUnreachable, NoticePostponed, NoticeUndeliverable
from crm.services.notices import NoticeService
from sandbox.telegram import BadGateway, bad, flood
from sandbox.telegram import Telegram as FakeTelegram
from storage.statements import Statement
from tests.builders import a_notice
from tests.integration.engine.desk import Desk
from tests.integration.telegram.conftest import Office, serving, settings

PATH, TOKEN = "a-path-nobody-guesses", "a-token-nobody-guesses"
UPDATE = b'{"update_id": 7, "message": {"message_id": 1, "date": 1795521600, "chat": {"id": 1001, "type": "private"}}}'


@pytest.fixture
def webhook(fake: FakeTelegram) -> TelegramSettings:
    return settings(fake, mode="webhook", public_url="https://desk.example.org/", path_secret=PATH, secret_token=TOKEN)


async def test_the_door_is_a_wall_without_both_secrets(desk: Desk, webhook: TelegramSettings) -> None:
    telegram = Telegram(webhook)
    telegram.connect(desk.engine)
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.add_routes(telegram.routes())
    async with TestClient(TestServer(app)) as client:

        async def post(body: bytes = UPDATE, path: str = PATH, token: str | None = TOKEN) -> int:
            headers = {SECRET_HEADER: token} if token is not None else {}
            answer = await client.post(f"/telegram/{path}", data=io.BytesIO(body), headers=headers)
            if answer.status == 403:
                assert await answer.read() == b""
            return answer.status

        assert await post(token=None) == 403
        assert await post(token="wrong") == 403
        assert await post(path="wrong") == 403
        assert await post(b"no json") == 400
        assert await post(b"[" * 100_000) == 400
        assert await post(b'{"update_id": true}') == 400
        assert await post(b'{"update_id": -1}') == 400
        assert await post(b" " * (LARGEST_BODY + 1)) == 413
        assert await desk.engine.desk.unhandled_updates() == []
        assert await post() == 200
        assert await post() == 200
        assert await desk.engine.desk.unhandled_updates() == [(7, UPDATE)]

        async def broken(update_id: int, body: bytes) -> bool:
            raise Conflict("storage-unavailable")

        desk.engine.desk.add_update = broken  # type: ignore[method-assign]
        assert await post() == 503


async def test_by_webhook_the_same_conversation_works(
    desk: Desk, fake: FakeTelegram, webhook: TelegramSettings
) -> None:
    telegram = Telegram(webhook)
    telegram.connect(desk.engine)
    app = web.Application()
    app.add_routes(telegram.routes())
    ana = fake.person(1001, "Ana")
    async with TestClient(TestServer(app)) as client:
        await telegram.start()
        hook = fake.updates.webhook
        assert hook is not None
        assert hook.url == f"https://desk.example.org/telegram/{PATH}"
        assert fake.updates.allowed == {"message", "callback_query", "my_chat_member", "message_reaction"}
        fake.updates.webhook = replace(hook, url=str(client.make_url(f"/telegram/{PATH}")))
        update_id = ana.says("/menu")
        await fake.until(lambda: ana.screen)
        await telegram.idle()
        ana.redelivers(update_id)
        await fake.until(lambda: not fake.updates.pending)
        await telegram.idle()
        assert sum(message.from_bot for message in ana.chat) == 1
        await telegram.stop()
        assert fake.updates.webhook is not None


async def test_what_was_kept_but_not_handled_is_handled_after_the_next_start(desk: Desk, fake: FakeTelegram) -> None:
    ana = fake.person(1001, "Ana")
    ana.says("/menu")
    pending = fake.updates.pending.pop()
    await desk.engine.desk.add_update(pending.update_id, json.dumps(pending.json()).encode())
    await desk.engine.desk.add_update(5, b'{"update_id": 5, "message": "not a message"}')
    async with serving(desk, fake):
        await fake.until(lambda: ana.screen)
    assert await desk.engine.desk.unhandled_updates() == []


@pytest.mark.parametrize("hours", [0, 30], ids=["queued", "kept"])
async def test_an_answer_handled_again_after_a_crash_goes_out_once(desk: Desk, fake: FakeTelegram, hours: int) -> None:
    """The program dies between the engine's commit and the mark that the update is through, and starts again."""
    ana = fake.person(1001, "Ana")
    async with serving(desk, fake) as telegram:
        office = Office(desk, fake, telegram, NoticeService(desk.database, telegram.notifier, desk.clock), ana, ana)
        await office.says(ana, "/menu")
        await office.writes("¿Tienen stock?")
        desk.clock.advance(hours=hours)
        asked = next(message for message in ana.chat if "¿Tienen stock?" in message.body)
        await office.says(ana, "Sí", reply_to=asked)
    async with desk.database.writing() as transaction:
        await transaction.run(Statement(sa.text("UPDATE tg_updates SET handled_at = NULL")))
    async with serving(desk, fake) as telegram:
        await telegram.idle()
    await desk.sends()
    sent = [(parcel.text, parcel.reply_to_wamid) for parcel in desk.meta.sent]
    cards = [message for message in ana.chat if "No se envió" in message.body]
    assert sent == ([] if hours else [("Sí", "wamid.IN0")])
    assert len(cards) == (await desk.engine.pending.page(desk.admin)).total == (1 if hours else 0)


async def test_an_unknown_token_ends_the_start_and_an_unreachable_telegram_does_not(
    desk: Desk, fake: FakeTelegram
) -> None:
    telegram = Telegram(settings(fake, token="123:wrong"))
    telegram.connect(desk.engine)
    with pytest.raises(Misconfigured, match=r"telegram\.token"):
        await telegram.start()
    await telegram.stop()
    fake.fail_next("getMe", BadGateway())
    patient = Telegram(settings(fake))
    patient.connect(desk.engine)
    await patient.start()
    async with asyncio.timeout(60):
        await patient.ready.wait()
    await patient.stop()


def test_a_webhook_without_secrets_is_a_mistake_in_the_settings(fake_settings: TelegramSettings) -> None:
    with pytest.raises(Misconfigured, match="16 characters"):
        Telegram(replace(fake_settings, mode="webhook", path_secret="short")).routes()


@pytest.fixture
def fake_settings() -> TelegramSettings:
    return TelegramSettings(token="123:abc")


def test_the_token_is_never_printed() -> None:
    shown = repr(TelegramSettings(token="123:secret", path_secret="secret", secret_token="secret"))
    assert "secret'" not in shown
    assert "123" not in shown


def test_errors_of_the_client_are_logged_without_the_token() -> None:
    assert (
        errors.harmless(ValueError("The token `123:secret-token` was rejected")) == "The token `<token>` was rejected"
    )


async def test_refusals_of_a_push_are_translated_for_the_pump(office: Office) -> None:
    agent = await office.known(office.ana)
    notice = a_notice(
        to=agent, kind=NoticeKind.INBOUND, params={"contact": "Leo", "text": "Hola", "kind": "text"}, attempts=3
    )
    deliver = office.telegram.notifier.deliver
    office.fake.fail_next("sendMessage", BadGateway())
    with pytest.raises(NoticePostponed) as later:
        await deliver(notice, agent)
    assert later.value.wait.total_seconds() == 8
    office.fake.fail_next("sendMessage", flood(300))
    with pytest.raises(NoticePostponed) as later:
        await deliver(notice, agent)
    assert later.value.wait.total_seconds() > 290
    beto = await office.known(office.beto)
    office.fake.fail_next("sendMessage", bad("message is too long"))
    with pytest.raises(NoticeUndeliverable):
        await deliver(notice, beto)
    assert (await office.known(office.beto)).reachable
    office.fake.fail_next("sendMessage", bad("chat not found"))
    with pytest.raises(AgentUnreachable):
        await deliver(notice, beto)
    assert not (await office.known(office.beto)).reachable


async def test_markup_that_telegram_refuses_goes_out_as_plain_words(office: Office) -> None:
    office.fake.fail_next("sendMessage", bad("can't parse entities: whatever"))
    await office.writes("Hola <b>")
    screens = [person.screen for person in (office.ana, office.beto)]
    assert all(screen is not None and "Leo Díaz" in screen.body for screen in screens)


async def test_a_card_that_was_deleted_is_forgotten(office: Office) -> None:
    await office.writes("Hola")
    push = office.ana.screen
    office.desk.clock.advance(hours=30)
    await office.says(office.ana, "Tarde", reply_to=push)
    card = next(message for message in office.ana.chat if "No se envió" in message.body)
    pending_id = (await office.desk.engine.desk.recall(1001, card.message_id))["pending"]
    del card.chat.by_id[card.message_id]
    await office.desk.engine.pending.skip(office.desk.admin, pending_id, 1)
    await office.tell()
    assert await office.desk.engine.desk.copies("pending", pending_id) == []


async def test_nothing_is_pushed_before_the_engine_is_there(desk: Desk, fake: FakeTelegram) -> None:
    telegram = Telegram(settings(fake))
    with pytest.raises(RuntimeError, match="connect"):
        await telegram.start()
    assert isinstance(NoticeService(desk.database, telegram.notifier, desk.clock), NoticeService)
    await telegram.stop()
