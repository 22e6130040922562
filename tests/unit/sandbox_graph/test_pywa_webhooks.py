"""The simulator's webhooks as pywa reads them: signature, kind and contents, and nothing that it stumbles over.

One kind it cannot read, as it could not Meta's: it wants `contacts` with every status, and a failed one has none (reference 1.5).
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from sandbox.acts.customers import AD
from sandbox.acts.samples import sample
from sandbox.graph import Fault
from sandbox.graph.webhooks import sign
from tests.unit.sandbox_graph.conftest import NOON, SECRET, Stand
from tests.unit.sandbox_graph.pywa_client import WhatsApp, a_client, errors, types

Read = TypeVar("Read")
KINDS = (
    "message",
    "callback_button",
    "callback_selection",
    "message_status",
    "phone_number_change",
    "user_marketing_preferences",
    "edited_message",
    "deleted_message",
    "outgoing_message",
    "outgoing_edited_message",
    "outgoing_deleted_message",
    "account_update",
    "template_status_update",
    "template_quality_update",
)


@dataclass
class Reader:
    """pywa at the other end of the webhook: checks, reads, and keeps what it understood."""

    stand: Stand
    wa: WhatsApp
    read: list[Any] = field(default_factory=list)
    _seen: int = 0

    async def reads(self, limit: timedelta = timedelta(minutes=10)) -> list[Any]:
        """Let everything arrive that is on its way; return what came of it, in order."""
        await self.stand.settle(limit)
        hook, before = self.stand.hook, len(self.read)
        for body, signature in list(zip(hook.bodies, hook.signatures, strict=True))[self._seen :]:
            assert await self.wa.webhook_update_validator(body, signature) is None
            assert await self.wa.webhook_update_handler(body) == ("ok", 200)
        self._seen = len(hook.bodies)
        return self.read[before:]

    async def one(self, kind: type[Read]) -> Read:
        """The only thing that came of it, of this kind."""
        (found,) = await self.reads()
        assert isinstance(found, kind), found
        return found


@pytest.fixture
async def reader(stand: Stand, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Reader]:
    async with a_client(stand) as wa:
        wa.filter_updates = False
        reader = Reader(stand, wa)
        for kind in KINDS:
            getattr(wa, f"on_{kind}")()(_keeper(reader))
        yield reader
    stumbled = [each.getMessage() for each in caplog.get_records("call") if each.levelno >= logging.ERROR]
    assert stumbled == [], "pywa logs what it cannot read and goes on"


def _keeper(reader: Reader) -> Any:
    async def keep(_: WhatsApp, update: Any) -> None:
        reader.read.append(update)

    return keep


async def test_the_handshake_and_the_signature_are_metas(stand: Stand, reader: Reader) -> None:
    assert await reader.wa.webhook_challenge_handler(vt="verify-me", ch="1158201444") == ("1158201444", 200)
    stand.leo.writes(stand.number, "¡Hola! 👋")
    await reader.reads()
    body = stand.hook.bodies[0]
    assert await reader.wa.webhook_update_validator(body, sign("another", body)) == ("Forbidden", 403)
    assert await reader.wa.webhook_update_validator(body + b" ", sign(SECRET, body)) == ("Forbidden", 403)
    assert await reader.wa.webhook_update_validator(body, None) == ("Unauthorized", 401)


async def test_a_text_says_who_wrote_what_to_whom_and_when(stand: Stand, reader: Reader) -> None:
    wamid = stand.leo.writes(stand.number, "Hola")
    message = await reader.one(types.Message)
    assert (message.id, message.text, message.timestamp, message.waba_id) == (wamid, "Hola", NOON, "2001")
    assert (message.from_user.wa_id, message.from_user.bsuid) == ("5491155550099", stand.leo.bsuid)
    assert (message.from_user.name, message.metadata.phone_number_id) == ("Leo Díaz", "1065")


async def test_an_answer_quotes_and_an_ad_is_named(stand: Stand, reader: Reader) -> None:
    first = stand.leo.writes(stand.number, "Vi el anuncio", referral=AD)
    stand.leo.writes(stand.number, "¿Y?", context_wamid=first)
    from_ad, quoting = await reader.reads()
    assert (from_ad.referral.source_type, from_ad.referral.ctwa_clid) == ("ad", "sandbox")
    assert (quoting.reply_to_message.id, quoting.referral) == (first, None)


async def test_who_hides_the_phone_has_none(stand: Stand, reader: Reader) -> None:
    mia = stand.graph.person(phone="5491155550077", name="Mía", hides_phone=True, username="mia")
    mia.writes(stand.number, "Hola")
    message = await reader.one(types.Message)
    assert (message.from_user.wa_id, message.from_user.username) == (None, "mia")
    assert message.from_user.bsuid == mia.bsuid


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "document", "sticker"])
async def test_files_can_be_fetched(stand: Stand, reader: Reader, kind: str) -> None:
    file, more = sample(kind).file(), dict[str, str | bool]()
    more |= {"voice": True} if kind == "voice" else {}
    more |= {"filename": file.name, "caption": "Mira"} if kind == "document" else {}
    named = "audio" if kind == "voice" else kind
    stand.leo.sends_media(stand.number, named, file.content, file.mime_type, **more)
    message = await reader.one(types.Message)
    assert (message.type, message.has_media, message.media.mime_type) == (named, True, file.mime_type)
    address = await reader.wa.get_media_url(message.media.id)
    assert address.sha256 == message.media.sha256
    assert await reader.wa.get_media_bytes(address.url) == file.content
    if kind == "document":
        assert (message.document.filename, message.caption) == (file.name, "Mira")
    if kind == "voice":
        assert message.audio.voice


async def test_a_place_and_cards_are_read(stand: Stand, reader: Reader) -> None:
    for kind in ("location", "contacts"):
        stand.leo.sends(stand.number, sample(kind).element("Leo Díaz", "5491155550099"))
    place, cards = await reader.reads()
    assert (place.location.name, place.location.latitude) == ("Obelisco", -34.6037)
    assert (cards.contacts[0].name.formatted_name, cards.contacts[0].phones[0].phone) == ("Leo Díaz", "+5491155550099")


async def test_an_order_is_read(stand: Stand, reader: Reader) -> None:
    item = {"product_retailer_id": "mesa-1", "quantity": 2, "item_price": 120.5, "currency": "USD"}
    order = {"catalog_id": "c1", "text": "Para el sábado", "product_items": [item]}
    stand.leo.sends(stand.number, {"type": "order", "order": order})
    message = await reader.one(types.Message)
    assert (message.order.catalog_id, message.order.text) == ("c1", "Para el sábado")
    assert [(each.sku, each.quantity, each.price) for each in message.order.products] == [("mesa-1", 2, 120.5)]


async def test_reactions_come_and_go(stand: Stand, reader: Reader) -> None:
    wamid = await stand.accepted(to="+5491155550099") if stand.leo.writes(stand.number, "Hola") else ""
    await reader.reads()
    stand.leo.reacts(stand.number, wamid, "❤️")
    given = await reader.one(types.Message)
    assert (given.type, given.reaction.message_id, given.reaction.emoji) == ("reaction", wamid, "❤️")
    stand.leo.reacts(stand.number, wamid, None)
    assert (await reader.one(types.Message)).reaction.is_removed


async def test_buttons_rows_and_quick_replies_are_read(stand: Stand, reader: Reader) -> None:
    stand.number.add_template(
        "aviso", "es_AR", "UTILITY", "¿Vienes?", buttons=({"type": "QUICK_REPLY", "text": "Voy"},)
    )
    stand.leo.writes(stand.number, "Hola")
    buttons = await reader.wa.send_message(stand.leo.bsuid, "¿?", buttons=[types.Button("Sí", "yes")])
    rows = types.SectionList("Ver", [types.Section("Mesas", [types.SectionRow("Roble", "oak")])])
    listed = await reader.wa.send_message(stand.leo.bsuid, "¿?", buttons=rows)
    _, answer = await stand.template("aviso")
    quick = answer["messages"][0]["id"]
    await reader.reads()
    for wamid, payload, text in ((buttons.id, "yes", "Sí"), (listed.id, "oak", "Roble"), (quick, "Voy", "Voy")):
        stand.leo.taps(stand.number, payload=payload, text=text, context_wamid=wamid)
    tapped, chosen, replied = await reader.reads()
    assert isinstance(tapped, types.CallbackButton)
    assert (tapped.data, tapped.title, tapped.is_quick_reply) == ("yes", "Sí", False)
    assert isinstance(chosen, types.CallbackSelection)
    assert (chosen.data, chosen.title) == ("oak", "Roble")
    assert isinstance(replied, types.CallbackButton)
    assert (replied.data, replied.is_quick_reply) == ("Voy", True)
    said = [each.reply_to_message.id for each in (tapped, chosen, replied)]
    assert said == [buttons.id, listed.id, quick]


async def test_statuses_come_with_their_price(stand: Stand, reader: Reader) -> None:
    stand.leo.writes(stand.number, "Hola")
    await reader.reads()
    sent = await reader.wa.send_message("+5491155550099", "Aquí estamos", tracker="outbox-7")
    statuses = await reader.reads()
    assert [each.status for each in statuses] == ["sent", "delivered", "read"]
    assert {(each.id, each.tracker) for each in statuses} == {(sent.id, "outbox-7")}
    assert {each.from_user.bsuid for each in statuses} == {stand.leo.bsuid}
    price = statuses[0].pricing
    assert (price.billable, price.type, price.category) == (False, "free_customer_service", "service")


async def test_a_failed_status_has_no_contacts_and_its_error_is_one_of_pywas(
    stand: Stand, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    stand.leo.writes(stand.number, "Hola")
    await reader.reads()
    stand.graph.fail_next(Fault("failed", code=131026))
    await reader.wa.send_message("+5491155550099", "Hola")
    await reader.reads()
    (value,) = (each for each in stand.hook.values() if each.get("statuses", [{}])[0].get("status") == "failed")
    assert "contacts" not in value
    error = errors.WhatsAppError.from_dict(value["statuses"][0]["errors"][0])
    assert isinstance(error, errors.MessageUndeliverable)
    assert (error.code, error.message) == (131026, "Message undeliverable")
    caplog.clear()


async def test_what_whatsapp_could_not_show_and_what_went_wrong_is_read(stand: Stand, reader: Reader) -> None:
    stand.leo.edits(stand.number, stand.leo.writes(stand.number, "Hola"), "Chau")
    _, unsupported = await reader.reads()
    assert unsupported.type == "unsupported"
    assert isinstance(unsupported.error, errors.UnsupportedMessageType)


async def test_edits_and_deletions_reach_a_number_in_coexistence(
    stand: Stand, reader: Reader, in_the_shop: Any
) -> None:
    shop = in_the_shop()
    wamid = stand.leo.writes(shop, "Hola")
    stand.leo.edits(shop, wamid, "Buenas")
    stand.leo.revokes(shop, wamid)
    _, edited, deleted = await reader.reads()
    assert isinstance(edited, types.EditedMessage)
    assert (edited.original_message_id, edited.message.text) == (wamid, "Buenas")
    assert isinstance(deleted, types.DeletedMessage)
    assert deleted.original_message_id == wamid


async def test_what_is_typed_in_the_shop_is_an_echo(stand: Stand, reader: Reader, in_the_shop: Any) -> None:
    shop = in_the_shop()
    wamid = shop.phone_sends(stand.leo, "Ya sale")
    shop.phone_edits(wamid, "Ya salió")
    shop.phone_revokes(wamid)
    echo, edited, deleted = (each for each in await reader.reads() if not isinstance(each, types.MessageStatus))
    assert isinstance(echo, types.OutgoingMessage)
    assert (echo.id, echo.text, echo.to_user.wa_id) == (wamid, "Ya sale", "5491155550099")
    assert isinstance(edited, types.OutgoingEditedMessage)
    assert edited.message.text == "Ya salió"
    assert isinstance(deleted, types.OutgoingDeletedMessage)


async def test_a_new_phone_and_the_wish_for_no_offers_are_read(stand: Stand, reader: Reader) -> None:
    stand.leo.writes(stand.number, "Hola")
    await reader.reads()
    stand.leo.changes_phone("5491155550011")
    moved = await reader.one(types.PhoneNumberChange)
    assert (moved.old_wa_id, moved.new_wa_id, moved.new_user_id) == ("5491155550099", "5491155550011", stand.leo.bsuid)
    stand.leo.stops_marketing(stand.number)
    stopped = await reader.one(types.UserMarketingPreferences)
    assert (bool(stopped), stopped.from_user.bsuid) == (False, stand.leo.bsuid)
    stand.leo.resumes_marketing(stand.number)
    assert bool(await reader.one(types.UserMarketingPreferences))


async def test_news_of_accounts_and_templates_are_read(stand: Stand, reader: Reader) -> None:
    ban = {"waba_ban_state": "DISABLE", "waba_ban_date": "November 24, 2026"}
    stand.graph.queue_raw_webhook({"event": "DISABLED_UPDATE", "ban_info": ban}, "account_update")
    named = {"message_template_id": 12, "message_template_name": "aviso", "message_template_language": "es_AR"}
    stand.graph.queue_raw_webhook({"event": "PAUSED", "reason": "NONE", **named}, "message_template_status_update")
    scores = {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"}
    stand.graph.queue_raw_webhook({**scores, **named}, "message_template_quality_update")
    assert [type(each) for each in await reader.reads()] == [
        types.AccountUpdate,
        types.TemplateStatusUpdate,
        types.TemplateQualityUpdate,
    ]


async def test_duplicates_are_recognised_because_they_are_the_same_bytes(stand: Stand, reader: Reader) -> None:
    stand.graph.duplicate_webhooks = 1.0
    stand.leo.writes(stand.number, "Hola")
    assert len(await reader.reads()) == 1
    assert len(stand.hook.bodies) == 2
