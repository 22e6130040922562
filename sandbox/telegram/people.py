"""What a person can do in Telegram, and what she sees.

A person acts as in the app: she writes, finds a button by its label, edits, reacts, blocks. Each act becomes the
update the real server would send. When she cannot do what a test asks of her, the assertion shows her screen.
"""

from datetime import datetime
from itertools import count
from typing import Any

from crm.clock import Clock
from sandbox.telegram import html, wire
from sandbox.telegram.ask import State
from sandbox.telegram.chats import Attachment, Chat, ShownMessage, User
from sandbox.telegram.keyboards import ShownButton
from sandbox.telegram.messages import MAX_TEXT
from sandbox.telegram.queries import Press, Search

_query_ids = count(4_000_000_000_001)


class Person:
    """One account with a phone in hand."""

    def __init__(self, user: User, private: Chat, state: State, clock: Clock) -> None:
        self.user = user
        self.private = private
        self._state = state
        self._clock = clock
        self.press: Press | None = None
        self.search: Search | None = None

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def chat(self) -> list[ShownMessage]:
        """Every message of the private chat, deleted ones too."""
        return self.private.messages

    @property
    def screen(self) -> ShownMessage | None:
        """The bot's newest message that still stands in the private chat."""
        return next((message for message in reversed(self.private.visible) if message.from_bot), None)

    @property
    def said(self) -> ShownMessage | None:
        """Her own newest message in the private chat."""
        return next((message for message in reversed(self.private.visible) if not message.from_bot), None)

    def says(
        self,
        text: str,
        *,
        reply_to: ShownMessage | None = None,
        date: datetime | None = None,
        chat: Chat | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Write a message (in private, unless a group is named); answer the update's id."""
        text = text.strip()
        _must(0 < html.utf16_length(text) <= MAX_TEXT, "a client sends from 1 to 4096 characters in one message")
        return self._writes(chat or self.private, text, reply_to, date, thread_id)

    def uploads(
        self,
        content: bytes,
        name: str,
        *,
        caption: str = "",
        kind: str = "document",
        mime_type: str = "application/octet-stream",
        reply_to: ShownMessage | None = None,
        date: datetime | None = None,
        chat: Chat | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Send a file."""
        stored = self._state.chats.store(content, name, mime_type, f"{kind}s")
        attachment = Attachment(kind, wire.file_payload(kind, stored), stored)
        return self._writes(chat or self.private, caption, reply_to, date, thread_id, attachment)

    def uploads_album(
        self,
        *contents: bytes,
        caption: str = "",
        mime_type: str = "image/jpeg",
        reply_to: ShownMessage | None = None,
        all_reply: bool = True,
    ) -> list[int]:
        """Send photos as one album: each a message of its own, the words under the first. Not every client lets `all_reply`."""
        album, updates = str(next(self._state.chats.album_ids)), []
        for number, content in enumerate(contents):
            stored = self._state.chats.store(content, f"photo{number}.jpg", mime_type, "photos")
            attachment = Attachment("photo", wire.file_payload("photo", stored), stored)
            answered = reply_to if all_reply or number == 0 else None
            words = caption if number == 0 else ""
            updates.append(self._writes(self.private, words, answered, None, None, attachment, album))
        return updates

    def shares(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        reply_to: ShownMessage | None = None,
        date: datetime | None = None,
        chat: Chat | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Send a `location`, a `venue` or a `contact`, as Telegram describes it."""
        attachment = Attachment(kind, payload)
        return self._writes(chat or self.private, "", reply_to, date, thread_id, attachment)

    def edits(self, message: ShownMessage, text: str) -> int:
        """Change something she wrote."""
        _must(message.sender is self.user, "people edit only what they wrote themselves")
        message.body = message.text = text.strip()
        message.entities = html.commands_in(message.body)
        message.edits += 1
        message.edited_at = self._clock.now()
        return self._put("edited_message", message.chat, wire.message(message))

    def presses(
        self,
        label: str = "",
        *,
        message: ShownMessage | None = None,
        data: str | None = None,
        chat: Chat | None = None,
    ) -> Press:
        """Tap a button, found by its label or its data on the newest message that has it.

        With both `message` and `data` the tap is sent as it is, like one from a client that shows an old keyboard.
        """
        _must(label or data, "name the button to press, by label or by data")
        where = message.chat if message else chat or self.private
        if message is not None and data is not None:
            return self._taps(message, ShownButton(label or data, data))
        for candidate in [message] if message else reversed(where.visible):
            button = _button(candidate, label, data)
            if button is not None:
                return self._taps(candidate, button)
        wanted = f"data {data!r}" if data is not None else f"{label!r}"
        raise AssertionError(f"{self.user.name} sees no button {wanted}\n{where.drawn()}")

    def searches(self, query: str, *, offset: str = "") -> Search:
        """Type after the bot's name, in any chat."""
        search = Search(query, self._clock.now(), str(next(_query_ids)))
        self._state.searches[search.query_id] = search
        payload = {"id": search.query_id, "from": wire.user(self.user), "query": query, "offset": offset}
        self.search = search
        search.update_id = self._state.updates.put("inline_query", self.id, payload)
        return search

    def picks(self, result_id: str, *, chat: Chat | None = None) -> int:
        """Choose a result of the latest search: its words are posted in her name, and the bot hears which it was."""
        search = self.search
        found = next((one for one in search.results if one.get("id") == result_id), None) if search else None
        _must(found, f"{self.user.name} was offered no such result")
        content = (found or {}).get("input_message_content") or {}
        parsed = html.parse(str(content.get("message_text", ""))) if content.get("parse_mode") else None
        words = parsed.text if parsed else str(content.get("message_text", "")).strip()
        _must(words, "the result has no words to post")
        update_id = self._writes(chat or self.private, words, None, None, None)
        chosen = {"result_id": result_id, "from": wire.user(self.user), "query": search.query if search else ""}
        self._state.updates.put("chosen_inline_result", self.id, chosen)
        return update_id

    def makes_administrator(self, group: Chat) -> int:
        """Take the bot into a group and let it do what administrators may."""
        return self._bot_becomes("administrator", group)

    def reacts(self, message: ShownMessage, *emojis: str) -> int:
        """Put reactions on a message; none takes hers away."""
        before = message.reactions_by.get(self.id, [])
        message.reactions_by[self.id] = list(emojis)
        return self._put(
            "message_reaction",
            message.chat,
            {
                "chat": wire.chat(message.chat),
                "message_id": message.message_id,
                "user": wire.user(self.user),
                "date": wire.unix(self._clock.now()),
                "old_reaction": [wire.reaction(one) for one in before],
                "new_reaction": [wire.reaction(one) for one in emojis],
            },
        )

    def redelivers(self, update_id: int) -> None:
        """Let an update of hers reach the bot a second time, id and all."""
        self._state.updates.repeat(update_id)

    def blocks_bot(self) -> int:
        return self._bot_becomes("kicked")

    def unblocks_bot(self) -> int:
        return self._bot_becomes("member")

    def joins(self, group: Chat, status: str = "member") -> None:
        """Enter a group, without a word to the bot."""
        group.members[self.id] = status

    def _writes(
        self,
        chat: Chat,
        text: str,
        reply_to: ShownMessage | None,
        date: datetime | None,
        thread_id: int | None,
        attachment: Attachment | None = None,
        album: str | None = None,
    ) -> int:
        self._may_write(chat, thread_id)
        chat.opened = True
        message = ShownMessage(next(chat.next_id), chat, self.user, date or self._clock.now(), text, text)
        message.entities = html.commands_in(text)
        message.attachment, message.album = attachment, album
        message.reply_to = reply_to
        message.thread_id = thread_id
        chat.by_id[message.message_id] = message
        return self._put("message", chat, wire.message(message), heard=_heard(message))

    def _may_write(self, chat: Chat, thread_id: int | None) -> None:
        name = self.user.name
        if chat.is_private:
            _must(chat.bot_status != "kicked", f"{name} has blocked the bot; she must unblock it to write")
            return
        _must(chat.members.get(self.id, "left") not in {"left", "kicked"}, f"{name} is not in {chat.title}")
        _must(thread_id is None or thread_id in chat.topics, f"{chat.title} has no topic {thread_id}")

    def _taps(self, message: ShownMessage, button: ShownButton) -> Press:
        press = Press(button.text, self._clock.now(), url=button.url, copied=button.copy)
        self.press = press
        if button.data is None:
            return press
        press.query_id = str(next(_query_ids))
        self._state.presses[press.query_id] = press
        payload = {
            "id": press.query_id,
            "from": wire.user(self.user),
            "chat_instance": str(message.chat.id),
            "message": wire.message(message),
            "data": button.data,
        }
        press.update_id = self._put("callback_query", message.chat, payload)
        return press

    def _bot_becomes(self, status: str, where: Chat | None = None) -> int:
        chat, bot = where or self.private, self._state.chats.bot
        before, chat.bot_status = chat.bot_status, status
        payload = {
            "chat": wire.chat(chat),
            "from": wire.user(self.user),
            "date": wire.unix(self._clock.now()),
            "old_chat_member": wire.member(bot, before),
            "new_chat_member": wire.member(bot, status),
        }
        return self._put("my_chat_member", chat, payload)

    def _put(self, kind: str, chat: Chat, payload: dict[str, Any], *, heard: bool = True) -> int:
        return self._state.updates.put(kind, chat.id, payload, heard=heard and chat.bot_status != "left")


def _must(fact: object, otherwise: str) -> None:
    """Say why the act is not possible for a person."""
    if not fact:
        raise AssertionError(otherwise)


def _heard(message: ShownMessage) -> bool:
    """Does the bot get this message? In a group where it is no administrator, only commands and answers to itself."""
    if message.chat.is_private or message.chat.bot_status == "administrator":
        return True
    to_bot = message.reply_to is not None and message.reply_to.from_bot
    return message.chat.bot_status == "member" and (to_bot or message.text.startswith("/"))


def _button(message: ShownMessage, label: str, data: str | None) -> ShownButton | None:
    """The button meant: by data, else by its whole label, its beginning, or a part of it."""
    if data is not None:
        return next((button for button in message.keyboard if button.data == data), None)
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for button in message.keyboard:
            if fits(button.text, label):
                return button
    return None
