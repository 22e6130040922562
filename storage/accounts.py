"""Our own numbers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm.model.accounts import Account, AccountState, Assumption, Bar, MetaWord
from crm.model.limits import Limits
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, overwrite, text
from storage.tables import accounts
from storage.transaction import Transaction
from storage.types import dumps, loads, members, micros, micros_or_none, moment, moment_or_none

_STATES = members(AccountState)
_UNTROUBLED = Limits()
_MOMENTS = {"throughput_at", "slowed_at", "rests_since", "rests_until", "struck_at", "used_at"}

_INSERT = insert(accounts)
_OVERWRITE = overwrite(accounts)
_ALL = Statement(sa.select(accounts).where(accounts.c.state != sa.literal_column("'removed'")).order_by(accounts.c.id))
_GET = holding(sa.select(accounts).where(accounts.c.id == number("account_id")))
_BY_PHONE_NUMBER_ID = Statement(sa.select(accounts).where(accounts.c.phone_number_id == text("phone_number_id")))


class Accounts:
    """Each with its state, pace and assumptions. In a writing unit of work `get` holds the account; lists do not."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def all(self) -> list[Account]:
        return [_account(row) for row in await self._tx.rows(_ALL)]

    async def get(self, account_id: int) -> Account | None:
        row = await self._tx.first(_GET, account_id=account_id)
        return None if row is None else _account(row)

    async def by_phone_number_id(self, phone_number_id: str) -> Account | None:
        row = await self._tx.first(_BY_PHONE_NUMBER_ID, phone_number_id=phone_number_id)
        return None if row is None else _account(row)

    async def save(self, new: Sequence[Account] = (), changed: Sequence[Account] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))


def _row(a: Account) -> tuple[object, ...]:
    return (
        a.id,
        a.phone_number_id,
        a.waba_id,
        a.display_phone,
        a.name,
        a.coexistence,
        a.state.value,
        a.messages_per_second,
        dumps(sorted(a.assumptions)),
        micros(a.created_at),
        a.held_reason,
        micros_or_none(a.held_until),
        micros_or_none(a.token_expires_at),
        micros_or_none(a.token_checked_at),
        a.token_alerted_days,
        dumps([_written(word) for word in a.meta_words]),
        a.portfolio_id,
        a.quality,
        _limits_text(a.limits),
    )


def _account(r: Row) -> Account:
    return Account(
        id=r[0],
        phone_number_id=r[1],
        waba_id=r[2],
        display_phone=r[3],
        name=r[4],
        coexistence=bool(r[5]),
        state=_STATES[r[6]],
        messages_per_second=r[7],
        assumptions=frozenset(map(Assumption, loads(r[8]))),
        created_at=moment(r[9]),
        held_reason=r[10],
        held_until=moment_or_none(r[11]),
        token_expires_at=moment_or_none(r[12]),
        token_checked_at=moment_or_none(r[13]),
        token_alerted_days=r[14],
        meta_words=tuple(map(_read, loads(r[15]))),
        portfolio_id=r[16],
        quality=r[17],
        limits=_limits(r[18]),
    )


def _limits_text(limits: Limits) -> str:
    """Only what differs from an account without any trouble, which is nearly every one."""
    if limits == _UNTROUBLED:
        return "{}"
    plain = {name: micros(value) if isinstance(value, datetime) else value for name, value in asdict(limits).items()}
    return dumps({name: value for name, value in plain.items() if value is not None})


def _limits(text: str) -> Limits:
    if text == "{}":
        return _UNTROUBLED
    values: dict[str, Any] = loads(text)
    return Limits(**{**values, **{name: moment(values[name]) for name in values.keys() & _MOMENTS}})


def _written(word: MetaWord) -> dict[str, object]:
    at, until = micros(word.at), micros_or_none(word.until)
    said = {"aspect": word.aspect, "at": at, "hold": word.hold, "until": until, "lifted": word.lifted}
    return {**said, "bar": word.bar.value} if word.bar is not None else said


def _read(data: dict[str, Any]) -> MetaWord:
    until, bar = moment_or_none(data["until"]), data.get("bar")
    return MetaWord(data["aspect"], moment(data["at"]), data["hold"], until, data["lifted"], Bar(bar) if bar else None)
