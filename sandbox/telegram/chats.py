"""Who talks with the bot and what stands in their chats: the memory of this Telegram.

Everything a person can see is a `ShownMessage`; it changes in place when the bot edits it, as it would on a screen.
Rules about who may write where live here (`writable`); rules about content live in `methods`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.faults import ApiFault, bad, forbidden
from sandbox.telegram.html import Entity
from sandbox.telegram.keyboards import Keyboard, ShownButton


@dataclass(eq=False, slots=True)
class User:
    """A Telegram account, the bot's own included."""

    id: int
    name: str
    is_bot: bool = False
    username: str | None = None
    language: str | None = None


@dataclass(eq=False, slots=True)
class StoredFile:
    """The bytes of something uploaded, under the identifier the Bot API gave it."""

    file_id: str
    path: str
    content: bytes
    name: str
    mime_type: str


@dataclass(eq=False, slots=True)
class Attachment:
    """What a message carries beside words: a file with a small picture of it, or a bare object such as a location."""

    kind: str
    payload: Any
    file: StoredFile | None = None
    thumbnail: StoredFile | None = None


@dataclass(eq=False, slots=True)
class Topic:
    """One lane of a forum."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False


@dataclass(eq=False, slots=True)
class ShownMessage:
    """A message as it stands in a chat now."""

    message_id: int
    chat: "Chat" = field(repr=False)
    sender: User
    date: datetime
    body: str
    """The words a person reads, without formatting."""
    text: str
    """The words as they were sent (HTML when the bot used it)."""
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = keyboards.NO_KEYBOARD
    attachment: Attachment | None = None
    album: str | None = None
    service: dict[str, Any] | None = None
    thread_id: int | None = None
    reply_to: "ShownMessage | None" = field(default=None, repr=False)
    edits: int = 0
    edited_at: datetime | None = None
    reactions_by: dict[int, list[str]] = field(default_factory=dict)
    silent: bool = False
    deleted: bool = False

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def rows(self) -> tuple[tuple[ShownButton, ...], ...]:
        return self.keyboard.rows

    @property
    def buttons(self) -> list[ShownButton]:
        return list(self.keyboard)

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.keyboard]

    @property
    def reactions(self) -> list[str]:
        return [emoji for given in self.reactions_by.values() for emoji in given]

    @property
    def pinned(self) -> bool:
        return self in self.chat.pinned

    @property
    def file(self) -> StoredFile | None:
        return self.attachment.file if self.attachment else None

    @property
    def plain(self) -> str:
        """The message as a person reads it, its keyboard drawn below."""
        carried = []
        if self.attachment:
            carried.append(f"({self.attachment.kind}: {self.file.name})" if self.file else f"({self.attachment.kind})")
        if self.service:
            carried.append(f"({next(iter(self.service))})")
        drawn = [" ".join(map(str, row)) for row in self.rows]
        return "\n".join([*carried, *([self.body] if self.body else []), *drawn])

    def __str__(self) -> str:
        return self.plain


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat (its id is the person's) or a group."""

    id: int
    kind: str
    title: str = ""
    person: User | None = None
    is_forum: bool = False
    opened: bool = True
    bot_status: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    by_id: dict[int, ShownMessage] = field(default_factory=dict)
    pinned: list[ShownMessage] = field(default_factory=list)
    next_id: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    @property
    def messages(self) -> list[ShownMessage]:
        return list(self.by_id.values())

    @property
    def visible(self) -> list[ShownMessage]:
        return [message for message in self.by_id.values() if not message.deleted]

    def drawn(self) -> str:
        """The chat as text, for people and for failing tests."""
        head = f"── {self.title or (self.person.name if self.person else '')} ({self.id}) ──"
        lines = [f"{'🤖' if message.from_bot else '👤'} {message}" for message in self.visible]
        return "\n".join([head, *lines])


class Chats:
    """All accounts, chats and files this Telegram knows."""

    def __init__(self, bot: User) -> None:
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.by_id: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.moved: dict[int, int] = {}
        self._private_ids = count(1)
        self._file_ids = count(1)
        self.album_ids = count(13_000_000_000_001)

    def person(self, user: User) -> Chat:
        """Make an account known, with its (still closed) private chat."""
        self.users[user.id] = user
        chat = Chat(user.id, "private", person=user, opened=False, next_id=self._private_ids)
        self.by_id[user.id] = chat
        return chat

    def group(self, chat: Chat) -> Chat:
        self.by_id[chat.id] = chat
        return chat

    def migrate(self, chat: Chat, new_id: int) -> None:
        """Turn a group into a supergroup: the old id only answers where it went."""
        del self.by_id[chat.id]
        self.moved[chat.id] = new_id
        chat.id, chat.kind = new_id, "supergroup"
        self.by_id[new_id] = chat

    def known(self, chat_id: int) -> Chat:
        """Find a chat the bot may at least ask about."""
        if chat_id in self.moved:
            raise ApiFault(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved[chat_id],
            )
        chat = self.by_id.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        return chat

    def writable(self, chat_id: int) -> Chat:
        """Find a chat the bot may write to now."""
        chat = self.known(chat_id)
        if not chat.opened:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.bot_status == "kicked":
            where = "blocked by the user" if chat.is_private else f"kicked from the {chat.kind} chat"
            raise forbidden(f"bot was {where}")
        if chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def store(self, content: bytes, name: str, mime_type: str, folder: str) -> StoredFile:
        number = next(self._file_ids)
        suffix = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
        stored = StoredFile(f"file{number:06d}", f"{folder}/file_{number}{suffix}", content, name, mime_type)
        self.files[stored.file_id] = stored
        return stored

    def drawn(self) -> str:
        return "\n".join(chat.drawn() for chat in self.by_id.values() if chat.messages) or "(no chat has a message)"
