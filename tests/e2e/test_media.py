"""A customer's files on their way to the agents: over the simulated Graph and the object store into the simulated Telegram, and out
again over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.media.door import MediaDoor
from bot.media.links import PURPOSE, THUMBNAIL, Links
from crm.model.ids import from_short
from sandbox.acts.samples import sample
from sandbox.graph import Fault
from sandbox.graph import Person as Customer
from sandbox.telegram import ApiFault, ShownMessage, bad
from sandbox.telegram import Person as Agent
from sandbox.world import TOKEN, World, open_world
from storage.objects import open_objects
from storage.vault import Vault, generate_key
from tests import recordings

PDF = b"%PDF-1.4 nothing to see"


def newest(agent: Agent) -> ShownMessage:
    return [message for message in agent.private.visible if message.from_bot][-1]


def sends(world: World, leo: Customer, kind: str, **more: str | bool) -> bytes:
    """Leo sends what lies ready of this kind; return its bytes."""
    file = sample(kind).file()
    leo.sends_media(world.number, {"voice": "audio"}.get(kind, kind), file.content, file.mime_type, **more)
    return file.content


async def test_a_picture_arrives_as_a_photo_under_its_message(world: World, ana: Agent, leo: Customer) -> None:
    picture = sends(world, leo, "image", caption="¿Tienen este?")
    told = await world.sees(ana, "¿Tienen este?")
    photo = newest(ana)
    assert photo.attachment is not None
    assert photo.attachment.kind == "photo"
    assert photo.file is not None
    assert photo.file.content == picture
    assert photo.reply_to is told
    assert "Leo" in photo.plain
    assert (photo.silent, told.silent) == (True, False)


async def test_a_fresh_file_costs_one_call_for_its_webhook_says_where_it_lies(
    world: World, ana: Agent, leo: Customer
) -> None:
    asked: list[str] = []
    world.graph.on_exchange = lambda exchange: asked.append(exchange.path)
    sends(world, leo, "image")
    await world.settle()
    assert newest(ana).attachment is not None
    assert len(asked) == 1
    assert "/media-files/" in asked[0]


@pytest.mark.parametrize(
    ("kind", "shown_as", "more"),
    [
        ("video", "video", {}),
        ("voice", "voice", {"voice": True}),
        ("document", "document", {"filename": "Lista de precios.pdf"}),
        ("sticker", "sticker", {}),
    ],
)
async def test_every_kind_is_shown_as_what_it_is(
    world: World, ana: Agent, leo: Customer, kind: str, shown_as: str, more: dict[str, str | bool]
) -> None:
    content = sends(world, leo, kind, **more)
    await world.settle()
    shown = newest(ana)
    assert shown.attachment is not None
    assert shown.attachment.kind == shown_as
    assert shown.file is not None
    assert shown.file.content == content
    assert shown.reply_to is not None
    if "filename" in more:
        assert shown.file.name == more["filename"]


async def test_a_document_shows_its_first_page(world: World, ana: Agent, leo: Customer) -> None:
    page = recordings.document()
    leo.sends_media(world.number, "document", page, "application/pdf", filename="Lista.pdf")
    await world.settle()
    shown = newest(ana).attachment
    assert shown is not None
    assert shown.file is not None
    assert shown.thumbnail is not None
    assert shown.file.content == page
    with Image.open(BytesIO(shown.thumbnail.content)) as small:
        assert (small.format, max(small.size)) == ("JPEG", 320)


async def test_a_lost_small_picture_keeps_nobody_from_the_file(world: World, ana: Agent, leo: Customer) -> None:
    page = recordings.document()
    wamid = leo.sends_media(world.number, "document", page, "application/pdf", filename="Lista.pdf")
    world.telegram.fail_next("sendDocument", ApiFault(500, "Internal Server Error"))
    await world.settle()
    program = world.program
    async with program.database.read() as uow:
        [message] = (await uow.messages.known([wamid])).values()
        found = (await uow.media.of_messages([message.id]))[message.id]
    assert found.thumbnail_key is not None
    await open_objects(program.settings.media.url, program.settings.storage.url).delete(found.thumbnail_key)
    await world.travel(minutes=2)
    shown = newest(ana).attachment
    assert shown is not None
    assert (shown.file and shown.file.content, shown.thumbnail) == (page, None)


async def test_answering_the_photo_answers_the_customer(world: World, ana: Agent, leo: Customer) -> None:
    sends(world, leo, "image")
    await world.settle()
    await world.says(ana, "Sí, lo tenemos", reply_to=newest(ana))
    await world.travel(minutes=1)
    assert [line.text for line in leo.inbox] == ["Sí, lo tenemos"]


async def test_only_the_assigned_team_is_told_and_each_has_the_file_once(
    world: World, ana: Agent, beto: Agent, leo: Customer
) -> None:
    sends(world, leo, "image")
    await world.travel(hours=1)
    for agent in (ana, beto):
        photos = [m for m in agent.private.visible if m.attachment is not None]
        assert len(photos) == 1


async def test_what_telegram_will_not_show_as_a_photo_comes_as_a_document(
    world: World, ana: Agent, leo: Customer
) -> None:
    world.telegram.fail_next("sendPhoto", bad("PHOTO_INVALID_DIMENSIONS"))
    picture = sends(world, leo, "image")
    await world.settle()
    assert newest(ana).attachment is not None
    assert newest(ana).attachment.kind == "document"  # type: ignore[union-attr]
    assert newest(ana).file.content == picture  # type: ignore[union-attr]


async def test_what_telegram_takes_in_no_form_is_told_in_words(world: World, ana: Agent, leo: Customer) -> None:
    world.telegram.fail_next("sendPhoto", bad("IMAGE_PROCESS_FAILED"))
    world.telegram.fail_next("sendDocument", bad("wrong type of the web page content"))
    sends(world, leo, "image")
    await world.sees(ana, "Telegram no acepta este archivo")


async def test_a_telegram_that_asks_for_patience_gets_the_file_later(world: World, ana: Agent, leo: Customer) -> None:
    world.telegram.fail_next("sendPhoto", ApiFault(500, "Internal Server Error"))
    sends(world, leo, "image")
    await world.travel(minutes=2)
    assert newest(ana).attachment is not None


async def test_a_file_whose_id_is_dead_is_told_to_be_gone(world: World, ana: Agent, leo: Customer) -> None:
    message = world.graph.find(leo.sends_media(world.number, "document", PDF, "application/pdf", filename="a.pdf"))
    assert message is not None
    assert world.graph.media.delete(message.content["document"]["id"])
    line = await world.sees(ana, "ya no está", "Meta ya no tiene ese archivo")
    assert line.reply_to is not None


async def test_a_meta_out_of_order_delays_the_file_and_not_the_message(world: World, ana: Agent, leo: Customer) -> None:
    world.graph.fail_next(Fault("html", http=500), times=None, where="media")
    sends(world, leo, "image", caption="Mira")
    await world.sees(ana, "Mira")
    assert newest(ana).attachment is None
    world.graph.faults.clear()
    await world.travel(minutes=5)
    assert newest(ana).attachment is not None


async def test_a_refused_token_is_told_and_the_file_comes_with_the_new_one(
    world: World, ana: Agent, leo: Customer
) -> None:
    sends(world, leo, "image", caption="Mira")
    world.graph.tokens.revoke(TOKEN)
    await world.sees(ana, "token")
    assert not [m for m in ana.private.visible if m.attachment is not None]
    world.graph.tokens.grant("EAAG-newer", {world.number.phone_number_id, world.number.waba_id}, world.clock.at, None)
    account = (await world.program.engine.accounts.all())[0]
    await world.program.engine.accounts.set_token(account.id, "EAAG-newer", "test")
    await world.travel(minutes=16)
    assert [m for m in ana.private.visible if m.attachment is not None]


# --- over HTTP -------------------------------------------------------------------------------------------------------------------


def link(world: World, shown: ShownMessage, form: str = "", *, days: int = 7) -> str:
    """The address of the file that a message of the bot shows, as the program itself would give it out."""
    assert shown.file is not None
    code = shown.file.name.partition("-")[2].partition(".")[0]
    media_id = from_short(code)
    assert media_id is not None
    links: Links = replace(world.program.links, public_url=world.url, lives=timedelta(days=days))
    address = links.to(media_id, world.clock.at, form)
    assert address is not None
    return address


def address_of(address: str, links: Links, world: World) -> str:
    """The same file's address as other keys sign it."""
    media_id = from_short(address.partition("/media/")[2].partition("?")[0])
    assert media_id is not None
    signed = replace(links, public_url=world.url).to(media_id, world.clock.at)
    assert signed is not None
    return signed


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_signed_address_gives_the_file_and_is_fit_for_a_cdn(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    picture = sends(world, leo, "image")
    await world.settle()
    address = link(world, newest(ana))
    async with http.get(address) as whole:
        assert (whole.status, await whole.read(), whole.content_type) == (200, picture, "image/png")
        etag = whole.headers["ETag"]
        assert whole.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in whole.headers["Content-Security-Policy"]
        assert "immutable" in whole.headers["Cache-Control"]
        assert 0 < int(whole.headers["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 8 * 86_400
        assert whole.headers["Content-Disposition"].startswith("inline")
    async with http.get(address, headers={"If-None-Match": f'"other", {etag}'}) as known:
        assert (known.status, await known.read()) == (304, b"")
    async with http.head(address) as head:
        assert (head.status, head.headers["Content-Length"], await head.read()) == (200, str(len(picture)), b"")
    assert link(world, newest(ana)) == address, "the address changes within a day"


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None)]
)
async def test_parts_are_given(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession, asked: str, start: int, stop: int | None
) -> None:
    film = sends(world, leo, "video")
    await world.settle()
    async with http.get(link(world, newest(ana)), headers={"Range": asked}) as part:
        assert (part.status, await part.read()) == (206, film[start:stop])
        first = start if start >= 0 else len(film) + start
        last = (stop or len(film)) - 1
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(film)}"
    async with http.get(link(world, newest(ana)), headers={"Range": asked, "If-Range": '"another"'}) as whole:
        assert (whole.status, await whole.read()) == (200, film)


@pytest.mark.parametrize(("asked", "status"), [("bytes=99999999-", 416), ("bytes=-0", 416), ("bytes=5-1", 200)])
async def test_parts_that_are_not_there(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession, asked: str, status: int
) -> None:
    sends(world, leo, "image")
    await world.settle()
    async with http.get(link(world, newest(ana)), headers={"Range": asked}) as part:
        assert part.status == status


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-9,20-29",
        "bytes=0-9, -5",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=a-b",
        "bytes=1.5-3",
        "bytes=--5",
        "bytes=٣-٩",
        "bytes=0-9999999999999999",
        "items=0-9",
        "0-9",
    ],
)
async def test_several_parts_or_nonsense_give_the_whole_file(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession, asked: str
) -> None:
    """RFC 9110 lets a server ignore what it does not serve; a part that was not asked for would be a wrong file in a cache."""
    film = sends(world, leo, "video")
    await world.settle()
    async with http.get(link(world, newest(ana)), headers={"Range": asked}) as whole:
        assert (whole.status, await whole.read()) == (200, film)
        assert "Content-Range" not in whole.headers


async def test_a_part_beyond_the_end_says_how_much_there_is_and_is_not_kept(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    picture = sends(world, leo, "image")
    await world.settle()
    async with http.get(link(world, newest(ana)), headers={"Range": f"bytes={len(picture)}-"}) as none:
        assert none.status == 416
        assert none.headers["Content-Range"] == f"bytes */{len(picture)}"
        assert none.headers["Cache-Control"] == "no-store"
    async with http.get(link(world, newest(ana)), headers={"Range": f"bytes={len(picture) - 1}-99999999"}) as last:
        assert (last.status, await last.read()) == (206, picture[-1:])
        assert "immutable" in last.headers["Cache-Control"]


async def test_an_address_outlives_the_rotation_of_the_keys_and_ends_with_its_own(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    picture = sends(world, leo, "image")
    await world.settle()
    address = link(world, newest(ana))
    old, (new,) = world.program.links, Vault([generate_key()]).signers(PURPOSE)
    for keys, status in (([new, *old.keys], 200), ([new], 403)):
        rotated = replace(old, keys=keys)
        app = web.Application()
        app.add_routes(MediaDoor(world.program.engine.media, rotated, world.clock).routes())
        async with TestServer(app) as server:
            here = str(server.make_url("/")).rstrip("/")
            async with http.get(address.replace(world.url, here)) as answer:
                assert answer.status == status
                assert (await answer.read() == picture) is (status == 200)
                assert ("immutable" if status == 200 else "no-store") in answer.headers["Cache-Control"]
            fresh = address_of(address, rotated, world)
            assert fresh != address, "the key in front signs"
            async with http.get(fresh.replace(world.url, here)) as answer:
                assert (answer.status, await answer.read()) == (200, picture)


async def test_what_could_run_something_is_only_ever_a_download(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    leo.sends_media(world.number, "document", b"<script>alert(1)</script>", "text/html")
    await world.settle()
    async with http.get(link(world, newest(ana))) as page:
        assert page.content_type == "application/octet-stream"
        assert page.headers["Content-Disposition"].startswith("attachment")


async def test_who_has_no_good_address_gets_nothing(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    sends(world, leo, "image")
    await world.settle()
    address = link(world, newest(ana))
    bare, _, key = address.partition("&key=")
    wrong = [
        address.partition("?")[0],
        bare,
        f"{bare}&key={'0' * 40}",
        f"{bare}&key=ñ",
        f"{bare}0&key={key}",
        address.replace("?until=", "/thumbnail?until="),
        address.replace("/media/", "/media/1"),
        f"{world.url}/media/..%2F..%2Fetc?until=1&key=1",
    ]
    for each in wrong:
        async with http.get(each) as answer:
            assert answer.status in (403, 404), each
            assert "public" not in answer.headers.get("Cache-Control", "")
    async with http.get(address.replace("/media/", "/media/0")) as other_spelling:
        assert other_spelling.status == 403
    world.clock.at += timedelta(days=9)
    async with http.get(address) as late:
        assert (late.status, late.headers["Cache-Control"]) == (410, "no-store")


async def test_the_small_picture_has_an_address_of_its_own(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    picture = sends(world, leo, "image")
    await world.settle()
    async with http.get(link(world, newest(ana), THUMBNAIL)) as small:
        content = await small.read()
        assert (small.status, small.headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert small.content_type.startswith("image/")
        assert content != picture
        etag = small.headers["ETag"]
    async with http.get(link(world, newest(ana), THUMBNAIL), headers={"If-None-Match": etag}) as known:
        assert known.status == 304


async def test_a_file_that_was_kept_long_enough_is_deleted_and_its_address_is_dead(
    world: World, ana: Agent, leo: Customer, http: aiohttp.ClientSession
) -> None:
    sends(world, leo, "image")
    await world.settle()
    address = link(world, newest(ana), days=364)
    world.clock.at += timedelta(days=364)
    async with http.get(address) as still:
        assert still.status in (200, 410)
    shown = newest(ana)
    world.clock.at += timedelta(days=3)
    await world.program.engine.media.forget_old()
    async with http.get(link(world, shown)) as gone:
        assert gone.status == 404


async def test_a_file_too_large_for_telegram_comes_as_a_link(
    database_url: str, monkeypatch: pytest.MonkeyPatch, http: aiohttp.ClientSession
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    monkeypatch.setenv("CENTRALITA_SERVER__PUBLIC_URL", "https://files.example")
    async with open_world(database_url) as world:
        ana = await world.agent("Ana", 1001)
        leo = world.graph.person(phone="5491155550099", name="Leo")
        blank = b"<</Length %d>>stream\n%s\nendstream" % (51 * 1024 * 1024, bytes(51 * 1024 * 1024))
        large = recordings.document(more=(blank,))
        leo.sends_media(world.number, "document", large, "application/pdf", filename="plano ñ.pdf")
        line = await world.sees(ana, "Telegram no acepta este archivo (51 MB)")
        assert line.attachment is not None
        assert line.attachment.kind == "photo", "its first page, small"
        (button,) = line.buttons
        assert button.url is not None
        assert button.url.startswith("https://files.example/media/")
        async with http.get(button.url.replace("https://files.example", world.url)) as answer:
            assert (answer.status, len(await answer.read())) == (200, len(large))
            assert "filename*=UTF-8''plano%20%C3%B1.pdf" in answer.headers["Content-Disposition"]
