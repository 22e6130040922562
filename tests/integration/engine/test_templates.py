"""Templates as Meta changes them: by webhook in any order, by the list, by refusing a send; and what becomes of what waits for them."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm import effects
from crm.errors import Scope, SendRejected
from crm.model.alerts import AlertKind
from crm.model.messages import Draft, TemplateRef
from crm.model.outbox import Origin
from crm.model.pending import PendingManual, PendingReason
from crm.model.templates import Components, Template, TemplateFacts
from crm.model.windows import Basis
from storage.database import Database
from tests.integration.engine.desk import NOON, WABA, Desk, envelope, heard, open_desk, wrote

HELLO = Components("Hola {{1}}, ¿seguimos?")
NAME = "seguimiento"


def listed(status: str = "APPROVED", category: str = "utility", **changes: Any) -> TemplateFacts:
    return TemplateFacts(NAME, "es", category, status, changes.pop("components", HELLO), "168", **changes)


def status(event: str, at: datetime, **parts: Any) -> dict[str, Any]:
    return _news("message_template_status_update", at, event=event, message_template_category="UTILITY", **parts)


def category(at: datetime, **parts: Any) -> dict[str, Any]:
    return _news("template_category_update", at, **parts)


def _news(field: str, at: datetime, **parts: Any) -> dict[str, Any]:
    named = {"message_template_id": 168, "message_template_name": NAME, "message_template_language": "es"}
    return {"field": field, "time": int(at.timestamp()), **named, **parts}


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    desk.meta.found = [listed()]
    await desk.engine.templates.refresh()
    await desk.arrives(envelope(wrote("Hola", NOON - timedelta(days=3), "wamid.IN")))
    return desk


async def known(desk: Desk) -> Template:
    async with desk.database.read() as uow:
        return (await uow.templates.named({(WABA, NAME, "es")}))[WABA, NAME, "es"]


async def queue(desk: Desk, *values: str) -> int:
    """A message by template, written down as somebody would who chose it; returns its id."""
    async with desk.database.begin() as uow:
        (contact_id,) = {row.contact_id for row in await uow.contacts.known(["w:5491155550099"])}
        talk = (await uow.conversations.find([(contact_id, desk.account.id)]))[contact_id, desk.account.id]
        outgoing = effects.Outgoing(
            account_id=desk.account.id,
            contact_id=contact_id,
            conversation_id=talk.id,
            origin=Origin.APPROVAL,
            draft=Draft(f"Hola {values[0]}, ¿seguimos?", TemplateRef(NAME, "es", values)),
            basis=Basis.TEMPLATE,
        )
        item, message = effects.posted(uow, outgoing, desk.clock.now())
        await uow.messages.save(new=[message])
        await uow.outbox.save(new=[item])
    return item.id


async def cards(desk: Desk) -> list[PendingManual]:
    page = await desk.engine.pending.page(desk.admin, None, 50)
    return [card for card, _ in page.lines]


async def troubles(desk: Desk) -> list[tuple[str, int]]:
    page = await desk.engine.alerts.page(desk.admin, None)
    return sorted((str(a.params["trouble"]), a.count) for a in page.alerts if a.kind is AlertKind.TEMPLATE)


NEWS = (
    status("PAUSED", NOON + timedelta(hours=1), other_info={"title": "FIRST_PAUSE"}),
    status("APPROVED", NOON + timedelta(hours=4), other_info={"title": "UNPAUSE"}),
    category(NOON + timedelta(hours=2), new_category="UTILITY", correct_category="MARKETING"),
    category(NOON + timedelta(hours=5), previous_category="UTILITY", new_category="MARKETING"),
    _news("message_template_quality_update", NOON + timedelta(hours=3), new_quality_score="YELLOW"),
)


@pytest.mark.parametrize("order", [*itertools.permutations(range(5))][::7])
async def test_news_in_any_order_and_twice_end_in_the_same_template(desk: Desk, order: tuple[int, ...]) -> None:
    desk.clock.advance(hours=6)
    for turn in (*order, *reversed(order)):
        await desk.arrives(envelope(NEWS[turn]))
    template = await known(desk)
    assert (template.status, template.category, template.quality) == ("APPROVED", "marketing", "YELLOW")
    assert (template.previous_category, template.next_category) == ("utility", None)
    assert template.usable


async def test_news_that_come_before_the_first_list_are_kept_and_ask_for_it(database: Database) -> None:
    desk = await open_desk(database)
    desk.clock.advance(hours=1)
    await desk.arrives(envelope(status("PAUSED", NOON + timedelta(minutes=30))))
    unheard = await known(desk)
    assert (unheard.status, unheard.components, unheard.usable) == ("PAUSED", None, False)
    desk.meta.found = [listed("PAUSED")]
    assert await desk.engine.templates.refresh_stale() == {"templates": 1, "failed": 0}
    assert (await known(desk)).components == HELLO
    assert (await known(desk)).id == unheard.id
    assert await desk.engine.templates.refresh_stale() == {}


async def test_a_list_that_was_asked_for_before_the_news_does_not_undo_them(desk: Desk) -> None:
    async def late(waba_id: str, token: str) -> list[TemplateFacts]:
        desk.clock.advance(seconds=2)
        await desk.arrives(envelope(status("PAUSED", desk.clock.now())))
        desk.clock.advance(seconds=2)
        return [listed("APPROVED")]

    desk.meta.templates = late  # type: ignore[method-assign]
    await desk.engine.templates.refresh()
    paused = await known(desk)
    assert (paused.status, paused.stale) == ("PAUSED", True)


async def test_late_news_do_not_undo_a_list(desk: Desk) -> None:
    await desk.arrives(envelope(status("PAUSED", NOON - timedelta(hours=2))))
    assert (await known(desk)).usable
    assert await troubles(desk) == []


async def test_an_announced_category_counts_from_its_date(desk: Desk) -> None:
    starts = NOON + timedelta(days=1)
    change = category(
        NOON + timedelta(seconds=5),
        new_category="UTILITY",
        correct_category="MARKETING",
        category_update_timestamp=int(starts.timestamp()),
    )
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(change))
    template = await known(desk)
    assert [template.priced_as(at).value for at in (NOON, starts)] == ["utility", "marketing"]
    assert await troubles(desk) == [("impending", 1)]


@pytest.mark.parametrize(
    ("code", "reason", "trouble"),
    [
        (132015, PendingReason.TEMPLATE_UNUSABLE, "paused"),
        (132016, PendingReason.TEMPLATE_UNUSABLE, "disabled"),
        (132001, PendingReason.TEMPLATE_MISSING, "missing"),
        (132000, PendingReason.TEMPLATE_MISMATCH, "mismatch"),
        (132012, PendingReason.TEMPLATE_MISMATCH, "mismatch"),
        (132018, PendingReason.TEMPLATE_MISMATCH, "mismatch"),
        (131064, PendingReason.TEMPLATE_UNUSABLE, "barred"),
        (131063, PendingReason.TEMPLATE_UNUSABLE, "barred"),
        (132007, PendingReason.TEMPLATE_UNUSABLE, "barred"),
    ],
)
async def test_one_refusal_holds_all_that_wait_with_the_template_and_tells_once(
    desk: Desk, code: int, reason: PendingReason, trouble: str
) -> None:
    calls: list[int] = []

    def refuse(parcel: object) -> Exception:
        calls.append(code)
        from bot.whatsapp.errors import classify

        return classify(code, "because")

    desk.meta.refuse = refuse
    await queue(desk, "Leo")
    await desk.sends()
    for name in ("Ana", "Beto", "Eva"):
        await queue(desk, name)
    desk.clock.advance(minutes=1)
    await desk.sends()
    assert len(calls) == 1
    assert [card.reason for card in await cards(desk)] == [reason] * 4
    assert await troubles(desk) == [(trouble, 1)]


async def test_a_barred_template_is_asked_about_once_a_day_for_the_list_calls_it_approved_all_the_while(
    desk: Desk,
) -> None:
    """131064: Meta stopped such templates for a wrong category. Its list says nothing of that."""
    desk.meta.refuse = lambda parcel: SendRejected("template-limit", scope=Scope.TEMPLATE, meta_code=131064)
    desk.clock.advance(minutes=1)
    await queue(desk, "Leo")
    await desk.sends()
    desk.clock.advance(hours=12)
    await desk.engine.templates.refresh()
    assert not (await known(desk)).usable
    desk.clock.advance(hours=12)
    await desk.engine.templates.refresh()
    assert (await known(desk)).usable
    assert await troubles(desk) == [("approved", 1), ("barred", 1)]
    assert desk.meta.sent == []


async def test_when_the_template_is_back_what_was_held_is_offered_and_does_not_leave_by_itself(desk: Desk) -> None:
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(status("PAUSED", desk.clock.now(), other_info={"title": "FIRST_PAUSE"})))
    assert (await known(desk)).paused_until == desk.clock.now() + timedelta(hours=3)
    await queue(desk, "Leo")
    await desk.sends()
    (card,) = await cards(desk)
    assert not (await desk.engine.pending.card(desk.admin, card.id)).template_works
    desk.clock.advance(hours=3)
    await desk.arrives(envelope(status("APPROVED", desk.clock.now())))
    await desk.sends()
    assert desk.meta.sent == []
    assert (await desk.engine.pending.card(desk.admin, card.id)).template_works
    assert await troubles(desk) == [("approved", 1), ("paused", 1)]
    page = await desk.engine.alerts.page(desk.admin, None)
    assert [a.params["waiting"] for a in page.alerts if a.params.get("trouble") == "approved"] == [1]


async def test_values_that_do_not_fit_cost_no_call(desk: Desk) -> None:
    await queue(desk, "Leo", "too many")
    await desk.sends()
    assert desk.meta.sent == []
    assert [card.reason for card in await cards(desk)] == [PendingReason.TEMPLATE_MISMATCH]


async def test_a_template_that_became_marketing_waits_for_those_who_stopped_marketing(desk: Desk) -> None:
    stop = {
        "field": "user_preferences",
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Leo"}, "wa_id": "5491155550099"}],
        "user_preferences": [
            {
                "wa_id": "5491155550099",
                "category": "marketing_messages",
                "value": "stop",
                "timestamp": int(NOON.timestamp()),
            }
        ],
    }
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(stop))
    first = await queue(desk, "Leo")
    await desk.sends()
    assert len(desk.meta.sent) == 1, first
    await queue(desk, "Leo")
    desk.clock.advance(minutes=1)
    change = category(desk.clock.now(), previous_category="UTILITY", new_category="MARKETING")
    await desk.arrives(envelope(change))
    await desk.sends()
    assert len(desk.meta.sent) == 1
    assert [card.reason for card in await cards(desk)] == [PendingReason.TEMPLATE_MARKETING]
    assert await troubles(desk) == [("recategorised", 1)]


async def test_a_message_that_meta_drops_for_its_template_later_waits_for_a_person(desk: Desk) -> None:
    await queue(desk, "Leo")
    await desk.sends()
    (parcel,) = desk.meta.sent
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(heard("wamid.OUT1", "failed", desk.clock.now(), opaque=parcel.opaque, code=132015)))
    assert [card.reason for card in await cards(desk)] == [PendingReason.TEMPLATE_UNUSABLE]
    assert (await known(desk)).status == "PAUSED"
    assert await troubles(desk) == [("paused", 1)]


async def test_a_deleted_template_is_no_choice_but_stays_known(desk: Desk) -> None:
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(status("DELETED", desk.clock.now())))
    gone = await known(desk)
    assert (gone.deleted, gone.body) == (True, HELLO.body)
    assert await desk.engine.templates.all() == []
    await queue(desk, "Leo")
    await desk.sends()
    assert [card.reason for card in await cards(desk)] == [PendingReason.TEMPLATE_MISSING]


async def test_news_of_nobody_we_know_are_set_aside(desk: Desk) -> None:
    body = envelope(status("PAUSED", NOON)).replace(f'"{WABA}"'.encode(), b'"999"')
    await desk.arrives(body, envelope({**status("PAUSED", NOON), "message_template_name": ["x"]}))
    async with desk.database.read() as uow:
        assert (await uow.webhooks.element_counts())["unknown"] == 2
    assert (await known(desk)).usable


async def test_a_rejection_by_our_own_preflight_marks_no_template(desk: Desk) -> None:
    desk.meta.refuse = lambda parcel: SendRejected("template-parameter-empty", detail="template.parameters[1]: empty")
    await queue(desk, "Leo")
    await desk.sends()
    assert (await known(desk)).usable
    assert await troubles(desk) == []
