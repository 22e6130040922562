"""An agent answers with a file: what she sends in Telegram is what the customer's phone shows."""

import pytest

from bot.media.preflight import MB
from sandbox.graph import Person as Customer
from sandbox.graph.faults import Fault
from sandbox.graph.state import Message
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World
from tests import recordings


async def pushed(world: World, ana: Agent, leo: Customer) -> ShownMessage:
    """A customer wrote, and Ana sees it."""
    leo.writes(world.number, "¿Me mandás una foto?")
    return await world.sees(ana, "¿Me mandás una foto?")


async def answers(
    world: World, ana: Agent, push: ShownMessage, content: bytes, kind: str, *, mime_type: str, caption: str = ""
) -> None:
    await world.settle()
    ana.uploads(content, "lista de precios.pdf", kind=kind, mime_type=mime_type, caption=caption, reply_to=push)
    await world.settle()


def shown(world: World, leo: Customer) -> list[Message]:
    """What the business sent, as the customer's phone has it."""
    return [each for each in leo.thread(world.number).messages if each.author == "api"]


def bytes_of(world: World, message: Message) -> bytes:
    media = world.graph.media.kept(str(message.content["id"]))
    assert media is not None
    return media.content


@pytest.mark.parametrize(
    ("kind", "content", "mime_type", "arrives_as"),
    [
        ("photo", recordings.picture("JPEG"), "image/jpeg", "image"),
        ("voice", recordings.sound("ogg", "libopus", layout="mono"), "audio/ogg", "audio"),
        ("document", b"%PDF-1.7\nMate 7 USD\n", "application/pdf", "document"),
        ("audio", recordings.sound("mp3", "libmp3lame"), "audio/mpeg", "audio"),
    ],
)
async def test_a_file_arrives_as_it_was_sent(
    world: World, ana: Agent, leo: Customer, kind: str, content: bytes, mime_type: str, arrives_as: str
) -> None:
    push = await pushed(world, ana, leo)
    caption = "Acá va" if kind in ("photo", "document") else ""
    await answers(world, ana, push, content, kind, mime_type=mime_type, caption=caption)
    await world.travel(hours=3)
    [message] = shown(world, leo)
    assert (message.type, message.content.get("caption", "")) == (arrives_as, caption)
    assert bytes_of(world, message) == content
    assert message.content.get("voice", False) is (kind == "voice")
    assert message.content.get("filename") == ("lista de precios.pdf" if kind == "document" else None)
    assert message.context == leo.thread(world.number).messages[0].wamid, "it answers the customer's message"
    assert message.tick == ("played" if kind == "voice" else "read")


async def test_a_film_that_whatsapp_does_not_take_arrives_as_one_it_takes(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    await answers(world, ana, push, recordings.film(), "video", mime_type="video/webm")
    [message] = shown(world, leo)
    assert message.type == "video"
    assert recordings.streams(bytes_of(world, message)) == [("audio", "aac"), ("video", "h264")]


async def test_the_same_file_is_handed_to_meta_once_a_month(world: World, ana: Agent, leo: Customer) -> None:
    photo = recordings.picture("JPEG")
    for days in (1, 29, 3):
        push = await pushed(world, ana, leo)
        await answers(world, ana, push, photo, "photo", mime_type="image/jpeg")
        await world.travel(days=days)
    ids = [message.content["id"] for message in shown(world, leo)]
    assert len(ids) == 3
    assert ids[0] == ids[1] != ids[2]


async def test_a_file_that_meta_forgot_early_is_handed_over_again(world: World, ana: Agent, leo: Customer) -> None:
    photo = recordings.picture("JPEG")
    push = await pushed(world, ana, leo)
    await answers(world, ana, push, photo, "photo", mime_type="image/jpeg")
    [first] = shown(world, leo)
    world.graph.media.delete(str(first.content["id"]))
    await answers(world, ana, push, photo, "photo", mime_type="image/jpeg")
    await world.travel(minutes=1)
    _, second = shown(world, leo)
    assert bytes_of(world, second) == photo


@pytest.mark.parametrize("fault", [Fault("reset"), Fault("html"), Fault("error", code=131000), Fault("close")])
async def test_an_upload_that_fails_is_repeated_and_the_message_leaves_once(
    world: World, ana: Agent, leo: Customer, fault: Fault
) -> None:
    """Nobody sees an upload, so its silence is no unknown outcome."""
    push = await pushed(world, ana, leo)
    world.graph.fail_next(fault, where="media")
    await answers(world, ana, push, recordings.picture("JPEG"), "photo", mime_type="image/jpeg")
    assert shown(world, leo) == []
    await world.travel(minutes=5)
    assert [message.type for message in shown(world, leo)] == ["image"]
    assert (await world.score()).doubled == 0


async def test_a_send_without_an_answer_is_not_repeated_though_its_file_could_be(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    world.graph.fail_next(Fault("close"))
    await answers(world, ana, push, recordings.picture("JPEG"), "photo", mime_type="image/jpeg")
    await world.travel(hours=1)
    assert [message.type for message in shown(world, leo)] == ["image"]
    assert (await world.score()).doubled == 0


async def test_what_meta_refuses_to_take_is_told_and_never_tried_again(world: World, ana: Agent, leo: Customer) -> None:
    push = await pushed(world, ana, leo)
    world.graph.fail_next(Fault("error", code=131053), where="media")
    await answers(world, ana, push, recordings.picture("JPEG"), "photo", mime_type="image/jpeg")
    await world.travel(hours=1)
    assert shown(world, leo) == []
    await world.sees(ana, "131053")


@pytest.mark.parametrize(
    ("kind", "content", "mime_type", "words"),
    [
        ("document", bytes(20 * MB + 1), "application/pdf", "20 MB"),
        ("document", b"MZ\x90\x00\x03\x00", "application/pdf", "no acepta archivos de este tipo"),
        ("document", recordings.noise((2200, 2200)), "image/png", "hasta 5 MB"),
        ("photo", recordings.picture("JPEG")[:200], "image/jpeg", "dañado"),
        ("photo", recordings.picture("PNG", "1", (30_000, 30_000)), "image/png", "exige demasiado"),
        ("video", b"#EXTM3U\nfile:///etc/hostname\n", "video/mp4", "dañado"),
    ],
    ids=["too large for Telegram", "a program", "too large for Meta", "damaged", "a bomb", "a playlist"],
)
async def test_a_file_that_cannot_leave_is_refused_with_its_reason(
    world: World, ana: Agent, leo: Customer, kind: str, content: bytes, mime_type: str, words: str
) -> None:
    push = await pushed(world, ana, leo)
    await answers(world, ana, push, content, kind, mime_type=mime_type)
    await world.sees(ana, words)
    await world.travel(hours=1)
    assert shown(world, leo) == []


async def test_words_with_a_voice_note_are_refused_before_anything_leaves(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    voice = recordings.sound("ogg", "libopus", layout="mono")
    await answers(world, ana, push, voice, "voice", mime_type="audio/ogg", caption="Escuchá")
    await world.sees(ana, "manda el texto aparte")
    assert shown(world, leo) == []


async def test_a_file_after_the_window_waits_and_leaves_when_it_opens_again(
    world: World, ana: Agent, leo: Customer
) -> None:
    push = await pushed(world, ana, leo)
    await world.travel(hours=25)
    photo = recordings.picture("JPEG")
    await answers(world, ana, push, photo, "photo", mime_type="image/jpeg", caption="La foto")
    await world.sees(ana, "Foto", "La foto")
    assert shown(world, leo) == []
    leo.writes(world.number, "¿Y?")
    await world.settle()
    await world.presses(ana, "Enviar ahora")
    [message] = shown(world, leo)
    assert (message.content["caption"], bytes_of(world, message)) == ("La foto", photo)


async def test_a_late_file_is_asked_about_and_then_sent(world: World, ana: Agent, leo: Customer) -> None:
    push = await pushed(world, ana, leo)
    before = world.clock.now()
    await world.travel(minutes=10)
    photo = recordings.picture("JPEG")
    ana.uploads(photo, "foto.jpg", kind="photo", mime_type="image/jpeg", reply_to=push, date=before)
    await world.settle()
    assert shown(world, leo) == []
    await world.presses(ana, "Ejecutar")
    assert [bytes_of(world, message) for message in shown(world, leo)] == [photo]
