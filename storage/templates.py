"""The messages Meta approved, as last fetched."""

from collections.abc import Sequence

import sqlalchemy as sa

from crm.model.records import replace
from crm.model.templates import Template
from storage.statements import Row, Statement, insert, number, one_of, overwrite, text
from storage.tables import templates
from storage.transaction import Transaction
from storage.types import micros, moment

_OF = Statement(
    sa.select(templates).where(templates.c.waba_id == text("waba_id")).order_by(templates.c.name, templates.c.language)
)
_GET = Statement(sa.select(templates).where(templates.c.id == number("template_id")))
_FIND = Statement(
    sa.select(templates).where(
        templates.c.waba_id == text("waba_id"),
        templates.c.name == text("name"),
        templates.c.language == text("language"),
    )
)
_INSERT = insert(templates)
_OVERWRITE = overwrite(templates)
_DELETE = Statement(sa.delete(templates).where(one_of(templates.c.id, "ids")))


class Templates:
    """By business account, name and language."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def of(self, waba_id: str) -> list[Template]:
        return [_template(row) for row in await self._tx.rows(_OF, waba_id=waba_id)]

    async def get(self, template_id: int) -> Template | None:
        row = await self._tx.first(_GET, template_id=template_id)
        return None if row is None else _template(row)

    async def replace(self, waba_id: str, templates: Sequence[Template]) -> None:
        known = {(old.name, old.language): old.id for old in await self.of(waba_id)}
        now = {(one.name, one.language): one for one in templates if one.waba_id == waba_id}
        gone = [known[key] for key in known.keys() - now.keys()]
        if gone:
            await self._tx.run(_DELETE, ids=gone)
        kept = [replace(one, id=known[key]) for key, one in now.items() if key in known]
        await self._tx.overwrite(_OVERWRITE, map(_row, kept))
        await self._tx.many(_INSERT, (_row(one) for key, one in now.items() if key not in known))

    async def find(self, waba_id: str, name: str, language: str) -> Template | None:
        row = await self._tx.first(_FIND, waba_id=waba_id, name=name, language=language)
        return None if row is None else _template(row)


def _row(t: Template) -> tuple[object, ...]:
    return (
        t.id,
        t.waba_id,
        t.name,
        t.language,
        t.category,
        t.status,
        t.body,
        t.parameter_count,
        micros(t.updated_at),
    )


def _template(r: Row) -> Template:
    return Template(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], moment(r[8]))
