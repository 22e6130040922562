"""Files with which something is amiss, by the acts and troubles of the sandbox: what the agent reads, and what reaches the customer."""

from collections.abc import AsyncIterator

import pytest

from sandbox.acts import Refused, perform
from sandbox.acts.samples import pictures, sample
from sandbox.page.snapshot import _troubles
from sandbox.telegram import Person as Agent
from sandbox.telegram import ShownMessage
from sandbox.world import World, open_world


@pytest.fixture
async def shop(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An agent, and a customer who has written."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(sqlite_url) as world:
        await perform(world, "agent.joins", {"name": "Ana", "role": "agent"})
        await perform(world, "customer.joins", {"name": "Leo"})
        await perform(world, "customer.writes", {"customer": "Leo", "text": "Hola"})
        yield world


def ana(world: World) -> Agent:
    return world.telegram.people[0]


def newest(world: World) -> ShownMessage:
    return [message for message in ana(world).private.visible if message.from_bot][-1]


async def test_a_damaged_picture_comes_as_it_is_and_says_that_it_differs(shop: World) -> None:
    await perform(shop, "customer.sends_odd_file", {"customer": "Leo", "what": "corrupt"})
    await perform(shop, "time.forward", {"minutes": 2})
    shown = newest(shop)
    assert shown.attachment is not None
    assert shown.attachment.kind == "document", "Telegram shows no broken photo"
    assert "El archivo no coincide con la suma de control que da Meta." in shown.plain
    whole = sample("image").file().content
    assert shown.file is not None
    assert shown.file.content == whole[: len(whole) // 2]


async def test_a_file_over_the_limit_is_told_once_with_its_reason(shop: World) -> None:
    await perform(shop, "customer.sends_odd_file", {"customer": "Leo", "what": "too_large"})
    await perform(shop, "time.forward", {"hours": 3})
    told = [each.plain for each in ana(shop).private.visible if "No acepté el archivo" in each.plain]
    assert len(told) == 1
    assert "El archivo es demasiado grande." in told[0]
    assert "Leo" in told[0]


async def test_a_file_that_meta_forgot_is_told_to_be_gone_and_the_phone_still_shows_it(shop: World) -> None:
    sent = await perform(shop, "customer.sends_odd_file", {"customer": "Leo", "what": "expired"})
    assert sent is not None
    line = await shop.sees(ana(shop), "El archivo ya no está", "Meta ya no tiene ese archivo")
    assert line.reply_to is not None, "it stands under the message"
    message = shop.graph.find(sent["message"])
    assert message is not None
    assert shop.graph.media.kept(message.content["image"]["id"]) is not None


async def test_after_an_odd_file_the_customer_can_be_answered(shop: World) -> None:
    await perform(shop, "customer.sends_odd_file", {"customer": "Leo", "what": "expired"})
    await shop.says(ana(shop), "No me llegó, ¿la mandas otra vez?", reply_to=newest(shop))
    await perform(shop, "time.forward", {"minutes": 1})
    (leo,) = shop.graph.people
    assert [line.text for line in leo.inbox] == ["No me llegó, ¿la mandas otra vez?"]


@pytest.mark.parametrize("trouble", ["file_slow", "file_down"])
async def test_a_slow_or_broken_file_host_delays_the_file_and_never_the_words(shop: World, trouble: str) -> None:
    await perform(shop, "trouble.graph", {"trouble": trouble})
    left = {each["id"]: each["left"] for each in _troubles(shop)}
    assert (left[trouble], left["slow"], left["html"]) == (1, 0, 0), "the page marks another trouble"
    await perform(shop, "customer.sends", {"customer": "Leo", "kind": "image", "caption": "¿Tienen este?"})
    await shop.sees(ana(shop), "¿Tienen este?")
    await perform(shop, "time.forward", {"minutes": 5})
    assert shop.graph.faults.waiting == ()
    photos = [each for each in ana(shop).private.visible if each.attachment is not None]
    assert [each.file.content for each in photos if each.file] == [sample("image").file().content]


async def test_the_files_of_all_are_in_one_place(shop: World) -> None:
    with pytest.raises(Refused, match="everybody"):
        await perform(shop, "trouble.graph", {"trouble": "file_slow", "customer": "Leo"})
    assert shop.graph.faults.waiting == ()


async def test_an_album_reaches_the_customer_whole_in_its_order(shop: World) -> None:
    await perform(
        shop, "agent.uploads_album", {"agent": "Ana", "pictures": 3, "caption": "Hay estos", "reply_to": "Hola"}
    )
    await perform(shop, "time.forward", {"minutes": 2})
    (leo,) = shop.graph.people
    (number,) = shop.graph.numbers.values()
    got = [each for each in leo.thread(number).messages if each.author != "person"]
    assert [each.type for each in got] == ["image"] * 3
    assert [each.content.get("caption", "") for each in got] == ["Hay estos", "", ""]
    kept = [shop.graph.media.kept(str(each.content["id"])) for each in got]
    assert [each.content for each in kept if each is not None] == pictures(3)
    assert (await shop.score()).doubled == 0


async def test_a_broken_host_loses_and_doubles_nothing_of_an_album(shop: World) -> None:
    """What could not be handed over goes when it can; what could does not wait for it."""
    await perform(shop, "trouble.graph", {"trouble": "file_down", "times": 2})
    await perform(shop, "agent.uploads_album", {"agent": "Ana", "reply_to": "Hola"})
    await perform(shop, "time.forward", {"minutes": 10})
    (leo,) = shop.graph.people
    (number,) = shop.graph.numbers.values()
    got = [each for each in leo.thread(number).messages if each.author != "person"]
    kept = [shop.graph.media.kept(str(each.content["id"])) for each in got]
    assert sorted(each.content for each in kept if each is not None) == sorted(pictures(3))
    assert (await shop.score()).doubled == 0
