"""The messages Meta approved, as last heard of."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from crm.model.templates import ButtonKind, Components, Header, HeaderKind, Template, TemplateButton
from storage.claims import holding
from storage.statements import Row, Statement, insert, number, one_of, overwrite, text
from storage.tables import templates
from storage.transaction import Transaction
from storage.types import dumps, loads, micros, micros_or_none, moment, moment_or_none

Key = tuple[str, str, str]

_OF = holding(
    sa.select(templates).where(templates.c.waba_id == text("waba_id")).order_by(templates.c.name, templates.c.language)
)
_GET = Statement(sa.select(templates).where(templates.c.id == number("template_id")))
_OF_NAMES = sa.select(templates).where(one_of(templates.c.waba_id, "waba_ids"), one_of(templates.c.name, "names"))
_NAMED = Statement(_OF_NAMES)
_HELD = holding(_OF_NAMES.order_by(templates.c.id))
_STALE = Statement(
    sa.select(templates.c.waba_id)
    .distinct()
    .where(
        templates.c.deleted.is_(sa.false()),
        sa.or_(templates.c.stale.is_(sa.true()), templates.c.paused_until <= number("now")),
    )
)
_INSERT = insert(templates)
_OVERWRITE = overwrite(templates)


class Templates:
    """By business account, name and language."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def of(self, waba_id: str) -> list[Template]:
        return [_template(row) for row in await self._tx.rows(_OF, waba_id=waba_id)]

    async def get(self, template_id: int) -> Template | None:
        row = await self._tx.first(_GET, template_id=template_id)
        return None if row is None else _template(row)

    async def named(self, keys: Collection[Key]) -> dict[Key, Template]:
        return await self._by_key(_NAMED, keys)

    async def held(self, keys: Collection[Key]) -> dict[Key, Template]:
        return await self._by_key(_HELD, keys)

    async def save(self, new: Sequence[Template] = (), changed: Sequence[Template] = ()) -> None:
        await self._tx.many(_INSERT, map(_row, new))
        await self._tx.overwrite(_OVERWRITE, map(_row, changed))

    async def stale_accounts(self, now: datetime) -> set[str]:
        return {row[0] for row in await self._tx.rows(_STALE, now=micros(now))}

    async def _by_key(self, statement: Statement, keys: Collection[Key]) -> dict[Key, Template]:
        if not keys:
            return {}
        rows = await self._tx.rows(
            statement, waba_ids=sorted({key[0] for key in keys}), names=sorted({key[1] for key in keys})
        )
        return {(row[1], row[2], row[3]): _template(row) for row in rows if (row[1], row[2], row[3]) in keys}


def _row(t: Template) -> tuple[object, ...]:
    return (
        t.id,
        t.waba_id,
        t.name,
        t.language,
        t.category,
        t.status,
        None if t.components is None else dumps(t.components),
        micros(t.updated_at),
        t.meta_id,
        t.quality,
        t.reason,
        micros_or_none(t.paused_until),
        t.previous_category,
        t.next_category,
        micros_or_none(t.next_category_at),
        micros_or_none(t.status_at),
        micros_or_none(t.category_at),
        micros_or_none(t.quality_at),
        micros_or_none(t.components_at),
        t.refusal,
        micros_or_none(t.refusal_at),
        t.stale,
        t.deleted,
    )


def _template(r: Row) -> Template:
    return Template(
        id=r[0],
        waba_id=r[1],
        name=r[2],
        language=r[3],
        category=r[4],
        status=r[5],
        components=None if r[6] is None else _components(r[6]),
        updated_at=moment(r[7]),
        meta_id=r[8],
        quality=r[9],
        reason=r[10],
        paused_until=moment_or_none(r[11]),
        previous_category=r[12],
        next_category=r[13],
        next_category_at=moment_or_none(r[14]),
        status_at=moment_or_none(r[15]),
        category_at=moment_or_none(r[16]),
        quality_at=moment_or_none(r[17]),
        components_at=moment_or_none(r[18]),
        refusal=r[19],
        refusal_at=moment_or_none(r[20]),
        stale=bool(r[21]),
        deleted=bool(r[22]),
    )


def _components(written: str) -> Components:
    data = loads(written)
    header = data["header"]
    return Components(
        body=data["body"],
        header=None if header is None else Header(HeaderKind(header["kind"]), header["text"]),
        footer=data["footer"],
        buttons=tuple(_buttons(data["buttons"])),
        named=data["named"],
        unfit=data["unfit"],
    )


def _buttons(written: Iterable[dict[str, str]]) -> Iterable[TemplateButton]:
    return (TemplateButton(ButtonKind(each["kind"]), each["text"], each["target"]) for each in written)
