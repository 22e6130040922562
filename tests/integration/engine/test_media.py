"""Files of customers, from the webhook to the shelf: what is wanted survives everything, and how it ends is told to the agents."""

import hashlib
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from crm.errors import (
    AccountSuspended,
    CrmError,
    NotFound,
    Refused,
    Scope,
    SendPostponed,
    SendRejected,
    SendUncertain,
    Unavailable,
)
from crm.jobs import all_jobs
from crm.model.alerts import AlertKind, Notice, NoticeKind
from crm.model.media import DIFFERS, EXPIRED, Media, MediaKind, MediaState
from crm.policy.media import MOST_ATTEMPTS
from crm.ports import Fetched
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote
from tests.integration.engine.test_crash import dies_at, engine_of

PICTURE = b"\xff\xd8a picture"
KEY = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = await open_desk(database)
    desk.meta.files["77"] = Fetched(PICTURE, "image/jpeg", KEY)
    return desk


def sent(wamid: str, meta_id: str = "77", kind: str = "image", **content: Any) -> dict[str, Any]:
    """A customer's message with a file."""
    change = wrote("", NOON, wamid)
    (message,) = change["messages"]
    del message["text"]
    message |= {"type": kind, kind: {"id": meta_id, "mime_type": "image/jpeg", **content}}
    return change


async def files(desk: Desk) -> list[Media]:
    async with desk.database.read() as uow:
        messages = list((await uow.messages.known([f"wamid.{n}" for n in range(20)])).values())
        return list((await uow.media.of_messages([m.id for m in messages])).values())


async def told(desk: Desk) -> list[Notice]:
    async with desk.database.begin() as uow:
        notices = await uow.notices.claim(desk.clock.now(), desk.clock.now(), 50)
    return [notice for notice in notices if notice.kind is NoticeKind.MEDIA]


async def open_alerts(desk: Desk) -> Counter[AlertKind]:
    return Counter(alert.kind for alert in (await desk.engine.alerts.page(desk.admin)).alerts)


async def test_a_file_is_fetched_kept_and_told_to_those_who_heard_of_it(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1", caption="Mira")))
    assert await told(desk) == []
    assert await desk.engine.media.run_once() == 1
    (found,) = await files(desk)
    assert (found.state, found.kind, found.key, found.size, found.sha256, found.error, found.mime_type) == (
        MediaState.STORED,
        MediaKind.IMAGE,
        KEY,
        len(PICTURE),
        KEY,
        None,
        "image/jpeg",
    )
    assert desk.shelf.kept == {KEY: PICTURE}
    notices = await told(desk)
    assert {notice.agent_id for notice in notices} == {desk.admin.id, desk.agent.id}
    assert {notice.subject_id for notice in notices} == {found.id}
    assert notices[0].params["text"] == "Mira"
    assert await desk.engine.media.run_once() == 0
    assert desk.meta.asked == ["77"]


async def test_the_same_webhook_twice_wants_a_file_once_and_a_text_wants_none(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")), envelope(sent("wamid.1")), envelope(wrote("Hola", NOON, "wamid.2")))
    await desk.engine.media.run_once()
    await desk.engine.media.run_once()
    assert desk.meta.asked == ["77"]
    assert len(await files(desk)) == 1


async def test_the_same_picture_of_many_is_kept_once(desk: Desk) -> None:
    await desk.arrives(*(envelope(sent(f"wamid.{n}")) for n in range(6)))
    while await desk.engine.media.run_once():
        pass
    assert [found.key for found in await files(desk)] == [KEY] * 6
    assert list(desk.shelf.kept) == [KEY]


ADDRESS = "https://lookaside.fbsbx.com/whatsapp?mid=77&hash=key"


async def stored(desk: Desk) -> str:
    """All that the tables of messages and files hold, as text."""
    found = await files(desk)
    async with desk.database.read() as uow:
        messages = await uow.messages.load([each.message_id or 0 for each in found])
    return f"{[(each.url, each.url_until) for each in found]} {[dict(m.payload) for m in messages.values()]}"


async def test_a_fresh_address_is_used_once_and_then_forgotten(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1", sha256=KEY, url=ADDRESS)))
    assert ADDRESS not in str(await files(desk))
    assert await desk.engine.media.run_once() == 1
    assert desk.meta.told_where == [ADDRESS]
    assert "lookaside" not in await stored(desk)
    assert [found.state for found in await files(desk)] == [MediaState.STORED]


@pytest.mark.parametrize("minutes", [4, 60])
async def test_an_address_that_waited_too_long_is_not_used(desk: Desk, minutes: int) -> None:
    await desk.arrives(envelope(sent("wamid.1", sha256=KEY, url=ADDRESS)))
    desk.clock.advance(minutes=minutes)
    await desk.engine.media.run_once()
    assert desk.meta.told_where == [None]


async def test_a_webhook_that_comes_late_leaves_no_address(desk: Desk) -> None:
    desk.clock.advance(minutes=4)
    await desk.arrives(envelope(sent("wamid.1", sha256=KEY, url=ADDRESS)))
    assert "lookaside" not in await stored(desk)


async def test_bytes_that_differ_at_the_webhooks_address_are_asked_for_by_id(desk: Desk) -> None:
    desk.meta.files["77"] = Fetched(PICTURE[:3], "image/jpeg", None)
    await desk.arrives(envelope(sent("wamid.1", sha256=KEY, url=ADDRESS)))
    await desk.engine.media.run_once()
    assert "lookaside" not in await stored(desk)
    desk.meta.files["77"] = Fetched(PICTURE, "image/jpeg", KEY)
    desk.clock.advance(seconds=10)
    await desk.engine.media.run_once()
    assert desk.meta.told_where == [ADDRESS, None]
    assert [(found.state, found.error) for found in await files(desk)] == [(MediaState.STORED, None)]


async def test_who_died_over_an_address_does_not_use_it_again_and_a_retry_has_none(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1", sha256=KEY, url=ADDRESS)))
    [claimed] = await desk.engine.media.claim(1)
    await desk.engine.media_care.retry([claimed.id])
    assert "lookaside" not in await stored(desk)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (NotFound("media-gone"), MediaState.GONE),
        (SendRejected("media-too-large"), MediaState.REFUSED),
        (SendRejected("media-foreign-host"), MediaState.REFUSED),
        (SendRejected("media-redirected"), MediaState.REFUSED),
    ],
)
async def test_what_will_never_come_is_told_with_its_reason(desk: Desk, failure: CrmError, state: MediaState) -> None:
    desk.meta.files["77"] = failure
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    (found,) = await files(desk)
    assert (found.state, found.error, found.key) == (state, failure.code, None)
    assert len(await told(desk)) == 2
    desk.clock.advance(days=1)
    assert await desk.engine.media.run_once() == 0


@pytest.mark.parametrize(
    "failure",
    [
        SendPostponed("media-unavailable", scope=Scope.MESSAGE, wait=timedelta(minutes=1)),
        SendUncertain("no-answer"),
        AccountSuspended("token-invalid", reason="token"),
        Unavailable("media-store-unavailable", problem="GenericError"),
    ],
    ids=lambda failure: failure.code,
)
async def test_trouble_that_passes_is_waited_out_ever_longer_and_nobody_is_told_before(
    desk: Desk, failure: CrmError
) -> None:
    in_store = failure.code == "media-store-unavailable"
    if in_store:
        desk.shelf.trouble = failure
    else:
        desk.meta.files["77"] = failure
    await desk.arrives(envelope(sent("wamid.1")))
    waits: list[timedelta] = []
    for _ in range(4):
        assert await desk.engine.media.run_once() == 1
        assert await desk.engine.media.run_once() == 0
        due = await desk.engine.media.due()
        assert due is not None
        waits.append(due - desk.clock.now())
        desk.clock.at = due
    assert waits == sorted(waits)
    assert waits[0] >= timedelta(seconds=10)
    assert waits[-1] <= timedelta(hours=1)
    assert await told(desk) == []
    desk.shelf.trouble, desk.meta.files["77"] = None, Fetched(PICTURE, "image/jpeg", KEY)
    await desk.engine.media.run_once()
    assert [found.state for found in await files(desk)] == [MediaState.STORED]
    assert len(await told(desk)) == 2


async def test_who_can_repair_it_is_told_once(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")), envelope(sent("wamid.2")))
    desk.shelf.trouble = Unavailable("media-store-unavailable", problem="GenericError")
    await desk.engine.media.run_once()
    assert await open_alerts(desk) == {AlertKind.MEDIA_STORE: 1}
    desk.meta.files["77"] = AccountSuspended("token-invalid", reason="token")
    desk.clock.advance(minutes=1)
    await desk.engine.media.run_once()
    assert await open_alerts(desk) == {AlertKind.MEDIA_STORE: 1, AlertKind.TOKEN_FAILED: 1}


async def test_after_seven_days_metas_id_is_dead_and_nobody_asks_any_more(desk: Desk) -> None:
    desk.meta.files["77"] = SendUncertain("no-answer")
    await desk.arrives(envelope(sent("wamid.1")))
    for _ in range(400):
        due = await desk.engine.media.due()
        if due is None:
            break
        desk.clock.at = max(due, desk.clock.at)
        await desk.engine.media.run_once()
    (found,) = await files(desk)
    assert (found.state, found.error) == (MediaState.GONE, "media-unavailable")
    assert desk.clock.now() - NOON <= timedelta(days=7)
    assert found.attempts < 200
    assert len(await told(desk)) == 2


async def test_a_file_with_a_wrong_hash_is_fetched_once_more_and_then_kept_with_a_remark(desk: Desk) -> None:
    desk.meta.files["77"] = Fetched(PICTURE, "image/jpeg", "0" * 64)
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    (found,) = await files(desk)
    assert (found.state, found.error) == (MediaState.WANTED, DIFFERS)
    assert desk.shelf.kept == {}
    desk.clock.advance(seconds=10)
    await desk.engine.media.run_once()
    (found,) = await files(desk)
    assert (found.state, found.error, found.key) == (MediaState.STORED, DIFFERS, KEY)


async def test_bytes_that_were_hurt_on_the_way_are_replaced_by_whole_ones(desk: Desk) -> None:
    desk.meta.files["77"] = Fetched(PICTURE[:-1], "image/jpeg", KEY)
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    desk.meta.files["77"] = Fetched(PICTURE, "image/jpeg", KEY)
    desk.clock.advance(seconds=10)
    await desk.engine.media.run_once()
    assert [(found.state, found.error) for found in await files(desk)] == [(MediaState.STORED, None)]
    assert list(desk.shelf.kept) == [KEY]


@pytest.mark.parametrize("alone", [True, False], ids=["taken over", "lease over"])
async def test_death_at_any_step_loses_no_file_and_tells_of_it_once(desk: Desk, alone: bool) -> None:
    for step in count():
        content = f"picture {step}".encode()
        desk.meta.files[f"{step}"] = Fetched(content, "image/jpeg", None)
        await desk.arrives(envelope(sent(f"wamid.D{step}", f"{step}")))
        died = await dies_at(step, desk, lambda engine: engine.media.run_once())
        heir = engine_of(desk, desk.database, "heir")
        if alone:
            await heir.housekeeping.take_over()
        else:
            desk.clock.advance(minutes=11)
        while await heir.media.run_once():
            pass
        async with desk.database.begin() as uow:
            (message,) = (await uow.messages.known([f"wamid.D{step}"])).values()
            found = (await uow.media.of_messages([message.id]))[message.id]
            notices = await uow.notices.claim(desk.clock.now(), desk.clock.now(), 500)
        shown = [notice for notice in notices if notice.kind is NoticeKind.MEDIA and notice.subject_id == found.id]
        assert found.state is MediaState.STORED, f"lost after a death at step {step}"
        assert desk.shelf.kept[found.key or ""] == content
        assert len(shown) == 2, f"told {len(shown)} times after a death at step {step}"
        if not died:
            assert step > 5
            return


async def test_a_worker_whose_lease_ran_out_settles_nothing(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    slow = await desk.engine.media.claim(1)
    desk.clock.advance(minutes=11)
    assert await desk.engine.media.run_once() == 1
    desk.meta.files["77"] = SendRejected("media-too-large")
    await desk.engine.media.fetch(slow[0])
    assert [found.state for found in await files(desk)] == [MediaState.STORED]
    assert len(await told(desk)) == 2


async def test_a_file_that_kills_whoever_fetches_it_is_given_up_in_the_end(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    for _ in range(MOST_ATTEMPTS):
        assert await desk.engine.media.claim(1)
        assert await desk.engine.media.claim(1) == []
        desk.clock.advance(minutes=11)
    await desk.engine.media.run_once()
    assert [(found.state, found.error) for found in await files(desk)] == [(MediaState.REFUSED, "media-unavailable")]


# --- keeping -------------------------------------------------------------------------------------------------------------------


async def forget(desk: Desk) -> dict[str, int]:
    return await all_jobs(desk.engine)["media"].run()


async def test_a_file_is_deleted_after_its_time_and_its_record_stays(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    desk.clock.advance(days=29)
    assert await forget(desk) == {"forgotten": 0, "deleted": 0}
    desk.clock.advance(days=2)
    assert await forget(desk) == {"forgotten": 1, "deleted": 1}
    (found,) = await files(desk)
    assert (found.state, found.error, found.key, found.sha256) == (MediaState.GONE, EXPIRED, None, KEY)
    assert desk.shelf.kept == {}
    assert await forget(desk) == {"forgotten": 0, "deleted": 0}


async def test_bytes_that_another_message_shows_or_waits_for_stay(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    desk.clock.advance(days=31)
    await desk.arrives(envelope(sent("wamid.2", sha256=KEY)))
    assert await forget(desk) == {"forgotten": 1, "deleted": 0}
    await desk.engine.media.run_once()
    desk.clock.advance(days=1)
    assert await forget(desk) == {"forgotten": 0, "deleted": 0}
    assert desk.shelf.kept == {KEY: PICTURE}
    desk.clock.advance(days=30)
    assert await forget(desk) == {"forgotten": 1, "deleted": 1}
    assert desk.shelf.kept == {}


async def test_a_deletion_that_was_cut_off_is_ended_by_the_next(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    desk.clock.advance(days=31)
    desk.shelf.trouble = Unavailable("media-store-unavailable")
    with pytest.raises(Unavailable):
        await forget(desk)
    assert [found.state for found in await files(desk)] == [MediaState.GONE]
    desk.shelf.trouble = None
    assert await forget(desk) == {"forgotten": 1, "deleted": 1}
    assert desk.shelf.kept == {}


# --- what an operator does -----------------------------------------------------------------------------------------------------


async def test_what_did_not_come_is_listed_and_fetched_once_more(desk: Desk) -> None:
    desk.meta.files["77"] = SendRejected("media-too-large")
    await desk.arrives(envelope(sent("wamid.1")))
    care = desk.engine.media_care
    [waiting] = await care.waiting(5)
    assert await care.lost(5) == []
    await desk.engine.media.run_once()
    [lost] = await care.lost(5)
    assert (waiting.id, await care.waiting(5)) == (lost.id, [])
    assert (await desk.engine.reports.status(None)).files == {"wanted": 0, "lost": 1}
    assert (await desk.engine.reports.glance(desk.admin)).files == {"wanted": 0, "lost": 1}
    await told(desk)
    desk.meta.files["77"] = Fetched(PICTURE, "image/jpeg", KEY)
    assert await care.retry() == 1
    assert await care.retry() == 0
    assert await desk.engine.media.run_once() == 1
    assert [(found.state, found.attempts) for found in await files(desk)] == [(MediaState.STORED, 1)]
    assert {notice.subject_id for notice in await told(desk)} == {lost.id}
    assert await care.lost(5) == []


async def test_a_file_that_meta_has_no_more_is_not_asked_for_again(desk: Desk) -> None:
    desk.meta.files["77"] = SendRejected("media-too-large")
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    (found,) = await files(desk)
    desk.clock.advance(days=7, seconds=1)
    assert await desk.engine.media_care.retry() == 0
    with pytest.raises(Refused, match="media-too-old"):
        await desk.engine.media_care.retry([found.id])
    with pytest.raises(NotFound, match="media-not-found"):
        await desk.engine.media_care.retry([found.id, 12_345])
    assert (await desk.engine.reports.status(None)).files == {"wanted": 0, "lost": 0}


async def test_bytes_that_the_store_lost_are_fetched_again_by_name(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")))
    await desk.engine.media.run_once()
    (found,) = await files(desk)
    desk.shelf.kept.clear()
    assert await desk.engine.media_care.retry([found.id]) == 1
    await desk.engine.media.run_once()
    assert (await desk.engine.media_care.taken(found.id))[1] == PICTURE


async def test_a_file_is_taken_out_by_its_id_or_by_its_message(desk: Desk) -> None:
    await desk.arrives(envelope(sent("wamid.1")), envelope(sent("wamid.2", "78")))
    desk.meta.files["78"] = NotFound("media-gone")
    await desk.engine.media.run_once()
    care = desk.engine.media_care
    found, content = await care.taken(wamid="wamid.1")
    assert content == PICTURE
    assert (await care.taken(found.id))[1] == PICTURE
    for asked, code in (
        ({"wamid": "wamid.2"}, "media-not-kept"),
        ({"wamid": "wamid.9"}, "media-not-found"),
        ({"media_id": 9}, "media-not-found"),
    ):
        with pytest.raises(NotFound, match=code):
            await care.taken(**asked)


async def test_a_store_is_tried_and_what_it_cannot_do_is_told(desk: Desk) -> None:
    await desk.engine.media_care.probe()
    assert desk.shelf.kept == {}
    desk.shelf.trouble = Unavailable("media-store-unavailable", problem="PermissionError")
    with pytest.raises(Unavailable):
        await desk.engine.media_care.probe()
