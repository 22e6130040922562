"""What a Bot API method gets in hand: its parameters, the moment, and the state it may change.

Parameters arrive as form fields (every value a string, objects as JSON), as JSON or with files; `Params` gives them
types and refuses what does not parse, so that the methods read like the rules they enforce.
"""

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from aiohttp import web

from sandbox.telegram.chats import Chat, Chats
from sandbox.telegram.faults import bad, flood
from sandbox.telegram.queries import Press, Search
from sandbox.telegram.updates import Updates

Json = dict[str, Any]

JSON_FIELDS = {
    "allowed_updates",
    "button",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "media",
    "menu_button",
    "message_ids",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "results",
    "scope",
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call, JSON fields decoded, files included."""

    fields: Json

    @classmethod
    async def read(cls, request: web.Request) -> "Params":
        given: Json = dict(request.query)
        if request.content_type == "application/json":
            given |= await request.json()
        elif request.can_read_body:
            for name, value in (await request.post()).items():
                given[name] = _upload(value) if isinstance(value, web.FileField) else value
        return cls({name: _decoded(name, value) for name, value in given.items()})

    def text(self, name: str) -> str:
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        return str(self.fields.get(name, "")).lower() in {"true", "1", "yes"}

    def whole(self, name: str) -> int | None:
        value = self.fields.get(name)
        if value in (None, ""):
            return None
        try:
            return int(str(value))
        except ValueError:
            raise bad(f"invalid {name} specified") from None

    def whole_or(self, name: str, default: int) -> int:
        value = self.whole(name)
        return default if value is None else value

    def json(self, name: str) -> Any:
        return self.fields.get(name)

    def upload(self, name: str) -> Upload | None:
        value = self.fields.get(name)
        return value if isinstance(value, Upload) else None


NOTHING = Params({})


class GroupMeter:
    """Telegram's allowance per group: sends and edits of all topics share one minute's ration."""

    def __init__(self) -> None:
        self.per_minute: int | None = 20
        self._spent: dict[int, deque[datetime]] = defaultdict(deque)

    def charge(self, chat: Chat, now: datetime, messages: int = 1) -> None:
        """Take so many from the ration, or none and refuse."""
        if chat.is_private or self.per_minute is None:
            return
        spent = self._spent[chat.id]
        while spent and spent[0] <= now - MINUTE:
            spent.popleft()
        if (excess := len(spent) + messages - self.per_minute) > 0:
            free_at = (spent[min(excess, len(spent)) - 1] if spent else now) + MINUTE
            raise flood(max(1, ceil((free_at - now).total_seconds())))
        spent.extend([now] * messages)


@dataclass(slots=True)
class State:
    """Everything this Telegram remembers about one bot."""

    chats: Chats
    updates: Updates
    meter: GroupMeter = field(default_factory=GroupMeter)
    presses: dict[str, Press] = field(default_factory=dict)
    searches: dict[str, Search] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of one method."""

    params: Params
    now: datetime
    state: State

    @property
    def chats(self) -> Chats:
        return self.state.chats

    def chat(self) -> Chat:
        """The chat the call names, if the bot may write there."""
        return self.chats.writable(self.chat_id())

    def chat_id(self) -> int:
        given = self.params.text("chat_id")
        if not given:
            raise bad("chat_id is empty")
        if not given.lstrip("-").isdigit():
            raise bad("chat not found")
        return int(given)


def _upload(part: web.FileField) -> Upload:
    return Upload(part.filename, part.content_type, part.file.read())


def _decoded(name: str, value: Any) -> Any:
    if name not in JSON_FIELDS or not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None
