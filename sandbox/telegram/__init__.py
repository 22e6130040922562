"""A Telegram of our own: the Bot API over HTTP, and the people on the other side of it.

There is no maintained fake of the Bot API, and a mocked client would hide serialisation, error mapping and update
parsing. This one refuses what the real server refuses, with the same words. It knows nothing of the program it
serves.
"""

from sandbox.telegram.chats import Chat, ShownMessage, Topic
from sandbox.telegram.faults import ANY_METHOD, ApiFault, BadGateway, Delay, DropConnection, bad, flood, forbidden
from sandbox.telegram.keyboards import ShownButton
from sandbox.telegram.people import Person
from sandbox.telegram.queries import Press, Search
from sandbox.telegram.server import Call, Telegram

__all__ = [
    "ANY_METHOD",
    "ApiFault",
    "BadGateway",
    "Call",
    "Chat",
    "Delay",
    "DropConnection",
    "Person",
    "Press",
    "Search",
    "ShownButton",
    "ShownMessage",
    "Telegram",
    "Topic",
    "bad",
    "flood",
    "forbidden",
]
