"""What a dead process left in its hands. Only for a process that is alone on its database; beside others, leases run out by themselves.

Notices, files to be fetched and slices of history go back to be taken up at once, but for files that nobody has tried: their time is
fixed on purpose. Sends become `unknown`, exactly as when their lease runs out: they may
have left, so nobody sends them again.
"""

from datetime import datetime

import sqlalchemy as sa

from storage.statements import Statement, literal, number
from storage.tables import MEDIA_WANTED, OUTBOX_SENDING, history_slices, media, notices, outbox
from storage.transaction import Transaction
from storage.types import micros

_notice = notices.c
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
_FILES = Statement(
    sa.update(media)
    .where(media.c.ready_at > number("now"), media.c.attempts > 0, literal(MEDIA_WANTED))
    .values(ready_at=number("now"))
)
_SLICES = Statement(
    sa.update(history_slices).where(history_slices.c.ready_at > number("now")).values(ready_at=number("now"))
)


class Leases:
    """Leases of all kinds, ended at once."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def end(self, now: datetime) -> dict[str, int]:
        kinds = {"sends": _SENDS, "notices": _NOTICES, "files": _FILES, "slices": _SLICES}
        return {kind: await self._tx.run(statement, now=micros(now)) for kind, statement in kinds.items()}
