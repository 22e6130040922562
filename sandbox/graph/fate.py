"""What becomes of a message after "accepted": sent, delivered, read, or nothing at all.

A journey is a chain of planned moments, so weeks can pass in one step and every status still carries its own time. Reference:
section 1.2 (which statuses come, which may be skipped), section 3 (30 days of patience) and section 9 (a block is silence).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.graph import webhooks
from sandbox.graph.errors import Json, failure
from sandbox.graph.limits import FreeQuota
from sandbox.graph.pricing import price
from sandbox.graph.state import KEPT_UNDELIVERED, Account, Habits, Message, Stage, Status, Thread

LEAVES_AFTER = timedelta(seconds=1)
PLAYED_AFTER = timedelta(seconds=5)


class Sender(Account, Protocol):
    """A business number with its allowance and its purse."""

    quota: FreeQuota
    payment_method: bool


class Receiver(Protocol):
    """A person's phone as a message meets it."""

    online: bool
    wa_id: str | None
    habits: Habits

    @property
    def identity(self) -> webhooks.Identity: ...
    def thread(self, number: Account) -> Thread: ...
    def waits(self, journey: Journey) -> None: ...
    def answers(self, number: Account, wamid: str) -> None: ...


@dataclass(slots=True)
class Journey:
    """One message on its way to one person; `person` is None when nobody on WhatsApp has that number."""

    stage: Stage
    number: Sender
    person: Receiver | None
    message: Message
    to: str | None

    def start(self, at: datetime) -> None:
        """Let the message leave; failures that are already known come instead of, or after, `sent`."""
        message = self.message
        if message.fails_with is None or message.sent_before_failing:
            self.stage.plan(at + LEAVES_AFTER, self._leaves)
        if message.fails_with is not None:
            self.stage.plan(at + max(message.fails_after, LEAVES_AFTER), self._fails)

    def resume(self, now: datetime) -> None:
        """Go on where the journey stopped because the phone was off."""
        if self.message.shown_at is not None:
            self.stage.plan(now, self._is_read)
        elif now - self.message.at < KEPT_UNDELIVERED:
            self.stage.plan(now + (self.person.habits.delivery if self.person else timedelta()), self._arrives)
        else:
            self._is_lost()

    def _leaves(self, at: datetime) -> None:
        message = self.message
        if message.author == "api":
            self._set_price(at)
            if message.price and message.price.type == "regular" and not self.number.payment_method:
                message.fails_with = failure(131042)
                self._fails(at)
                return
        self._tell("sent", at, priced=True)
        if message.fails_with is not None or self.person is None:
            return
        if self.person.thread(self.number).blocked:
            self._is_lost()
        elif message.type == "reaction":
            message.shown_at = at
        else:
            self.stage.plan(at + self.person.habits.delivery, self._arrives)

    def _arrives(self, at: datetime) -> None:
        person, message = self.person, self.message
        if person is None or message.lost:
            return
        if person.thread(self.number).blocked:
            self._is_lost()
            return
        if not person.online:
            person.waits(self)
            return
        message.shown_at = at
        habits = person.habits
        if habits.reads and habits.chat_open:
            self._is_read(at)
            return
        self._tell("delivered", at, priced=True)
        if habits.reads:
            self.stage.plan(at + habits.read_after, self._is_read)

    def _is_read(self, at: datetime) -> None:
        person, message = self.person, self.message
        if person is None or person.thread(self.number).blocked:
            return
        if not person.online:
            person.waits(self)
            return
        self._tell("read", at, priced="delivered" not in message.statuses)
        if person.habits.answers:
            self.stage.plan(at + person.habits.answer_after, self._is_answered)
        if message.type == "audio" and message.content.get("voice"):
            self.stage.plan(at + PLAYED_AFTER, self._is_played)

    def _is_answered(self, at: datetime) -> None:
        if self.person is not None:
            self.person.answers(self.number, self.message.wamid)

    def _is_played(self, at: datetime) -> None:
        self._tell("played", at)

    def _fails(self, at: datetime) -> None:
        self._tell("failed", at, error=self.message.fails_with)

    def _is_lost(self) -> None:
        self.message.lost = True
        if self.message.price is not None and self.message.price.is_free_service:
            self.number.quota.take(self.message.statuses["sent"], -1)

    def _set_price(self, at: datetime) -> None:
        thread = self.person.thread(self.number) if self.person else Thread()
        self.message.price = price(
            self.message.category,
            at,
            window_open=thread.window_open(at),
            entry_point_open=thread.entry_point_open(at),
            free_left=self.number.quota.is_left(at),
        )
        self.message.entry_point_until = thread.entry_point_until if thread.entry_point_open(at) else None
        if self.message.price.is_free_service:
            self.number.quota.take(at)

    def _tell(self, name: Status, at: datetime, *, priced: bool = False, error: Json | None = None) -> None:
        message = self.message
        message.statuses[name] = at
        facts = webhooks.StatusFacts(
            wamid=message.wamid,
            status=name,
            at=at,
            to_phone=message.to_phone,
            phone=self.person.wa_id if self.person else self.to,
            opaque=message.opaque if error is None or self.stage.opaque_on_failed else None,
            pricing=message.price.element() if priced and message.price else None,
            entry_point_until=message.entry_point_until if name == "sent" else None,
            error=error,
        )
        value = webhooks.head(self.number.display_phone, self.number.phone_number_id)
        value |= webhooks.status(self.person.identity if self.person else None, facts)
        self.stage.mail(webhooks.Update(self.number.waba_id, "messages", value, at=at), at)
