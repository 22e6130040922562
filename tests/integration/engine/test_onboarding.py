"""A number comes, is looked after, gets new tokens, leaves, and comes back: what is written, and what is not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crm.errors import Conflict, NotFound, Refused, SendPostponed, SendRejected, SendUncertain
from crm.errors import Scope as ErrorScope
from crm.model.accounts import AccountState, Assumption, token_name
from crm.model.limits import Portfolio
from crm.model.messages import DeliveryStatus
from crm.model.numbers import NumberFacts, TokenFacts
from crm.model.outbox import OutboxState
from crm.policy import checks
from crm.services.onboarding import Wanted
from storage.database import Database
from tests.integration.engine.desk import (
    APP_ID,
    NOON,
    PHONE_ID,
    WABA,
    WEBHOOK_URL,
    Desk,
    envelope,
    heard,
    news,
    open_desk,
    wrote,
)
from tests.integration.engine.test_limit_news import capability

HOUR = timedelta(hours=1)
OTHER = "1066"
TOKEN = TokenFacts(True, NOON + timedelta(days=60), None, APP_ID, "SYSTEM_USER", frozenset(checks.SCOPES))
AWAY = SendPostponed("graph-unreachable", scope=ErrorScope.NUMBER, wait=timedelta(seconds=1))


def a_number(phone_number_id: str, *, coexistence: bool = False) -> NumberFacts:
    return NumberFacts(
        phone_number_id, "+34 600 000 000", "Ventas ES", "GREEN", "CONNECTED", coexistence, "TIER_2K", "STANDARD",
        "AVAILABLE", WEBHOOK_URL,
    )  # fmt: skip


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    desk.meta.numbers = {PHONE_ID: a_number(PHONE_ID, coexistence=True), OTHER: a_number(OTHER)}
    desk.meta.tokens = {"EAAG-secret": TOKEN, "EAAG-other": TOKEN}
    return desk


async def trail(desk: Desk, account_id: int) -> list[tuple[str, str, str | None]]:
    async with desk.database.read() as uow:
        return [(entry.actor, entry.action, entry.why) for entry in await uow.audit.of(f"account:{account_id}", 20)]


# --- coming ----------------------------------------------------------------------------------------------------------------------


async def test_a_number_is_added_with_what_meta_says_of_it(desk: Desk) -> None:
    outcome = await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli")
    account = outcome.account
    assert account is not None
    assert (account.display_phone, account.name, account.coexistence) == ("+34 600 000 000", "Ventas ES", False)
    assert (account.messages_per_second, account.quality, account.portfolio_id) == (80, "GREEN", "9001")
    assert account.token_expires_at == TOKEN.expires_at
    assert account in await desk.engine.accounts.all()
    assert await desk.engine.accounts.token_for(account.id) == "EAAG-other"
    assert await trail(desk, account.id) == [("cli", "account.added", "checked with Meta")]


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": {}},
        {"tokens": {"EAAG-other": replace(TOKEN, scopes=frozenset())}},
        {"elsewhere": {OTHER}},
        {"deaf": AWAY},
        {"deaf": SendRejected("invalid-parameter")},
    ],
)
async def test_nothing_is_written_while_something_vital_is_missing(desk: Desk, change: dict[str, object]) -> None:
    for name, value in change.items():
        setattr(desk.meta, name, value)
    outcome = await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli")
    assert outcome.account is None
    assert not outcome.checkup.usable
    assert [each.phone_number_id for each in await desk.engine.accounts.all()] == [PHONE_ID]
    async with desk.database.read() as uow:
        assert await uow.secrets.all() == {
            token_name(desk.account.id): await uow.secrets.get(token_name(desk.account.id))
        }


async def test_a_missing_subscription_is_told_and_made_when_asked_for(desk: Desk) -> None:
    desk.meta.apps.clear()
    told = await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli")
    assert told.checkup.has("not-subscribed")
    assert desk.meta.apps == []
    assert told.account is not None
    await desk.engine.accounts.remove(None, told.account.id)
    made = await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli", subscribe=True)
    assert made.checkup.has("subscribed")
    assert desk.meta.apps == [APP_ID]


async def test_a_number_that_is_ours_is_not_added_twice(desk: Desk) -> None:
    with pytest.raises(Conflict, match="account-exists"):
        await desk.engine.onboarding.add(Wanted(PHONE_ID, WABA), "EAAG-secret", "cli")


# --- being looked after ----------------------------------------------------------------------------------------------------------


async def test_a_check_keeps_what_meta_says_and_forgets_nothing_when_it_is_silent(desk: Desk) -> None:
    (checkup,) = await desk.engine.onboarding.check(desk.admin)
    (account,) = await desk.engine.accounts.all()
    assert checkup.problems == ()
    assert (account.quality, account.portfolio_id, account.token_checked_at) == ("GREEN", "9001", NOON)
    desk.meta.deaf = AWAY
    (checkup,) = await desk.engine.onboarding.check(None)
    assert {each.code for each in checkup.problems} == {"no-answer"}
    assert await desk.engine.accounts.all() == [account]


async def test_only_administrators_examine(desk: Desk) -> None:
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.onboarding.check(desk.agent)
    for act in (desk.engine.accounts.pause, desk.engine.accounts.resume, desk.engine.accounts.remove):
        with pytest.raises(Refused, match="not-permitted"):
            await act(desk.agent, desk.account.id)


async def test_an_account_that_others_share_is_not_unsubscribed(desk: Desk) -> None:
    other = (await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli")).account
    assert other is not None
    with pytest.raises(Refused, match="business-shared"):
        await desk.engine.onboarding.unsubscribe(other.id, "cli")
    await desk.engine.accounts.remove(None, desk.account.id)
    await desk.engine.onboarding.unsubscribe(other.id, "cli")
    assert desk.meta.apps == []


# --- new tokens ------------------------------------------------------------------------------------------------------------------


async def held_for(desk: Desk, reason: str) -> None:
    async with desk.database.begin() as uow:
        account = await uow.accounts.get(desk.account.id)
        assert account is not None
        await uow.accounts.save(changed=[replace(account, state=AccountState.HELD, held_reason=reason)])


@pytest.mark.parametrize("reason", ["token", "permission"])
async def test_a_new_token_that_meta_likes_ends_the_hold(desk: Desk, reason: str) -> None:
    await held_for(desk, reason)
    outcome = await desk.engine.onboarding.replace_token(desk.account.id, "EAAG-other", "agent:7")
    assert outcome.account is not None
    assert outcome.account.state is AccountState.ACTIVE
    assert await desk.engine.accounts.token_for(desk.account.id) == "EAAG-other"
    assert (await trail(desk, desk.account.id))[0] == ("agent:7", "account.token", "checked with Meta")


async def test_a_new_token_ends_no_hold_that_is_not_about_tokens(desk: Desk) -> None:
    await held_for(desk, "payment")
    outcome = await desk.engine.onboarding.replace_token(desk.account.id, "EAAG-other", "agent:7")
    assert outcome.account is not None
    assert (outcome.account.state, outcome.account.held_reason) == (AccountState.HELD, "payment")


async def test_a_token_that_is_no_good_leaves_the_old_one_in_place(desk: Desk) -> None:
    await held_for(desk, "token")
    outcome = await desk.engine.onboarding.replace_token(desk.account.id, "EAAG-nobody", "agent:7")
    assert outcome.account is None
    assert outcome.checkup.has("token-refused")
    (account,) = await desk.engine.accounts.all()
    assert account.state is AccountState.HELD
    assert await desk.engine.accounts.token_for(desk.account.id) == "EAAG-secret"


# --- leaving and coming back -----------------------------------------------------------------------------------------------------


async def test_a_number_that_leaves_sends_nothing_more_and_keeps_its_history(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    talk = await the_conversation(desk)
    for number in range(3):
        await desk.engine.conversations.reply(desk.admin, talk, f"respuesta {number}")
    assert await desk.engine.accounts.remove(desk.admin, desk.account.id) == 3
    assert await desk.engine.accounts.all() == []
    assert await desk.sends() == 0
    assert desk.meta.sent == []
    async with desk.database.read() as uow:
        assert await uow.outbox.counts() == {OutboxState.CANCELLED.value: 3}
        said = await uow.messages.recent(talk, 10)
        assert await uow.secrets.all() == {}
    assert [m.status for m in said if m.wamid is None] == [DeliveryStatus.CANCELLED] * 3
    assert [m.text for m in said if m.wamid] == ["Hola"]
    with pytest.raises(NotFound):
        await desk.engine.accounts.token_for(desk.account.id)
    with pytest.raises(Refused, match="account-removed"):
        await desk.engine.conversations.reply(desk.admin, talk, "tarde")
    with pytest.raises(NotFound, match="account-not-found"):
        await desk.engine.accounts.remove(desk.admin, desk.account.id)


async def test_webhooks_of_a_number_that_left_are_kept_and_counted_and_are_no_error(desk: Desk) -> None:
    await desk.engine.accounts.remove(None, desk.account.id)
    await desk.arrives(envelope(wrote("¿Siguen ahí?", NOON, "wamid.2")), envelope(heard("wamid.x", "delivered", NOON)))
    async with desk.database.read() as uow:
        assert {state.value: n for state, n in (await uow.webhooks.counts()).items() if n} == {"done": 2}
        assert await uow.webhooks.element_counts() == {"unknown": 1}
    assert (await desk.engine.alerts.page(desk.admin)).alerts == ()


async def test_what_left_before_a_number_went_is_still_followed_to_its_end(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    talk = await the_conversation(desk)
    desk.clock.at = NOON + timedelta(minutes=1)
    for text in ("uno", "dos", "tres"):
        await desk.engine.conversations.reply(desk.admin, talk, text)
        await desk.sends()
        desk.clock.advance(minutes=1)
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    await desk.engine.conversations.reply(desk.admin, talk, "quizá")
    await desk.sends()
    await desk.engine.accounts.remove(None, desk.account.id)
    later = desk.clock.now()
    await desk.arrives(
        envelope(heard("wamid.OUT1", "read", later)),
        envelope(heard("wamid.OUT2", "failed", later, code=131026)),
        envelope(heard("wamid.OUT3", "failed", later, code=190)),
        envelope(news("DISABLED_UPDATE", later, ban_info={"waba_ban_state": "DISABLE"})),
    )
    desk.clock.advance(hours=1)
    await desk.engine.outbox.reconcile()
    async with desk.database.read() as uow:
        said = {m.text: m.status for m in await uow.messages.recent(talk, 10)}
        assert {state.value: n for state, n in (await uow.webhooks.counts()).items() if n} == {"done": 5}
        account = await uow.accounts.get(desk.account.id)
    assert (said["uno"], said["dos"], said["tres"]) == (
        DeliveryStatus.READ,
        DeliveryStatus.FAILED,
        DeliveryStatus.FAILED,
    )
    assert account is not None
    assert account.state is AccountState.REMOVED


async def test_a_number_that_comes_back_is_the_same_one_with_its_history(desk: Desk) -> None:
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    talk = await the_conversation(desk)
    await desk.engine.conversations.reply(desk.admin, talk, "nunca sale")
    await desk.engine.accounts.set_assumption(desk.admin, desk.account.id, "manual_send", on=False)
    await desk.engine.accounts.remove(None, desk.account.id)
    outcome = await desk.engine.onboarding.add(Wanted(PHONE_ID, WABA, "Ventas"), "EAAG-other", "cli")
    assert outcome.account is not None
    assert (outcome.account.id, outcome.account.state) == (desk.account.id, AccountState.ACTIVE)
    assert outcome.account.assumptions == {Assumption.SEQUENCE_START}
    await desk.arrives(envelope(wrote("¿Hola?", NOON + timedelta(minutes=1), "wamid.2")))
    assert await the_conversation(desk) == talk
    await desk.engine.conversations.reply(desk.admin, talk, "Aquí estamos")
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Aquí estamos"]


async def test_whoever_pauses_says_why_and_it_is_read_on_the_card(desk: Desk) -> None:
    await desk.engine.accounts.pause(desk.admin, desk.account.id, "  inventario\n hasta el lunes ")
    card = await desk.engine.accounts.card(desk.agent, desk.account.id)
    assert (card.account.state, card.queued, card.has_token) == (AccountState.PAUSED, 0, True)
    assert card.stopped is not None
    assert card.stopped.why == "inventario hasta el lunes"
    await desk.engine.accounts.resume(None, desk.account.id)
    assert [entry[:2] for entry in (await trail(desk, desk.account.id))[:2]] == [
        ("cli", "account.state"),
        (f"agent:{desk.admin.id}", "account.state"),
    ]


async def the_conversation(desk: Desk) -> int:
    async with desk.database.read() as uow:
        account = await uow.accounts.by_phone_number_id(PHONE_ID)
        assert account is not None
        (contact_id,) = {row.contact_id for row in await uow.contacts.known(["w:5491155550099"])}
        ((_, conversation),) = (await uow.conversations.find([(contact_id, account.id)])).items()
    return conversation.id


# --- how many people the portfolio may reach ---------------------------------------------------------------------------------------


async def most(desk: Desk) -> tuple[int | None, datetime] | None:
    async with desk.database.read() as uow:
        known = (await uow.reach.portfolios(["9001"])).get("9001")
    return None if known is None else (known.most, known.said_at)


def allows(desk: Desk, limit: str) -> None:
    desk.meta.numbers[PHONE_ID] = replace(a_number(PHONE_ID, coexistence=True), messaging_limit=limit)
    desk.meta.numbers[OTHER] = replace(a_number(OTHER), messaging_limit=limit)


async def test_every_way_to_ask_about_a_number_keeps_its_portfolios_limit(desk: Desk) -> None:
    allows(desk, "TIER_250")
    await desk.engine.onboarding.add(Wanted(OTHER, WABA), "EAAG-other", "cli")
    assert await most(desk) == (250, NOON)
    desk.clock.advance(hours=1)
    allows(desk, "TIER_2K")
    await desk.engine.onboarding.check(None)
    assert await most(desk) == (2000, NOON + HOUR)
    desk.clock.advance(hours=1)
    allows(desk, "TIER_UNLIMITED")
    await desk.engine.onboarding.replace_token(desk.account.id, "EAAG-other", "cli")
    assert await most(desk) == (None, NOON + 2 * HOUR)
    allows(desk, "")
    desk.clock.advance(hours=1)
    await desk.engine.onboarding.check(None)
    assert await most(desk) == (None, NOON + 2 * HOUR)


async def test_a_webhook_that_came_while_meta_was_asked_outweighs_the_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.engine.onboarding.check(None)
    desk.clock.advance(hours=1)
    ask = desk.meta.number

    async def asked(phone_number_id: str, token: str) -> NumberFacts:
        facts = await ask(phone_number_id, token)
        desk.clock.advance(seconds=2)
        await desk.arrives(envelope(capability(10_000, desk.clock.now())))
        return facts

    monkeypatch.setattr(desk.meta, "number", asked)
    allows(desk, "TIER_2K")
    await desk.engine.onboarding.check(None)
    assert await most(desk) == (10_000, desk.clock.now())
    desk.clock.advance(hours=1)
    monkeypatch.undo()
    await desk.engine.onboarding.check(None)
    assert await most(desk) == (2000, desk.clock.now())


async def test_what_another_process_learnt_later_is_not_written_over(desk: Desk) -> None:
    async with desk.database.begin() as uow:
        await uow.reach.save_portfolio(Portfolio("9001", 2000, NOON + HOUR))
        await uow.reach.save_portfolio(Portfolio("9001", 250, NOON))
    assert await most(desk) == (2000, NOON + HOUR)
