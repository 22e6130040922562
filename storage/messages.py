"""What was said, and how far it got."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.messages import Delivery, DeliveryStatus, Direction, Message, Source
from crm.model.records import maker
from storage.claims import holding
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite, step
from storage.tables import MESSAGE_MANUAL, accounts, conversations, messages
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, micros_or_none, moment, moment_or_none

_make = maker(Message)
_delivery = maker(Delivery)
_DIRECTIONS = members(Direction)
_SOURCES = members(Source)
_STATUSES = members(DeliveryStatus)

_COLUMNS = tuple(column for column in messages.c if column is not messages.c.reached_at)

_KNOWN = holding(sa.select(*_COLUMNS).where(one_of(messages.c.wamid, "wamids")).order_by(messages.c.id))
_LOAD = holding(sa.select(*_COLUMNS).where(one_of(messages.c.id, "ids")).order_by(messages.c.id))
_INSERT = insert(messages)
_OVERWRITE = overwrite(
    messages,
    steady=(
        "account_id",
        "contact_id",
        "conversation_id",
        "wamid",
        "direction",
        "source",
        "kind",
        "at",
        "created_at",
        "imported",
    ),
)
_ACCEPT = step(
    messages,
    "wamid",
    "accepted_at",
    "at",
    to={"status": "'accepted'"},
    where="messages.status = 'queued' AND messages.wamid IS NULL",
)
_ACCEPTED = Statement(
    sa.select(messages.c.id).where(
        one_of(messages.c.id, "ids"),
        messages.c.status == sa.literal_column("'accepted'"),
        messages.c.accepted_at == number("now"),
    )
)
_RECENT = Statement(
    sa.select(*_COLUMNS)
    .where(messages.c.conversation_id == number("conversation_id"))
    .order_by(messages.c.at.desc(), messages.c.id.desc())
    .limit(number("at_most"))
)
_typed = capped(
    messages,
    messages.c.account_id == accounts.c.id,
    messages.c.at > number("since"),
    literal(f"messages.{MESSAGE_MANUAL}"),
)
_MANUAL_SINCE = Statement(
    sa.select(accounts.c.id, sa.select(sa.func.count()).select_from(_typed).scalar_subquery())
    .where(one_of(accounts.c.id, "account_ids"))
    .order_by(accounts.c.id)
)
_AUTOMATIC_SINCE = Statement(
    sa.select(conversations.c.contact_id, messages.c.at)
    .join_from(conversations, messages, messages.c.conversation_id == conversations.c.id)
    .where(
        one_of(conversations.c.contact_id, "contact_ids"),
        messages.c.at >= number("since"),
        messages.c.enrollment_id.is_not(None),
        messages.c.source == sa.literal_column("'crm'"),
        messages.c.status.not_in([sa.literal_column("'cancelled'"), sa.literal_column("'failed'")]),
    )
    .order_by(messages.c.at)
)
_OF_WALKS = Statement(
    sa.select(*_COLUMNS)
    .where(
        one_of(messages.c.conversation_id, "conversation_ids"),
        messages.c.at >= number("since"),
        messages.c.enrollment_id.is_not(None),
    )
    .order_by(messages.c.at, messages.c.id)
)
_MANUAL_UNMATCHED = holding(
    sa.select(*_COLUMNS)
    .where(
        one_of(messages.c.conversation_id, "conversation_ids"),
        messages.c.at >= number("since"),
        messages.c.source == sa.literal_column("'manual'"),
        messages.c.enrollment_id.is_(None),
        ~messages.c.imported,
    )
    .order_by(messages.c.at, messages.c.id)
)


class Messages:
    """Found by Meta's id or ours, read back newest first."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def known(self, wamids: Collection[str]) -> dict[str, Message]:
        if not wamids:
            return {}
        return {row[4]: _message(row) for row in await self._tx.rows(_KNOWN, wamids=list(wamids))}

    async def load(self, ids: Collection[int]) -> dict[int, Message]:
        if not ids:
            return {}
        return {row[0]: _message(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def save(self, new: Sequence[Message] = (), changed: Sequence[Message] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def accept(self, wamids: Mapping[int, str], now: datetime) -> set[int]:
        at = micros(now)
        await self._tx.many(_ACCEPT, [(wamid, at, at, number) for number, wamid in sorted(wamids.items())])
        return {row[0] for row in await self._tx.rows(_ACCEPTED, ids=list(wamids), now=at)} if wamids else set()

    async def recent(self, conversation_id: int, limit: int) -> list[Message]:
        rows = await self._tx.rows(_RECENT, conversation_id=conversation_id, at_most=limit)
        return [_message(row) for row in rows]

    async def manual_since(self, account_ids: Collection[int], since: datetime, most: int) -> dict[int, int]:
        if not account_ids:
            return {}
        return await self._tx.pairs(_MANUAL_SINCE, account_ids=list(account_ids), since=micros(since), most=most)

    async def automatic_since(self, contact_ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
        found: dict[int, list[datetime]] = {}
        for row in await self._tx.rows(_AUTOMATIC_SINCE, contact_ids=list(contact_ids), since=micros(since)):
            found.setdefault(row[0], []).append(moment(row[1]))
        return found

    async def of_walks(self, conversation_ids: Collection[int], since: datetime) -> list[Message]:
        if not conversation_ids:
            return []
        rows = await self._tx.rows(_OF_WALKS, conversation_ids=list(conversation_ids), since=micros(since))
        return [_message(row) for row in rows]

    async def manual_unmatched(self, conversation_ids: Collection[int], since: datetime) -> list[Message]:
        if not conversation_ids:
            return []
        ids = list(conversation_ids)
        rows = await self._tx.rows(_MANUAL_UNMATCHED, conversation_ids=ids, since=micros(since))
        return [_message(row) for row in rows]


def _row(m: Message) -> tuple[object, ...]:
    d = m.delivery
    delivered = micros_or_none(d.delivered_at)
    read = micros_or_none(d.read_at)
    played = micros_or_none(d.played_at)
    return (
        m.id,
        m.account_id,
        m.contact_id,
        m.conversation_id,
        m.wamid,
        m.direction.value,
        m.source.value,
        m.kind,
        m.text,
        dumps(m.payload) if m.payload else "{}",
        micros(m.at),
        micros(m.created_at),
        m.status.value,
        micros_or_none(d.accepted_at),
        micros_or_none(d.sent_at),
        delivered,
        read,
        micros_or_none(d.failed_at),
        d.error_code,
        d.error_detail,
        played,
        m.enrollment_id,
        m.step,
        m.agent_id,
        m.pricing_category,
        m.pricing_type,
        micros_or_none(m.edited_at),
        micros_or_none(m.revoked_at),
        m.reaction,
        micros_or_none(m.reaction_at),
        m.imported,
        None if delivered is read is played is None else max(delivered or 0, read or 0, played or 0),
    )


def _message(r: Row) -> Message:
    return _make(
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        _DIRECTIONS[r[5]],
        _SOURCES[r[6]],
        r[7],
        r[8],
        loads(r[9]),
        moment(r[10]),
        moment(r[11]),
        _STATUSES[r[12]],
        _delivery(
            moment_or_none(r[13]),
            moment_or_none(r[14]),
            moment_or_none(r[15]),
            moment_or_none(r[16]),
            moment_or_none(r[17]),
            r[18],
            r[19],
            moment_or_none(r[20]),
        ),
        r[21],
        r[22],
        r[23],
        r[24],
        r[25],
        moment_or_none(r[26]),
        moment_or_none(r[27]),
        r[28],
        moment_or_none(r[29]),
        bool(r[30]),
    )
