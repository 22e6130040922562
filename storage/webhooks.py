"""The inbox: what arrived, who works on it, what could not be applied.

`ready_at` is the moment from which a row may be claimed: its arrival at first, then the next attempt. So one index gives
the waiting rows in order, and one that waits for its next attempt is never looked at. A claim is a lock that lives as long
as the transaction that applies the row: a process that dies leaves nothing behind, and nothing is written to take hold.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.webhooks import NEW_KIND, NewKind, StoredElement, StoredWebhook, WebhookState, WebhookView
from storage.claims import holding_free
from storage.statements import Row, Statement, literal, number, one_of, text
from storage.tables import WEBHOOK_DEAD, WEBHOOK_DONE, WEBHOOK_WAITS, webhook_elements, webhook_logs
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, moment, moment_or_none
from storage.upserts import put

_STATES = members(WebhookState)
_log = webhook_logs.c
_element = webhook_elements.c


def _is(state: WebhookState) -> sa.TextClause:
    return literal(f"state = '{state.value}'")


_CLAIM = holding_free(
    sa.select(_log.id, _log.body, _log.received_at)
    .where(literal(WEBHOOK_WAITS), _log.ready_at <= number("now"))
    .order_by(_log.ready_at, _log.id)
    .limit(number("at_most")),
    webhook_logs,
)
_TRIED = Statement(
    sa.update(webhook_logs)
    .where(literal(WEBHOOK_WAITS), _log.id == number("webhook_id"))
    .values(attempts=_log.attempts + sa.literal_column("1"))
    .returning(_log.attempts)
)
_DONE = Statement(
    sa.update(webhook_logs)
    .where(one_of(_log.id, "ids"))
    .values(state="done", done_at=number("now"), next_attempt_at=sa.null(), error=sa.null())
)
_FAILED = Statement(
    sa.update(webhook_logs)
    .where(_log.id == number("webhook_id"))
    .values(state="failed", error=text("problem"), next_attempt_at=number("next"), ready_at=number("next"))
)
_DEAD = Statement(
    sa.update(webhook_logs)
    .where(_log.id == number("webhook_id"))
    .values(state="dead", error=text("problem"), next_attempt_at=sa.null())
)
_again = {"state": "new", "attempts": 0, "ready_at": number("now"), "next_attempt_at": sa.null(), "error": sa.null()}
_dead_or_failed = sa.or_(_is(WebhookState.DEAD), sa.and_(literal(WEBHOOK_WAITS), _is(WebhookState.FAILED)))
_RETRY_ALL = Statement(sa.update(webhook_logs).where(_dead_or_failed).values(_again))
_RETRY = Statement(sa.update(webhook_logs).where(one_of(_log.id, "ids"), _dead_or_failed).values(_again))

_view = sa.select(_log.id, _log.state, _log.received_at, _log.attempts, _log.next_attempt_at, _log.error)
# `id + 0` keeps the planners from walking the whole table backwards in search of a few rows that wait.
_NEWEST = {
    WebhookState.NEW: Statement(
        _view.where(literal(WEBHOOK_WAITS), _is(WebhookState.NEW))
        .order_by(sa.desc(_log.id + 0))
        .limit(number("at_most"))
    ),
    WebhookState.FAILED: Statement(
        _view.where(literal(WEBHOOK_WAITS), _is(WebhookState.FAILED))
        .order_by(sa.desc(_log.id + 0))
        .limit(number("at_most"))
    ),
    WebhookState.DEAD: Statement(_view.where(literal(WEBHOOK_DEAD)).order_by(_log.id.desc()).limit(number("at_most"))),
    WebhookState.DONE: Statement(_view.where(literal(WEBHOOK_DONE)).order_by(_log.id.desc()).limit(number("at_most"))),
}
_COUNT_WAITING = Statement(sa.select(_log.state, sa.func.count()).where(literal(WEBHOOK_WAITS)).group_by(_log.state))
_COUNT_DEAD = Statement(sa.select(sa.func.count()).select_from(webhook_logs).where(literal(WEBHOOK_DEAD)))
_COUNT_DONE = Statement(sa.select(sa.func.count()).select_from(webhook_logs).where(literal(WEBHOOK_DONE)))
_BACKLOG = Statement(sa.select(sa.func.count()).select_from(webhook_logs).where(literal(WEBHOOK_WAITS)))
# The newest row stays, so that SQLite never gives its id to another.
_PRUNE = Statement(
    sa.delete(webhook_logs).where(
        _log.id.in_(
            sa.select(_log.id)
            .where(
                literal(WEBHOOK_DONE),
                _log.received_at < number("before"),
                _log.id < sa.select(sa.func.max(webhook_logs.alias("newest").c.id)).scalar_subquery(),
            )
            .order_by(_log.received_at)
            .limit(number("at_most"))
        )
    )
)

_KEEP_ELEMENT = put(webhook_elements, ("webhook_id", "position"), keep=("id",))
_ELEMENTS = Statement(
    sa.select(webhook_elements)
    .where(_element.state == text("state"))
    .order_by(_element.id.desc())
    .limit(number("at_most"))
)
_newest = (
    sa.select(_element.kind, _element.created_at)
    .where(_element.state == sa.literal_column("'unknown'"), _element.reason == text("reason"))
    .order_by(_element.id.desc())
    .limit(number("counted"))
    .subquery()
)
_NEW_KINDS = Statement(
    sa.select(_newest.c.kind, sa.func.count(), sa.func.max(_newest.c.created_at))
    .group_by(_newest.c.kind)
    .order_by(sa.func.count().desc(), _newest.c.kind)
    .limit(number("at_most"))
)
NEW_KINDS_COUNTED = 1_000
"""So many of the newest unknown elements are looked at, so that a screen costs the same however many there are."""
_DROP_ELEMENTS = Statement(sa.delete(webhook_elements).where(one_of(_element.webhook_id, "webhook_ids")))
_COUNT_ELEMENTS = Statement(sa.select(_element.state, sa.func.count()).group_by(_element.state))


class Webhooks:
    """Claimed in order, settled as done, failed or dead."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def claim(self, now: datetime, limit: int) -> list[StoredWebhook]:
        rows = await self._tx.rows(_CLAIM, now=micros(now), at_most=limit)
        return [StoredWebhook(row[0], row[1], moment(row[2])) for row in rows]

    async def tried(self, webhook_id: int) -> int | None:
        rows = await self._tx.rows(_TRIED, webhook_id=webhook_id)
        return rows[0][0] if rows else None

    async def done(self, ids: Collection[int], now: datetime) -> None:
        if ids:
            await self._tx.run(_DONE, ids=list(ids), now=micros(now))

    async def failed(self, webhook_id: int, error: str, next_attempt_at: datetime) -> None:
        await self._tx.run(_FAILED, webhook_id=webhook_id, problem=_short(error), next=micros(next_attempt_at))

    async def dead(self, webhook_id: int, error: str) -> None:
        await self._tx.run(_DEAD, webhook_id=webhook_id, problem=_short(error))

    async def retry(self, ids: Collection[int] | None, now: datetime) -> int:
        if ids is None:
            return await self._tx.run(_RETRY_ALL, now=micros(now))
        return await self._tx.run(_RETRY, ids=list(ids), now=micros(now)) if ids else 0

    async def listing(self, states: Collection[WebhookState], limit: int) -> list[WebhookView]:
        rows: list[Row] = []
        for state in states:
            rows += await self._tx.rows(_NEWEST[state], at_most=limit)
        rows.sort(key=lambda row: row[0], reverse=True)
        return [
            WebhookView(row[0], _STATES[row[1]], moment(row[2]), row[3], moment_or_none(row[4]), row[5])
            for row in rows[:limit]
        ]

    async def counts(self) -> dict[WebhookState, int]:
        counts = dict.fromkeys(WebhookState, 0)
        counts |= {_STATES[state]: count for state, count in await self._tx.rows(_COUNT_WAITING)}
        counts[WebhookState.DEAD] = await self._tx.value(_COUNT_DEAD)
        counts[WebhookState.DONE] = await self._tx.value(_COUNT_DONE)
        return counts

    async def backlog(self) -> int:
        waiting: int = await self._tx.value(_BACKLOG)
        return waiting

    async def keep_elements(self, elements: Sequence[StoredElement]) -> None:
        await self._tx.many(_KEEP_ELEMENT, map(_element_row, elements))

    async def elements(self, state: str, limit: int) -> list[StoredElement]:
        rows = await self._tx.rows(_ELEMENTS, state=state, at_most=limit)
        return [StoredElement(r[0], r[1], r[2], r[3], r[4], r[5], loads(r[6]), moment(r[7])) for r in rows]

    async def new_kinds(self, limit: int) -> list[NewKind]:
        rows = await self._tx.rows(_NEW_KINDS, reason=NEW_KIND, counted=NEW_KINDS_COUNTED, at_most=limit)
        return [NewKind(kind, count, moment(newest)) for kind, count, newest in rows]

    async def drop_elements(self, webhook_ids: Collection[int]) -> None:
        if webhook_ids:
            await self._tx.run(_DROP_ELEMENTS, webhook_ids=list(webhook_ids))

    async def element_counts(self) -> dict[str, int]:
        return await self._tx.pairs(_COUNT_ELEMENTS)

    async def prune(self, before: datetime, limit: int) -> int:
        return await self._tx.run(_PRUNE, before=micros(before), at_most=limit)


def _short(error: str) -> str:
    return error.replace("\x00", "")[:1000]


def _element_row(e: StoredElement) -> tuple[object, ...]:
    created_at = micros(e.created_at)
    return (e.id, e.webhook_id, e.position, e.kind, e.state, e.reason, dumps(e.payload), created_at)
