"""Meta's limits as the outbox lives with them: slower, resting, one by one, later, and never at the expense of somebody else."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import rates
from bot.whatsapp.errors import classify
from crm.model.accounts import Account, AccountState
from crm.model.alerts import Alert, AlertKind
from crm.model.contacts import Contact
from crm.model.conversations import Conversation
from crm.model.limits import Portfolio, Usage
from crm.model.messages import DeliveryStatus, Direction, Message, Source, TemplateRef
from crm.model.outbox import Origin, OutboxItem, OutboxState, Parcel
from crm.model.paces import PaceNow
from crm.model.pending import PendingReason
from crm.services.outbox import FileTools, OutboxService, Sent
from storage.database import Database
from tests.builders import a_contact, a_conversation, a_template, an_account, an_outbox_item, save
from tests.integration.engine.desk import NOON, WABA, Desk, envelope, heard, open_desk, wrote

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
OFFER, PROMO = TemplateRef("oferta", "es"), TemplateRef("promo", "es")


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await open_desk(database)


class Shop:
    """The desk with a fast number, and people who can be queued for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tried: list[tuple[str, datetime]] = []
        self.codes: dict[str, list[int]] = {}
        desk.meta.refuse = self._refuse

    def _refuse(self, parcel: Parcel) -> Exception | None:
        self.tried.append((parcel.text, self.desk.clock.now()))
        codes = self.codes.get(parcel.text)
        return classify(codes.pop(0)) if codes else None

    async def account(self, **changes: Any) -> Account:
        account = an_account(**{"coexistence": False, "messages_per_second": 80, "waba_id": WABA, **changes})
        async with self.desk.database.begin() as uow:
            await save(uow, account)
        return account

    async def queue(
        self, account: Account, *texts: str, outside: bool = False, to: Conversation | None = None, **changes: Any
    ) -> list[OutboxItem]:
        """One message to each of so many people (or all to one); `outside` their window, as a template."""
        now = self.desk.clock.now()
        items: list[OutboxItem] = []
        things: list[object] = []
        for text in texts:
            wrote_at = None if outside else now - HOUR
            thread = to or a_conversation(
                contact=(contact := a_contact()), account=account, last_inbound_at=wrote_at, first_inbound_at=wrote_at
            )
            if to is None:
                things += [contact, thread]
            made: dict[str, Any] = {"due_at": now, "text": text, "template": OFFER if outside else None}
            items.append(an_outbox_item(of=thread, **{**made, **changes}))
        async with self.desk.database.begin() as uow:
            await save(uow, *things, *items)
            await uow.messages.save(new=[_message(item, now) for item in items])
        return items

    async def thread(self, account: Account, **changes: Any) -> Conversation:
        contact = a_contact(**changes)
        thread = a_conversation(contact=contact, account=account, last_inbound_at=self.desk.clock.now() - HOUR)
        async with self.desk.database.begin() as uow:
            await save(uow, contact, thread)
        return thread

    async def passes(self, span: timedelta) -> None:
        """Let time pass as the dispatcher would: whatever is due leaves at its time."""
        end = self.desk.clock.now() + span
        for _ in range(20_000):
            due = await self.desk.engine.outbox.due()
            moments = [due.later] if due.later else []
            for account_id in due.ready:
                claim = await self.desk.engine.outbox.run_once(account_id)
                moments += [claim.next_at] if claim.next_at else []
                if claim.taken:
                    moments.append(self.desk.clock.now())
            now = self.desk.clock.now()
            upcoming = [max(moment, now + timedelta(milliseconds=1)) for moment in moments]
            if not upcoming or min(upcoming) > end:
                self.desk.clock.advance(seconds=(end - now).total_seconds())
                return
            self.desk.clock.advance(seconds=(min(upcoming) - now).total_seconds())
        raise AssertionError("the outbox does not come to rest")

    async def state(self, items: Sequence[OutboxItem]) -> list[OutboxState]:
        async with self.desk.database.read() as uow:
            found = await uow.outbox.load([item.id for item in items])
        return [found[item.id].state for item in items]

    async def read(self, account: Account) -> Account:
        async with self.desk.database.read() as uow:
            found = await uow.accounts.get(account.id)
        assert found is not None
        return found

    async def contact(self, item: OutboxItem) -> Contact:
        async with self.desk.database.read() as uow:
            return (await uow.contacts.load([item.contact_id]))[item.contact_id]

    async def alerts(self, kind: AlertKind) -> list[Alert]:
        found = (await self.desk.engine.alerts.page(self.desk.admin)).alerts
        return [alert for alert in found if alert.kind is kind]

    def times(self, text: str) -> list[datetime]:
        return [at for said, at in self.tried if said == text]


def _message(item: OutboxItem, now: datetime) -> Message:
    return Message(
        id=item.id,
        account_id=item.account_id,
        contact_id=item.contact_id,
        conversation_id=item.conversation_id,
        wamid=None,
        direction=Direction.OUT,
        source=Source.CRM,
        kind="template" if item.template else "text",
        text=item.text,
        payload={},
        at=now,
        created_at=now,
        status=DeliveryStatus.QUEUED,
    )


@pytest.fixture
async def shop(desk: Desk) -> Shop:
    """Two business accounts know an offer (utility) and a promotion (marketing)."""
    async with desk.database.begin() as uow:
        for waba_id in (WABA, "another"):
            for name, category in (("oferta", "utility"), ("promo", "marketing")):
                await save(uow, a_template(waba_id=waba_id, name=name, category=category, body="Hola"))
    return Shop(desk)


# --- the number's throughput --------------------------------------------------------------------------------------------------


async def test_a_number_that_is_refused_slows_down_and_recovers(shop: Shop) -> None:
    account = await shop.account()
    await shop.queue(account, *(f"m{n}" for n in range(400)))
    shop.codes["m30"] = [130429]
    await shop.passes(timedelta(seconds=4))
    slow = (await shop.read(account)).limits
    assert slow.slowed_to == 40
    assert slow.slowed_at is not None
    first = [at for _, at in shop.tried if slow.slowed_at < at <= slow.slowed_at + 2 * SECOND]
    assert 30 <= len(first) <= 46  # a second's standstill, then 40 a second
    assert (await shop.alerts(AlertKind.ACCOUNT_SLOWED))[0].params["code"] == "rate-limit"
    await shop.passes(timedelta(minutes=3))
    assert len(shop.desk.meta.sent) == 400
    await shop.queue(account, *(f"n{n}" for n in range(160)))
    begun = shop.desk.clock.now()
    await shop.passes(timedelta(seconds=30))
    last = max(at for text, at in shop.tried if text.startswith("n"))
    assert timedelta(seconds=1.8) <= last - begun <= timedelta(seconds=2.1)  # 80 a second again


async def test_the_refused_message_itself_leaves_and_no_attempt_is_burnt(shop: Shop) -> None:
    account = await shop.account()
    (item,) = await shop.queue(account, "hola")
    shop.codes["hola"] = [130429] * 12
    await shop.passes(timedelta(minutes=3))
    assert await shop.state([item]) == [OutboxState.ACCEPTED]
    assert len(shop.times("hola")) == 13


async def test_a_slow_down_survives_a_restart(shop: Shop) -> None:
    account = await shop.account()
    await shop.queue(account, "a")
    shop.codes["a"] = [130429]
    await shop.passes(SECOND)
    await shop.queue(account, *(f"m{n}" for n in range(200)))
    fresh = await open_engine_again(shop.desk)
    await fresh.due()
    assert fresh._paces[account.id].rate == 40


async def open_engine_again(desk: Desk) -> OutboxService:
    return OutboxService(
        desk.database,
        desk.meta,
        desk.clock,
        "again",
        timedelta(minutes=15),
        lambda code, detail: classify(code, detail or ""),
        FileTools(desk.shelf, desk.meta),
        rates.shipped(),
    )


async def test_a_failed_status_of_speed_slows_the_number_once_however_often_it_comes(shop: Shop) -> None:
    account = shop.desk.account
    (item,) = await shop.queue(account, "hola", origin=Origin.REPLY)
    await shop.passes(SECOND)
    status = envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now(), code=130429))
    await shop.desk.arrives(status, status)
    assert (await shop.read(account)).limits.slowed_to == 10
    cards = (await shop.desk.engine.pending.page(shop.desk.admin)).lines
    assert [(card.text, card.reason) for card, _ in cards] == [("hola", PendingReason.REJECTED_BY_META)]
    assert await shop.state([item]) == [OutboxState.FAILED]


async def in_hand(shop: Shop, text: str) -> Sent:
    """A reply that Meta took while we have not yet written down under which name."""
    await shop.queue(shop.desk.account, text, origin=Origin.REPLY)
    await shop.desk.engine.outbox.due()
    claim = await shop.desk.engine.outbox.claim({shop.desk.account.id: 1})
    return await shop.desk.engine.outbox.send(claim.tickets[0])


@pytest.mark.parametrize("arrived", ["delivered", "read"])
async def test_what_arrived_has_not_failed_although_both_were_told_before_its_name_was_known(
    shop: Shop, arrived: str
) -> None:
    sent, now = await in_hand(shop, "hola"), shop.desk.clock.now()
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", now, code=131026)))
    await shop.desk.arrives(envelope(heard("wamid.OUT1", arrived, now + SECOND)))
    await shop.desk.engine.outbox.settle([sent])
    assert await shop.state([sent.item]) == [OutboxState.ACCEPTED]
    assert (await shop.desk.engine.pending.page(shop.desk.admin)).total == 0
    assert await shop.alerts(AlertKind.SEND_FAILED) == []


async def test_a_failure_told_before_the_name_was_known_counts_from_its_own_time(shop: Shop) -> None:
    sent = await in_hand(shop, "hola")
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now() - 30 * HOUR, code=130429)))
    await shop.desk.engine.outbox.settle([sent])
    assert await shop.state([sent.item]) == [OutboxState.FAILED]
    assert (await shop.read(shop.desk.account)).limits.slowed_at is None


async def test_a_late_failed_status_of_speed_changes_nothing(shop: Shop) -> None:
    await shop.queue(shop.desk.account, "hola")
    await shop.passes(SECOND)
    failed_at = shop.desk.clock.now()
    shop.desk.clock.advance(hours=30)
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", failed_at, code=130429)))
    assert (await shop.read(shop.desk.account)).limits.slowed_at is None
    assert len(shop.desk.meta.sent) == 1


async def test_a_sequences_message_that_failed_for_speed_is_sent_once_more(shop: Shop) -> None:
    await shop.queue(shop.desk.account, "paso uno")
    await shop.passes(SECOND)
    status = envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now(), code=130429))
    await shop.desk.arrives(status, status)
    await shop.passes(MINUTE)
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["paso uno", "paso uno"]
    assert len({parcel.opaque for parcel in shop.desk.meta.sent}) == 2


async def test_it_is_not_sent_once_more_if_the_first_arrived_after_all(shop: Shop) -> None:
    await shop.queue(shop.desk.account, "paso uno")
    await shop.passes(SECOND)
    now = shop.desk.clock.now()
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", now, code=130429)))
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "delivered", now)))
    await shop.passes(MINUTE)
    assert len(shop.desk.meta.sent) == 1


async def test_nor_a_second_time_if_the_very_first_arrived_after_all(shop: Shop) -> None:
    await shop.queue(shop.desk.account, "paso uno")
    await shop.passes(SECOND)
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now(), code=130429)))
    await shop.passes(MINUTE)
    await shop.desk.arrives(envelope(heard("wamid.OUT2", "failed", shop.desk.clock.now(), code=130429)))
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "delivered", shop.desk.clock.now())))
    await shop.passes(MINUTE)
    assert len(shop.desk.meta.sent) == 2


async def test_a_number_in_coexistence_sends_twenty_a_second_whatever_is_set(shop: Shop) -> None:
    account = await shop.account(coexistence=True, messages_per_second=80)
    await shop.queue(account, *(f"m{n}" for n in range(60)))
    begun = shop.desk.clock.now()
    await shop.passes(timedelta(seconds=30))
    last = max(at for _, at in shop.tried)
    assert timedelta(seconds=2.7) <= last - begun <= timedelta(seconds=3.1)


# --- whoever must rest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "resting"), [(131057, 1), (80007, 2), (4, 3)])
async def test_a_refusal_lets_exactly_those_rest_whom_it_concerns_and_costs_one_call(
    shop: Shop, code: int, resting: int
) -> None:
    accounts = [await shop.account(), await shop.account(), await shop.account(waba_id="another")]
    items = await shop.queue(accounts[0], "first")
    shop.codes["first"] = [code]
    await shop.passes(SECOND)
    for n, account in enumerate(accounts):
        items += await shop.queue(account, f"late{n}")
    await shop.passes(MINUTE)
    assert len([1 for text, _ in shop.tried if text.startswith("late")]) == 3 - resting
    await shop.passes(timedelta(minutes=10))
    assert await shop.state(items) == [OutboxState.ACCEPTED] * 4
    assert len(shop.times("first")) == 2


async def test_a_number_restricted_for_spam_is_held_for_hours_and_admins_hear_it(shop: Shop) -> None:
    account = await shop.account()
    other = await shop.account()
    items = await shop.queue(account, "one", "two", "three")
    shop.codes["one"] = [131048]
    await shop.passes(SECOND)
    held = await shop.read(account)
    assert (held.state, held.held_reason) == (AccountState.HELD, "spam")
    assert held.held_until is not None
    assert held.held_until - shop.desk.clock.now() > timedelta(hours=5, minutes=59)
    assert [alert.params["reason"] for alert in await shop.alerts(AlertKind.ACCOUNT_HELD)] == ["spam"]
    await shop.queue(account, "four")
    await shop.queue(other, "elsewhere")
    await shop.passes(HOUR)
    assert not shop.times("four")
    assert shop.times("elsewhere")
    assert (await shop.state(items))[0] is OutboxState.QUEUED


# --- one conversation ------------------------------------------------------------------------------------------------------------


async def test_a_pair_limit_delays_this_contact_and_nobody_else(shop: Shop) -> None:
    """The others' times are the same to the microsecond as if nothing had happened."""
    others = [f"m{n}" for n in range(40)]

    async def run(codes: list[int]) -> list[timedelta]:
        account = await shop.account()
        thread = await shop.thread(account)
        begun = shop.desk.clock.now()
        await shop.queue(account, "limited", to=thread, created_at=begun)
        await shop.queue(account, *others)
        shop.tried.clear()
        shop.codes["limited"] = codes
        await shop.passes(timedelta(minutes=30))
        return [shop.times(text)[0] - begun for text in others]

    calm = await run([])
    assert await run([131056] * 5) == calm
    limited = shop.times("limited")
    gaps = [(later - sooner) // SECOND for sooner, later in itertools.pairwise(limited)]
    assert gaps == [6, 6, 16, 64, 256]


async def test_later_messages_of_the_pair_wait_with_it_without_a_call(shop: Shop) -> None:
    account = await shop.account()
    thread = await shop.thread(account)
    items = await shop.queue(account, "one", to=thread)
    shop.codes["one"] = [131056] * 3
    await shop.passes(timedelta(seconds=13))
    items += await shop.queue(account, "two", to=thread)
    before = len(shop.times("one"))
    await shop.passes(timedelta(seconds=10))
    assert (len(shop.times("one")), shop.times("two")) == (before, [])
    await shop.passes(timedelta(minutes=2))
    assert await shop.state(items) == [OutboxState.ACCEPTED] * 2


async def test_a_pairs_rest_survives_a_restart_and_is_never_given_up(shop: Shop) -> None:
    account = await shop.account()
    (item,) = await shop.queue(account, "one")
    shop.codes["one"] = [131056] * 12
    await shop.passes(timedelta(minutes=7))
    tried = len(shop.times("one"))
    fresh = await open_engine_again(shop.desk)
    assert (await fresh.due()).ready == []
    assert len(shop.times("one")) == tried
    await shop.passes(timedelta(hours=9))
    assert await shop.state([item]) == [OutboxState.ACCEPTED]


# --- the portfolio's places --------------------------------------------------------------------------------------------------------


async def limit(shop: Shop, portfolio: str, most: int | None) -> None:
    async with shop.desk.database.begin() as uow:
        await uow.reach.save_portfolio(Portfolio(portfolio, most, NOON - DAY))


async def test_whom_the_portfolio_may_not_reach_today_waits_for_the_next_place(shop: Shop) -> None:
    one, two = await shop.account(portfolio_id="p"), await shop.account(portfolio_id="p", waba_id="another")
    await limit(shop, "p", 3)
    items = await shop.queue(one, "a", "b", outside=True)
    await shop.passes(HOUR)
    items += await shop.queue(two, "c", "d", "e", outside=True)
    live = await shop.queue(two, "live", origin=Origin.REPLY)
    await shop.passes(HOUR)
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["a", "b", "live", "c"]
    assert await shop.state([*items, *live]) == [OutboxState.ACCEPTED] * 3 + [OutboxState.QUEUED] * 2 + [
        OutboxState.ACCEPTED
    ]
    (alert,) = await shop.alerts(AlertKind.PORTFOLIO_LIMIT)
    assert (alert.params["most"], alert.params["waiting"]) == (3, 2)
    await shop.passes(timedelta(hours=21, minutes=30))
    assert len(shop.desk.meta.sent) == 4
    await shop.passes(timedelta(hours=1))
    assert await shop.state(items) == [OutboxState.ACCEPTED] * 5
    assert len(await shop.alerts(AlertKind.PORTFOLIO_LIMIT)) == 1
    late = [at - shop.times("a")[0] for at in (shop.times("d")[0], shop.times("e")[0])]
    assert all(DAY <= each <= DAY + MINUTE for each in late)


async def test_somebody_who_was_reached_today_costs_no_further_place(shop: Shop) -> None:
    account = await shop.account(portfolio_id="p")
    await limit(shop, "p", 1)
    (first,) = await shop.queue(account, "a", outside=True)
    await shop.passes(HOUR)
    async with shop.desk.database.read() as uow:
        thread = (await uow.conversations.load([first.conversation_id]))[first.conversation_id]
    await shop.queue(account, "b", to=thread, outside=True)
    await shop.queue(account, "c", outside=True)
    await shop.passes(timedelta(hours=23, minutes=30))
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["a", "b"]
    await shop.passes(HOUR)
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["a", "b", "c"]


async def test_a_template_inside_the_window_costs_no_place(shop: Shop) -> None:
    account = await shop.account(portfolio_id="p")
    await limit(shop, "p", 1)
    await shop.queue(account, "a", "b", "c", template=OFFER)
    await shop.passes(HOUR)
    assert len(shop.desk.meta.sent) == 3


@pytest.mark.parametrize("told", [False, True])
async def test_without_a_known_limit_nothing_waits_and_everything_is_counted(shop: Shop, told: bool) -> None:
    account = await shop.account(portfolio_id="p")
    if told:
        await limit(shop, "p", None)
    await shop.queue(account, *(f"m{n}" for n in range(30)), outside=True)
    await shop.passes(HOUR)
    assert len(shop.desk.meta.sent) == 30
    async with shop.desk.database.read() as uow:
        assert await uow.reach.used("p", NOON - DAY, 1000) == 30


async def test_a_message_that_meta_refuses_gives_its_place_back(shop: Shop) -> None:
    account = await shop.account(portfolio_id="p")
    await limit(shop, "p", 1)
    await shop.queue(account, "a", outside=True)
    shop.codes["a"] = [131026]
    await shop.passes(HOUR)
    await shop.queue(account, "b", outside=True)
    await shop.passes(HOUR)
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["b"]
    await shop.desk.arrives(envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now(), code=131026)))
    await shop.queue(account, "c", outside=True)
    await shop.passes(HOUR)
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["b", "c"]


# --- marketing ---------------------------------------------------------------------------------------------------------------------


async def test_marketing_that_meta_spares_somebody_comes_back_after_days_and_utility_goes_on(shop: Shop) -> None:
    account = await shop.account()
    (item,) = await shop.queue(account, "promo", outside=True, template=PROMO)
    shop.codes["promo"] = [131049, 131049]
    await shop.passes(MINUTE)
    assert (await shop.contact(item)).marketing_refusals == 1
    await shop.passes(timedelta(hours=23))
    assert len(shop.times("promo")) == 1
    await shop.passes(timedelta(hours=2))
    assert len(shop.times("promo")) == 2
    async with shop.desk.database.read() as uow:
        thread = (await uow.conversations.load([item.conversation_id]))[item.conversation_id]
    (later,) = await shop.queue(account, "otra promo", to=thread, outside=True, template=PROMO)
    (utility,) = await shop.queue(account, "aviso", to=thread, template=OFFER)
    await shop.passes(timedelta(hours=46))
    assert await shop.state([item, later, utility]) == [OutboxState.QUEUED, OutboxState.QUEUED, OutboxState.ACCEPTED]
    await shop.passes(timedelta(hours=2))
    assert await shop.state([item, later]) == [OutboxState.ACCEPTED] * 2


async def test_an_agents_marketing_that_meta_spares_becomes_a_card(shop: Shop) -> None:
    account = await shop.account()
    (item,) = await shop.queue(account, "promo", outside=True, template=PROMO, origin=Origin.APPROVAL)
    shop.codes["promo"] = [131049]
    await shop.passes(MINUTE)
    cards = (await shop.desk.engine.pending.page(shop.desk.admin)).lines
    assert [(card.text, card.reason) for card, _ in cards] == [("promo", PendingReason.REJECTED_BY_META)]
    assert await shop.state([item]) == [OutboxState.FAILED]
    await shop.passes(3 * DAY)
    assert len(shop.times("promo")) == 1


async def test_a_failed_status_spares_them_too_and_comes_once(shop: Shop) -> None:
    (item,) = await shop.queue(shop.desk.account, "promo", outside=True, template=PROMO)
    await shop.passes(MINUTE)
    status = envelope(heard("wamid.OUT1", "failed", shop.desk.clock.now(), code=131049))
    await shop.desk.arrives(status, status)
    assert (await shop.contact(item)).marketing_refusals == 1
    await shop.passes(timedelta(hours=23))
    assert len(shop.desk.meta.sent) == 1
    await shop.passes(timedelta(hours=2))
    assert [parcel.text for parcel in shop.desk.meta.sent] == ["promo", "promo"]


@pytest.mark.parametrize("code", [130472, 131050])
async def test_what_marketing_may_never_try_again_is_not_tried_again(shop: Shop, code: int) -> None:
    (item,) = await shop.queue(shop.desk.account, "promo", outside=True, template=PROMO)
    shop.codes["promo"] = [code]
    await shop.passes(40 * DAY)
    assert (len(shop.times("promo")), await shop.state([item])) == (1, [OutboxState.FAILED])
    assert (await shop.contact(item)).marketing_opted_out is (code == 131050)


async def test_a_step_that_was_put_off_for_days_is_dropped_by_a_reply_and_repeats_nothing(shop: Shop) -> None:
    """The walk went on meanwhile: standing before the old step again would send the later ones twice."""
    desk = shop.desk
    await desk.plan("Uno", "Dos", "Tres", hours=1)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    await shop.passes(timedelta(hours=1))
    await desk.engine.sequences.process_due()
    shop.codes["Uno"] = [131049]
    await shop.passes(timedelta(hours=1))
    await desk.engine.sequences.process_due()
    await shop.passes(MINUTE)
    assert [parcel.text for parcel in desk.meta.sent] == ["Dos"]
    await desk.arrives(envelope(wrote("Gracias", desk.clock.now(), "wamid.2")))
    contact = (await desk.engine.contacts.find(desk.admin, "Leo"))[0]
    (walk,) = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].walks
    assert walk.enrollment.position == 2
    await shop.passes(3 * DAY)
    assert [parcel.text for parcel in desk.meta.sent] == ["Dos"]


# --- for everybody to see ------------------------------------------------------------------------------------------------------------


async def test_the_state_of_every_limit_is_to_be_seen(shop: Shop) -> None:
    slow, resting = await shop.account(portfolio_id="p"), await shop.account(portfolio_id="q")
    await limit(shop, "p", 2000)
    await shop.queue(slow, "a", "b", outside=True)
    await shop.queue(resting, "c")
    shop.codes = {"b": [130429], "c": [131057]}
    await shop.passes(SECOND)
    report = (await shop.desk.engine.reports.status(None)).as_json()["accounts"]
    seen = {each["id"]: each for each in report}
    assert (seen[slow.id]["pace"]["rate"], seen[slow.id]["pace"]["allowed"]) == (40, 80)
    assert seen[slow.id]["portfolio"] == {"id": "p", "used": 2, "most": 2000, "known": True}
    assert seen[resting.id]["pace"]["rests_for"] == "number-in-maintenance"
    assert seen[resting.id]["portfolio"] == {"id": "q", "used": 0, "most": None, "known": False}
    await shop.passes(timedelta(minutes=10))
    glance = {each.account.id: each for each in (await shop.desk.engine.reports.glance(shop.desk.agent)).accounts}
    assert [glance[each.id].pace for each in (slow, resting)] == [PaceNow(80, 80)] * 2


# --- what is used of Meta's call limits --------------------------------------------------------------------------------------------


def answers_tell(shop: Shop, usage: Usage | None) -> None:
    """Every send is accepted with these headers."""
    shop.desk.meta.usage = usage


async def test_a_business_account_that_has_used_much_sends_slower_and_recovers(shop: Shop) -> None:
    account, other = await shop.account(), await shop.account(waba_id="another")
    answers_tell(shop, Usage(business=90))
    await shop.queue(account, "a")
    await shop.passes(SECOND)
    slow = await shop.read(account)
    assert (slow.limits.used, (await shop.read(other)).limits.used) == (90, None)
    (seen,) = [
        each.pace for each in (await shop.desk.engine.reports.status(None)).accounts if each.account.id == account.id
    ]
    assert seen is not None
    assert (seen.used, round(seen.rate), seen.allowed) == (90, 32, 80)
    answers_tell(shop, None)
    await shop.queue(account, *(f"m{n}" for n in range(64)))
    began = shop.desk.clock.now()
    await shop.passes(MINUTE)
    assert max(at for _, at in shop.tried) - began >= 1.5 * SECOND  # 64 at 32 a second, instead of 80
    await shop.passes(5 * MINUTE)
    (seen,) = [
        each.pace for each in (await shop.desk.engine.reports.status(None)).accounts if each.account.id == account.id
    ]
    assert seen is not None
    assert (seen.used, seen.rate) == (None, 80)


async def test_an_app_that_is_nearly_used_up_lets_every_number_rest_and_nothing_is_lost(shop: Shop) -> None:
    account, other = await shop.account(), await shop.account(waba_id="another")
    answers_tell(shop, Usage(app=97))
    first = await shop.queue(account, "a")
    await shop.passes(SECOND)
    answers_tell(shop, None)
    more = [*await shop.queue(account, "b"), *await shop.queue(other, "c")]
    await shop.passes(50 * SECOND)
    assert [text for text, _ in shop.tried] == ["a"]
    assert {alert.params["code"] for alert in await shop.alerts(AlertKind.ACCOUNT_SLOWED)} == {"app-limit"}
    await shop.passes(MINUTE)
    assert await shop.state([*first, *more]) == [OutboxState.ACCEPTED] * 3
    assert sorted(text for text, _ in shop.tried) == ["a", "b", "c"]


async def test_a_business_account_rests_as_long_as_meta_says(shop: Shop) -> None:
    account = await shop.account()
    answers_tell(shop, Usage(business=99, regain_minutes=7))
    await shop.queue(account, "a")
    await shop.passes(SECOND)
    answers_tell(shop, None)
    await shop.queue(account, "b")
    await shop.passes(6 * MINUTE)
    assert shop.times("b") == []
    await shop.passes(2 * MINUTE)
    assert len(shop.times("b")) == 1
