"""Files that Meta has from us, by account and key: sent again within a month, they are not handed over again."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from crm.model.media import Upload
from storage.statements import Statement, number, one_of, text
from storage.tables import uploads
from storage.transaction import Transaction
from storage.types import micros
from storage.upserts import put

_column = uploads.c

_SAVE = put(uploads, ("account_id", "key"))
_FIND = Statement(
    sa.select(_column.account_id, _column.key, _column.meta_id).where(
        one_of(_column.account_id, "accounts"), one_of(_column.key, "keys"), _column.uploaded_at >= number("since")
    )
)
_FORGET = Statement(sa.delete(uploads).where(_column.account_id == number("account_id"), _column.key == text("key")))
_PRUNE = Statement(sa.delete(uploads).where(_column.uploaded_at < number("before")))


class Uploads:
    """One id for each account and file."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def find(self, pairs: Collection[tuple[int, str]], since: datetime) -> dict[tuple[int, str], str]:
        if not pairs:
            return {}
        accounts, keys = ({pair[part] for pair in pairs} for part in (0, 1))
        rows = await self._tx.rows(_FIND, accounts=list(accounts), keys=list(keys), since=micros(since))
        return {(account, key): meta_id for account, key, meta_id in rows if (account, key) in pairs}

    async def save(self, upload: Upload) -> None:
        row = (upload.account_id, upload.key, upload.meta_id, micros(upload.uploaded_at))
        await self._tx.many(_SAVE, [row])

    async def forget(self, account_id: int, key: str) -> None:
        await self._tx.run(_FORGET, account_id=account_id, key=key)

    async def prune(self, before: datetime) -> int:
        return await self._tx.run(_PRUNE, before=micros(before))
