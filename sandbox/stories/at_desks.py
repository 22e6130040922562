"""What agents see in Telegram: the bot's messages as they stand, their buttons, what a tap showed."""

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args
from sandbox.graph.state import Message
from sandbox.stories.expectation import TOLD, Found, Words, expect, stands_in
from sandbox.telegram import ShownMessage
from sandbox.world import World


class OfChat(Args):
    agent: str
    chat: str | None = None
    topic: str | None = None


class DeskSees(OfChat):
    text: Words
    button: str | None = None
    times: int | None = Field(None, ge=1)
    reaction: str | None = None


class DeskHasNo(OfChat):
    text: Words = ()
    button: str | None = None


class Toast(Args):
    agent: str
    text: str


class HeardAll(Args):
    agent: str
    customer: str | None = None


async def agent_sees(world: World, given: DeskSees) -> Found:
    """Some message of the bot that stands in the chat has these words, and this button below; with `times` exactly so many have."""
    found = [each for each in _on_desk(world, given) if _fits(each, given.text, given.button)]
    if given.reaction is not None:
        found = [each for each in _on_desk(world, given, ours=False) if _reacted(each, given)]
    true = len(found) == given.times if given.times is not None else bool(found)
    return Found(true, "" if true else _screen(world, given))


async def agent_has_no(world: World, given: DeskHasNo) -> Found:
    """No message of the bot that stands in the chat has these words, or this button."""
    found = [each for each in _on_desk(world, given) if _fits(each, given.text, given.button)]
    return Found(not found, "\n".join(each.plain for each in found[-2:]))


async def agent_toast(world: World, given: Toast) -> Found:
    """What the tap on a button showed last has these words."""
    press = find.agent(world, given.agent).press
    said = (press.alert or press.toast or "") if press is not None else ""
    return Found(given.text in said, said)


async def agent_heard_all(world: World, given: HeardAll) -> Found:
    """Everything that customers wrote was told to the agent, each message exactly once."""
    person = find.agent(world, given.agent)
    people = [find.customer(world, given.customer)] if given.customer is not None else world.graph.people
    told = [each for each in person.chat if each.from_bot]
    wrong = []
    for each in people:
        wrote = [line.text for number in each.talks_with for line in each.lines(number) if _is_plain(line)]
        mine = [shown for shown in told if each.name in shown.body.partition("\n")[0]]
        for text in dict.fromkeys(wrote):
            times = sum(text in shown.body.split("\n") for shown in mine)
            if times != wrote.count(text):
                wrong.append(f"{each.name}: {text} ({times} ≠ {wrote.count(text)})")
    return Found(not wrong and bool(people), "\n".join(wrong[:TOLD]))


def _is_plain(message: Message) -> bool:
    return message.author == "person" and message.type == "text" and not message.edited and message.revoked_at is None


def _on_desk(world: World, given: OfChat, *, ours: bool = True) -> list[ShownMessage]:
    person = find.agent(world, given.agent)
    where = find.chat(world, person, given.chat)
    topic = find.topic(where, given.topic)
    return [each for each in where.visible if each.from_bot == ours and topic in (None, each.thread_id)]


def _fits(message: ShownMessage, words: Words, button: str | None) -> bool:
    return stands_in(message.body, words) and (button is None or any(button in label for label in message.labels))


def _reacted(message: ShownMessage, given: DeskSees) -> bool:
    return stands_in(message.body, given.text) and given.reaction in message.reactions


def _screen(world: World, given: OfChat) -> str:
    return "\n".join(each.plain for each in _on_desk(world, given)[-3:])


EXPECTATIONS = (
    expect("agent.sees", DeskSees, agent_sees),
    expect("agent.has_no", DeskHasNo, agent_has_no),
    expect("agent.toast", Toast, agent_toast),
    expect("agent.heard_all", HeardAll, agent_heard_all),
)
