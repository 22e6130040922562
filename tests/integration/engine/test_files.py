"""Agents' files in the engine: kept, handed to Meta before their message, once, and never mistaken for a send."""

from datetime import timedelta

import pytest

from crm.errors import NotFound, Refused, SendFailed, SendRejected, SendUncertain, Unavailable
from crm.model.agents import Role
from crm.model.alerts import AlertKind
from crm.model.answers import Held, Queued
from crm.model.media import MediaKind, MediaState, Upload
from crm.model.messages import DeliveryStatus
from crm.model.outbox import OutboxItem, OutboxState
from crm.model.records import replace
from crm.services.outbox import uploads
from storage.database import Database
from tests import recordings
from tests.integration.engine.desk import CUSTOMER, NOON, Desk, envelope, open_desk, wrote

PDF = b"%PDF-1.7 precios"


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("¿Precios?", NOON, "wamid.1")))
    return desk


async def conversation_of(desk: Desk) -> int:
    contact = (await desk.engine.contacts.find(desk.admin, CUSTOMER))[0]
    return (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0].conversation.id


async def answered(desk: Desk, content: bytes = PDF, text: str = "Acá van") -> OutboxItem:
    outcome = await desk.engine.conversations.reply(
        desk.agent, await conversation_of(desk), text, file=desk.kept_file(content)
    )
    assert isinstance(outcome, Queued)
    return await item_of(desk, outcome.outbox_id)


async def item_of(desk: Desk, number: int) -> OutboxItem:
    async with desk.database.read() as uow:
        return (await uow.outbox.load([number]))[number]


async def test_a_file_is_made_fit_kept_under_its_hash_and_named_without_folders(desk: Desk) -> None:
    kept = await desk.engine.files.keep(
        desk.agent, MediaKind.IMAGE, recordings.picture("BMP"), "image/bmp", "C:\\fotos\\..\\ma\u202ete.bmp"
    )
    assert (kept.kind, kept.mime_type, kept.name) == (MediaKind.IMAGE, "image/jpeg", "mate.bmp")
    assert len(desk.shelf.kept[kept.key]) == kept.size


async def test_an_empty_file_and_a_viewers_file_are_refused(desk: Desk) -> None:
    viewer = await desk.engine.agents.add(1003, Role.VIEWER, "Caro")
    for agent, content, code in ((desk.agent, b"", "file-empty"), (viewer, PDF, "not-permitted")):
        with pytest.raises(Refused, match=code):
            await desk.engine.files.keep(agent, MediaKind.DOCUMENT, content, "application/pdf", None)


async def test_a_file_leaves_with_its_caption_and_is_a_message_of_its_kind(desk: Desk) -> None:
    item = await answered(desk)
    await desk.sends()
    [parcel] = desk.meta.sent
    assert parcel.enclosed is not None
    assert (parcel.text, desk.meta.handed[parcel.enclosed.meta_id or ""]) == ("Acá van", PDF)
    async with desk.database.read() as uow:
        message = (await uow.messages.load([item.id]))[item.id]
        media = (await uow.media.of_messages([item.id]))[item.id]
    assert (message.kind, message.text, message.status) == ("document", "Acá van", DeliveryStatus.ACCEPTED)
    assert (media.id, media.size, media.name) == (item.media_id, len(PDF), "precios.pdf")


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (MediaKind.DOCUMENT, "x" * 1025, "caption-too-long"),
        (MediaKind.VOICE, "Hola", "caption-impossible"),
        (MediaKind.STICKER, "Hola", "caption-impossible"),
    ],
)
async def test_a_caption_that_whatsapp_would_refuse_is_refused_at_once(
    desk: Desk, kind: MediaKind, text: str, code: str
) -> None:
    file = desk.kept_file(PDF, kind)
    with pytest.raises(Refused, match=code):
        await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), text, file=file)


async def test_the_same_file_is_handed_over_once_for_29_days(desk: Desk) -> None:
    for days in (0, 28, 2):
        desk.clock.advance(days=days)
        await desk.arrives(envelope(wrote("Otra vez", desk.clock.now(), f"wamid.{days}")))
        await answered(desk)
        await desk.sends()
    ids = [parcel.enclosed.meta_id for parcel in desk.meta.sent if parcel.enclosed]
    assert ids == ["900", "900", "901"]
    desk.clock.advance(days=31)
    assert (await desk.engine.housekeeping.prune())["uploads"] == 1


@pytest.mark.parametrize("failure", [SendUncertain("no-answer"), SendUncertain("meta-unknown", meta_code=131000)])
async def test_an_upload_without_an_answer_is_made_again(desk: Desk, failure: SendFailed) -> None:
    item = await answered(desk)
    desk.meta.refuse_file = lambda enclosed: failure
    await desk.sends()
    waits = await item_of(desk, item.id)
    assert (waits.state, waits.error, waits.attempts) == (OutboxState.QUEUED, "upload-failed", 1)
    desk.meta.refuse_file = lambda enclosed: None
    desk.clock.advance(minutes=1)
    await desk.sends()
    assert [parcel.opaque for parcel in desk.meta.sent] == [item.opaque]


ALBUM = [b"%PDF-1.7 " + each for each in (b"one", b"two", b"three")]


def keys_sent(desk: Desk) -> list[str | None]:
    return [parcel.enclosed.key for parcel in desk.meta.sent if parcel.enclosed]


async def test_an_album_waits_for_its_picture_that_did_not_get_through_and_words_do_not(desk: Desk) -> None:
    keys = [desk.kept_file(each).key for each in ALBUM]
    for each in ALBUM:
        await answered(desk, each, "")
    await desk.engine.conversations.reply(desk.agent, await conversation_of(desk), "Ahí van")
    desk.meta.refuse_file = lambda enclosed: SendUncertain("no-answer") if enclosed.key == keys[0] else None
    await desk.sends()
    assert [(parcel.text, keys_sent(desk)) for parcel in desk.meta.sent] == [("Ahí van", [])]
    desk.meta.refuse_file = lambda enclosed: None
    desk.clock.advance(seconds=31)
    await desk.sends()
    assert keys_sent(desk) == keys


async def test_a_picture_that_never_gets_through_holds_the_others_two_minutes_and_no_longer(desk: Desk) -> None:
    keys = [desk.kept_file(each).key for each in ALBUM]
    for each in ALBUM:
        await answered(desk, each, "")
    desk.meta.refuse_file = lambda enclosed: SendUncertain("no-answer") if enclosed.key == keys[0] else None
    for _ in range(5):
        await desk.sends()
        desk.clock.advance(seconds=31)
    assert keys_sent(desk) == keys[1:]


async def test_a_picture_that_meta_refuses_holds_nothing_up(desk: Desk) -> None:
    keys = [desk.kept_file(each).key for each in ALBUM]
    for each in ALBUM:
        await answered(desk, each, "")
    desk.meta.refuse_file = lambda enclosed: SendRejected("media-refused") if enclosed.key == keys[0] else None
    await desk.sends()
    assert keys_sent(desk) == keys[1:]


async def test_a_file_that_never_gets_through_is_given_up_and_told(desk: Desk) -> None:
    item = await answered(desk)
    desk.meta.refuse_file = lambda enclosed: SendUncertain("no-answer")
    for _ in range(8):
        await desk.sends()
        desk.clock.advance(hours=2.5)
    assert (await item_of(desk, item.id)).state is OutboxState.FAILED
    assert desk.meta.sent == []
    [alert] = (await desk.engine.alerts.page(desk.admin)).alerts
    assert alert.kind is AlertKind.SEND_FAILED


async def test_an_upload_that_meta_refuses_is_the_end_of_the_message(desk: Desk) -> None:
    item = await answered(desk)
    desk.meta.refuse_file = lambda enclosed: SendRejected("media-refused", meta_code=131053)
    await desk.sends()
    ended = await item_of(desk, item.id)
    assert (ended.state, ended.error_code, desk.meta.sent) == (OutboxState.FAILED, 131053, [])


async def test_a_store_that_does_not_answer_is_a_delay_and_a_lost_file_an_end(desk: Desk) -> None:
    item = await answered(desk)
    desk.shelf.trouble = Unavailable("media-store-unavailable", problem="away")
    await desk.sends()
    assert (await item_of(desk, item.id)).state is OutboxState.QUEUED
    desk.shelf.trouble = NotFound("media-gone")
    desk.clock.advance(minutes=1)
    await desk.sends()
    ended = await item_of(desk, item.id)
    assert (ended.state, ended.error) == (OutboxState.FAILED, "file-gone")


@pytest.mark.parametrize("code", sorted(uploads.FORGOTTEN))
async def test_a_file_that_meta_forgot_is_handed_over_again_and_sent_once(desk: Desk, code: int) -> None:
    await answered(desk)
    await desk.sends()
    desk.meta.refuse = lambda parcel: (
        SendRejected("invalid-parameter", meta_code=code)
        if parcel.enclosed is not None and parcel.enclosed.meta_id == "900"
        else None
    )
    item = await answered(desk)
    await desk.sends()
    assert [parcel.enclosed.meta_id for parcel in desk.meta.sent if parcel.enclosed] == ["900", "901"]
    assert (await item_of(desk, item.id)).state is OutboxState.ACCEPTED


async def test_a_refusal_of_a_fresh_file_is_believed(desk: Desk) -> None:
    desk.meta.refuse = lambda parcel: SendRejected("invalid-parameter", meta_code=131009)
    item = await answered(desk)
    await desk.sends()
    assert (await item_of(desk, item.id)).state is OutboxState.FAILED
    assert len(desk.meta.handed) == 1


async def test_after_a_long_upload_the_message_waits_for_a_lease_that_lasts(desk: Desk) -> None:
    """Another process would soon take the item for lost: it goes back, and its file is with Meta already."""
    item = await answered(desk)

    def slowly(enclosed: object) -> None:
        desk.clock.advance(seconds=90)

    desk.meta.refuse_file = slowly
    await desk.engine.outbox.due()
    await desk.engine.outbox.run_once(desk.account.id)
    waits = await item_of(desk, item.id)
    assert (waits.state, waits.attempts, desk.meta.sent) == (OutboxState.QUEUED, 0, [])
    await desk.sends()
    assert ([parcel.opaque for parcel in desk.meta.sent], len(desk.meta.handed)) == ([item.opaque], 1)


async def test_a_file_outside_the_window_waits_on_a_card_and_leaves_from_it(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.admin, conversation, "", file=desk.kept_file(PDF))
    assert isinstance(held, Held)
    card = await desk.engine.pending.card(desk.admin, held.pending_id)
    assert card.file is not None
    assert (card.file.kind, card.file.message_id) == (MediaKind.DOCUMENT, None)
    await desk.arrives(envelope(wrote("¿Y?", desk.clock.now(), "wamid.2")))
    queued = await desk.engine.pending.release(desk.admin, held.pending_id, card.pending.version)
    await desk.sends()
    assert [parcel.enclosed.kind for parcel in desk.meta.sent if parcel.enclosed] == [MediaKind.DOCUMENT]
    async with desk.database.read() as uow:
        assert (await uow.media.of_messages([queued.outbox_id]))[queued.outbox_id].key == card.file.key


async def test_the_file_of_a_card_is_kept_as_long_as_the_card_waits(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.admin, conversation, "", file=desk.kept_file(PDF))
    assert isinstance(held, Held)
    desk.clock.advance(days=40)
    await desk.engine.media.forget_old()
    await desk.arrives(envelope(wrote("¿Y?", desk.clock.now(), "wamid.2")))
    await desk.engine.pending.release(desk.admin, held.pending_id, 1)
    await desk.sends()
    assert [parcel.enclosed.key for parcel in desk.meta.sent if parcel.enclosed] == [desk.kept_file(PDF).key]


async def test_a_card_whose_file_is_gone_says_so(desk: Desk) -> None:
    conversation = await conversation_of(desk)
    desk.clock.advance(hours=25)
    held = await desk.engine.conversations.reply(desk.admin, conversation, "", file=desk.kept_file(PDF))
    assert isinstance(held, Held)
    async with desk.database.begin() as uow:
        [card] = await uow.pending.open_of([conversation])
        [file] = (await uow.media.load([card.media_id or 0])).values()
        await uow.media.save(changed=[replace(file, state=MediaState.GONE, key=None)])
    await desk.arrives(envelope(wrote("¿Y?", desk.clock.now(), "wamid.2")))
    with pytest.raises(Refused, match="file-gone"):
        await desk.engine.pending.release(desk.admin, held.pending_id, 1)


async def test_a_send_without_proof_keeps_its_file_on_the_card(desk: Desk) -> None:
    desk.meta.refuse = lambda parcel: SendUncertain("no-answer")
    await answered(desk)
    await desk.sends()
    desk.clock.advance(minutes=20)
    await desk.engine.outbox.reconcile()
    async with desk.database.read() as uow:
        [card] = await uow.pending.open_of([await conversation_of(desk)])
    assert card.media_id is not None
    desk.meta.refuse = lambda parcel: None
    await desk.engine.pending.release(desk.admin, card.id, card.version)
    await desk.sends()
    assert [parcel.enclosed.key for parcel in desk.meta.sent if parcel.enclosed] == [desk.kept_file(PDF).key]


async def test_uploads_of_other_accounts_are_not_ours(desk: Desk) -> None:
    now = desk.clock.now()
    async with desk.database.begin() as uow:
        for account, meta_id in ((1, "a"), (2, "b"), (1, "c")):
            await uow.uploads.save(Upload(account, "k", meta_id, now))
        found = await uow.uploads.find({(1, "k"), (3, "k")}, now)
        assert found == {(1, "k"): "c"}
        assert await uow.uploads.find({(1, "k")}, now + timedelta(seconds=1)) == {}
        await uow.uploads.forget(1, "k")
        assert await uow.uploads.find({(1, "k"), (2, "k")}, now) == {(2, "k"): "b"}
