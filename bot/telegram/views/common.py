"""Pieces that several screens share: a person's name and phone as the reader may see them, quotes, windows, the last row."""

import re
from datetime import datetime, timedelta

import phonenumbers

from bot.telegram.buttons import Button, Copy, go
from bot.telegram.screen import WIDTHS
from bot.texts import Html, Say, clip, escape
from crm.model.accounts import Account, barred
from crm.model.agents import Agent, Role
from crm.model.blocks import DeliveryIssue
from crm.model.contacts import Contact
from crm.model.conversations import BlockState, Conversation
from crm.model.costs import Agreed
from crm.model.messages import DeliveryStatus
from crm.model.windows import Basis, Window

NAME = 40
QUOTE = 1200
FOLD_FROM = 280
COPYABLE = 256
ENDING = timedelta(hours=4)
LAST_MINUTES = timedelta(minutes=30)
ASSUMED = {Basis.MANUAL_SEND, Basis.SEQUENCE_START}

_PHONE = re.compile(r"\+\d{8,15}")

TICKS = {
    DeliveryStatus.QUEUED: "🕓",
    DeliveryStatus.ACCEPTED: "✓",
    DeliveryStatus.SENT: "✓",
    DeliveryStatus.DELIVERED: "✓✓",
    DeliveryStatus.READ: "👀",
    DeliveryStatus.FAILED: "⚠️",
    DeliveryStatus.CANCELLED: "✖️",
}
PLAYED = "🎧"
CALL = "call"
CHANGES_OF_PEOPLE = {
    "user_changed_number",
    "user_changed_user_id",
    "customer_changed_number",
    "customer_identity_changed",
    "user_identity_changed",
}
OF_CODES = {"131051": "none", "131052": "too_large", "131060": "not_here"}
"""Errors that stand in the place of a message (reference 1.1, 4.1), as the texts call them."""


def name(contact: Contact, reader: Agent, longest: int = NAME) -> str:
    """What the reader calls this person. Somebody without a name is called by the phone, which viewers may not see."""
    return clip(one_line(discreet(contact.title, reader)), longest)


def discreet(text: str, reader: Agent) -> str:
    """The text without whole phone numbers when a viewer reads it."""
    return _PHONE.sub(lambda found: masked(found[0]), text) if reader.role is Role.VIEWER else text


def phone(contact: Contact, reader: Agent, say: Say) -> str:
    """The phone number as people write it, masked for viewers; people who hide theirs have none."""
    if not contact.wa_id:
        return say.plain("contact-no-phone")
    return masked(contact.address) if reader.role is Role.VIEWER else spaced(contact.address)


def spaced(number: str) -> str:
    """`+5491155555678` as `+54 9 11 5555-5678`; what is no phone number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """`+54 911 ••• 5678`: enough to tell two people apart, not enough to call one."""
    try:
        code = f"+{phonenumbers.parse(number).country_code}"
    except phonenumbers.NumberParseException:
        return f"••• {number[-4:]}"
    national = number.removeprefix(code)
    return " ".join(part for part in (code, national[:-8], "•••", national[-4:]) if part)


def copy_phone(contact: Contact, reader: Agent, say: Say) -> Button | None:
    if not contact.wa_id or reader.role is Role.VIEWER:
        return None
    return Button(say.plain("button-copy-phone"), Copy(contact.address))


def one_line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str, longest: int = QUOTE) -> Html:
    """A text of somebody else's in a quote, folded when it is long."""
    fold = " expandable" if len(text) > FOLD_FROM or text.count("\n") > 4 else ""
    return Html(f"<blockquote{fold}>{escape(clip(text.strip(), longest)) or '—'}</blockquote>")


def content(kind: str, text: str | None, say: Say) -> str:
    """What a message holds: its words, or the name of its kind, or both. Where the words are Meta's own for something, ours stand there."""
    words = (text or "").strip()
    if kind in {"text", "template", "button", "interactive"} and words:
        return words
    if kind == "reaction" and not words:
        return say.plain("message-reaction-removed")
    word, _, more = words.partition(" ")
    if kind == "system":
        known = word in CHANGES_OF_PEOPLE
        words = say.plain("message-system", what=word, number=more or "—") if known else words
    elif kind == "unsupported":
        words = say.plain("message-unsupported", what=OF_CODES.get(word, word) or "none")
    elif kind == "call_permission":
        words = say.plain("message-call-permission", answer=word or "none")
    elif kind == CALL:
        words = say.plain("message-call", outcome=word or "none", seconds=int(more) if more.isdecimal() else 0)
    label = say.plain("message-kind", kind=kind)
    return f"{label}\n{words}" if words else label


def window(open_: Window | None, conversation: Conversation, say: Say) -> Html:
    """Whether one may write freely, and for how long: the countdown is drawn by Telegram itself."""
    if open_ is None:
        closed_at = _closed_at(conversation, say.now)
        if closed_at is None:
            return say("window-never")
        return say("window-closed", ago=say.ago(closed_at))
    left = open_.closes_at - say.now
    key = "window-open" if left > ENDING else "window-ending" if left > LAST_MINUTES else "window-last-minutes"
    line = say(key, when=say.tg_time(open_.closes_at))
    return Html(f"{line} · {say('basis-assumed', basis=open_.basis.value)}") if open_.basis in ASSUMED else line


def _closed_at(conversation: Conversation, now: datetime) -> datetime | None:
    heard = [at for at in (conversation.last_inbound_at,) if at is not None]
    return min(max(heard) + timedelta(hours=24), now) if heard else None


def doubt(conversation: Conversation, issue: DeliveryIssue | None, say: Say) -> Html | None:
    """The belief about a block, word and percentage together; nothing while there is none."""
    if conversation.block_state is BlockState.CLEAR:
        return None
    chance = issue.probability if issue else 99 if conversation.block_state is BlockState.CONFIRMED else 95
    return say("block-line", level=conversation.block_state.value, probability=chance)


def bar(account: Account, say: Say) -> Html | None:
    """That Meta takes no templates, or no utility ones, from the number just now."""
    word = barred(account, say.now)
    if word is None or word.bar is None:
        return None
    return say("account-barred", bar=word.bar.value, until=say.moment(word.until) if word.until else "none")


def fitting(label: str, in_row: int) -> str:
    """A label with a name in it, cut so that it fits among so many in a row."""
    return clip(label, WIDTHS[in_row])


def agreed(price: Agreed, say: Say) -> str:
    """The price that somebody said yes to."""
    if price.amount is None:
        return say.plain("price-unknown")
    return say.money(price.amount, price.currency) if price.amount else say.plain("price-free")


def category(word: str, say: Say) -> str:
    """A price category in the reader's language."""
    return say.plain("category-name", category=word.lower().partition("_")[0], word=clip(word.lower(), 40) or "—")


def reason(word: object, say: Say) -> str:
    """Why Meta did something to a template, in the reader's language as far as we know the word."""
    text = clip(str(word), 80) if word else "none"
    return say.plain("template-reason", reason=text.upper() if text != "none" else text, word=text)


def back(say: Say) -> Button:
    return Button(say.plain("button-menu"), go("home"))


def refresh(screen: str, *args: int | str) -> Button:
    return Button("🔄", go(screen, *args))
