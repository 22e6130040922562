"""The customers and their phones.

A person writes, reacts, taps, blocks, loses the network, stops marketing; the phone shows what really reached it. Nothing here
tells the business that it was blocked: as with Meta, there is only silence after `sent` (reference, section 9).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sandbox.graph import fate, webhooks
from sandbox.graph.errors import Json, failure
from sandbox.graph.identity import digits, new_wamid
from sandbox.graph.screens import ChatLine, Shown, line, preview, shown
from sandbox.graph.state import Account, Habits, Message, Stage, Thread

OPENS_NO_WINDOW = frozenset({"reaction", "system", "unsupported", "edit", "revoke"})
"""Reference 5.1: whether a reaction opens the window is unconfirmed, so here it does not; the others certainly do not."""


class Person:
    """A customer with a phone. Get one from `Graph.person`."""

    def __init__(
        self,
        stage: Stage,
        *,
        phone: str | None,
        name: str,
        bsuid: str | None = None,
        hides_phone: bool = False,
        username: str | None = None,
    ) -> None:
        self._stage = stage
        self.phone = digits(phone) if phone else None
        self.wa_id = self.phone
        self.bsuid = bsuid or stage.new_bsuid(phone or name)
        self.key = self.phone or self.bsuid
        self.name, self.username, self.hides_phone = name, username, hides_phone
        self.on_whatsapp = True
        self.online = True
        self.habits = Habits()
        self._threads: dict[str, Thread] = {}
        self._waiting: list[fate.Journey] = []

    # --- what others see

    @property
    def identity(self) -> webhooks.Identity:
        """Return the person as webhooks show them."""
        return webhooks.Identity(None if self.hides_phone else self.wa_id, self.bsuid, self.name, self.username)

    @property
    def talks_with(self) -> list[str]:
        """The ids of the numbers with which there is a conversation, the one last written to at the end."""
        return list(self._threads)

    def has_blocked(self, phone_number_id: str) -> bool:
        thread = self._threads.get(phone_number_id)
        return thread is not None and thread.blocked

    @property
    def inbox(self) -> list[Shown]:
        """What the phone really shows of what businesses sent, oldest first."""
        self._stage.advance()
        seen = [
            (each.shown_at, each)
            for thread in self._threads.values()
            for each in thread.messages
            if each.author != "person" and each.shown_at is not None and each.type != "reaction"
        ]
        return [shown(each, at) for at, each in sorted(seen, key=lambda pair: pair[0])]

    def chat(self, number: Account) -> list[ChatLine]:
        """Return both directions of one conversation in order of time, with ticks."""
        self._stage.advance()
        lines = sorted(self.thread(number).messages, key=lambda message: message.at)
        return [line(each) for each in lines if each.type != "reaction"]

    def thread(self, number: Account) -> Thread:
        return self._threads.setdefault(number.phone_number_id, Thread())

    # --- what a person does

    def writes(
        self,
        number: Account,
        text: str,
        *,
        referral: Json | None = None,
        at: datetime | None = None,
        context_wamid: str | None = None,
    ) -> str:
        """Write a text; with `referral` it comes from an ad, with `at` it was written then and arrives only now."""
        element: Json = {"type": "text", "text": {"body": text}}
        if referral is not None:
            element["referral"] = referral
        return self.sends(number, element, at=at, context_wamid=context_wamid)

    def sends(
        self, number: Account, element: Json, *, at: datetime | None = None, context_wamid: str | None = None
    ) -> str:
        """Send any message element as section 1.1 of the reference shows them; returns the wamid."""
        self._stage.advance()
        now = self._stage.clock.now()
        wamid, moment = str(element.get("id") or new_wamid()), at or now
        quoted = self._quote(number, context_wamid)
        thread = self._threads[number.phone_number_id] = self._threads.pop(number.phone_number_id, Thread())
        kind = str(element["type"])
        if kind not in OPENS_NO_WINDOW:
            thread.heard(moment, element.get("referral"))
        message = Message(wamid, number.phone_number_id, "person", moment, kind, preview(element), element, self.key)
        message.context = context_wamid
        thread.messages.append(message)
        self._stage.keep(message)
        field = "standby" if number.business_agent else "messages"
        self._mail(number, webhooks.inbound(self.identity, wamid, moment, quoted | element), now, field)
        return wamid

    def sends_media(self, number: Account, kind: str, content: bytes, mime_type: str, **more: str | bool) -> str:
        """Send an image, video, audio, document or sticker whose bytes the business can download."""
        media = self._stage.media_element(content, mime_type)
        return self.sends(number, {"type": kind, kind: media | more})

    def reacts(self, number: Account, wamid: str, emoji: str | None) -> str:
        """React to a message; None takes the reaction back (the key `emoji` is then absent)."""
        target = self._stage.find(wamid)
        if target is not None:
            target.reactions.pop("person", None)
            target.reactions |= {"person": emoji} if emoji else {}
        reaction = {"message_id": wamid} | ({"emoji": emoji} if emoji else {})
        return self.sends(number, {"type": "reaction", "reaction": reaction})

    def taps(self, number: Account, *, payload: str, text: str, context_wamid: str | None = None) -> str:
        """Tap a button: of a template (`button`), or of an interactive message (`button_reply`, `list_reply`)."""
        asked = self._stage.find(context_wamid) if context_wamid else None
        if asked is None or asked.type != "interactive":
            element: Json = {"type": "button", "button": {"payload": payload, "text": text}}
        else:
            reply = "list_reply" if asked.content.get("type") == "list" else "button_reply"
            element = {"type": "interactive", "interactive": {"type": reply, reply: {"id": payload, "title": text}}}
        return self.sends(number, element, context_wamid=context_wamid)

    def shares_phone(self, number: Account, context_wamid: str | None = None) -> str:
        """Answer the question for the phone number with the own card (reference 1.5)."""
        phones = [{"phone": f"+{self.phone}", "wa_id": self.phone, "type": "CELL"}] if self.phone else []
        card = {"name": {"formatted_name": self.name, "first_name": self.name}, "phones": phones}
        element = {"type": "contacts", "contacts": [card | {"origin": "contact_request"}]}
        return self.sends(number, element, context_wamid=context_wamid)

    def edits(self, number: Account, wamid: str, text: str) -> str:
        """Edit an own message; only coexistence numbers hear of it, others get `unsupported`."""
        changed = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}
        if (message := self._stage.find(wamid)) is not None:
            message.text, message.edited = text, True
        return self._changes(number, "edit", changed)

    def revokes(self, number: Account, wamid: str) -> str:
        """Delete an own message for everyone; only coexistence numbers hear of it."""
        if (message := self._stage.find(wamid)) is not None:
            message.revoked_at = self._stage.clock.now()
        return self._changes(number, "revoke", {"original_message_id": wamid})

    def blocks(self, number: Account) -> None:
        """Block the number: from now on its messages are lost, and nobody says so."""
        self._stage.advance()
        self.thread(number).blocked = True

    def unblocks(self, number: Account) -> None:
        """Unblock the number; what was sent meanwhile stays lost."""
        self._stage.advance()
        self.thread(number).blocked = False

    def goes_offline(self) -> None:
        """Lose the network: messages stay at `sent` until the phone is back."""
        self._stage.advance()
        self.online = False

    def comes_online(self) -> None:
        """Find the network again: what waited less than 30 days arrives."""
        self._stage.advance()
        self.online = True
        waiting, self._waiting = self._waiting, []
        for journey in waiting:
            journey.resume(self._stage.clock.now())

    def answers(self, number: Account, wamid: str) -> None:
        """Write the next of the answers that the habits hold, if the business may still read them."""
        if self.habits.answers and self.online and not self.thread(number).blocked:
            self.writes(number, self.habits.answers.pop(0), context_wamid=wamid)

    def waits(self, journey: fate.Journey) -> None:
        """Keep a message that came while the phone was off."""
        self._waiting.append(journey)

    def stops_marketing(self, number: Account) -> None:
        """Choose "stop" under offers and announcements (field `user_preferences`)."""
        self._prefers(number, "stop")

    def resumes_marketing(self, number: Account) -> None:
        """Take the wish to stop back."""
        self._prefers(number, "resume")

    def changes_phone(self, phone: str) -> None:
        """Move to another phone number: a new BSUID is born too, and every number that knew the person is told."""
        self._stage.advance()
        now, old = self._stage.clock.now(), self.identity
        self.phone = self.wa_id = digits(phone)
        self.bsuid = self._stage.new_bsuid(phone)
        self._stage.moved()
        news = {
            "body": f"User {self.name} changed from {old.wa_id or old.bsuid} to {self.identity.wa_id or self.bsuid}",
            "type": "user_changed_number" if self.identity.wa_id else "user_changed_user_id",
            "user_id": self.bsuid,
            "previous_user_id": old.bsuid,
        } | ({"wa_id": self.identity.wa_id} if self.identity.wa_id else {})
        for number in filter(lambda each: each.phone_number_id in self._threads, self._stage.accounts()):
            self._mail(number, webhooks.system(old, new_wamid(), now, news), now)

    def takes_username(self, username: str | None, *, hides_phone: bool) -> None:
        """Choose a username or give it up, and let the phone be seen or not. Nobody is told; the next webhooks show it (1.5)."""
        self._stage.advance()
        self.username, self.hides_phone = username, hides_phone or self.phone is None

    # --- details

    def lines(self, phone_number_id: str) -> list[Message]:
        """Return the messages shared with a number, oldest first."""
        thread = self._threads.get(phone_number_id)
        return thread.messages if thread else []

    def _changes(self, number: Account, kind: Literal["edit", "revoke"], change: Json) -> str:
        if number.coexistence:
            return self.sends(number, {"type": kind, kind: change})
        error = failure(131051) | {"title": "Message type unknown", "message": "Message type unknown"}
        return self.sends(number, {"type": "unsupported", "errors": [error], "unsupported": {"type": "edit"}})

    def _prefers(self, number: Account, value: Literal["stop", "resume"]) -> None:
        self._stage.advance()
        now = self._stage.clock.now()
        self.thread(number).no_marketing = value == "stop"
        self._mail(number, webhooks.preference(self.identity, now, value), now, "user_preferences")

    def _quote(self, number: Account, wamid: str | None) -> Json:
        if wamid is None:
            return {}
        quoted = self._stage.find(wamid)
        own = quoted is not None and quoted.author == "person"
        author = self.identity.wa_id if own else digits(number.display_phone)
        return {"context": {"id": wamid} | ({"from": author} if author else {})}

    def _mail(self, number: Account, value: Json, at: datetime, field: str = "messages") -> None:
        whole = webhooks.head(number.display_phone, number.phone_number_id) | value
        self._stage.mail(webhooks.Update(number.waba_id, field, whole, at=at), at)
