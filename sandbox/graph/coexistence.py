"""What a coexistence number hands over once after onboarding: the address book and the history of the Business app.

Pure builders. Reference: section 1.3 (`smb_app_state_sync`, `history`) and section 8.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sandbox.graph.errors import Json
from sandbox.graph.state import Message
from sandbox.graph.webhooks import Identity, phone_key, seconds


def address_book(people: Iterable[Identity], at: datetime) -> Json:
    """Return the contacts saved in the app (`smb_app_state_sync`)."""
    return {"state_sync": [_contact(each, at) for each in people]}


def _contact(person: Identity, at: datetime) -> Json:
    names = {"full_name": person.name, "first_name": person.name.partition(" ")[0]}
    return {
        "type": "contact",
        "contact": names | phone_key("phone_number", person.wa_id) | {"user_id": person.bsuid},
        "action": "add",
        "metadata": {"timestamp": seconds(at)},
    }


def history(business: str, threads: Iterable[tuple[Identity, Sequence[Message]]]) -> Json:
    """Return all conversations in one chunk (`history`); real ones come in many chunks and out of order."""
    return {
        "history": [
            {
                "metadata": {"phase": 0, "chunk_order": 1, "progress": 100},
                "threads": [_thread(business, person, messages) for person, messages in threads],
            }
        ]
    }


def _thread(business: str, person: Identity, messages: Sequence[Message]) -> Json:
    context = phone_key("wa_id", person.wa_id) | {"user_id": person.bsuid}
    lines = [_line(business, person, each) for each in messages]
    return phone_key("id", person.wa_id) | {"context": context, "messages": lines}


def _line(business: str, person: Identity, message: Message) -> Json:
    inbound = message.author == "person"
    ends = phone_key("from", person.wa_id) if inbound else {"from": business} | phone_key("to", person.wa_id)
    return ends | {
        "id": message.wamid,
        "timestamp": seconds(message.at),
        "type": "text",
        "text": {"body": message.text},
        "history_context": {"status": "READ" if inbound else message.tick.upper()},
    }
