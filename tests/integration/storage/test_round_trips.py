"""Every noun comes back as it was saved and as it was changed, and what must be unique is."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm.errors import Conflict
from crm.model.accounts import AccountState, Assumption, MetaWord
from crm.model.agents import Role
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.blocks import IssueState
from crm.model.contents import Choice, ListMenu, Location, Section
from crm.model.conversations import BlockState
from crm.model.jobs import JobRun
from crm.model.media import DIFFERS, KeptFile, MediaKind, MediaState
from crm.model.messages import ButtonValue, Delivery, DeliveryStatus, Source, TemplateRef
from crm.model.outbox import OutboxState
from crm.model.pending import PendingReason, PendingState
from crm.model.sequences import EnrollmentState, Reason, SequenceState, Step
from crm.model.templates import ButtonKind, Components, Header, HeaderKind, TemplateButton
from crm.model.token_forms import TokenForm
from crm.model.windows import Basis
from crm.ports import Parked, UnitOfWork
from storage.database import Database
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    a_contact,
    a_conversation,
    a_media,
    a_message,
    a_notice,
    a_pending,
    a_sent_message,
    a_sequence,
    a_template,
    an_account,
    an_agent,
    an_alert,
    an_enrollment,
    an_issue,
    an_outbox_item,
    identities_of,
    save,
    store_webhooks,
)

T = NOW + timedelta(microseconds=123_457)
MENU = ListMenu("¿Qué día?", "Ver días", (Section(None, (Choice("l", "Lunes", "de mañana"), Choice("m", "Martes"))),))
TEMPLATE = TemplateRef(
    "recordatorio",
    "es_ES",
    ("María", "40"),
    ("nombre", "talla"),
    None,
    Location(-34.6, -58.4, "Obelisco", ""),
    (ButtonValue(0, "quick_reply", "BAJA"), ButtonValue(1, "url", "abc")),
    "pedido",
)
ACCOUNT = an_account()
CONTACT = a_contact(bsuid="ES.9f", username="maria", language="es", named_at=T, consent_at=T, marketing_consent_at=T)
THREAD = a_conversation(contact=CONTACT, account=ACCOUNT)
PARENTS = (ACCOUNT, CONTACT, THREAD)

Load = Callable[[UnitOfWork, Any], Awaitable[Any]]


CASES: list[tuple[Any, dict[str, Any], str, Load]] = [
    (
        an_account(assumptions=frozenset({Assumption.MANUAL_SEND}), coexistence=False),
        {
            "state": AccountState.HELD,
            "held_reason": "token",
            "held_until": T,
            "token_expires_at": T,
            "token_checked_at": T,
            "token_alerted_days": 7,
            "meta_words": (MetaWord("ban", T, "banned", T, True), MetaWord("connection", T)),
            "assumptions": frozenset(),
        },
        "accounts",
        lambda uow, one: uow.accounts.get(one.id),
    ),
    (
        a_contact(wa_id=None, bsuid="ES.1", name=None),
        {"wa_id": "34699", "name": "Íñigo", "opted_out": True, "marketing_opted_out": True, "time_zone": None},
        "contacts",
        lambda uow, one: _one(uow.contacts.load([one.id])),
    ),
    (
        a_conversation(contact=CONTACT, account_id=1_000_001),
        {
            "agent_id": 5,
            "last_manual_at": T,
            "window_refuted_at": T,
            "ad_entry_at": T,
            "free_entry_until": T + DAY,
            "block_state": BlockState.PROBABLE,
            "block_evidence_from": T,
            "pair_free_at": T,
            "contact_id": CONTACT.id,
        },
        "conversations",
        lambda uow, one: _one(uow.conversations.load([one.id])),
    ),
    (
        a_message(of=THREAD, payload={"image": {"id": "9", "n": [1, 2.5, None]}}),
        {
            "wamid": None,
            "status": DeliveryStatus.FAILED,
            "delivery": Delivery(T, T, T, T, T, 131047, "Re-engagement message"),
            "enrollment_id": 3,
            "step": 1,
            "agent_id": 5,
            "pricing_category": "service",
            "pricing_type": "regular",
            "edited_at": T,
            "revoked_at": T,
            "text": None,
            "at": T,
        },
        "messages",
        lambda uow, one: _one(uow.messages.load([one.id])),
    ),
    (
        a_sequence(steps=(Step(timedelta(hours=1, microseconds=1), "Hola {name}", TEMPLATE),)),
        {"state": SequenceState.PAUSED, "steps": (), "account_id": ACCOUNT.id, "version": 2},
        "sequences",
        lambda uow, one: uow.sequences.get(one.id),
    ),
    (
        an_enrollment(of=THREAD),
        {
            "state": EnrollmentState.PAUSED,
            "position": 1,
            "next_due_at": None,
            "reason": Reason.CUSTOMER_REPLIED,
            "replied_at": T,
            "remaining": timedelta(hours=3, microseconds=7),
            "step_from": None,
        },
        "enrollments",
        lambda uow, one: _one(uow.enrollments.load([one.id])),
    ),
    (
        an_outbox_item(of=THREAD, dedupe="e:1:0", enrollment_id=1, step=0, template=TEMPLATE, pending_id=4, agent_id=2),
        {
            "state": OutboxState.FAILED,
            "template": None,
            "reply_to_wamid": "wamid.x",
            "basis": Basis.AD_ENTRY,
            "lease_until": T,
            "error_code": 131026,
            "error": "not on WhatsApp",
            "attempts": 3,
            "opaque": "other",
            "content": MENU,
            "after_id": 77,
        },
        "outbox",
        lambda uow, one: _one(uow.outbox.load([one.id])),
    ),
    (
        a_pending(of=THREAD, template=TEMPLATE, enrollment_id=1, step=0),
        {
            "state": PendingState.BY_HAND,
            "reason": PendingReason.UNKNOWN_OUTCOME,
            "version": 2,
            "outbox_id": 9,
            "agent_id": 5,
            "resolved_at": T,
            "resolved_by": 5,
            "content": MENU,
            "reply_to_wamid": "wamid.x",
        },
        "pending",
        lambda uow, one: uow.pending.get(one.id),
    ),
    (
        an_agent(),
        {"role": Role.ADMIN, "active": False, "reachable": False, "language": "pt", "telegram_id": 1},
        "agents",
        lambda uow, one: uow.agents.get(one.id),
    ),
    (
        an_alert(params={"days": 7, "name": "Ñandú"}, account_id=1, contact_id=2),
        {
            "kind": AlertKind.JOB_FAILED,
            "severity": Severity.CRITICAL,
            "count": 9,
            "last_at": T,
            "acknowledged_at": T,
            "acknowledged_by": 5,
        },
        "alerts",
        lambda uow, one: uow.alerts.get(one.id),
    ),
]


async def _one(found: Awaitable[dict[Any, Any]]) -> Any:
    return next(iter((await found).values()), None)


@pytest.mark.parametrize(("thing", "changes", "aggregate", "load"), CASES, ids=[case[2] for case in CASES])
async def test_what_is_saved_comes_back(
    database: Database, thing: Any, changes: dict[str, Any], aggregate: str, load: Load
) -> None:
    changed = replace(thing, **changes)
    async with database.begin() as uow:
        await save(uow, *PARENTS, thing)
    async with database.read() as uow:
        assert await load(uow, thing) == thing
    async with database.begin() as uow:
        assert await load(uow, thing) == thing
        await getattr(uow, aggregate).save(changed=[changed])
        assert await load(uow, thing) == changed
    async with database.read() as uow:
        assert await load(uow, thing) == changed


async def test_many_rows_are_saved_and_changed_as_one(database: Database) -> None:
    """Batches go another way than single rows on PostgreSQL, and rows with and without steady columns on SQLite."""
    contacts = [a_contact() for _ in range(700)]
    threads = [a_conversation(contact=contact, account=ACCOUNT) for contact in contacts]
    async with database.begin() as uow:
        await save(uow, ACCOUNT, *contacts, *threads)
    changed = [
        replace(thread, last_inbound_at=T, block_state=BlockState.PROBABLE if number % 2 else BlockState.CLEAR)
        for number, thread in enumerate(threads)
    ]
    async with database.begin() as uow:
        await uow.conversations.save(changed=changed)
    async with database.read() as uow:
        assert await uow.conversations.load([one.id for one in threads]) == {one.id: one for one in changed}
        assert await uow.contacts.load([one.id for one in contacts]) == {one.id: one for one in contacts}
        found = await uow.conversations.find([(one.contact_id, one.account_id) for one in threads])
        assert len(found) == 700


UNIQUE: list[tuple[str, Callable[[], tuple[Any, Any]]]] = [
    ("phone number id", lambda: (an_account(phone_number_id="1"), an_account(phone_number_id="1"))),
    (
        "one thread per contact and account",
        lambda: (a_conversation(contact=CONTACT, account_id=7), a_conversation(contact=CONTACT, account_id=7)),
    ),
    ("wamid", lambda: (a_message(of=THREAD, wamid="w"), a_message(of=THREAD, wamid="w"))),
    ("sequence key", lambda: (a_sequence(key="k"), a_sequence(key="k"))),
    (
        "one open enrollment",
        lambda: (
            an_enrollment(of=THREAD, sequence_id=1),
            an_enrollment(of=THREAD, sequence_id=1, state=EnrollmentState.PAUSED),
        ),
    ),
    ("opaque", lambda: (an_outbox_item(opaque="o"), an_outbox_item(opaque="o"))),
    ("dedupe", lambda: (an_outbox_item(dedupe="d"), an_outbox_item(dedupe="d"))),
    ("telegram id", lambda: (an_agent(telegram_id=1), an_agent(telegram_id=1))),
    ("open issue", lambda: (an_issue(of=THREAD), an_issue(of=THREAD))),
    ("identity", lambda: (a_contact(wa_id="1"), a_contact(wa_id="1"))),
]


@pytest.mark.parametrize(("what", "pair"), UNIQUE, ids=[case[0] for case in UNIQUE])
async def test_what_must_be_unique_is(database: Database, what: str, pair: Callable[[], tuple[Any, Any]]) -> None:
    one, other = pair()
    async with database.begin() as uow:
        await save(uow, *PARENTS, one)
    with pytest.raises(Conflict, match="duplicate"):
        async with database.begin() as uow:
            await save(uow, other)


async def test_of_two_open_alerts_with_one_key_the_first_stays_and_nobody_fails(database: Database) -> None:
    one, other = an_alert(key="k"), an_alert(key="k")
    for each in (one, other):
        async with database.begin() as uow:
            await uow.alerts.save([each])
    async with database.read() as uow:
        assert await uow.alerts.open_by_key(["k"]) == {"k": one}


async def test_unique_things_that_ended_or_have_no_key_do_not_stand_in_the_way(database: Database) -> None:
    async with database.begin() as uow:
        await save(
            uow,
            *PARENTS,
            a_message(of=THREAD, wamid=None),
            a_message(of=THREAD, wamid=None),
            an_outbox_item(dedupe=None),
            an_outbox_item(dedupe=None),
            an_enrollment(of=THREAD, sequence_id=1, state=EnrollmentState.COMPLETED, next_due_at=None),
            an_enrollment(of=THREAD, sequence_id=1, state=EnrollmentState.EXITED, next_due_at=None),
            an_enrollment(of=THREAD, sequence_id=1),
            an_alert(key="k", acknowledged_at=NOW),
            an_alert(key="k"),
            an_issue(of=THREAD, state=IssueState.REFUTED),
            an_issue(of=THREAD),
        )


async def test_a_message_needs_its_conversation(database: Database) -> None:
    with pytest.raises(Conflict, match="inconsistent"):
        async with database.begin() as uow:
            await save(uow, a_message())


async def test_accounts_are_listed_until_they_are_removed(database: Database) -> None:
    kept, removed = an_account(), an_account(state=AccountState.REMOVED)
    async with database.begin() as uow:
        await save(uow, kept, removed)
    async with database.read() as uow:
        assert await uow.accounts.all() == [kept]
        assert await uow.accounts.by_phone_number_id(removed.phone_number_id) == removed
        assert await uow.accounts.by_phone_number_id("nobody") is None
        assert await uow.accounts.get(999) is None


async def test_identities_lead_to_the_contact(database: Database) -> None:
    rows = identities_of(CONTACT)
    async with database.begin() as uow:
        await save(uow, CONTACT)
    async with database.read() as uow:
        sought = [*(row.key for row in rows), "w:unknown", "w:'; DROP TABLE contacts; --"]
        assert sorted(await uow.contacts.known(sought), key=lambda row: row.key) == sorted(
            rows, key=lambda row: row.key
        )
        assert await uow.contacts.known([]) == []


async def test_a_name_has_one_holder_and_whoever_had_it_before(database: Database) -> None:
    """Two transactions that meet the same new person cannot both make a contact: the second meets Conflict."""
    other = a_contact()
    (row,) = identities_of(other)
    async with database.begin() as uow:
        await save(uow, CONTACT, other)
    with pytest.raises(Conflict):
        async with database.begin() as uow:
            await uow.contacts.identify([replace(row, contact_id=CONTACT.id)])
    before = replace(row, contact_id=CONTACT.id, held=False, until=NOW)
    async with database.begin() as uow:
        await uow.contacts.identify([before])
    async with database.read() as uow:
        assert sorted(await uow.contacts.known([row.key]), key=lambda each: each.held) == [before, row]
        beside = await uow.contacts.identities([CONTACT.id])
    assert {(each.key, each.contact_id) for each in beside} == {
        (each.key, each.contact_id) for each in [*identities_of(CONTACT), before, row]
    }
    async with database.begin() as uow:
        await uow.contacts.identify([replace(row, until=NOW)], instead_of=[other.id])
        assert (await uow.contacts.identities([other.id]))[0].until in (NOW, None)


async def test_messages_are_known_by_metas_id_and_read_newest_first(database: Database) -> None:
    old = a_message(of=THREAD, at=NOW - DAY)
    tied = [a_message(of=THREAD, at=NOW) for _ in range(2)]
    async with database.begin() as uow:
        await save(uow, *PARENTS, *tied, old)
    async with database.read() as uow:
        assert await uow.messages.known([str(old.wamid), "wamid.none"]) == {old.wamid: old}
        assert await uow.messages.recent(THREAD.id, 10) == [tied[1], tied[0], old]
        assert await uow.messages.recent(THREAD.id, 1) == [tied[1]]


async def test_echoes_without_a_step_wait_to_be_matched(database: Database) -> None:
    echo = a_sent_message(of=THREAD, sent_at=NOW - HOUR, source=Source.MANUAL)
    later = a_sent_message(of=THREAD, sent_at=NOW, source=Source.MANUAL)
    matched = a_sent_message(of=THREAD, source=Source.MANUAL, enrollment_id=4, step=0)
    too_old = a_sent_message(of=THREAD, sent_at=NOW - 3 * DAY, source=Source.MANUAL)
    ours = a_sent_message(of=THREAD)
    async with database.begin() as uow:
        await save(uow, *PARENTS, later, echo, matched, too_old, ours)
        assert await uow.messages.manual_unmatched([THREAD.id], NOW - HOUR) == [echo, later]
        assert await uow.messages.manual_unmatched([], NOW - HOUR) == []


async def test_sequences_tell_when_they_changed(database: Database) -> None:
    one, archived = a_sequence(name="B"), a_sequence(state=SequenceState.ARCHIVED)
    other = a_sequence(name="A")
    async with database.begin() as uow:
        before = await uow.sequences.revision()
        await uow.sequences.save(new=[one, archived, other])
        after = await uow.sequences.revision()
        await uow.sequences.save()
        assert before < after == await uow.sequences.revision()
    async with database.read() as uow:
        assert await uow.sequences.all() == [other, one]
        assert await uow.sequences.by_key(archived.key) == archived
        assert await uow.sequences.by_key("none") is None


async def test_enrollments_of_a_conversation(database: Database) -> None:
    active = an_enrollment(of=THREAD, sequence_id=1)
    paused = an_enrollment(of=THREAD, sequence_id=2, state=EnrollmentState.PAUSED, next_due_at=None)
    done = an_enrollment(of=THREAD, sequence_id=3, state=EnrollmentState.COMPLETED, next_due_at=None)
    async with database.begin() as uow:
        await save(uow, *PARENTS, active, paused, done)
    async with database.read() as uow:
        assert await uow.enrollments.open_of([THREAD.id, 99]) == [active, paused]
        assert await uow.enrollments.of_conversation(THREAD.id, 2) == [done, paused]
        assert await uow.enrollments.last_started([THREAD.id, 99], 3) == {THREAD.id: done.started_at}
        assert await uow.enrollments.last_started([THREAD.id], 4) == {}


async def test_walks_are_counted_by_sequence_and_state_up_to_a_limit(database: Database) -> None:
    one, two = a_sequence(), a_sequence()
    threads = [a_conversation(contact=CONTACT, account_id=number) for number in range(20, 25)]
    active = [an_enrollment(of=thread, sequence=one) for thread in threads]
    done = an_enrollment(of=THREAD, sequence=one, state=EnrollmentState.COMPLETED, next_due_at=None)
    async with database.begin() as uow:
        await save(uow, *PARENTS, *threads, one, two, *active, done)
    none = dict.fromkeys(EnrollmentState, 0)
    of_one = {**none, EnrollmentState.ACTIVE: 5, EnrollmentState.COMPLETED: 1}
    async with database.read() as uow:
        found = await uow.enrollments.counts([one.id, two.id, 999], 10)
        assert found == {(s.id, state): n for s, each in ((one, of_one), (two, none)) for state, n in each.items()}
        assert (await uow.enrollments.counts([one.id], 3))[one.id, EnrollmentState.ACTIVE] == 3
        assert await uow.enrollments.counts([], 3) == {}


async def test_parked_facts_are_kept_once_and_taken_oldest_first(database: Database) -> None:
    read = Parked("wamid.1", "read", NOW, {"status": "read"})
    sent = Parked("wamid.1", "sent", NOW - MINUTE, {"status": "sent"})
    other = Parked("wamid.2", "edit", NOW, {"text": "ñ"})
    async with database.begin() as uow:
        await uow.parked.add([read, sent, read], NOW)
        await uow.parked.add([read, other], NOW + DAY)
    async with database.begin() as uow:
        assert await uow.parked.take(["wamid.1", "wamid.3"]) == [sent, read]
        assert await uow.parked.take(["wamid.1"]) == []
        assert await uow.parked.prune(NOW + DAY) == 0
        assert await uow.parked.prune(NOW + 2 * DAY) == 1


async def test_pending_items_of_a_conversation_oldest_first(database: Database) -> None:
    new, old = a_pending(of=THREAD, added_at=NOW), a_pending(of=THREAD, added_at=NOW - DAY)
    done = a_pending(of=THREAD, state=PendingState.SKIPPED)
    async with database.begin() as uow:
        await save(uow, *PARENTS, new, old, done)
        assert await uow.pending.open_of([THREAD.id]) == [old, new]
        assert await uow.pending.open_of([]) == []


async def test_open_alerts_by_key(database: Database) -> None:
    opened, closed = an_alert(key="a"), an_alert(key="b", acknowledged_at=NOW)
    async with database.begin() as uow:
        await save(uow, opened, closed)
        assert await uow.alerts.open_by_key(["a", "b", "c"]) == {"a": opened}
        assert await uow.alerts.count_open() == 1


async def test_invites_are_good_once_and_for_a_while(database: Database) -> None:
    async with database.begin() as uow:
        await uow.agents.add_invite("hash", Role.AGENT, NOW + HOUR)
        await uow.agents.add_invite("late", Role.ADMIN, NOW)
    async with database.begin() as uow:
        assert await uow.agents.use_invite("hash", NOW) is Role.AGENT
        assert await uow.agents.use_invite("hash", NOW) is None
        assert await uow.agents.use_invite("late", NOW) is None
        assert await uow.agents.use_invite("none", NOW) is None


async def test_agents_by_telegram(database: Database) -> None:
    ana, gone = an_agent(), an_agent(active=False)
    async with database.begin() as uow:
        await save(uow, ana, gone)
    async with database.read() as uow:
        assert await uow.agents.all() == [ana]
        assert await uow.agents.by_telegram(gone.telegram_id) == gone
        assert await uow.agents.by_telegram(1) is None


async def test_templates_are_found_by_account_name_and_language(database: Database) -> None:
    components = Components(
        "Hola {{nombre}}",
        Header(HeaderKind.TEXT, "Pedido {{1}}"),
        "Responde BAJA",
        (
            TemplateButton(ButtonKind.QUICK_REPLY, "Baja"),
            TemplateButton(ButtonKind.URL, "Ver", "https://example.com/{{1}}"),
        ),
        named=True,
        unfit="CAROUSEL",
    )
    full = a_template(
        name="a",
        components=components,
        meta_id="168",
        quality="RED",
        reason="FIRST_PAUSE",
        paused_until=NOW + HOUR,
        previous_category="utility",
        next_category="marketing",
        next_category_at=NOW + DAY,
        refusal=132000,
        refusal_at=NOW,
    )
    bare = a_template(name="b", components=None, status_at=None, stale=True)
    gone = a_template(name="c", deleted=True, stale=True)
    async with database.begin() as uow:
        await uow.templates.save(new=[full, bare, gone])
        changed = replace(bare, status="PAUSED", status_at=NOW)
        await uow.templates.save(changed=[changed])
        assert await uow.templates.held({changed.key}) == {changed.key: changed}
    async with database.read() as uow:
        assert await uow.templates.of(full.waba_id) == [full, changed, gone]
        assert await uow.templates.named({full.key, (full.waba_id, "b", "pt"), ("other", "c", "es")}) == {
            full.key: full
        }
        assert await uow.templates.named(set()) == {}
        assert await uow.templates.get(gone.id) == gone
        assert await uow.templates.of("other") == []
        assert await uow.templates.stale_accounts(NOW) == {full.waba_id}


async def test_templates_are_stale_when_news_ask_for_it_or_a_pause_should_be_over(database: Database) -> None:
    fresh = a_template(waba_id="1")
    stale = a_template(waba_id="2", stale=True)
    paused = a_template(waba_id="3", status="PAUSED", paused_until=NOW + HOUR)
    async with database.begin() as uow:
        await uow.templates.save(new=[fresh, stale, paused])
    async with database.read() as uow:
        assert await uow.templates.stale_accounts(NOW) == {"2"}
        assert await uow.templates.stale_accounts(NOW + HOUR) == {"2", "3"}


async def test_cards_that_wait_for_a_template_are_found(database: Database) -> None:
    account, contact = an_account(), a_contact()
    talk = a_conversation(contact=contact, account=account)
    mine, reason = TemplateRef("promo_1", "es", ("Ana",)), PendingReason.TEMPLATE_UNUSABLE
    waits = a_pending(of=talk, template=mine, reason=reason)
    others = [
        a_pending(of=talk, template=replace(mine, name="promo_10"), reason=reason),
        a_pending(of=talk, template=replace(mine, name="promoX1"), reason=reason),
        a_pending(of=talk, template=replace(mine, language="es_AR"), reason=reason),
        a_pending(of=talk, template=mine, reason=PendingReason.WINDOW_CLOSED),
        a_pending(of=talk, template=mine, reason=reason, state=PendingState.SKIPPED),
        a_pending(of=talk, template=None, reason=reason),
    ]
    async with database.begin() as uow:
        await save(uow, account, contact, talk, waits, *others)
    async with database.read() as uow:
        assert await uow.pending.waiting_for(account.waba_id, "promo_1", "es", {reason}, 9) == [waits]
        assert await uow.pending.waiting_for("other", "promo_1", "es", {reason}, 9) == []


async def test_audit_entries_are_read_newest_first(database: Database) -> None:
    old = AuditEntry(NOW - DAY, "cli", "a", "contact:1", None, {"x": 1}, None)
    new = AuditEntry(NOW, "agent:7", "b", "contact:1", {"x": 1}, {"x": 2}, "because")
    async with database.begin() as uow:
        await uow.audit.add([old, new, replace(new, subject="contact:2")])
    async with database.read() as uow:
        assert await uow.audit.of("contact:1", 10) == [new, old]
        assert await uow.audit.of("contact:1", 1) == [new]


async def test_a_job_runs_once_per_fire_time(database: Database) -> None:
    async with database.begin() as uow:
        assert await uow.jobs.start("blocks", NOW, NOW)
    async with database.begin() as uow:
        assert not await uow.jobs.start("blocks", NOW, NOW + MINUTE)
        assert await uow.jobs.start("blocks", NOW - DAY, NOW)
        await uow.jobs.finish("blocks", NOW, NOW + MINUTE, "checked=3")
    async with database.read() as uow:
        assert await uow.jobs.last("blocks") == JobRun("blocks", NOW, NOW, NOW + MINUTE, "checked=3")
        assert await uow.jobs.last("none") is None
    async with database.begin() as uow:
        await uow.jobs.start("tokens", NOW - 9 * DAY, NOW - 9 * DAY)
        assert await uow.jobs.prune(NOW - HOUR) == 1, "not the last run of a job, however old"
        assert await uow.jobs.last("tokens") is not None


async def test_secrets_are_bytes_by_name(database: Database) -> None:
    async with database.begin() as uow:
        await uow.secrets.put("token:1", b"\x00\xff", NOW)
        await uow.secrets.put("token:1", b"new", NOW)
        await uow.secrets.put("token:2", b"x", NOW)
        await uow.secrets.delete("token:2")
    async with database.read() as uow:
        assert await uow.secrets.all() == {"token:1": b"new"}
        assert await uow.secrets.get("token:1") == b"new"
        assert await uow.secrets.get("token:2") is None


async def test_the_desk_remembers(database: Database) -> None:
    async with database.begin() as uow:
        assert await uow.desk.add_update(8, b"{}", NOW)
        assert await uow.desk.add_update(7, b"{1}", NOW)
        assert not await uow.desk.add_update(7, b"{2}", NOW)
        assert await uow.desk.unhandled_updates() == [(7, b"{1}"), (8, b"{}")]
        await uow.desk.update_handled(7, NOW)
        assert await uow.desk.unhandled_updates() == [(8, b"{}")]
        assert await uow.desk.prune_updates(NOW) == 0
        assert await uow.desk.prune_updates(NOW + MINUTE) == 1

        await uow.desk.remember(-100, 5, "conversation", 11, NOW)
        await uow.desk.remember(-100, 5, "pending", 12, NOW)
        await uow.desk.remember(-100, 5, "conversation", 13, NOW)
        assert await uow.desk.recall(-100, 5) == {"conversation": 13, "pending": 12}
        assert await uow.desk.recall(1, 5) == {}
        assert await uow.desk.copies("pending", 12) == [(-100, 5)]

        await uow.desk.set_dialog(1, {"step": "name"}, NOW)
        await uow.desk.set_dialog(1, {"step": "text", "n": 2}, NOW)
        assert await uow.desk.dialog(1) == {"step": "text", "n": 2}
        await uow.desk.set_dialog(1, None, NOW)
        assert await uow.desk.dialog(1) is None

        await uow.desk.add_confirmation("tok", 3, {"act": "reset"}, NOW + MINUTE)
        assert await uow.desk.use_confirmation("tok", 4, NOW) is None
        assert await uow.desk.use_confirmation("tok", 3, NOW + MINUTE) is None
        assert await uow.desk.use_confirmation("tok", 3, NOW) == {"act": "reset"}
        assert await uow.desk.use_confirmation("tok", 3, NOW) is None


async def test_a_form_is_taken_once_and_a_few_times_when_it_is_given_back(database: Database) -> None:
    form = TokenForm("h" * 64, 7, 3, NOW + MINUTE)
    async with database.begin() as uow:
        await uow.token_forms.add(TokenForm("e" * 64, 7, 3, NOW + MINUTE))
        await uow.token_forms.add(form)
        await uow.token_forms.add(TokenForm("o" * 64, 7, 4, NOW + MINUTE))
        assert await uow.token_forms.find("e" * 64, NOW) is None
        assert await uow.token_forms.find("h" * 64, NOW + MINUTE) is None
        assert await uow.token_forms.find("h" * 64, NOW) == form
        for tries in (1, 2):
            taken = await uow.token_forms.take("h" * 64, NOW, 2)
            assert taken == replace(form, tries=tries)
            assert await uow.token_forms.take("h" * 64, NOW, 2) is None
            assert await uow.token_forms.find("h" * 64, NOW) is None
            await uow.token_forms.give_back("h" * 64)
        assert await uow.token_forms.take("h" * 64, NOW, 2) is None
        assert await uow.token_forms.prune(NOW + MINUTE) == 0
        assert await uow.token_forms.prune(NOW + 2 * MINUTE) == 2


async def test_what_was_kept_of_an_update_can_be_blanked(database: Database) -> None:
    async with database.begin() as uow:
        await uow.desk.add_update(5, b'{"update_id": 5, "secret": 1}', NOW)
        await uow.desk.blank_update(5, b'{"update_id": 5}')
        assert await uow.desk.unhandled_updates() == [(5, b'{"update_id": 5}')]


async def test_the_queue_of_one_account_is_called_back(database: Database) -> None:
    ours, theirs = an_outbox_item(of=THREAD), an_outbox_item(of=THREAD, account_id=999)
    sending = an_outbox_item(of=THREAD, state=OutboxState.SENDING)
    async with database.begin() as uow:
        await save(uow, *PARENTS, ours, theirs, sending)
        called_back = await uow.outbox.cancel_queued(ours.account_id, "account-removed")
        assert called_back == [replace(ours, state=OutboxState.CANCELLED, error="account-removed")]
        found = await uow.outbox.load([ours.id, theirs.id, sending.id])
        assert [found[each.id].state.value for each in (ours, theirs, sending)] == ["cancelled", "queued", "sending"]


async def test_the_overview_counts(database: Database) -> None:
    blocked = a_conversation(contact=CONTACT, account_id=8, block_state=BlockState.CONFIRMED, last_inbound_at=None)
    async with database.begin() as uow:
        await save(uow, *PARENTS, blocked, a_message(of=THREAD), a_message(of=THREAD), a_sent_message(of=THREAD))
    async with database.read() as uow:
        assert await uow.overview.messages_by_kind_and_status() == {
            ("in", "text", "received"): 2,
            ("out", "text", "sent"): 1,
        }
        assert await uow.overview.contacts() == 1
        assert await uow.overview.conversations_with_open_window(NOW - DAY) == 1
        assert await uow.overview.conversations_with_open_window(NOW) == 0
        assert await uow.overview.blocks() == {"clear": 1, "confirmed": 1}


async def test_a_glance_counts_what_waits_up_to_a_limit(database: Database) -> None:
    account, other = an_account(), an_account()
    people = [a_contact() for _ in range(4)]
    threads = [a_conversation(contact=one, account=account, last_inbound_at=NOW) for one in people]
    threads[0] = replace(threads[0], block_state=BlockState.PROBABLE)
    threads[1] = replace(threads[1], block_state=BlockState.CONFIRMED, last_inbound_at=NOW - 2 * DAY)
    queued = [an_outbox_item(of=thread) for thread in threads]
    unknown = an_outbox_item(of=threads[0], state=OutboxState.UNKNOWN, lease_until=NOW)
    cards = [a_pending(of=thread) for thread in threads]
    async with database.begin() as uow:
        await save(uow, account, other, *people, *threads, *queued, unknown, *cards)
    await store_webhooks(database, "unreadable", None, None)
    async with database.read() as uow:
        assert await uow.overview.glance(NOW - DAY, 3) == {
            "contacts": 3,
            "window": 3,
            "waiting": 2,
            "dead": 1,
            "unknown": 1,
            "probable": 1,
            "confirmed": 1,
        }
        assert (await uow.overview.glance(NOW - DAY, 9))["contacts"] == 4
        assert await uow.overview.queued([account.id, other.id], 3) == {account.id: 3, other.id: 0}
        assert await uow.overview.queued([account.id], 9) == {account.id: 4}
        admin = an_agent(role=Role.ADMIN)
        assert [await uow.pending.count_open(admin, most) for most in (None, 3, 9)] == [4, 3, 4]
        assert [await uow.pending.count_open(None, most) for most in (None, 3, 9)] == [4, 3, 4]


async def test_notices_keep_what_they_say(database: Database) -> None:
    told = a_notice(params={"text": "¿Qué?"}, conversation_id=4)
    card = a_notice(agent_id=None, priority=0)
    async with database.begin() as uow:
        await uow.notices.add([told, card])
        claimed = await uow.notices.claim(NOW, NOW + MINUTE, 10)
    assert claimed == [replace(card, attempts=1), replace(told, attempts=1)]


async def test_files_keep_what_is_known_of_them(database: Database) -> None:
    wanted = a_media(
        state=MediaState.WANTED,
        key=None,
        size=None,
        name="Lista ñ.pdf",
        kind=MediaKind.DOCUMENT,
        attempts=3,
        ready_at=NOW,
        url="https://lookaside.fbsbx.com/x",
        url_until=NOW + MINUTE,
    )
    kept = a_media(thumbnail_key="f" * 64, error=DIFFERS, kind=MediaKind.VOICE, size=5_000_000_000)
    ours = a_media(meta_id=None, message_id=None)
    async with database.begin() as uow:
        await save(uow, wanted, kept, ours)
    async with database.read() as uow:
        assert await uow.media.load([wanted.id, kept.id, ours.id]) == {m.id: m for m in (wanted, kept, ours)}
        assert await uow.media.of_messages([kept.message_id or 0, 12]) == {kept.message_id: kept}
        assert await uow.media.next_due_at() == NOW
        assert await uow.media.in_use({wanted.sha256 or "", kept.key or "", "f" * 64, "0" * 64}, NOW) == {
            wanted.sha256,
            kept.key,
            "f" * 64,
        }
    stored = replace(wanted, state=MediaState.STORED, key=wanted.sha256, ready_at=NOW + MINUTE)
    async with database.begin() as uow:
        await uow.media.save(changed=[stored])
        assert await uow.media.next_due_at() is None
        assert await uow.media.kept_since(NOW, 9) == [kept, ours]
        assert await uow.media.kept_since(NOW + HOUR, 9) == [kept, ours, stored]
        assert await uow.media.kept_since(NOW + HOUR, 1) == [kept]


@pytest.mark.parametrize(
    "state", [OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.ACCEPTED, OutboxState.FAILED]
)
async def test_a_file_that_is_to_leave_is_not_deleted(database: Database, state: OutboxState) -> None:
    file = a_media(meta_id=None)
    async with database.begin() as uow:
        await save(uow, *PARENTS, file, an_outbox_item(of=THREAD, state=state, media_id=file.id))
        settled = state in (OutboxState.ACCEPTED, OutboxState.FAILED)
        assert await uow.media.kept_since(NOW + HOUR, 9) == ([file] if settled else [])


@pytest.mark.parametrize("state", PendingState)
async def test_the_file_of_a_card_stays_while_somebody_may_still_choose(
    database: Database, state: PendingState
) -> None:
    file = a_media(meta_id=None)
    async with database.begin() as uow:
        await save(uow, *PARENTS, file, a_pending(of=THREAD, state=state, media_id=file.id))
        assert await uow.media.kept_since(NOW + HOUR, 9) == ([] if state is PendingState.OPEN else [file])


async def test_the_files_of_plans_are_in_use_while_the_plan_is_or_somebody_walks_that_version(
    database: Database,
) -> None:
    old, new = (Step(HOUR, "", file=KeptFile(MediaKind.IMAGE, digit * 64, "image/jpeg", None, 9)) for digit in "ab")
    plan = a_sequence(state=SequenceState.PAUSED, steps=(old,))
    walk = an_enrollment(of=THREAD, sequence=plan, state=EnrollmentState.PAUSED)
    both = {"a" * 64, "b" * 64, "c" * 64}
    async with database.begin() as uow:
        await save(uow, *PARENTS, plan)
        await uow.sequences.keep_versions([plan])
        await uow.enrollments.save(new=[walk])
        plan = replace(plan, steps=(new,), version=2)
        await uow.sequences.save(changed=[plan])
        await uow.sequences.keep_versions([plan])
        assert await uow.media.in_use(both, NOW) == {"a" * 64, "b" * 64}
        await uow.enrollments.save(changed=[replace(walk, state=EnrollmentState.COMPLETED)])
        assert await uow.media.in_use(both, NOW) == {"b" * 64}
        await uow.sequences.save(changed=[replace(plan, state=SequenceState.ARCHIVED)])
        assert await uow.media.in_use(both, NOW) == set()


async def test_a_file_that_an_agent_is_about_to_send_is_in_use(database: Database) -> None:
    async with database.begin() as uow:
        await uow.desk.set_dialog(7, {"kind": "template", "file": {"kind": "image", "key": "a" * 64}}, NOW)
        await uow.desk.add_confirmation("t", 1, {"file": {"key": "b" * 64}}, NOW + MINUTE)
        assert await uow.media.in_use({"a" * 64, "b" * 64}, NOW) == {"a" * 64, "b" * 64}
        assert await uow.media.in_use({"a" * 64, "b" * 64}, NOW + MINUTE) == {"a" * 64}
        await uow.desk.set_dialog(7, None, NOW)
        assert await uow.media.in_use({"a" * 64}, NOW) == set()


async def test_hostile_text_is_kept_as_it_is(database: Database) -> None:
    hostile = "'; DROP TABLE contacts; -- %s ${x} \u202e🧨 " + "x" * 10_000
    message = a_message(of=THREAD, text=hostile, payload={hostile: hostile})
    async with database.begin() as uow:
        await save(uow, *PARENTS, message)
    async with database.read() as uow:
        assert await uow.messages.load([message.id]) == {message.id: message}
