"""A grown business in a database: contacts, walks, queued messages and old webhooks, written through storage's own queries
(but for a million old webhooks, which go in by the driver)."""

import asyncio
import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from crm.model.accounts import ALL_ASSUMPTIONS, Account, AccountState, token_name
from crm.model.agents import Agent, Role
from crm.model.contacts import Contact, Identity, Person
from crm.model.conversations import Conversation
from crm.model.messages import DeliveryStatus, Direction, Message, Source
from crm.model.outbox import Origin, OutboxItem, OutboxState
from crm.model.sequences import Enrollment, EnrollmentState, Sequence, SequenceState, Step, Trigger
from crm.model.windows import Basis
from crm.policy import identities
from storage.database import Database
from storage.urls import locate
from storage.vault import Vault
from tests.bench.webhooks import PHONE_ID, WABA, contact_number, contact_user_id

CHUNK = 5_000
DAY = timedelta(days=1)
_ACCOUNTS, _CONTACTS, _CONVERSATIONS, _WALKS, _ITEMS = 1, 100_000_000, 200_000_000, 300_000_000, 400_000_000
"""First ids of each kind; a measured run never gets that far with the ids it hands out itself."""


def phone_ids(accounts: int) -> list[str]:
    """Our numbers' ids; the first is the one that webhooks name by default."""
    return [str(int(PHONE_ID) + n) for n in range(accounts)]


async def business(
    database: Database, vault: Vault, *, contacts: int, accounts: int = 1, rate: int = 1000, now: datetime | None = None
) -> None:
    """Numbers with tokens, one agent, and contacts that wrote an hour ago, spread over the numbers."""
    now = now or datetime.now(UTC)
    async with database.begin() as uow:
        await uow.accounts.save(new=[_account(n, phone, rate, now) for n, phone in enumerate(phone_ids(accounts))])
        for n in range(accounts):
            await uow.secrets.put(token_name(_ACCOUNTS + n), vault.seal("EAAbench"), now)
        await uow.agents.save(new=[Agent(1, 7_000_000_001, "Agent", Role.ADMIN, "es", "UTC", True, now)])
    for start in range(0, contacts, CHUNK):
        numbers = range(start, min(start + CHUNK, contacts))
        async with database.begin() as uow:
            await uow.contacts.save(new=[_contact(n, now) for n in numbers])
            await uow.contacts.identify([row for n in numbers for row in _names(n, now)])
            await uow.conversations.save(new=[_conversation(n, n % accounts, now) for n in numbers])


async def walks(
    database: Database, *, contacts: int, total: int, due: int, accounts: int = 1, now: datetime | None = None
) -> list[int]:
    """`total` active walks over as many sequences as that needs, `due` of the first sequence's due now; the sequences' ids."""
    now = now or datetime.now(UTC)
    ids = [900 + n for n in range(max(1, -(-total // contacts)))]
    steps = (Step(timedelta(0), "Hola {name}, gracias por escribirnos."), Step(DAY, "¿Te ayudamos con algo?"))
    async with database.begin() as uow:
        await uow.sequences.save(
            new=[Sequence(i, f"s{i}", f"S{i}", SequenceState.ACTIVE, Trigger.MANUAL, None, steps, 1, now) for i in ids]
        )
    for start in range(0, total, CHUNK):
        numbers = range(start, min(start + CHUNK, total))
        async with database.begin() as uow:
            await uow.enrollments.save(
                new=[
                    Enrollment(
                        id=_WALKS + n,
                        contact_id=_CONTACTS + n % contacts,
                        conversation_id=_CONVERSATIONS + n % contacts,
                        account_id=_ACCOUNTS + n % contacts % accounts,
                        sequence_id=ids[n // contacts],
                        state=EnrollmentState.ACTIVE,
                        position=0,
                        started_at=now - timedelta(hours=1),
                        trigger=Trigger.MANUAL,
                        next_due_at=now - timedelta(seconds=due - n) if n < due else now + DAY + timedelta(seconds=n),
                        step_from=now - timedelta(hours=1),
                    )
                    for n in numbers
                ]
            )
    return ids


async def queue(database: Database, *, total: int, accounts: int = 1, now: datetime | None = None) -> None:
    """`total` texts that may leave now, each to a contact of its own."""
    now = now or datetime.now(UTC)
    for start in range(0, total, CHUNK):
        numbers = range(start, min(start + CHUNK, total))
        async with database.begin() as uow:
            await uow.messages.save(new=[_message(n, n % accounts, now) for n in numbers])
            await uow.outbox.save(new=[_item(n, n % accounts, now) for n in numbers])


async def old_webhooks(url: str, total: int) -> None:
    """Webhooks of the last months, done."""
    location = locate(url)
    begin = int(time.time()) - total - 3_600
    content = b'{"object":"whatsapp_business_account","entry":[]}'.ljust(300)

    def row(n: int) -> tuple[bytes, bytes, int, str, int, int]:
        at = begin + n
        return (at.to_bytes(4, "big") + os.urandom(12), content, at * 1_000_000, "done", at * 1_000_000, at * 1_000_000)

    columns = ["dedup_key", "body", "received_at", "state", "ready_at", "done_at"]
    if url.startswith("sqlite"):
        with sqlite3.connect(location.path) as connection:
            connection.executemany(
                f"INSERT INTO webhook_logs ({', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                map(row, range(total)),
            )
        connection.close()
    else:
        postgres = await asyncpg.connect(location.dsn)
        await postgres.copy_records_to_table("webhook_logs", records=map(row, range(total)), columns=columns)
        await postgres.close()
    await settle(url)


async def settle(url: str) -> None:
    """Let the planner know what was seeded, and let the disk have it: or it would still be writing while somebody measures."""
    location = locate(url)
    if url.startswith("sqlite"):
        with sqlite3.connect(location.path) as connection:
            connection.execute("PRAGMA optimize")
        connection.close()
    else:
        postgres = await asyncpg.connect(location.dsn)
        await postgres.execute("VACUUM ANALYZE")
        await postgres.execute("CHECKPOINT")
        await postgres.close()
    await asyncio.to_thread(os.sync)


def _account(n: int, phone_id: str, rate: int, now: datetime) -> Account:
    return Account(
        id=_ACCOUNTS + n,
        phone_number_id=phone_id,
        waba_id=WABA,
        display_phone=f"+34 910 {n:06}",
        name=f"N{n}",
        coexistence=False,
        state=AccountState.ACTIVE,
        messages_per_second=rate,
        assumptions=ALL_ASSUMPTIONS,
        created_at=now,
    )


def _contact(n: int, now: datetime) -> Contact:
    return Contact(
        id=_CONTACTS + n,
        wa_id=contact_number(n),
        bsuid=contact_user_id(n),
        name="Contacto",
        username=None,
        time_zone="Europe/Madrid",
        language=None,
        created_at=now,
    )


def _names(n: int, now: datetime) -> list[Identity]:
    person = Person(contact_number(n), contact_user_id(n))
    return [identities.sighted(each, _CONTACTS + n, now - DAY) for each in identities.namings(person, WABA)]


def _conversation(n: int, account: int, now: datetime) -> Conversation:
    hour_ago = now - timedelta(hours=1)
    return Conversation(
        id=_CONVERSATIONS + n,
        contact_id=_CONTACTS + n,
        account_id=_ACCOUNTS + account,
        created_at=hour_ago,
        first_inbound_at=hour_ago,
        last_inbound_at=hour_ago,
        last_interaction_at=hour_ago,
    )


def _message(n: int, account: int, now: datetime) -> Message:
    return Message(
        id=_ITEMS + n,
        account_id=_ACCOUNTS + account,
        contact_id=_CONTACTS + n,
        conversation_id=_CONVERSATIONS + n,
        wamid=None,
        direction=Direction.OUT,
        source=Source.CRM,
        kind="text",
        text="Hola, gracias por escribirnos.",
        payload={},
        at=now,
        created_at=now,
        status=DeliveryStatus.QUEUED,
    )


def _item(n: int, account: int, now: datetime) -> OutboxItem:
    return OutboxItem(
        id=_ITEMS + n,
        opaque=f"o-{n:012}",
        account_id=_ACCOUNTS + account,
        contact_id=_CONTACTS + n,
        conversation_id=_CONVERSATIONS + n,
        origin=Origin.SEQUENCE,
        state=OutboxState.QUEUED,
        due_at=now,
        attempts=0,
        created_at=now,
        text="Hola, gracias por escribirnos.",
        template=None,
        reply_to_wamid=None,
        basis=Basis.CUSTOMER_MESSAGE,
    )
