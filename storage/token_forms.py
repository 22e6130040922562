"""Forms for handing over a token: open until one was taken, or their time is over."""

from datetime import datetime

import sqlalchemy as sa

from crm.model.token_forms import TokenForm
from storage.statements import Row, Statement, insert, number, text
from storage.tables import token_forms
from storage.transaction import Transaction
from storage.types import micros, moment

_column = token_forms.c
_FORM = (_column.code_hash, _column.account_id, _column.agent_id, _column.expires_at, _column.tries)
_OPEN = sa.and_(_column.code_hash == text("hashed"), _column.taken_at.is_(None), _column.expires_at > number("now"))

_INSERT = insert(token_forms, without=("taken_at",))
_FORGET_OF = Statement(
    sa.delete(token_forms).where(_column.account_id == number("of_account"), _column.agent_id == number("of_agent"))
)
_FIND = Statement(sa.select(*_FORM).where(_OPEN))
_TAKE = Statement(
    sa.update(token_forms)
    .where(_OPEN, _column.tries < number("most"))
    .values(taken_at=number("now"), tries=_column.tries + sa.literal_column("1"))
    .returning(*_FORM)
)
_GIVE_BACK = Statement(sa.update(token_forms).where(_column.code_hash == text("hashed")).values(taken_at=sa.null()))
_PRUNE = Statement(sa.delete(token_forms).where(_column.expires_at < number("before")))


class TokenForms:
    """By the hash of the secret in their address."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def add(self, form: TokenForm) -> None:
        await self._tx.run(_FORGET_OF, of_account=form.account_id, of_agent=form.agent_id)
        row = (form.code_hash, form.account_id, form.agent_id, micros(form.expires_at), form.tries)
        await self._tx.run_row(_INSERT, row)

    async def find(self, code_hash: str, now: datetime) -> TokenForm | None:
        row = await self._tx.first(_FIND, hashed=code_hash, now=micros(now))
        return None if row is None else _form(row)

    async def take(self, code_hash: str, now: datetime, most: int) -> TokenForm | None:
        row = await self._tx.first(_TAKE, hashed=code_hash, now=micros(now), most=most)
        return None if row is None else _form(row)

    async def give_back(self, code_hash: str) -> None:
        await self._tx.run(_GIVE_BACK, hashed=code_hash)

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))


def _form(r: Row) -> TokenForm:
    return TokenForm(r[0], r[1], r[2], moment(r[3]), r[4])
