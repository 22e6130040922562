"""Each contact's walk through a sequence, and whose next step is due."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product

import sqlalchemy as sa

from crm.model.records import maker
from crm.model.sequences import DueEnrollment, Enrollment, EnrollmentState, Reason, Trigger
from storage import contacts as people
from storage import conversations as threads
from storage.claims import holding, holding_free
from storage.statements import Row, Statement, capped, insert, literal, number, one_of, overwrite, text
from storage.tables import ENROLLMENT_ACTIVE, ENROLLMENT_OPEN, contacts, conversations, enrollments, sequences
from storage.transaction import Transaction
from storage.types import (
    duration_or_none,
    members,
    micros,
    micros_or_none,
    moment,
    moment_or_none,
    span_or_none,
)

_make = maker(Enrollment)
_STATES = members(EnrollmentState)
_REASONS = members(Reason)
_TRIGGERS = members(Trigger)
_OPEN = (EnrollmentState.ACTIVE, EnrollmentState.PAUSED)
_column = enrollments.c

_OPEN_OF = holding(
    sa.select(enrollments)
    .where(one_of(_column.conversation_id, "conversation_ids"), literal(ENROLLMENT_OPEN))
    .order_by(_column.id)
)
_LOAD = holding(sa.select(enrollments).where(one_of(_column.id, "ids")).order_by(_column.id))
_OF_CONVERSATION = Statement(
    sa.select(enrollments)
    .where(_column.conversation_id == number("conversation_id"))
    .order_by(_column.id.desc())
    .limit(number("at_most"))
)
_INSERT = insert(enrollments)
_OVERWRITE = overwrite(
    enrollments,
    steady=("contact_id", "conversation_id", "account_id", "sequence_id", "state", "started_at", "trigger"),
)
# A conversation that somebody is just changing (its customer is writing) is passed over: its step is decided a moment
# later.
_CLAIM_DUE = holding_free(
    sa.select(enrollments, *people.COLUMNS, conversations)
    .join_from(enrollments, contacts, contacts.c.id == _column.contact_id)
    .join(conversations, conversations.c.id == _column.conversation_id)
    .where(
        _column.sequence_id == number("sequence_id"),
        _column.next_due_at <= number("now"),
        literal(ENROLLMENT_ACTIVE),
    )
    .order_by(_column.next_due_at, _column.id)
    .limit(number("at_most")),
    enrollments,
    conversations,
)
# The sequences that anybody ever walked, one step down an index for each, however many walk it.
_ever_walked = sa.select(sa.func.min(_column.sequence_id).label("id")).cte("walked", recursive=True)
_further = enrollments.alias("further")
_walked = _ever_walked.union_all(
    sa.select(
        sa.select(sa.func.min(_further.c.sequence_id))
        .where(_further.c.sequence_id > _ever_walked.c.id)
        .scalar_subquery()
    ).where(_ever_walked.c.id.is_not(None))
)
_ENDED_SEQUENCES = Statement(
    sa.select(_walked.c.id).where(
        _walked.c.id.is_not(None),
        ~sa.exists(
            sa.select(sa.literal_column("1")).where(
                sequences.c.id == _walked.c.id, sequences.c.state != sa.literal_column("'archived'")
            )
        ),
    )
)
_OPEN_IN = holding_free(
    sa.select(enrollments)
    .where(_column.sequence_id == number("of_sequence"), _column.state == text("in_state"))
    .limit(number("at_most")),
    enrollments,
)
_OF_OLDER = holding(
    sa.select(enrollments)
    .where(_column.sequence_id == number("sequence_id"), _column.version < number("version"), literal(ENROLLMENT_OPEN))
    .order_by(_column.id)
    .limit(number("at_most"))
)
_NEXT_DUE_AT = Statement(
    sa.select(
        sa.select(sa.func.min(_column.next_due_at))
        .where(_column.sequence_id == sequences.c.id, literal(f"enrollments.{ENROLLMENT_ACTIVE}"))
        .scalar_subquery()
    ).where(one_of(sequences.c.id, "sequence_ids"))
)
_LAST_STARTED = Statement(
    sa.select(_column.conversation_id, sa.func.max(_column.started_at))
    .where(one_of(_column.conversation_id, "conversation_ids"), _column.sequence_id == number("sequence_id"))
    .group_by(_column.conversation_id)
)


def _how_many(state: EnrollmentState) -> sa.ScalarSelect[int]:
    walks = capped(
        enrollments, _column.sequence_id == sequences.c.id, _column.state == sa.literal_column(f"'{state.value}'")
    )
    return sa.select(sa.func.count()).select_from(walks).scalar_subquery()


_COUNTS = Statement(
    sa.select(sequences.c.id, *map(_how_many, EnrollmentState)).where(one_of(sequences.c.id, "sequence_ids"))
)

_WIDTH = len(enrollments.c)
_CONTACT_END = _WIDTH + len(people.COLUMNS)


class Enrollments:
    """Open ones of a conversation, due ones of a sequence."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def open_of(self, conversation_ids: Collection[int]) -> list[Enrollment]:
        if not conversation_ids:
            return []
        return [_enrollment(row) for row in await self._tx.rows(_OPEN_OF, conversation_ids=list(conversation_ids))]

    async def load(self, ids: Collection[int]) -> dict[int, Enrollment]:
        if not ids:
            return {}
        return {row[0]: _enrollment(row) for row in await self._tx.rows(_LOAD, ids=list(ids))}

    async def of_conversation(self, conversation_id: int, limit: int) -> list[Enrollment]:
        rows = await self._tx.rows(_OF_CONVERSATION, conversation_id=conversation_id, at_most=limit)
        return [_enrollment(row) for row in rows]

    async def save(self, new: Sequence[Enrollment] = (), changed: Sequence[Enrollment] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def claim_due(self, sequence_id: int, now: datetime, limit: int) -> list[DueEnrollment]:
        rows = await self._tx.rows(_CLAIM_DUE, sequence_id=sequence_id, now=micros(now), at_most=limit)
        return [
            DueEnrollment(
                _enrollment(row), people.contact(row[_WIDTH:_CONTACT_END]), threads.conversation(row[_CONTACT_END:])
            )
            for row in rows
        ]

    async def stranded(self, limit: int) -> list[Enrollment]:
        found: list[Enrollment] = []
        for sequence_id, state in product([row[0] for row in await self._tx.rows(_ENDED_SEQUENCES)], _OPEN):
            left = limit - len(found)
            if left <= 0:
                break
            rows = await self._tx.rows(_OPEN_IN, of_sequence=sequence_id, in_state=state.value, at_most=left)
            found += map(_enrollment, rows)
        return found

    async def next_due_at(self, sequence_ids: Collection[int]) -> datetime | None:
        if not sequence_ids:
            return None
        rows = await self._tx.rows(_NEXT_DUE_AT, sequence_ids=list(sequence_ids))
        return moment_or_none(min((row[0] for row in rows if row[0] is not None), default=None))

    async def of_older(self, sequence_id: int, version: int, limit: int) -> list[Enrollment]:
        rows = await self._tx.rows(_OF_OLDER, sequence_id=sequence_id, version=version, at_most=limit)
        return [_enrollment(row) for row in rows]

    async def last_started(self, conversation_ids: Collection[int], sequence_id: int) -> dict[int, datetime]:
        if not conversation_ids:
            return {}
        rows = await self._tx.rows(_LAST_STARTED, conversation_ids=list(conversation_ids), sequence_id=sequence_id)
        return {row[0]: moment(row[1]) for row in rows}

    async def counts(self, sequence_ids: Collection[int], most: int) -> dict[tuple[int, EnrollmentState], int]:
        rows = await self._tx.rows(_COUNTS, sequence_ids=list(sequence_ids), most=most)
        return {(row[0], state): count for row in rows for state, count in zip(EnrollmentState, row[1:], strict=True)}


def _row(e: Enrollment) -> tuple[object, ...]:
    return (
        e.id,
        e.contact_id,
        e.conversation_id,
        e.account_id,
        e.sequence_id,
        e.state.value,
        e.position,
        micros(e.started_at),
        e.trigger.value,
        micros_or_none(e.next_due_at),
        None if e.reason is None else e.reason.value,
        micros_or_none(e.replied_at),
        span_or_none(e.remaining),
        micros_or_none(e.step_from),
        e.version,
        e.asked,
        micros_or_none(e.branched_at),
        e.asked_before,
        micros_or_none(e.branched_before),
    )


def _enrollment(r: Row) -> Enrollment:
    return _make(
        r[0],
        r[1],
        r[2],
        r[3],
        r[4],
        _STATES[r[5]],
        r[6],
        moment(r[7]),
        _TRIGGERS[r[8]],
        moment_or_none(r[9]),
        None if r[10] is None else _REASONS[r[10]],
        moment_or_none(r[11]),
        duration_or_none(r[12]),
        moment_or_none(r[13]),
        r[14],
        r[15],
        moment_or_none(r[16]),
        r[17],
        moment_or_none(r[18]),
    )
