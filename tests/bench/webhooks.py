"""Webhooks as Meta would sign and post them, as whole HTTP requests, made before the clock runs."""

import hmac
import time
from itertools import count

import orjson

SECRET = "bench-app-secret"
VERIFY = "bench-verify"
PHONE_ID, WABA = "106540352242922", "2044400000001"
PATH = "/webhooks/whatsapp"
_FILLING = "Hola, quería saber si el pedido que hice la semana pasada ya salió del depósito y cuándo llega. " * 3

_numbers = count(1)


def contact_number(n: int) -> str:
    """The phone of the n-th contact that `seed.py` makes."""
    return f"34{600_000_000 + n}"


def contact_user_id(n: int) -> str:
    """The same contact's business-scoped id."""
    return f"ES.{13_491_208_655_000_000 + n}"


def body(
    contact: int, *, unique: str = "", text: str = _FILLING, phone_id: str = PHONE_ID, at: float | None = None
) -> bytes:
    """One inbound text of about 800 bytes, written now or `at` that second."""
    wa_id, user_id = contact_number(contact), contact_user_id(contact)
    message = {
        "from": wa_id,
        "from_user_id": user_id,
        "id": f"wamid.{unique}{next(_numbers):012}",
        "timestamp": str(int(time.time() if at is None else at)),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34910000001", "phone_number_id": phone_id},
        "contacts": [{"profile": {"name": "Contacto"}, "wa_id": wa_id, "user_id": user_id}],
        "messages": [message],
    }
    return orjson.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": WABA, "changes": [{"field": "messages", "value": value}]}],
        }
    )


def request(content: bytes) -> bytes:
    """The POST that brings it."""
    signature = hmac.digest(SECRET.encode(), content, "sha256").hex()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
