"""Ciphertext by name."""

from datetime import datetime

import sqlalchemy as sa

from storage.statements import Statement, text
from storage.tables import secrets
from storage.transaction import Transaction
from storage.types import micros
from storage.upserts import put

_PUT = put(secrets, ("name",))
_GET = Statement(sa.select(secrets.c.ciphertext).where(secrets.c.name == text("named")))
_ALL = Statement(sa.select(secrets.c.name, secrets.c.ciphertext).order_by(secrets.c.name))
_DELETE = Statement(sa.delete(secrets).where(secrets.c.name == text("named")))


class Secrets:
    """What the vault sealed; nothing here can open it."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def put(self, name: str, ciphertext: bytes, now: datetime) -> None:
        await self._tx.run_row(_PUT, (name, ciphertext, micros(now)))

    async def get(self, name: str) -> bytes | None:
        row = await self._tx.first(_GET, named=name)
        return None if row is None else bytes(row[0])

    async def all(self) -> dict[str, bytes]:
        return {name: bytes(ciphertext) for name, ciphertext in await self._tx.rows(_ALL)}

    async def delete(self, name: str) -> None:
        await self._tx.run(_DELETE, named=name)
