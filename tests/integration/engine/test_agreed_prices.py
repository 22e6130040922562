"""A template leaves at the price at which somebody let it leave, or asks again: what waits may cost more when its turn comes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot import rates
from crm.errors import Refused
from crm.model.conversations import Conversation
from crm.model.costs import Agreed, Category
from crm.model.messages import TemplateRef
from crm.model.pending import PendingManual, PendingReason
from crm.model.records import replace
from crm.policy.pricing import RateCards
from crm.services.template_sends import Target
from storage.database import Database
from tests.integration.engine.desk import NOON, WABA, Desk, envelope, open_desk, wrote
from tests.integration.engine.test_templates import NAME, cards, category, listed

DAY = timedelta(days=1)
UTILITY, MARKETING = Decimal("0.0260"), Decimal("0.0618")


async def opened(database: Database, kind: str = "utility", prices: RateCards | None = None) -> Desk:
    desk = await open_desk(database, prices=prices)
    desk.meta.found = [listed(category=kind)]
    await desk.engine.templates.refresh()
    await desk.arrives(envelope(wrote("Hola", NOON - 3 * DAY, "wamid.IN")))
    return desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await opened(database)


async def talk(desk: Desk) -> Conversation:
    async with desk.database.read() as uow:
        (contact_id,) = {row.contact_id for row in await uow.contacts.known(["w:5491155550099"])}
        return (await uow.conversations.find([(contact_id, desk.account.id)]))[contact_id, desk.account.id]


async def free_until_tomorrow(desk: Desk) -> None:
    async with desk.database.begin() as uow:
        await uow.conversations.save(changed=[replace(await talk(desk), free_entry_until=NOON + DAY)])


async def template_id(desk: Desk) -> int:
    async with desk.database.read() as uow:
        return (await uow.templates.named({(WABA, NAME, "es")}))[WABA, NAME, "es"].id


async def confirms(desk: Desk, target: Target | None = None) -> Agreed:
    """Somebody looks at the template with its price and lets it leave; return what they saw."""
    target = target or Target(conversation_id=(await talk(desk)).id)
    look = await desk.engine.template_sends.prepare(desk.admin, target, await template_id(desk), {"body.1": "Leo"})
    await desk.engine.template_sends.confirm(desk.admin, look.token)
    return Agreed(look.quote.amount, look.quote.currency, look.quote.category)


async def becomes(desk: Desk, kind: str) -> None:
    """Meta puts the template into another category."""
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(category(desk.clock.now(), previous_category="UTILITY", new_category=kind)))


async def only_card(desk: Desk) -> PendingManual:
    (card,) = await cards(desk)
    return card


def agreed(ref: TemplateRef | None) -> Agreed | None:
    return ref.agreed if ref is not None else None


async def test_a_template_that_became_marketing_while_it_waited_asks_again_with_both_prices(desk: Desk) -> None:
    shown = await confirms(desk)
    await becomes(desk, "MARKETING")
    await desk.sends()
    assert desk.meta.sent == []
    card = await only_card(desk)
    assert (card.reason, agreed(card.template)) == (PendingReason.TEMPLATE_PRICE, shown)
    quote = (await desk.engine.pending.card(desk.admin, card.id)).template_quote
    assert quote is not None
    assert (shown.amount, quote.amount, quote.category) == (UTILITY, MARKETING, Category.MARKETING)


async def test_who_approves_the_new_price_agrees_to_it(desk: Desk) -> None:
    await confirms(desk)
    await becomes(desk, "MARKETING")
    await desk.sends()
    card = await only_card(desk)
    assert (await confirms(desk, Target(pending_id=card.id, version=card.version))).amount == MARKETING
    await desk.sends()
    assert [agreed(parcel.template) for parcel in desk.meta.sent] == [Agreed(MARKETING, "USD", Category.MARKETING)]
    assert await cards(desk) == []


async def test_what_was_free_and_would_cost_by_now_asks_again(desk: Desk) -> None:
    await free_until_tomorrow(desk)
    assert (await confirms(desk)).amount == 0
    desk.clock.advance(days=1)
    await desk.sends()
    assert desk.meta.sent == []
    assert (await only_card(desk)).reason is PendingReason.TEMPLATE_PRICE


async def test_what_waited_at_the_same_price_leaves(desk: Desk) -> None:
    await confirms(desk)
    desk.clock.advance(days=2)
    await desk.sends()
    assert len(desk.meta.sent) == 1


async def test_what_became_cheaper_leaves(database: Database) -> None:
    desk = await opened(database, "marketing")
    await confirms(desk)
    await becomes(desk, "UTILITY")
    await desk.sends()
    assert len(desk.meta.sent) == 1


async def test_marketing_inside_a_free_entry_point_costs_no_more_than_utility_there(desk: Desk) -> None:
    await free_until_tomorrow(desk)
    await confirms(desk)
    await becomes(desk, "MARKETING")
    await desk.sends()
    assert len(desk.meta.sent) == 1


async def test_a_price_that_nobody_knows_any_more_is_asked_about(database: Database) -> None:
    """A market that lost its rate, or never had one, may cost anything."""
    now, later = NOON.date(), date(2026, 11, 25)
    known = rates.shipped().at(now)
    blind = replace(known, valid_from=later, rates={key: r for key, r in known.rates.items() if key[0] != "Argentina"})
    desk = await opened(database, prices=RateCards((known, blind)))
    desk.clock.advance(hours=11, minutes=59, seconds=30)
    target = Target(conversation_id=(await talk(desk)).id)
    look = await desk.engine.template_sends.prepare(desk.admin, target, await template_id(desk), {"body.1": "Leo"})
    await confirms(desk)
    desk.clock.advance(minutes=1)
    await desk.sends()
    assert desk.meta.sent == []
    card = await only_card(desk)
    quote = (await desk.engine.pending.card(desk.admin, card.id)).template_quote
    assert quote is not None
    assert (card.reason, quote.amount) == (PendingReason.TEMPLATE_PRICE, None)
    with pytest.raises(Refused, match="price-moved"):
        await desk.engine.template_sends.confirm(desk.admin, look.token)
    assert (await confirms(desk, Target(pending_id=card.id, version=card.version))).amount is None
    await desk.sends()
    assert len(desk.meta.sent) == 1


async def test_what_was_free_in_a_market_without_a_rate_is_asked_about(database: Database) -> None:
    known = rates.shipped().at(NOON)
    blind = replace(known, rates={key: r for key, r in known.rates.items() if key[0] != "Argentina"})
    desk = await opened(database, prices=RateCards((blind,)))
    await free_until_tomorrow(desk)
    await confirms(desk)
    desk.clock.advance(days=1)
    await desk.sends()
    assert desk.meta.sent == []
    assert (await only_card(desk)).reason is PendingReason.TEMPLATE_PRICE
