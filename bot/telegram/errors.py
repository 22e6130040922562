"""The border: what went wrong, in words a person can use.

A CrmError becomes the text of its code. Anything else becomes a short text with a reference number, and a log entry under the
same number; nobody ever reads a stack trace in a chat.
"""

import re
from decimal import Decimal
from secrets import token_hex

import structlog

from bot.texts import Say
from crm.errors import CrmError

log = structlog.get_logger(__name__)

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")


def said(error: CrmError, say: Say) -> str:
    """The plain text of a refusal (for a toast, or escaped for a message)."""
    params = dict(error.params)
    key = f"error-{error.code}"
    if error.code == "already-resolved" and not params.get("by"):
        key, params = "error-already-resolved-alone", {}
    if error.code == "price-moved":
        params = {"price": _price(params.get("amount"), params.get("currency"), say)}
    if not say.knows(key):
        return unexpected(error, say, code=error.code)
    return say.plain(key, **{name: value if isinstance(value, int) else str(value) for name, value in params.items()})


def unexpected(error: BaseException, say: Say, **facts: object) -> str:
    """A short text with a number that leads to the log."""
    reference = f"E-{token_hex(2).upper()}"
    log.error("telegram_handler_failed", reference=reference, exc_info=error, **facts)
    return say.plain("error-unexpected", reference=reference)


def harmless(error: BaseException) -> str:
    """What an error of Telegram's client says, without the bot's token, which it likes to repeat."""
    return _TOKEN.sub("<token>", str(error))


def _price(amount: object, currency: object, say: Say) -> str:
    if not isinstance(amount, Decimal):
        return say.plain("price-unknown")
    return say.money(amount, str(currency or ""))
