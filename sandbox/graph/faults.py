"""Trouble on order: the next answers of the simulated platform, made to go wrong.

Everything the program must survive can be asked for here, in particular the cases in which nobody can tell whether a message
left (reference, trap 7: there is no idempotency key, a POST that timed out may have been accepted).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sandbox.graph.errors import GraphError

Kind = Literal[
    "error",  # a Graph error body at once; nothing was accepted
    "failed",  # accepted, and a failed status later
    "no_answer",  # accepted, and the connection stays silent until the caller gives up
    "close",  # accepted, and the connection is closed without an answer
    "reset",  # the connection is reset; nothing was accepted
    "html",  # HTTP 500 with a page of HTML; accepted or not, as `accepted` says
    "slow",  # accepted and answered, `seconds` (real ones) late
]
Where = Literal["messages", "marks", "media", "templates", "tokens", "number"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble. `code` and its companions belong to "error" and "failed"; see `Kind` for the rest."""

    kind: Kind
    code: int = 131000
    details: str | None = None
    subcode: int | None = None
    http: int | None = None
    is_transient: bool | None = None
    accepted: bool = False
    after: timedelta = timedelta(seconds=5)
    sent_first: bool = False
    seconds: float = 1.0

    @property
    def comes_before_acceptance(self) -> bool:
        return self.kind in ("error", "reset") or (self.kind == "html" and not self.accepted)

    def error(self) -> GraphError:
        """Return the refusal this fault stands for."""
        return GraphError(self.code, self.details, subcode=self.subcode, http=self.http, is_transient=self.is_transient)


@dataclass(slots=True)
class Order:
    """A fault that waits for the calls it was ordered for; `times` None means for ever."""

    fault: Fault
    times: int | None
    where: Where
    phone_number_id: str | None
    to: str | None

    def fits(self, where: Where, phone_number_id: str | None, recipients: Iterable[str]) -> bool:
        return (
            self.where == where
            and self.times != 0
            and self.phone_number_id in (None, phone_number_id)
            and (self.to is None or self.to.lstrip("+") in {each.lstrip("+") for each in recipients})
        )


class FaultBook:
    """The orders not yet served, oldest first."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    def add(self, order: Order) -> None:
        self._orders.append(order)

    @property
    def waiting(self) -> tuple[Order, ...]:
        return tuple(self._orders)

    def clear(self) -> None:
        self._orders.clear()

    def take(self, where: Where, phone_number_id: str | None = None, recipients: Iterable[str] = ()) -> Fault | None:
        """Return the fault this call must suffer, if one was ordered, and count it."""
        if not self._orders:
            return None
        names = tuple(recipients)
        order = next((each for each in self._orders if each.fits(where, phone_number_id, names)), None)
        if order is None:
            return None
        if order.times is not None:
            order.times -= 1
            if order.times == 0:
                self._orders.remove(order)
        return order.fault
