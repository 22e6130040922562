"""The methods on a forum's topics.

A topic is born as a service message (its id is that message's) and costs the group's ration; once deleted, writing
to it answers "message thread not found".
"""

from typing import Any

from sandbox.telegram.ask import Ask
from sandbox.telegram.chats import Chat, Topic
from sandbox.telegram.faults import bad
from sandbox.telegram.messages import post_service

Json = dict[str, Any]

MAX_NAME = 128
ICON_COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
ICONS = {
    "5312016608254762256": "💬",
    "5312241539987020022": "🔥",
    "5237699328843200968": "✅",
    "5379748062124056162": "❗️",
}


def create_forum_topic(ask: Ask) -> Json:
    chat = _forum(ask)
    name = _name(ask)
    color = ask.params.whole_or("icon_color", ICON_COLORS[0])
    if color not in ICON_COLORS:
        raise bad("TOPIC_ICON_COLOR_INVALID")
    born = post_service(ask, chat, {"forum_topic_created": {"name": name, "icon_color": color}})
    icon = ask.params.text("icon_custom_emoji_id") or None
    topic = chat.topics[born.message_id] = Topic(born.message_id, name, color, icon)
    shown: Json = {"message_thread_id": topic.id, "name": name, "icon_color": color}
    return shown | ({"icon_custom_emoji_id": icon} if icon else {})


def edit_forum_topic(ask: Ask) -> bool:
    chat, topic = _topic(ask)
    name = _name(ask) if ask.params.text("name") else topic.name
    icon = ask.params.text("icon_custom_emoji_id") if "icon_custom_emoji_id" in ask.params.fields else None
    wanted = (name, topic.icon_custom_emoji_id if icon is None else icon or None)
    if wanted == (topic.name, topic.icon_custom_emoji_id):
        raise bad("TOPIC_NOT_MODIFIED")
    post_service(ask, chat, {"forum_topic_edited": {"name": name}}, topic.id)
    topic.name, topic.icon_custom_emoji_id = wanted
    return True


def close_forum_topic(ask: Ask) -> bool:
    return _set_closed(ask, closed=True)


def reopen_forum_topic(ask: Ask) -> bool:
    return _set_closed(ask, closed=False)


def delete_forum_topic(ask: Ask) -> bool:
    chat, topic = _topic(ask)
    del chat.topics[topic.id]
    for message in chat.messages:
        message.deleted = message.deleted or message.thread_id == topic.id
    return True


def get_forum_topic_icon_stickers(ask: Ask) -> list[Json]:
    flat = {"type": "custom_emoji", "width": 100, "height": 100, "is_animated": True, "is_video": False}
    return [
        flat | {"custom_emoji_id": one, "emoji": emoji, "file_id": f"icon{one}", "file_unique_id": f"uicon{one}"}
        for one, emoji in ICONS.items()
    ]


def _set_closed(ask: Ask, *, closed: bool) -> bool:
    chat, topic = _topic(ask)
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    post_service(ask, chat, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic.id)
    topic.closed = closed
    return True


def _forum(ask: Ask) -> Chat:
    chat = ask.chat()
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    if chat.bot_status != "administrator":
        raise bad("not enough rights to create a topic")
    return chat


def _topic(ask: Ask) -> tuple[Chat, Topic]:
    chat = _forum(ask)
    topic = chat.topics.get(ask.params.whole_or("message_thread_id", 0))
    if topic is None:
        raise bad("message thread not found")
    return chat, topic


def _name(ask: Ask) -> str:
    name = ask.params.text("name").strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name
