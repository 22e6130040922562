"""The right side of the page: the team, and what one of them sees in Telegram."""

import json
from datetime import datetime, timedelta
from typing import Any

from sandbox.acts import find
from sandbox.page.rich_text import to_html
from sandbox.page.view import View
from sandbox.telegram import Chat, Person, ShownButton, ShownMessage
from sandbox.telegram.topics import ICONS
from sandbox.telegram.wire import Json
from sandbox.world import World

MESSAGES = 80
TOAST_LASTS = timedelta(seconds=5)
SERVICE = {
    "forum_topic_created": "＋",
    "forum_topic_edited": "✎",
    "forum_topic_closed": "🔒",
    "forum_topic_reopened": "🔓",
}
"""What a service message is about, as a sign: names are data, and signs need no language."""


class Seen:
    """How far each person has looked into each chat; a page that shows a chat has looked."""

    def __init__(self) -> None:
        self._upto: dict[tuple[int, int, int | None], int] = {}

    def look(self, person: Person, chat: Chat, topic: int | None) -> None:
        """Note that everything that stands there now was seen."""
        self._upto[person.id, chat.id, topic] = max(chat.by_id, default=0)

    def unread(self, person: Person, chat: Chat, topic: int | None = None) -> int:
        """Return how many messages of others came since, in a topic or in the whole chat."""
        count = 0
        for each in chat.visible:
            if each.sender is person.user or (topic is not None and each.thread_id != topic):
                continue
            seen = self._upto.get((person.id, chat.id, each.thread_id), 0)
            count += each.message_id > max(seen, self._upto.get((person.id, chat.id, None), 0))
        return count


def agents(world: World, seen: Seen) -> list[dict[str, Any]]:
    """Return everybody who has joined."""
    return [
        {
            "id": each.id,
            "name": each.user.name,
            "role": world.roles[each.id].value if each.id in world.roles else "",
            "language": each.user.language or "",
            "unread": sum(seen.unread(each, chat) for chat in find.chats_of(world, each)),
        }
        for each in world.telegram.people
    ]


def desk(world: World, view: View, seen: Seen) -> dict[str, Any] | None:
    """Return what the agent of the view sees; looking at a chat marks it as seen."""
    person = _who(world, view)
    if person is None:
        return None
    chats = find.chats_of(world, person)
    chat = next((each for each in chats if str(each.id) == view.chat), person.private)
    topic = next((each for each in chat.topics if str(each) == view.topic), None)
    seen.look(person, chat, topic)
    shown = [each for each in chat.visible if topic is None or each.thread_id == topic]
    return {
        "agent": person.user.name,
        "chats": [_chat(person, each, seen) for each in chats],
        "chat": chat.id,
        "topic": topic,
        "messages": [message(person, each) for each in shown[-MESSAGES:]],
        "commands": _commands(world, person, chat),
        "search": _search(person),
        "toast": _toast(person, world.clock.at),
    }


def _who(world: World, view: View) -> Person | None:
    people = world.telegram.people
    named = (each for each in people if view.agent in (each.user.name, str(each.id)))
    return next(named, None) or next(iter(people), None)


def _chat(person: Person, chat: Chat, seen: Seen) -> dict[str, Any]:
    topics = [
        {
            "id": each.id,
            "name": each.name,
            "closed": each.closed,
            "icon": ICONS.get(each.icon_custom_emoji_id or "", ""),
        }
        for each in chat.topics.values()
    ]
    return {
        "id": chat.id,
        "title": "Centralita" if chat.is_private else chat.title,
        "kind": chat.kind,
        "unread": seen.unread(person, chat),
        "topics": topics,
    }


def message(person: Person, shown: ShownMessage) -> dict[str, Any]:
    """Return a message as it stands in the chat now."""
    answered = shown.reply_to
    return {
        "id": shown.message_id,
        "from": _from(person, shown),
        "sender": shown.sender.name,
        "at": shown.date.isoformat(),
        "html": _service(shown.service) if shown.service else to_html(shown.body, shown.entities),
        "edited": shown.edits > 0,
        "silent": shown.silent,
        "pinned": shown.pinned,
        "reactions": shown.reactions,
        "reply_to": None if answered is None else {"id": answered.message_id, "text": answered.body[:120]},
        "file": _file(shown),
        "keyboard": [[_button(button) for button in row] for row in shown.rows],
    }


def _from(person: Person, shown: ShownMessage) -> str:
    if shown.service:
        return "service"
    if shown.from_bot:
        return "bot"
    return "me" if shown.sender is person.user else "other"


def _service(service: Json) -> str:
    kind, what = next(iter(service.items()))
    name = str(what.get("name", "")) if isinstance(what, dict) else ""
    return to_html(f"{SERVICE.get(kind, kind)} {name}".strip(), ())


def _file(shown: ShownMessage) -> dict[str, Any] | None:
    if shown.attachment is None:
        return None
    stored = shown.file
    return {
        "kind": shown.attachment.kind,
        "url": f"/files/telegram/{stored.file_id}" if stored is not None else None,
        "name": stored.name if stored is not None else shown.attachment.kind,
        "mime_type": stored.mime_type if stored is not None else "",
    }


def _button(button: ShownButton) -> dict[str, Any]:
    if button.url is not None:
        return {"label": button.text, "kind": "url", "url": button.url, "style": button.style}
    if button.copy is not None:
        return {"label": button.text, "kind": "copy", "copy": button.copy, "style": button.style}
    return {"label": button.text, "kind": "press", "style": button.style}


def _commands(world: World, person: Person, chat: Chat) -> list[dict[str, str]]:
    """Return the menu in force: the chat's own before that of all private chats before the default, the language's before any."""
    language = person.user.language or ""
    kind: Json = {"type": "all_private_chats" if chat.is_private else "all_group_chats"}
    for scope in ({"type": "chat", "chat_id": chat.id}, kind, {"type": "default"}):
        for code in (language, ""):
            found = world.telegram.state.commands.get((json.dumps(scope, sort_keys=True), code))
            if found:
                return [{"command": each["command"], "description": each["description"]} for each in found]
    return []


def _search(person: Person) -> dict[str, Any] | None:
    search = person.search
    if search is None:
        return None
    results = [
        {
            "id": str(each.get("id", "")),
            "title": str(each.get("title", "")),
            "description": str(each.get("description", "")),
        }
        for each in search.results
    ]
    return {"query": search.query, "results": results}


def _toast(person: Person, now: datetime) -> dict[str, Any] | None:
    press = person.press
    text = (press.alert or press.toast) if press is not None and now - press.at < TOAST_LASTS else None
    return None if press is None or not text else {"text": text, "alert": press.alert is not None}
