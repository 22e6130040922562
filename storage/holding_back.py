"""What a restore holds back: whatever may have happened already between the backup and now, and would happen a second time.

Sends that had not ended become "perhaps it left": a status or an echo that still comes settles them, else an agent is asked, as after a
time-out. Cards that were open are asked about in the same words. Walks whose step came due since are paused, webhooks that waited are kept
as dead, to be applied when a person says so, and every number is paused until a person resumes it.
"""

from datetime import datetime

import sqlalchemy as sa

from crm.model.backups import Held
from storage.ids import Allocator
from storage.statements import Statement, literal, number
from storage.tables import (
    ENROLLMENT_ACTIVE,
    OUTBOX_UNSETTLED,
    PENDING_OPEN,
    WEBHOOK_WAITS,
    accounts,
    enrollments,
    id_blocks,
    outbox,
    pending,
    webhook_logs,
)
from storage.transaction import Transaction
from storage.types import micros

IDS_AHEAD = 100_000_000
"""More than can have been given out since the backup: old buttons and links must not come to mean something new."""

_SENDS = Statement(
    sa.update(outbox)
    .where(literal(OUTBOX_UNSETTLED))
    .values(state=sa.literal_column("'unknown'"), lease_until=number("now"), worker=sa.null())
)
_CARDS = Statement(
    sa.update(pending)
    .where(literal(PENDING_OPEN))
    .values(reason=sa.literal_column("'unknown_outcome'"), version=pending.c.version + sa.literal_column("1"))
)
_WALKS = Statement(
    sa.update(enrollments)
    .where(
        literal(ENROLLMENT_ACTIVE),
        sa.or_(enrollments.c.next_due_at <= number("now"), enrollments.c.asked.is_not(None)),
    )
    .values(
        state=sa.literal_column("'paused'"),
        reason=sa.literal_column("'restored'"),
        remaining=sa.case(
            (enrollments.c.next_due_at > number("now"), enrollments.c.next_due_at - number("now")),
            else_=sa.literal_column("0"),
        ),
        next_due_at=sa.null(),
    )
)
_WEBHOOKS = Statement(
    sa.update(webhook_logs)
    .where(literal(WEBHOOK_WAITS))
    .values(
        state=sa.literal_column("'dead'"),
        error=sa.literal_column("'restored'"),
        next_attempt_at=sa.null(),
    )
)
_ACCOUNTS = Statement(
    sa.update(accounts)
    .where(accounts.c.state.in_([sa.literal_column("'active'"), sa.literal_column("'held'")]))
    .values(state=sa.literal_column("'paused'"), held_reason=sa.null(), held_until=sa.null())
    .returning(accounts.c.id)
)
_IDS = Statement(sa.update(id_blocks).values(next_id=id_blocks.c.next_id + number("ahead")))


async def pause_accounts(transaction: Transaction) -> list[int]:
    """Let nothing leave until a person says so; return which accounts could have sent."""
    return [row[0] for row in await transaction.rows(_ACCOUNTS)]


async def hold_back(transaction: Transaction, now: datetime) -> Held:
    """Hold back everything but the accounts."""
    at = micros(now)
    return Held(
        sends=await transaction.run(_SENDS, now=at),
        cards=await transaction.run(_CARDS),
        walks=await transaction.run(_WALKS, now=at),
        webhooks=await transaction.run(_WEBHOOKS),
        accounts=0,
    )


async def fresh_ids(transaction: Transaction, *, ahead: bool) -> Allocator:
    """Ids that nothing had before or since."""
    if ahead:
        await transaction.run(_IDS, ahead=IDS_AHEAD)
    ids = Allocator()
    ids.add(await ids.refill(transaction))
    return ids
