"""What the screens show since somebody looked last, as claims for a story: the newest messages on each phone and at each desk.

Only what will be there again is offered: lines with numbers (times, codes, prices) are left out, and what is not true is not said.
"""

from typing import Any

from sandbox.acts import find
from sandbox.stories.expectations import EXPECTATIONS
from sandbox.telegram import Chat, ShownMessage
from sandbox.telegram import Person as Agent
from sandbox.world import World

MOST_PEOPLE, MOST_EACH, LONGEST = 8, 2, 400


class Screens:
    """Everything that people see, and what of it was there before."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._shown: set[str] = set()
        self._stood: dict[tuple[int, int], int] = {}

    def look(self) -> None:
        """Remember what is there now."""
        self._shown = {each.wamid for person in self._world.graph.people for each in person.inbox}
        self._stood = {(each.chat.id, each.message_id): each.edits for each in self._desks()}

    async def news(self) -> list[dict[str, Any]]:
        """Return what came since, as claims."""
        claims = [*self._phones(), *self._telegram()]
        return [each for each in claims if await self._holds(each)]

    def _phones(self) -> list[dict[str, Any]]:
        claims = []
        for person in self._world.graph.people:
            news = [each for each in person.inbox if each.wamid not in self._shown and not each.revoked]
            for each in news[-MOST_EACH:]:
                claims.append({"what": "customer.sees", "customer": person.name, "text": _guarded(each.text[:LONGEST])})
        return claims[: MOST_PEOPLE * MOST_EACH]

    def _telegram(self) -> list[dict[str, Any]]:
        claims: list[dict[str, Any]] = []
        for person in self._world.telegram.people[:MOST_PEOPLE]:
            for chat in find.chats_of(self._world, person):
                claims += self._chat(person, chat)
        return claims

    def _chat(self, person: Agent, chat: Chat) -> list[dict[str, Any]]:
        news = [each for each in chat.visible if each.from_bot and self._is_news(each)]
        where = {} if chat.is_private else {"chat": chat.title}
        return [
            {"what": "agent.sees", "agent": person.user.name, **where, "text": words}
            for each in news[-MOST_EACH:]
            if (words := _steady(each.body))
        ]

    def _is_news(self, message: ShownMessage) -> bool:
        return self._stood.get((message.chat.id, message.message_id)) != message.edits

    def _desks(self) -> list[ShownMessage]:
        people = self._world.telegram.people
        chats = {chat.id: chat for each in people for chat in find.chats_of(self._world, each)}
        return [message for chat in chats.values() for message in chat.visible]

    async def _holds(self, claim: dict[str, Any]) -> bool:
        expectation = EXPECTATIONS[claim["what"]]
        given = {name: each for name, each in claim.items() if name != "what"}
        given["text"] = _plain(given["text"])
        return (await expectation.look(self._world, expectation.args.model_validate(given))).true


def _steady(body: str) -> list[str]:
    """Return the lines that have no numbers, the first few."""
    lines = [each.strip() for each in body.split("\n")]
    steady = [each[:LONGEST] for each in lines if each and not any(map(str.isdigit, each))]
    return [_guarded(each) for each in steady[:3]]


def _guarded(text: str) -> str:
    return f"@{text}" if text.startswith("@") else text


def _plain(text: Any) -> Any:
    if isinstance(text, list):
        return [_plain(each) for each in text]
    return text[1:] if text.startswith("@@") else text
