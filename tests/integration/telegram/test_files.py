"""An agent's file takes its time: the chat goes on, the order of what one customer gets stays, and nobody is left in the dark."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.services.notices import NoticeService
from sandbox.telegram import ShownMessage
from sandbox.telegram import Telegram as FakeTelegram
from storage.statements import Statement
from tests import recordings
from tests.integration.engine.desk import Desk
from tests.integration.telegram.conftest import Office, serving

PREPARING = "Preparo el archivo"
FILM = recordings.film()


@pytest.fixture
async def held(office: Office) -> AsyncIterator[asyncio.Event]:
    """No file comes from Telegram until this is set."""
    office.fake.files_flow.clear()
    yield office.fake.files_flow
    office.fake.files_flow.set()


def pushed(office: Office, words: str) -> ShownMessage:
    [message] = [each for each in office.ana.private.visible if each.from_bot and words in each.plain]
    return message


def line_under(office: Office, name: str) -> ShownMessage | None:
    """What the bot says under a file of Ana's."""
    found = [
        each
        for each in office.ana.private.visible
        if each.from_bot
        and each.reply_to is not None
        and each.reply_to.file is not None
        and each.reply_to.file.name == name
    ]
    assert len(found) <= 1, [each.plain for each in found]
    return found[0] if found else None


async def asked(office: Office) -> tuple[ShownMessage, ShownMessage]:
    """Leo and Sol wrote, and Ana sees it."""
    await office.writes("¿Tienen fotos?")
    await office.writes("¿Y precios?", name="Sol Ruiz", wa_id="5491155550011")
    return pushed(office, "¿Tienen fotos?"), pushed(office, "¿Y precios?")


def film(office: Office, to: ShownMessage, name: str = "film.webm") -> None:
    office.ana.uploads(FILM, name, kind="video", mime_type="video/webm", reply_to=to)


async def preparing(office: Office, name: str = "film.webm") -> None:
    """Wait until the line says so."""
    await office.fake.until(lambda: (line := line_under(office, name)) and PREPARING in line.plain)


async def left(desk: Desk) -> list[tuple[str, str]]:
    """What leaves, to whom, in its order."""
    await desk.sends()
    return [(str(p.to.phone)[-4:], p.enclosed.kind.value if p.enclosed else str(p.text)) for p in desk.meta.sent]


async def test_a_film_that_is_prepared_holds_up_nothing_else_of_its_agent(office: Office, held: asyncio.Event) -> None:
    leo, sol = await asked(office)
    film(office, leo)
    await preparing(office)
    office.ana.says("7 USD", reply_to=sol)
    await office.fake.until(lambda: any("👌" in one for m in office.ana.private.visible for one in m.reactions))
    office.ana.says("/estado")
    await office.fake.until(lambda: "Todo funciona" in office.ana.screen.plain)  # type: ignore[union-attr]
    held.set()
    await office.rests()
    assert await left(office.desk) == [("0011", "7 USD"), ("0099", "video")]
    line = line_under(office, "film.webm")
    assert line is not None
    assert "En camino" in line.plain


async def test_words_to_the_same_customer_wait_for_the_film_before_them(office: Office, held: asyncio.Event) -> None:
    leo, _ = await asked(office)
    film(office, leo)
    await preparing(office)
    office.ana.says("¿Te gusta?", reply_to=leo)
    film(office, leo, "second.webm")
    await preparing(office, "second.webm")
    office.ana.says("/estado")
    await office.fake.until(lambda: "Todo funciona" in office.ana.screen.plain)  # type: ignore[union-attr]
    assert await left(office.desk) == []
    held.set()
    await office.rests()
    office.desk.clock.advance(minutes=1)
    assert [what for _, what in await left(office.desk)] == ["video", "¿Te gusta?", "video"]


async def test_the_line_becomes_the_refusal(office: Office, held: asyncio.Event) -> None:
    leo, _ = await asked(office)
    office.ana.uploads(b"#EXTM3U\n", "film.mp4", kind="video", mime_type="video/mp4", reply_to=leo)
    await preparing(office, "film.mp4")
    held.set()
    await office.rests()
    line = line_under(office, "film.mp4")
    assert line is not None
    assert "dañado" in line.plain
    assert PREPARING not in line.plain
    assert await left(office.desk) == []


async def test_a_file_after_the_window_turns_the_line_into_its_card(office: Office, held: asyncio.Event) -> None:
    leo, _ = await asked(office)
    office.desk.clock.advance(hours=25)
    film(office, leo)
    await preparing(office)
    held.set()
    await office.rests()
    line = line_under(office, "film.webm")
    assert line is not None
    assert line.keyboard.rows, "no card"
    [(card, _)] = (await office.desk.engine.pending.page(office.desk.admin)).lines
    assert (line.chat.id, line.message_id) in await office.desk.engine.desk.copies("pending", card.id)


async def a_cut_off_film(desk: Desk, fake: FakeTelegram) -> Office:
    """A process that is stopped while it prepares Ana's film."""
    ana, beto = fake.person(1001, "Ana"), fake.person(1002, "Beto")
    async with serving(desk, fake, stop_within=timedelta(0)) as telegram:
        office = Office(desk, fake, telegram, NoticeService(desk.database, telegram.notifier, desk.clock), ana, beto)
        await office.says(ana, "/menu")
        leo, _ = await asked(office)
        fake.files_flow.clear()
        film(office, leo)
        await preparing(office)
    fake.files_flow.set()
    return office


async def test_a_process_that_dies_while_it_prepares_is_followed_by_one_that_goes_on(
    desk: Desk, fake: FakeTelegram
) -> None:
    """The update is still in hand: the next process handles it, with the same line, and the message leaves once."""
    office = await a_cut_off_film(desk, fake)
    assert await left(desk) == []
    async with serving(desk, fake) as telegram:
        await telegram.idle()
    line = line_under(office, "film.webm")
    assert line is not None
    assert "En camino" in line.plain
    assert [what for _, what in await left(desk)] == ["video"]


async def test_after_a_long_silence_the_line_becomes_the_question_whether_to_send_still(
    desk: Desk, fake: FakeTelegram
) -> None:
    office = await a_cut_off_film(desk, fake)
    desk.clock.advance(minutes=30)
    async with serving(desk, fake) as telegram:
        await telegram.idle()
        line = line_under(office, "film.webm")
        assert line is not None
        assert "Ejecutar" in line.buttons[0].text
        assert await left(desk) == []
        press = office.ana.presses("Ejecutar", message=line)
        await fake.until(lambda: press.answered)
        await telegram.idle()
    assert [what for _, what in await left(desk)] == ["video"]


async def test_a_file_that_left_before_the_end_is_not_prepared_again(desk: Desk, fake: FakeTelegram) -> None:
    """Its update comes again when the process died before it could note that it was through."""
    ana = fake.person(1001, "Ana")
    async with serving(desk, fake) as telegram:
        office = Office(desk, fake, telegram, NoticeService(desk.database, telegram.notifier, desk.clock), ana, ana)
        await office.says(ana, "/menu")
        leo, _ = await asked(office)
        film(office, leo)
        await office.rests()
        fetched = len(fake.calls_to("getFile"))
    async with desk.database.writing() as transaction:
        await transaction.run(Statement(sa.text("UPDATE tg_updates SET handled_at = NULL")))
    async with serving(desk, fake) as telegram:
        await telegram.idle()
    assert len(fake.calls_to("getFile")) == fetched
    assert [what for _, what in await left(desk)] == ["video"]


# --- albums -------------------------------------------------------------------------------------------------------------------


PHOTOS = [recordings.picture("JPEG", size=(80, 60 + number)) for number in range(4)]


@pytest.mark.parametrize("all_reply", [True, False])
@pytest.mark.parametrize("by", ["reply", "button"])
async def test_an_album_leaves_as_its_pictures_in_their_order(office: Office, by: str, all_reply: bool) -> None:
    leo, _ = await asked(office)
    if by == "button":
        await office.presses(office.ana, "Responder", on=leo)
    office.ana.uploads_album(*PHOTOS, caption="Hay estos", reply_to=leo if by == "reply" else None, all_reply=all_reply)
    await office.rests()
    await left(office.desk)
    office.desk.clock.advance(minutes=1)
    await left(office.desk)
    sent = [(parcel.text or "", parcel.enclosed.key) for parcel in office.desk.meta.sent if parcel.enclosed]
    keys = [hashlib.sha256(photo).hexdigest() for photo in PHOTOS]
    assert sent == list(zip(["Hay estos", "", "", ""], keys, strict=True))
    assert {parcel.to.phone for parcel in office.desk.meta.sent} == {"+5491155550099"}


async def test_what_follows_an_album_does_not_go_to_its_customer(office: Office) -> None:
    leo, _ = await asked(office)
    await office.presses(office.ana, "Responder", on=leo)
    office.ana.uploads_album(*PHOTOS[:2], all_reply=False)
    await office.rests()
    await office.says(office.ana, "¿y ahora?")
    office.ana.uploads_album(*PHOTOS[2:])
    await office.rests()
    assert [what for _, what in await left(office.desk)] == ["image", "image"]


async def test_one_bad_picture_of_an_album_stops_no_other(office: Office) -> None:
    leo, _ = await asked(office)
    office.ana.uploads_album(PHOTOS[0], b"\xff\xd8\xff broken", PHOTOS[1], reply_to=leo)
    await office.rests()
    line = line_under(office, "photo1.jpg")
    assert line is not None
    assert "dañado" in line.plain
    assert [what for _, what in await left(office.desk)] == ["image", "image"]
