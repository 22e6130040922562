"""What a dead process left in its hands. Only for a process that is alone on its database; beside others, leases run out by themselves.

Webhooks and notices go back to be taken up at once. Sends become `unknown`, exactly as when their lease runs out: they may
have left, so nobody sends them again.
"""

from datetime import datetime

import sqlalchemy as sa

from storage.statements import Statement, literal, number
from storage.tables import OUTBOX_SENDING, WEBHOOK_WAITS, notices, outbox, webhook_logs
from storage.transaction import Transaction
from storage.types import micros

MOST_ATTEMPTS = 5
"""A webhook that was in hand at so many deaths may be their cause: it waits for its lease, and others come first."""

_log, _notice = webhook_logs.c, notices.c
# A row that waits for its next attempt is in nobody's hands: its `ready_at` is that moment.
_WEBHOOKS = Statement(
    sa.update(webhook_logs)
    .where(
        literal(WEBHOOK_WAITS),
        _log.ready_at > number("now"),
        sa.or_(_log.next_attempt_at.is_(None), _log.next_attempt_at != _log.ready_at),
        _log.attempts < sa.literal_column(str(MOST_ATTEMPTS)),
    )
    .values(ready_at=number("now"))
)
_SENDS = Statement(
    sa.update(outbox)
    .where(literal(OUTBOX_SENDING))
    .values(state=sa.literal_column("'unknown'"), lease_until=number("now"))
)
_NOTICES = Statement(
    sa.update(notices)
    .where(_notice.ready_at > number("now"), _notice.due_at <= number("now"))
    .values(ready_at=number("now"))
)


class Leases:
    """Leases of all kinds, ended at once."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def end(self, now: datetime) -> dict[str, int]:
        kinds = {"webhooks": _WEBHOOKS, "sends": _SENDS, "notices": _NOTICES}
        return {kind: await self._tx.run(statement, now=micros(now)) for kind, statement in kinds.items()}
