"""The JSON shapes of the Bot API: how users, chats, messages and members look on the wire.

One function per type, from our state to a dictionary; nothing here decides anything.
"""

from datetime import datetime
from typing import Any

from sandbox.telegram.chats import Attachment, Chat, ShownMessage, StoredFile, User

Json = dict[str, Any]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
GIFT_TYPES = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
FILE_EXTRAS: dict[str, Json] = {
    "voice": {"duration": 1},
    "audio": {"duration": 1},
    "video": {"duration": 1, "width": 320, "height": 240},
    "animation": {"duration": 1, "width": 320, "height": 240},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}
FILE_KINDS = ("photo", "document", *FILE_EXTRAS)


def present(**fields: Any) -> Json:
    """A JSON object without its empty fields: the Bot API leaves out what is not there."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def user(one: User) -> Json:
    return {"id": one.id, "is_bot": one.is_bot, "first_name": one.name} | present(
        username=one.username, language_code=one.language
    )


def me(bot: User) -> Json:
    return user(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat(one: Chat) -> Json:
    if one.person is not None:
        return present(id=one.id, type=one.kind, first_name=one.person.name, username=one.person.username)
    return present(id=one.id, type=one.kind, title=one.title, is_forum=one.is_forum or None)


def full_chat(one: Chat) -> Json:
    gifts = {"accepted_gift_types": dict.fromkeys(GIFT_TYPES, False)}
    pinned = message(one.pinned[-1]) if one.pinned else None
    return chat(one) | {"accent_color_id": 0, "max_reaction_count": 11} | gifts | present(pinned_message=pinned)


def member(one: User, status: str) -> Json:
    shown: Json = {"user": user(one), "status": status}
    match status:
        case "creator":
            return shown | {"is_anonymous": False}
        case "administrator":
            return shown | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(ADMIN_RIGHTS, True)
        case "kicked":
            return shown | {"until_date": 0}
        case _:
            return shown


def message(one: ShownMessage) -> Json:
    """A message with, at most, the message it answers."""
    answered = _alone(one.reply_to) if one.reply_to else None
    return _alone(one) | present(reply_to_message=answered)


def _alone(one: ShownMessage) -> Json:
    words, marks = ("caption", "caption_entities") if one.attachment else ("text", "entities")
    return (
        {"message_id": one.message_id, "from": user(one.sender), "chat": chat(one.chat), "date": unix(one.date)}
        | present(
            **{words: one.body, marks: list(one.entities)},
            media_group_id=one.album,
            edit_date=unix(one.edited_at) if one.edited_at else None,
            message_thread_id=one.thread_id,
            is_topic_message=True if one.thread_id else None,
            reply_markup=one.keyboard.raw,
        )
        | (attachment(one.attachment) if one.attachment else {})
        | (one.service or {})
    )


def attachment(one: Attachment) -> Json:
    """A venue is a location too, for clients that know no venues."""
    located = {"location": one.payload["location"]} if one.kind == "venue" else {}
    return located | {one.kind: one.payload}


def file_payload(kind: str, one: StoredFile) -> Any:
    """What a message says about the file it carries; a photo is a list of sizes."""
    base = {"file_id": one.file_id, "file_unique_id": f"u{one.file_id}", "file_size": len(one.content)}
    if kind == "photo":
        return [base | {"width": 800, "height": 600}]
    named = {} if kind in {"voice", "sticker"} else {"file_name": one.name}
    typed = {} if kind == "sticker" else {"mime_type": one.mime_type}
    return base | named | typed | FILE_EXTRAS.get(kind, {})


def file(one: StoredFile) -> Json:
    base = {"file_id": one.file_id, "file_unique_id": f"u{one.file_id}", "file_size": len(one.content)}
    return base | {"file_path": one.path}


def reaction(emoji: str) -> Json:
    return {"type": "emoji", "emoji": emoji}
