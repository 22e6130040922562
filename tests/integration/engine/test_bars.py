"""A restriction under which Meta takes no templates from a number: they wait for a person, and replies leave as always."""

from datetime import datetime, timedelta

import pytest

from crm.errors import Refused
from crm.model.accounts import AccountState
from crm.model.alerts import AlertKind, Severity
from crm.model.answers import Held
from crm.model.outbox import OutboxState
from crm.model.pending import PendingReason
from crm.model.templates import Components, TemplateFacts
from crm.services.template_sends import Target
from storage.database import Database
from tests.integration.engine.desk import (
    NO_TEMPLATES,
    NO_UTILITY,
    NOON,
    PHONE_ID,
    Desk,
    envelope,
    number_facts,
    open_desk,
    restricted,
    wrote,
)
from tests.integration.engine.test_limits import PROMO, Shop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    desk.meta.found = [
        TemplateFacts("oferta", "es", "UTILITY", "APPROVED", Components("Hola")),
        TemplateFacts("promo", "es", "MARKETING", "APPROVED", Components("Hola")),
    ]
    await desk.engine.templates.refresh()
    return desk


async def barred(desk: Desk, what: str, at: datetime, until: datetime | None) -> None:
    await desk.arrives(envelope(restricted(at, until, what)))


async def names(desk: Desk, card: int) -> list[str]:
    found = await desk.engine.template_sends.choices(desk.agent, Target(pending_id=card))
    return sorted(each.template.name for each in found.choices)


async def late(desk: Desk) -> int:
    """A card of a message whose window is closed."""
    await desk.arrives(envelope(wrote("hola", desk.clock.now(), "wamid.IN1")))
    desk.clock.advance(hours=25)
    (contact,) = await desk.engine.contacts.find(desk.admin, "Leo")
    (talk,) = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations
    held = await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "¿Seguimos?")
    assert isinstance(held, Held)
    return held.pending_id


async def test_templates_wait_for_a_person_while_replies_leave(desk: Desk) -> None:
    shop = Shop(desk)
    account = await shop.account()
    await barred(desk, NO_TEMPLATES, desk.clock.now(), desk.clock.now() + DAY)
    template = await shop.queue(account, "template", outside=True)
    reply = await shop.queue(account, "reply")
    await shop.passes(HOUR)
    assert await shop.state([*template, *reply]) == [OutboxState.HELD, OutboxState.ACCEPTED]
    assert [parcel.text for parcel in desk.meta.sent] == ["reply"]
    assert (await shop.read(account)).state is AccountState.ACTIVE
    ((card, _),) = (await desk.engine.pending.page(desk.agent)).lines
    assert card.reason is PendingReason.TEMPLATE_BARRED
    told = [alert for alert in await shop.alerts(AlertKind.ACCOUNT_EVENT) if alert.account_id == account.id]
    assert [(alert.severity, alert.params["facts"]["what"]) for alert in told] == [(Severity.CRITICAL, "templates")]


async def test_only_utility_is_barred_when_meta_says_so(desk: Desk) -> None:
    shop = Shop(desk)
    account = await shop.account()
    await barred(desk, NO_UTILITY, desk.clock.now(), None)
    utility = await shop.queue(account, "utility", outside=True)
    marketing = await shop.queue(account, "marketing", outside=True, template=PROMO)
    await shop.passes(HOUR)
    assert await shop.state([*utility, *marketing]) == [OutboxState.HELD, OutboxState.ACCEPTED]


async def test_a_card_offers_what_the_number_may_send_and_everything_again_after_the_bar(desk: Desk) -> None:
    card = await late(desk)
    until = desk.clock.now() + HOUR
    await barred(desk, NO_UTILITY, desk.clock.now(), until)
    assert await names(desk, card) == ["promo"]
    await barred(desk, NO_TEMPLATES, desk.clock.now(), until)
    with pytest.raises(Refused, match="templates-barred"):
        await names(desk, card)
    desk.clock.advance(hours=1)
    assert await names(desk, card) == ["oferta", "promo"]


async def test_what_was_looked_at_before_the_bar_is_refused_at_the_confirmation(desk: Desk) -> None:
    card = await late(desk)
    target = Target(pending_id=card, version=1)
    (chosen,) = [
        each
        for each in (await desk.engine.template_sends.choices(desk.agent, target)).choices
        if each.template.name == "oferta"
    ]
    look = await desk.engine.template_sends.prepare(desk.agent, target, chosen.template.id, {})
    await barred(desk, NO_TEMPLATES, desk.clock.now(), None)
    with pytest.raises(Refused, match="templates-barred"):
        await desk.engine.template_sends.confirm(desk.agent, look.token)
    assert desk.meta.sent == []


async def test_a_person_who_resumes_lifts_no_bar_and_meta_does(desk: Desk) -> None:
    card = await late(desk)
    await barred(desk, NO_TEMPLATES, desk.clock.now(), None)
    await desk.engine.accounts.pause(desk.admin, desk.account.id)
    await desk.engine.accounts.resume(desk.admin, desk.account.id)
    with pytest.raises(Refused, match="templates-barred"):
        await names(desk, card)
    desk.meta.numbers[PHONE_ID] = number_facts(PHONE_ID, "LIMITED")
    await desk.engine.onboarding.check(desk.admin)
    with pytest.raises(Refused, match="templates-barred"):
        await names(desk, card)
    desk.meta.numbers[PHONE_ID] = number_facts(PHONE_ID, "AVAILABLE")
    await desk.engine.onboarding.check(desk.admin)
    assert await names(desk, card) == ["oferta", "promo"]
    await barred(desk, NO_TEMPLATES, NOON, None)
    assert await names(desk, card) == ["oferta", "promo"]


async def test_an_end_that_meta_told_stands_whatever_the_health(desk: Desk) -> None:
    card = await late(desk)
    await barred(desk, NO_TEMPLATES, desk.clock.now(), desk.clock.now() + DAY)
    await desk.engine.onboarding.check(desk.admin)
    with pytest.raises(Refused, match="templates-barred"):
        await names(desk, card)


async def test_a_bar_that_was_over_before_it_was_heard_of_is_told_to_nobody(desk: Desk) -> None:
    await barred(desk, NO_TEMPLATES, NOON - DAY, NOON - HOUR)
    assert (await desk.engine.alerts.page(desk.admin)).alerts == ()


async def test_status_says_it_with_its_end(desk: Desk) -> None:
    until = desk.clock.now() + DAY
    await barred(desk, NO_TEMPLATES, desk.clock.now(), until)
    (account,) = (await desk.engine.reports.status(desk.admin)).as_json()["accounts"]
    assert account["barred"] == {"bar": "templates", "until": until.isoformat()}
