"""The ledger has each charged message once, whatever happens to its statuses, its people and its past; and it adds up exactly."""

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.model.costs import Charge, Part, Total
from crm.model.records import replace
from storage.database import Database
from tests.conftest import run_apart
from tests.integration.engine.desk import NOON, Desk, envelope, heard, open_desk, typed, wrote
from tests.integration.engine.test_charges import priced
from tests.integration.engine.test_history import chunk, line
from tests.integration.engine.test_merging import two

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SENT: dict[str, Any] = {"history_context": {"status": "SENT"}}
STREAM = [
    wrote("Hola", NOON - MINUTE, "wamid.1"),
    typed("Uno", NOON, "wamid.E1"),
    typed("Dos", NOON + MINUTE, "wamid.E2"),
    typed("Tres", NOON + 2 * MINUTE, "wamid.E3"),
    priced("sent", category="marketing", wamid="wamid.E1"),
    heard("wamid.E1", "delivered", NOON + MINUTE),
    priced("read", category="marketing", wamid="wamid.E1"),
    priced("sent", "free_customer_service", wamid="wamid.E2"),
    priced("delivered", "free_customer_service", wamid="wamid.E2"),
    priced("sent", wamid="wamid.E3"),
    heard("wamid.E3", "failed", NOON + MINUTE, code=131026),
    priced("delivered", wamid="wamid.nobody"),
    chunk(line("wamid.1", NOON - MINUTE, "Hola"), line("wamid.E1", NOON, "Uno", ours=True, **SENT), phase=0),
    chunk(
        line("wamid.2", NOON - 40 * DAY, "¿Precio?"),
        line("wamid.H", NOON - 39 * DAY, "Diez", ours=True, history_context={"status": "READ"}),
        phase=1,
        progress=80,
    ),
]


async def entered(desk: Desk, part: Part | None = None) -> list[Total]:
    async with desk.database.read() as uow:
        return await uow.ledger.totals(part, NOON - 99 * DAY, NOON + 99 * DAY, None)


async def _state(url: str, order: list[int], cuts: list[int]) -> tuple[list[Total], list[str]]:
    async with await Database.open(url) as database:
        desk = await open_desk(database, at=NOON + timedelta(hours=2))
        start = 0
        for end in [*sorted(set(cuts)), len(order)]:
            if order[start:end]:
                await desk.arrives(envelope(*(STREAM[number] for number in order[start:end])))
            start = end
        return await entered(desk, Part.CATEGORY), sorted(charge.wamid for charge in desk.meta.charges)


def test_any_order_duplication_and_history_charges_the_same(sqlite_template: Path) -> None:
    """What did not arrive, what was typed before our time and what nobody knows is not in it."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        order=st.permutations(range(len(STREAM))),
        again=st.lists(st.integers(0, len(STREAM) - 1), max_size=6),
        cuts=st.lists(st.integers(0, len(STREAM)), max_size=6),
    )
    def check(order: list[int], again: list[int], cuts: list[int]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.db"
            shutil.copy(sqlite_template, copy)
            totals, told = run_apart(_state(f"sqlite+aiosqlite:///{copy}", [*order, *again], cuts))
        assert totals == [
            Total("marketing", "USD", Decimal("0.0618"), 1, 0, 0),
            Total("service", "USD", Decimal(0), 1, 1, 0),
        ]
        assert told == ["wamid.E1", "wamid.E2"]

    check()


async def test_joining_and_parting_people_moves_no_money(database: Database) -> None:
    desk, leo, nobody = await two(database)
    told = priced("delivered", category="marketing", wamid="wamid.LE")
    await desk.arrives(envelope(told))
    before = await entered(desk, Part.MARKET)
    assert before == [Total("Argentina", "USD", Decimal("0.0618"), 1, 0, 0)]
    await desk.engine.identities.merge(desk.admin, nobody.id, leo.id)
    await desk.arrives(envelope(told))
    assert await entered(desk, Part.MARKET) == before
    joined = (await desk.engine.contacts.card(desk.admin, nobody.id)).merge
    assert joined is not None
    await desk.engine.identities.unmerge(desk.admin, joined.id)
    await desk.arrives(envelope(told))
    assert await entered(desk, Part.MARKET) == before


_accounts = count(1)
AMOUNTS = st.none() | st.integers(0, 10**9).map(lambda units: Decimal(units).scaleb(-6))
CHARGES = st.builds(
    Charge,
    wamid=st.sampled_from([f"w{number}" for number in range(20)]),
    message_id=st.integers(1, 9),
    account_id=st.just(0),
    enrollment_id=st.none() | st.integers(1, 3),
    market=st.sampled_from(["Argentina", "Spain"]),
    category=st.sampled_from(["marketing", "utility", "news"]),
    type=st.sampled_from(["regular", "free_entry_point"]),
    amount=AMOUNTS,
    currency=st.sampled_from(["USD", "ARS"]),
    card_date=st.just(date(2026, 10, 1)),
    at=st.integers(0, 10 * 24 * 60).map(lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + minutes * MINUTE),
)


def test_totals_are_the_sum_of_their_parts(database_url: str) -> None:
    """By whatever it is added up, and however a period is cut, nothing is lost and nothing counts twice."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(batches=st.lists(st.lists(CHARGES, max_size=8), max_size=5), cut=st.integers(0, 10 * 24 * 60))
    def check(batches: list[list[Charge]], cut: int) -> None:
        run_apart(_adds_up(database_url, batches, cut))

    check()


async def _adds_up(url: str, batches: list[list[Charge]], cut: int) -> None:
    since, until, account_id = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), next(_accounts)
    async with await Database.open(url) as database:
        first: dict[str, Charge] = {}
        for batch in batches:
            mine = [replace(charge, wamid=f"{account_id}.{charge.wamid}", account_id=account_id) for charge in batch]
            async with database.begin() as uow:
                new = await uow.ledger.add(mine)
            assert {charge.wamid for charge in new} == {charge.wamid for charge in mine} - first.keys()
            first.update({charge.wamid: charge for charge in new})
        async with database.read() as uow:
            whole = await uow.ledger.totals(None, since, until, account_id)
            assert whole == _summed(list(first.values()))
            for part in set(Part) - {Part.DAY}:
                assert _joined(await uow.ledger.totals(part, since, until, account_id)) == whole
            halves = [
                total
                for start, end in ((since, since + cut * MINUTE), (since + cut * MINUTE, until))
                for total in await uow.ledger.totals(None, start, end, account_id)
            ]
            assert _joined(halves) == whole


def _summed(charges: list[Charge]) -> list[Total]:
    return _joined(
        [
            Total(None, each.currency, each.amount or Decimal(0), 1, int(each.amount == 0), int(each.amount is None))
            for each in charges
        ]
    )


def _joined(totals: list[Total]) -> list[Total]:
    found: dict[str, Total] = {}
    for each in totals:
        known = found.get(each.currency, Total(None, each.currency, Decimal(0), 0, 0, 0))
        found[each.currency] = Total(
            None,
            each.currency,
            known.amount + each.amount,
            known.messages + each.messages,
            known.free + each.free,
            known.unpriced + each.unpriced,
        )
    return [found[currency] for currency in sorted(found)]
