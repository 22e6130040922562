"""One person out of every table: what says something of them is deleted, what is counted stays without a word.

Rows are found by the contact and its conversations; what was kept as it arrived, by traces of the person (`crm/policy/erasure.py`).
`tests/integration/storage/test_erasure.py` walks all tables, so that none is forgotten here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from crm.model.contacts import Identity
from crm.model.erasure import Body, Mark
from crm.model.media import ERASED, ERASED_AT
from storage.claims import holding
from storage.contacts import identity
from storage.statements import Statement, literal, number, one_of
from storage.tables import (
    ISSUE_OPEN,
    alerts,
    book_names,
    charges,
    confirmations,
    contacts,
    conversations,
    delivery_issues,
    dialogs,
    enrollments,
    erased,
    forwards,
    history_slices,
    identities,
    media,
    merged_rows,
    merges,
    messages,
    notes,
    notices,
    outbox,
    parked,
    pending,
    quick_echoes,
    reach,
    tg_messages,
    tg_updates,
    uploads,
    webhook_elements,
    webhook_logs,
)
from storage.transaction import Transaction
from storage.types import loads, micros, micros_or_none, moment, moment_or_none
from storage.upserts import put

AT_ONCE = 5_000
"""So many stored webhooks are looked through in one statement."""


class Mentions(sa.ColumnElement[bool]):
    """The column's text, or its bytes, hold one of the traces in a list."""

    inherit_cache = False
    type = sa.types.NULLTYPE  # type: ignore[assignment]

    def __init__(self, column: sa.Column[Any]) -> None:
        self.column = column
        self.list = sa.bindparam("traces", type_=postgresql.ARRAY(sa.Text()))

    @property
    def _from_objects(self) -> list[sa.FromClause]:
        return self.column._from_objects


@compiles(Mentions, "sqlite")
def _mentions_sqlite(element: Mentions, compiler: SQLCompiler, **options: Any) -> str:
    column, traces = compiler.process(element.column, **options), compiler.process(element.list, **options)
    return f"EXISTS (SELECT 1 FROM json_each({traces}) WHERE instr(CAST({column} AS TEXT), value) > 0)"  # noqa: S608


@compiles(Mentions, "postgresql")
def _mentions_postgres(element: Mentions, compiler: SQLCompiler, **options: Any) -> str:
    column, traces = compiler.process(element.column, **options), compiler.process(element.list, **options)
    found = "convert_to(trace, 'UTF8')" if isinstance(element.column.type, sa.LargeBinary) else "trace"
    return f"EXISTS (SELECT 1 FROM unnest({traces}) AS trace WHERE position({found} IN {column}) > 0)"  # noqa: S608


_contacts = "contacts"
_talks = "talks"


def _of_talks(table: sa.Table) -> Any:
    return one_of(table.c.conversation_id, _talks)


_mine = sa.union_all(
    sa.select(messages.c.id).where(_of_talks(messages)),
    sa.select(pending.c.id).where(_of_talks(pending)),
    sa.select(outbox.c.id).where(_of_talks(outbox)),
    sa.select(media.c.id).where(media.c.message_id.in_(sa.select(messages.c.id).where(_of_talks(messages)))),
    sa.select(delivery_issues.c.id).where(_of_talks(delivery_issues)),
    sa.select(alerts.c.id).where(one_of(alerts.c.contact_id, _contacts)),
    sa.select(conversations.c.id).where(one_of(conversations.c.id, _talks)),
    sa.select(contacts.c.id).where(one_of(contacts.c.id, _contacts)),
)
"""Ids are unique over all nouns: what speaks of one of these speaks of the person."""
_subjects = sa.select(_mine.subquery().c.id)

_files = sa.or_(
    media.c.message_id.in_(sa.select(messages.c.id).where(_of_talks(messages))),
    sa.and_(
        sa.or_(
            media.c.id.in_(sa.select(outbox.c.media_id).where(_of_talks(outbox), outbox.c.media_id.is_not(None))),
            media.c.id.in_(sa.select(pending.c.media_id).where(_of_talks(pending), pending.c.media_id.is_not(None))),
        ),
        media.c.message_id.is_(None),
    ),
)

_WAS = Statement(sa.select(forwards.c.gone_id).where(forwards.c.kept_id == number("kept")))
_HOLD = holding(sa.select(messages.c.id).where(_of_talks(messages)).order_by(messages.c.id))
_HOLD_OUTBOX = holding(sa.select(outbox.c.id).where(_of_talks(outbox)).order_by(outbox.c.id))
_NAMED = Statement(
    sa.select(messages.c.wamid).where(
        _of_talks(messages), messages.c.wamid.is_not(None), messages.c.created_at >= number("since")
    )
)
_ALL_NAMES = Statement(sa.select(messages.c.wamid).where(_of_talks(messages), messages.c.wamid.is_not(None)))
_OPAQUES = Statement(sa.select(outbox.c.opaque).where(_of_talks(outbox), outbox.c.created_at >= number("since")))
_COPIES = Statement(
    sa.select(tg_messages.c.chat_id, tg_messages.c.message_id)
    .where(tg_messages.c.subject_id.in_(_subjects))
    .distinct()
    .order_by(tg_messages.c.chat_id, tg_messages.c.message_id)
)


def _counting(*found: Any) -> Statement:
    table, *conditions = found
    return Statement(sa.select(sa.func.count()).select_from(table).where(*conditions))


_COUNTS = {
    "messages": _counting(messages, _of_talks(messages)),
    "files": _counting(media, _files),
    "notes": _counting(notes, one_of(notes.c.contact_id, _contacts)),
    "waiting": Statement(
        sa.select(
            sa.select(sa.func.count())
            .select_from(outbox)
            .where(_of_talks(outbox), outbox.c.state == sa.literal_column("'queued'"))
            .scalar_subquery()
            + sa.select(sa.func.count())
            .select_from(pending)
            .where(_of_talks(pending), pending.c.state == sa.literal_column("'open'"))
            .scalar_subquery()
        )
    ),
    "walks": _counting(
        enrollments,
        _of_talks(enrollments),
        enrollments.c.state.in_([sa.literal_column("'active'"), sa.literal_column("'paused'")]),
    ),
}

_null = sa.null()
_empty: Any = sa.literal_column("''")
_object: Any = sa.literal_column("'{}'")
_list: Any = sa.literal_column("'[]'")

_DELETED = [
    sa.delete(merged_rows).where(
        merged_rows.c.merge_id.in_(
            sa.select(merges.c.id).where(
                sa.or_(one_of(merges.c.kept_id, _contacts), one_of(merges.c.gone_id, _contacts))
            )
        )
    ),
    sa.delete(merges).where(sa.or_(one_of(merges.c.kept_id, _contacts), one_of(merges.c.gone_id, _contacts))),
    sa.delete(notes).where(one_of(notes.c.contact_id, _contacts)),
    sa.delete(notices).where(
        sa.or_(_of_talks(notices), notices.c.subject_id.in_(_subjects), Mentions(notices.c.params))
    ),
    sa.delete(tg_messages).where(tg_messages.c.subject_id.in_(_subjects)),
    sa.delete(alerts).where(sa.or_(one_of(alerts.c.contact_id, _contacts), Mentions(alerts.c.params))),
    sa.delete(parked).where(
        sa.or_(one_of(parked.c.wamid, "wamids"), Mentions(parked.c.wamid), Mentions(parked.c.data))
    ),
    sa.delete(webhook_elements).where(Mentions(webhook_elements.c.payload)),
    sa.delete(uploads).where(uploads.c.key.in_(sa.select(media.c.key).where(_files))),
    sa.delete(delivery_issues).where(_of_talks(delivery_issues), literal(ISSUE_OPEN)),
    sa.delete(quick_echoes).where(one_of(quick_echoes.c.contact_id, _contacts)),
    sa.delete(reach).where(one_of(reach.c.contact_id, _contacts)),
    sa.delete(book_names).where(one_of(book_names.c.key, "keys")),
]
"""In this order: what leads to other rows goes after them."""
_FILES = (
    sa.update(media)
    .where(_files)
    .values(
        message_id=_null, meta_id=_null, name=_null, size=_null, sha256=_null, url=_null, url_until=_null,
        state=sa.literal_column("'gone'"), error=sa.literal_column(f"'{ERASED}'"), ready_at=sa.literal_column(str(micros(ERASED_AT))),
    )
)  # fmt: skip
_AFTER_FILES = [
    # What a message cost stays, under a name in which there is no phone.
    sa.update(charges)
    .where(charges.c.message_id.in_(sa.select(messages.c.id).where(_of_talks(messages))))
    .values(wamid=sa.literal_column("'erased:'") + sa.cast(charges.c.message_id, sa.Text())),
    sa.delete(outbox).where(_of_talks(outbox)),
    sa.delete(pending).where(_of_talks(pending)),
    sa.update(messages)
    .where(_of_talks(messages))
    .values(
        wamid=_null, text=_null, payload=_object, error_detail=_null, reaction=_null,
        status=sa.case((messages.c.status == sa.literal_column("'queued'"), sa.literal_column("'cancelled'")), else_=messages.c.status),
    ),
    sa.delete(identities).where(one_of(identities.c.contact_id, _contacts)),
    sa.update(conversations)
    .where(one_of(conversations.c.id, _talks))
    .values(
        agent_id=_null, first_inbound_at=_null, last_inbound_at=_null, last_manual_at=_null, last_interaction_at=_null,
        window_refuted_at=_null, ad_entry_at=_null, free_entry_until=_null, block_state=sa.literal_column("'clear'"),
        block_evidence_from=number("now"), pair_free_at=_null, control=_null, control_at=_null,
    ),
    sa.update(contacts)
    .where(one_of(contacts.c.id, _contacts))
    .values(
        wa_id=_null, bsuid=_null, name=_null, username=_null, time_zone=_null, language=_null, named_at=_null,
        opted_out=sa.true(), consent_at=_null, marketing_opted_out=sa.true(), marketing_consent_at=_null,
        book_name=_null, marketing_refused_at=_null, marketing_refusals=sa.literal_column("0"), searchable=_empty,
        tags=_list, fields=_object, erased_at=number("now"),
    ),
    # Of what agents typed only that it was handled is still needed, and nobody knows which of it was about whom.
    sa.update(tg_updates).where(tg_updates.c.handled_at.is_not(None)).values(body=sa.cast(_empty, sa.LargeBinary())),
]  # fmt: skip
_ERASE = [Statement(each) for each in [*_DELETED, _FILES, *_AFTER_FILES]]

_NEWEST_WEBHOOK = Statement(sa.select(sa.func.coalesce(sa.func.max(webhook_logs.c.id), 0)))
_MENTIONING = Statement(
    sa.select(webhook_logs.c.id).where(
        webhook_logs.c.id > number("after"), webhook_logs.c.id <= number("up_to"), Mentions(webhook_logs.c.body)
    )
)
_BODIES = holding(
    sa.select(webhook_logs.c.id, webhook_logs.c.body)
    .where(one_of(webhook_logs.c.id, "ids"))
    .order_by(webhook_logs.c.id)
)
_REWRITE = Statement(
    sa.update(webhook_logs)
    .where(webhook_logs.c.id == number("of"))
    .values(body=sa.bindparam("rest", type_=sa.LargeBinary()), error=_null)
)
_SLICES = holding(
    sa.select(history_slices.c.id, history_slices.c.content)
    .where(Mentions(history_slices.c.content))
    .order_by(history_slices.c.id)
)
_REWRITE_SLICE = Statement(
    sa.update(history_slices)
    .where(history_slices.c.id == number("of"))
    .values(content=sa.bindparam("rest", type_=sa.Text()))
)
_DIALOGS = Statement(sa.select(dialogs.c.chat_id, dialogs.c.state))
_END_DIALOGS = Statement(sa.delete(dialogs).where(one_of(dialogs.c.chat_id, "ids")))
_CONFIRMATIONS = Statement(sa.select(confirmations.c.token, confirmations.c.act))
_END_CONFIRMATIONS = Statement(sa.delete(confirmations).where(one_of(confirmations.c.token, "tokens")))
_SUBJECTS = Statement(_subjects)

_KNOWN = Statement(sa.select(erased).where(one_of(erased.c.mark, "marks")))
_NAMES = Statement(
    sa.select(identities)
    .where(
        identities.c.contact_id.in_(
            sa.select(contacts.c.id)
            .where(contacts.c.id > number("after"), contacts.c.erased_at.is_(None))
            .order_by(contacts.c.id)
            .limit(number("at_most"))
        )
    )
    .order_by(identities.c.contact_id, identities.c.key)
)
_REMEMBER = put(erased, ("mark",))
_PRUNE = Statement(sa.delete(erased).where(erased.c.until < number("now")))


class Erasure:
    """Looking for a person, and taking them out."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def known(self, marks: Collection[str]) -> list[Mark]:
        rows = await self._tx.rows(_KNOWN, marks=list(marks)) if marks else []
        return [Mark(r[0], moment(r[1]), bool(r[2]), bool(r[3]), moment_or_none(r[4])) for r in rows]

    async def remember(self, marks: Collection[Mark]) -> None:
        rows = [(m.mark, micros(m.at), m.opted_out, m.marketing_opted_out, micros_or_none(m.until)) for m in marks]
        await self._tx.many(_REMEMBER, sorted(rows, key=lambda row: row[0]))

    async def names(self, after: int, limit: int) -> list[Identity]:
        return [identity(row) for row in await self._tx.rows(_NAMES, after=after, at_most=limit)]

    async def prune(self, now: datetime) -> int:
        return await self._tx.run(_PRUNE, now=micros(now))

    async def was(self, contact_id: int) -> list[int]:
        return [row[0] for row in await self._tx.rows(_WAS, kept=contact_id)]

    async def weigh(self, contacts: Collection[int], talks: Collection[int]) -> dict[str, int]:
        known = {_contacts: list(contacts), _talks: list(talks)}
        return {noun: int(await self._tx.value(each, **known)) for noun, each in _COUNTS.items()}

    async def hold(self, talks: Collection[int]) -> None:
        for statement in (_HOLD, _HOLD_OUTBOX):
            await self._tx.rows(statement, talks=list(talks))

    async def messages(self, talks: Collection[int], since: datetime) -> tuple[list[str], list[str]]:
        named = await self._tx.rows(_NAMED, talks=list(talks), since=micros(since))
        opaques = await self._tx.rows(_OPAQUES, talks=list(talks), since=micros(since))
        return [row[0] for row in named], [row[0] for row in opaques]

    async def copies(self, contacts: Collection[int], talks: Collection[int]) -> list[tuple[int, int]]:
        rows = await self._tx.rows(_COPIES, contacts=list(contacts), talks=list(talks))
        return [(row[0], row[1]) for row in rows]

    async def newest_webhook(self) -> int:
        newest: int = await self._tx.value(_NEWEST_WEBHOOK)
        return newest

    async def mentioning(self, traces: Collection[str], after: int, up_to: int) -> list[int]:
        if not traces:
            return []
        rows = await self._tx.rows(_MENTIONING, traces=list(traces), after=after, up_to=up_to)
        return [row[0] for row in rows]

    async def bodies(self, ids: Collection[int]) -> list[Body]:
        return [Body(row[0], bytes(row[1])) for row in await self._tx.rows(_BODIES, ids=list(ids))]

    async def rewrite(self, bodies: Sequence[Body]) -> None:
        for each in bodies:
            await self._tx.run(_REWRITE, of=each.id, rest=each.content)

    async def slices(self, traces: Collection[str]) -> list[Body]:
        if not traces:
            return []
        return [Body(row[0], row[1].encode()) for row in await self._tx.rows(_SLICES, traces=list(traces))]

    async def rewrite_slices(self, slices: Sequence[Body]) -> None:
        for each in slices:
            await self._tx.run(_REWRITE_SLICE, of=each.id, rest=each.content.decode())

    async def erase(
        self,
        contacts: Collection[int],
        talks: Collection[int],
        keys: Collection[str],
        traces: Collection[str],
        now: datetime,
    ) -> None:
        wamids = [row[0] for row in await self._tx.rows(_ALL_NAMES, talks=list(talks))]
        known: dict[str, Any] = {
            _contacts: list(contacts),
            _talks: list(talks),
            "keys": list(keys),
            "wamids": wamids,
            "traces": list(traces),
            "now": micros(now),
        }
        await self._end_dialogs(known)
        for statement in _ERASE:
            await self._tx.run(statement, **known)

    async def _end_dialogs(self, known: dict[str, Any]) -> None:
        """What agents were about to say to the person, or to confirm."""
        ids = {row[0] for row in await self._tx.rows(_SUBJECTS, contacts=known[_contacts], talks=known[_talks])}
        traces = known["traces"]
        chats = [c for c, state in await self._tx.rows(_DIALOGS) if _is_about(loads(state), ids, traces)]
        tokens = [token for token, act in await self._tx.rows(_CONFIRMATIONS) if _is_about(loads(act), ids, traces)]
        await self._tx.run(_END_DIALOGS, ids=chats)
        await self._tx.run(_END_CONFIRMATIONS, tokens=tokens)


def _is_about(node: Any, ids: set[int], traces: Collection[str]) -> bool:
    if isinstance(node, dict):
        return any(_is_about(part, ids, traces) for part in node.values())
    if isinstance(node, list):
        return any(_is_about(part, ids, traces) for part in node)
    return node in ids if isinstance(node, int) else isinstance(node, str) and any(each in node for each in traces)
