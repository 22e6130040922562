"""What agents do in Telegram: joining the team, writing to the bot, pressing its buttons, reacting, searching, blocking it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, Literal

import aiohttp
from pydantic import Field

from crm.model.agents import Role
from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.files import File, read
from sandbox.acts.refused import Refused
from sandbox.acts.samples import pictures
from sandbox.telegram import Person, ShownMessage
from sandbox.texts import LANGUAGES
from sandbox.world import World

FIRST_ID = 1001


class Joins(Args):
    name: str = Field(min_length=1, max_length=64)
    role: Role
    language: str = Field("es", pattern=f"^({'|'.join(LANGUAGES)})$")


class One(Args):
    agent: str


class Says(One):
    text: str = Field(min_length=1, max_length=4096)
    chat: str | None = None
    topic: str | None = None
    reply_to: str | None = None


class Presses(One):
    button: str = Field(min_length=1)
    message: str | None = None
    chat: str | None = None


class Edits(One):
    message: str
    text: str = Field(min_length=1, max_length=4096)
    chat: str | None = None


class Reacts(One):
    message: str
    emoji: str | None = Field("👌", max_length=16)
    chat: str | None = None


class Uploads(One):
    file: File
    caption: str = Field("", max_length=1024)
    chat: str | None = None
    topic: str | None = None


class Album(One):
    pictures: int = Field(3, ge=2, le=10)
    caption: str = Field("", max_length=1024)
    reply_to: str | None = None


class Shares(One):
    kind: Literal["location", "venue", "contact"]
    latitude: float = Field(-34.6037, ge=-90, le=90)
    longitude: float = Field(-58.3816, ge=-180, le=180)
    name: str = Field("Obelisco", min_length=1, max_length=64)
    address: str = Field("Av. 9 de Julio", max_length=128)
    phone: str = Field("+54 11 5555 0000", pattern=r"^\+?[\d -]{7,20}$")
    chat: str | None = None
    topic: str | None = None
    reply_to: str | None = None


class HandsIn(One):
    number: str | None = None
    token: str | None = Field(None, min_length=1, max_length=1000)


class Searches(One):
    query: str = Field(max_length=256)


class Picks(One):
    result: str
    chat: str | None = None


async def joins(world: World, given: Joins) -> Result:
    """Somebody joins the team with a one-time code."""
    find.program(world)
    name = given.name.strip()
    if any(each.user.name.casefold() == name.casefold() for each in world.telegram.people):
        raise Refused("agent-name-taken", name=name)
    free = max([FIRST_ID - 1, *(each.id for each in world.telegram.people)]) + 1
    person = await world.agent(name, free, given.role, given.language)
    return {"agent": person.user.name, "id": person.id}


async def says(world: World, given: Says) -> Result:
    """Write: to the bot, or in a group."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    thread_id = find.topic(where, given.topic)
    answered = find.telegram_message(where, given.reply_to) if given.reply_to is not None else None
    person.says(given.text, reply_to=answered, chat=where, thread_id=thread_id)
    return None


async def presses(world: World, given: Presses) -> Result:
    """Press a button, named by its label or the beginning or a part of it; returns what the tap showed."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    on = find.telegram_message(where, given.message) if given.message is not None else None
    press = person.presses(given.button, message=on, chat=where)
    await world.settle()
    return {
        "label": press.label,
        "toast": press.toast,
        "alert": press.alert,
        "url": press.url,
        "copied": press.copied,
    }


async def edits(world: World, given: Edits) -> Result:
    """Change an own message."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    person.edits(find.telegram_message(where, given.message, _by(person)), given.text)
    return None


async def reacts(world: World, given: Reacts) -> Result:
    """Put a reaction on a message, or take it away."""
    person = find.agent(world, given.agent)
    message = find.telegram_message(find.chat(world, person, given.chat), given.message)
    person.reacts(message, *([given.emoji] if given.emoji else []))
    return None


async def uploads(world: World, given: Uploads) -> Result:
    """Send a file; a picture goes as a photo."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    file = read(given.file)
    kind = "photo" if file.mime_type in ("image/png", "image/jpeg") else "document"
    person.uploads(
        file.content,
        file.name,
        caption=given.caption,
        kind=kind,
        mime_type=file.mime_type,
        chat=where,
        thread_id=find.topic(where, given.topic),
    )
    return None


async def uploads_album(world: World, given: Album) -> Result:
    """Send the bot several pictures at once, which lie ready; the words stand under the first. As with most clients, only the first says
    what it answers."""
    person = find.agent(world, given.agent)
    answered = find.telegram_message(person.private, given.reply_to) if given.reply_to is not None else None
    person.uploads_album(
        *pictures(given.pictures), caption=given.caption, mime_type="image/png", reply_to=answered, all_reply=False
    )
    return None


async def shares(world: World, given: Shares) -> Result:
    """Send a place, with or without its name, or somebody's card."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    answered = find.telegram_message(where, given.reply_to) if given.reply_to is not None else None
    place: dict[str, Any] = {"latitude": given.latitude, "longitude": given.longitude}
    payloads: dict[str, dict[str, Any]] = {
        "location": place,
        "venue": {"location": place, "title": given.name, "address": given.address},
        "contact": {"first_name": given.name, "phone_number": given.phone},
    }
    thread_id = find.topic(where, given.topic)
    person.shares(given.kind, payloads[given.kind], reply_to=answered, chat=where, thread_id=thread_id)
    return None


async def searches(world: World, given: Searches) -> Result:
    """Type after the bot's name; returns what it offers."""
    search = find.agent(world, given.agent).searches(given.query)
    await world.settle()
    return {"answered": search.answered, "results": [str(each.get("title", "")) for each in search.results]}


async def picks(world: World, given: Picks) -> Result:
    """Choose one of what the bot offered: it is posted in the chat."""
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    offered = person.search.results if person.search is not None else []
    found = next((each for each in offered if given.result in (each.get("title"), each.get("id"))), None)
    if found is None:
        raise Refused("no-result", name=person.user.name, result=given.result)
    person.picks(str(found["id"]), chat=where)
    return None


async def hands_in(world: World, given: HandsIn) -> Result:
    """Open the page behind the newest button for a token and hand one in; by default a good one that Meta has just made. Returns what the
    page says."""
    find.program(world)
    person = find.agent(world, given.agent)
    number = find.number(world, given.number)
    shown = (button.url for message in reversed(person.private.visible) for button in message.buttons)
    address = next((url for url in shown if url is not None and url.startswith(f"{world.url}/token/")), None)
    if address is None:
        raise Refused("no-token-form", name=person.user.name)
    tokens = world.graph.tokens
    token = given.token or f"EAAG-sandbox-{number.phone_number_id}-{len(tokens.of(number.phone_number_id)) + 1}"
    if given.token is None:
        tokens.grant(token, {number.phone_number_id, number.waba_id}, world.clock.at, None)
    async with aiohttp.ClientSession() as browser, browser.post(address, data={"token": token}) as answer:
        page = await answer.text()
    title = re.search(r"<h1>(.*?)</h1>", page)
    return {"status": answer.status, "says": unescape(title[1]) if title else ""}


async def blocks_bot(world: World, given: One) -> Result:
    """Stop the bot."""
    find.agent(world, given.agent).blocks_bot()
    return None


async def unblocks_bot(world: World, given: One) -> Result:
    """Let it write again."""
    find.agent(world, given.agent).unblocks_bot()
    return None


def _by(person: Person) -> Callable[[ShownMessage], bool]:
    return lambda message: message.sender is person.user


ACTS = (
    act("agent.joins", Joins, joins),
    act("agent.says", Says, says),
    act("agent.presses", Presses, presses),
    act("agent.edits", Edits, edits),
    act("agent.reacts", Reacts, reacts),
    act("agent.uploads", Uploads, uploads),
    act("agent.uploads_album", Album, uploads_album),
    act("agent.shares", Shares, shares),
    act("agent.searches", Searches, searches),
    act("agent.picks", Picks, picks),
    act("agent.hands_in", HandsIn, hands_in),
    act("agent.blocks_bot", One, blocks_bot),
    act("agent.unblocks_bot", One, unblocks_bot),
)
