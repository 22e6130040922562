"""The methods that put messages into a chat, change them and take them away.

Content is checked first (HTML, lengths, keyboards), then the place (chat, topic), then the group's ration; only
then does anything change. So a refused call leaves no trace, as with the real server.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.telegram import html, keyboards, wire
from sandbox.telegram.ask import Ask, Upload
from sandbox.telegram.chats import Attachment, Chat, ShownMessage, StoredFile
from sandbox.telegram.faults import ApiFault, bad
from sandbox.telegram.html import Entity
from sandbox.telegram.keyboards import Keyboard
from sandbox.telegram.lists import CHAT_ACTIONS, REACTIONS

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MEGABYTE = 1024 * 1024
MAX_UPLOAD = 50 * MEGABYTE
MAX_PHOTO = 10 * MEGABYTE
WITH_THUMBNAIL = ("document", "video", "animation", "audio")
MAX_DOWNLOAD = 20 * MEGABYTE
MAX_ALBUM = 10
MIXED_KINDS = frozenset({"photo", "video"})
ALBUM_KINDS = MIXED_KINDS | {"audio", "document"}
DELETABLE_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Words:
    """A text or caption: as sent, as read, and its formatting."""

    sent: str
    read: str
    entities: tuple[Entity, ...]


def send_message(ask: Ask) -> Json:
    return wire.message(_post(ask, _text(ask), _keyboard(ask)))


def sender_of_file(kind: str) -> Callable[[Ask], Json]:
    """Make the method that sends one kind of file (sendPhoto, sendDocument, …)."""

    def send_file(ask: Ask) -> Json:
        caption = _caption(ask)
        keyboard = _keyboard(ask)
        chat = ask.chat()
        attachment = _attachment(ask, kind, ask.params.json(kind))
        return wire.message(_post(ask, caption, keyboard, chat, attachment))

    return send_file


def send_media_group(ask: Ask) -> list[Json]:
    """Send files as one album: each a message of its own, all or none of them."""
    items = ask.params.json("media") or []
    if not items:
        raise bad("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad("too many messages to send as an album")
    kinds = {str(item.get("type")) for item in items}
    if strange := kinds - ALBUM_KINDS:
        raise bad(f"can't parse InputMedia: type \"{min(strange)}\" can't be used in sendMediaGroup")
    if len(kinds) > 1 and (alone := kinds - MIXED_KINDS):
        raise bad(f"{min(alone)} can't be mixed with other media types")
    words = [_media_words(item) for item in items]
    chat = ask.chat()
    attachments = [_attachment(ask, item["type"], item.get("media")) for item in items]
    place = _place(ask, chat, messages=len(items))
    album = str(next(ask.chats.album_ids)) if len(items) > 1 else None
    parts = zip(words, attachments, strict=True)
    return [wire.message(_put(ask, place, read, keyboards.NO_KEYBOARD, file, album)) for read, file in parts]


def send_location(ask: Ask) -> Json:
    payload = {name: float(ask.params.text(name) or 0) for name in ("latitude", "longitude")}
    return wire.message(_post(ask, _no_words(), _keyboard(ask), attachment=Attachment("location", payload)))


def send_contact(ask: Ask) -> Json:
    payload = {name: ask.params.text(name) for name in ("phone_number", "first_name")}
    return wire.message(_post(ask, _no_words(), _keyboard(ask), attachment=Attachment("contact", payload)))


def copy_message(ask: Ask) -> Json:
    source = _find(ask, ask.chats.known(ask.params.whole_or("from_chat_id", 0)), "message to copy not found")
    words = Words(source.text, source.body, source.entities)
    return {"message_id": _post(ask, words, _keyboard(ask), attachment=source.attachment).message_id}


def edit_message_text(ask: Ask) -> Json:
    words = _text(ask)
    message = _own(ask)
    if message.attachment:
        raise bad("there is no text in the message to edit")
    return _edit(ask, message, words)


def edit_message_caption(ask: Ask) -> Json:
    words = _caption(ask)
    message = _own(ask)
    if message.attachment is None:
        raise bad("there is no caption in the message to edit")
    return _edit(ask, message, words)


def edit_message_media(ask: Ask) -> Json:
    media = ask.params.json("media") or {}
    words = _media_words(media)
    message = _own(ask)
    attachment = _attachment(ask, media.get("type", ""), media.get("media"))
    return _edit(ask, message, words, attachment)


def edit_message_reply_markup(ask: Ask) -> Json:
    message = _own(ask)
    return _edit(ask, message, Words(message.text, message.body, message.entities))


def delete_message(ask: Ask) -> bool:
    message = _find(ask, ask.chat(), "message to delete not found")
    if ask.now - message.date > DELETABLE_FOR:
        raise bad("message can't be deleted for everyone")
    if not (message.from_bot or message.chat.is_private or message.chat.bot_status == "administrator"):
        raise bad("message can't be deleted")
    _remove(message)
    return True


def delete_messages(ask: Ask) -> bool:
    chat = ask.chat()
    ids = ask.params.json("message_ids") or []
    if not 1 <= len(ids) <= 100:
        raise bad("there must be from 1 to 100 message identifiers")
    for message_id in ids:
        message = chat.by_id.get(message_id)
        if message and ask.now - message.date <= DELETABLE_FOR:
            _remove(message)
    return True


def set_message_reaction(ask: Ask) -> bool:
    message = _find(ask, ask.chat(), "message to react not found")
    emojis = [one.get("emoji", "") for one in ask.params.json("reaction") or []]
    if len(emojis) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if not REACTIONS.issuperset(emojis):
        raise bad("REACTION_INVALID")
    message.reactions_by[ask.chats.bot.id] = emojis
    return True


def pin_chat_message(ask: Ask) -> bool:
    message = _find(ask, ask.chat(), "message to pin not found")
    _needs_rights(message.chat, "manage pinned messages in the chat")
    if not message.pinned:
        message.chat.pinned.append(message)
    return True


def unpin_chat_message(ask: Ask) -> bool:
    chat = ask.chat()
    _needs_rights(chat, "manage pinned messages in the chat")
    if ask.params.whole("message_id") is not None:
        message = _find(ask, chat, "message to unpin not found")
        chat.pinned = [one for one in chat.pinned if one is not message]
    elif chat.pinned:
        chat.pinned.pop()
    return True


def unpin_all_chat_messages(ask: Ask) -> bool:
    ask.chat().pinned.clear()
    return True


def send_chat_action(ask: Ask) -> bool:
    if ask.params.text("action") not in CHAT_ACTIONS:
        raise bad("wrong parameter action in request")
    ask.chat()
    return True


def get_file(ask: Ask) -> Json:
    stored = ask.chats.files.get(ask.params.text("file_id"))
    if stored is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad("file is too big")
    return wire.file(stored)


def post_service(ask: Ask, chat: Chat, service: Json, thread_id: int | None = None) -> ShownMessage:
    """Put a service message (topic created, closed, …): it costs the group like any other."""
    ask.state.meter.charge(chat, ask.now)
    message_id = next(chat.next_id)
    message = ShownMessage(message_id, chat, ask.chats.bot, ask.now, "", "", service=service)
    message.thread_id = thread_id or message_id
    chat.by_id[message_id] = message
    return message


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message may stand: the chat, the topic, and what it answers. The group's ration is paid."""

    chat: Chat
    thread_id: int | None
    reply_to: ShownMessage | None


def _post(
    ask: Ask, words: Words, keyboard: Keyboard, chat: Chat | None = None, attachment: Attachment | None = None
) -> ShownMessage:
    return _put(ask, _place(ask, chat or ask.chat()), words, keyboard, attachment)


def _place(ask: Ask, chat: Chat, *, messages: int = 1) -> Place:
    place = Place(chat, _thread(ask, chat), _answered(ask, chat))
    ask.state.meter.charge(chat, ask.now, messages)
    return place


def _put(
    ask: Ask, place: Place, words: Words, keyboard: Keyboard, attachment: Attachment | None, album: str | None = None
) -> ShownMessage:
    chat = place.chat
    message = ShownMessage(next(chat.next_id), chat, ask.chats.bot, ask.now, words.read, words.sent, words.entities)
    message.keyboard = keyboard
    message.attachment, message.album = attachment, album
    message.thread_id = place.thread_id
    message.reply_to = place.reply_to
    message.silent = ask.params.flag("disable_notification")
    chat.by_id[message.message_id] = message
    return message


def _edit(ask: Ask, message: ShownMessage, words: Words, attachment: Attachment | None = None) -> Json:
    keyboard = _keyboard(ask)
    before = (message.body, message.entities, message.keyboard)
    if attachment is None and before == (words.read, words.entities, keyboard):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    ask.state.meter.charge(message.chat, ask.now)
    message.body, message.text, message.entities = words.read, words.sent, words.entities
    message.keyboard = keyboard
    message.attachment = attachment or message.attachment
    message.edits += 1
    message.edited_at = ask.now
    return wire.message(message)


def _find(ask: Ask, chat: Chat, missing: str) -> ShownMessage:
    message_id = ask.params.whole("message_id")
    if message_id is None:
        raise bad("message identifier is not specified")
    message = chat.by_id.get(message_id)
    if message is None or message.deleted:
        raise bad(missing)
    return message


def _own(ask: Ask) -> ShownMessage:
    message = _find(ask, ask.chat(), "message to edit not found")
    if message.sender is not ask.chats.bot or message.service:
        raise bad("message can't be edited")
    return message


def _remove(message: ShownMessage) -> None:
    message.deleted = True
    message.chat.pinned = [one for one in message.chat.pinned if one is not message]


def _thread(ask: Ask, chat: Chat) -> int | None:
    thread_id = ask.params.whole("message_thread_id")
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed:
        raise bad("TOPIC_CLOSED")
    return thread_id


def _answered(ask: Ask, chat: Chat) -> ShownMessage | None:
    reply = ask.params.json("reply_parameters") or {}
    message_id = reply.get("message_id") or ask.params.whole("reply_to_message_id")
    if message_id is None:
        return None
    message = chat.by_id.get(int(message_id))
    if message is not None and not message.deleted:
        return message
    if reply.get("allow_sending_without_reply") or ask.params.flag("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def _keyboard(ask: Ask) -> Keyboard:
    return keyboards.read(ask.params.json("reply_markup"))


def _no_words() -> Words:
    return Words("", "", ())


def _text(ask: Ask) -> Words:
    given = ask.params
    if not given.text("text").strip():
        raise bad("message text is empty")
    words = _words(given.text("text"), given.text("parse_mode"), given.json("entities"), MAX_TEXT)
    if not words.read:
        raise bad("message text is empty")
    return words


def _caption(ask: Ask) -> Words:
    given = ask.params
    return _words(given.text("caption"), given.text("parse_mode"), given.json("caption_entities"), MAX_CAPTION)


def _media_words(media: Json) -> Words:
    return _words(media.get("caption", ""), media.get("parse_mode", ""), media.get("caption_entities"), MAX_CAPTION)


def _words(sent: str, parse_mode: str, entities: list[Entity] | None, limit: int) -> Words:
    if parse_mode.lower() not in {"", "html"}:
        raise bad("unsupported parse_mode")
    parsed = html.parse(sent) if parse_mode else html.trimmed(sent, entities or [])
    if html.utf16_length(parsed.text) > limit:
        raise bad("message is too long" if limit == MAX_TEXT else "message caption is too long")
    return Words(sent, parsed.text, parsed.entities)


def _attachment(ask: Ask, kind: str, given: object) -> Attachment:
    if kind not in wire.FILE_KINDS:
        raise bad(f"type {kind} of media is unsupported")
    stored = _stored(ask, kind, given)
    small = ask.params.json("thumbnail") if kind in WITH_THUMBNAIL else None
    thumbnail = _stored(ask, "thumbnail", small) if small else None
    return Attachment(kind, wire.file_payload(kind, stored), stored, thumbnail)


def _is_cut(content: bytes) -> bool:
    """Whether a picture ends before its end: the real server draws photos anew and refuses what it cannot read."""
    ends = {b"\x89PNG\r\n\x1a\n": b"IEND", b"\xff\xd8\xff": b"\xff\xd9"}
    return any(content.startswith(start) and end not in content for start, end in ends.items())


def _stored(ask: Ask, kind: str, given: object) -> StoredFile:
    if isinstance(given, str) and given.startswith("attach://"):
        given = ask.params.upload(given.removeprefix("attach://"))
    if isinstance(given, str) and given in ask.chats.files:
        return ask.chats.files[given]
    if not isinstance(given, Upload):
        raise bad(f"there is no {kind} in the request" if not given else "wrong file identifier/HTTP URL specified")
    size = len(given.content)
    if size == 0:
        raise bad("file must be non-empty")
    if size > MAX_UPLOAD:
        raise ApiFault(413, "Request Entity Too Large")
    if kind == "photo" and size > MAX_PHOTO:
        raise bad(f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    if kind == "photo" and _is_cut(given.content):
        raise bad("IMAGE_PROCESS_FAILED")
    return ask.chats.store(given.content, given.name, given.mime_type, f"{kind}s")


def _needs_rights(chat: Chat, to_do: str) -> None:
    if not chat.is_private and chat.bot_status != "administrator":
        raise bad(f"not enough rights to {to_do}")
