"""Two contacts become one and two again: nothing is lost, nothing is sent twice, and who may do it."""

from datetime import timedelta

import pytest

from crm.errors import NotFound, Refused
from crm.model.agents import Role
from crm.model.answers import ContactCard
from crm.model.contacts import Contact
from crm.model.merges import MergeWhy
from crm.model.outbox import OutboxState
from crm.model.records import replace
from crm.model.sequences import EnrollmentState, Reason
from crm.services.accounts import NewAccount
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, heard, open_desk, renamed, stamp, typed, wrote
from tests.integration.engine.test_history import old

OLD, NEW = "5491155550099", "5491155551234"
B1, B2 = "AR.1001", "AR.2002"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OTHER_PHONE_ID = "106540352249999"


async def named(desk: Desk, name: str) -> Contact:
    return next(c for c in await desk.engine.contacts.find(desk.admin, "") if c.name == name)


async def card(desk: Desk, contact: Contact | int) -> ContactCard:
    return await desk.engine.contacts.card(desk.admin, contact if isinstance(contact, int) else contact.id)


async def two(database: Database) -> tuple[Desk, Contact, Contact]:
    """Leo, and a stranger who hides the phone and has Leo's username: perhaps the same person, for WhatsApp two."""
    desk = await open_desk(database)
    await desk.arrives(
        envelope(
            wrote("Hola", NOON - HOUR, "wamid.L1", wa_id=OLD, bsuid=B1, name="Leo", username="@leo"),
            typed("¿Qué tal?", NOON - 50 * MINUTE, "wamid.LE", to=OLD),
        )
    )
    desk.clock.advance(minutes=1)
    await desk.arrives(
        envelope(wrote("Soy yo", NOON - 30 * MINUTE, "wamid.N1", wa_id=None, bsuid=B2, name="Nadie", username="leo"))
    )
    return desk, await named(desk, "Leo"), await named(desk, "Nadie")


async def test_what_may_be_one_person_is_shown_merged_and_undone(database: Database) -> None:
    desk, leo, nobody = await two(database)
    assert [each.id for each in (await card(desk, leo)).alike] == [nobody.id]
    assert [(a.id, b.id) for a, b in await desk.engine.identities.duplicates(10)] == [(leo.id, nobody.id)]
    merge = await desk.engine.identities.merge(desk.agent, nobody.id, leo.id)
    assert (merge.kept.id, merge.gone.id, merge.why) == (leo.id, nobody.id, MergeWhy.BY_HAND)

    joined = await card(desk, leo)
    (talk,) = joined.conversations
    assert sorted(m.wamid or "" for m in talk.recent) == ["wamid.L1", "wamid.LE", "wamid.N1"]
    assert talk.conversation.last_inbound_at == NOON - 30 * MINUTE
    assert {row.value for row in joined.names if row.current} == {OLD, B1, B2, "leo"}
    assert (joined.contact.wa_id, joined.alike) == (OLD, ())
    assert joined.merge is not None
    assert (await card(desk, nobody)).contact.id == leo.id, "whoever asks for who is gone finds who stayed"

    await desk.engine.identities.unmerge(desk.agent, joined.merge.id)
    one, other = await card(desk, leo), await card(desk, nobody)
    assert (one.contact, other.contact) == (leo, nobody)
    assert [m.wamid for m in one.conversations[0].recent] == ["wamid.LE", "wamid.L1"]
    assert [m.wamid for m in other.conversations[0].recent] == ["wamid.N1"]
    assert one.conversations[0].conversation.last_inbound_at == NOON - HOUR
    assert {row.value for row in other.names} == {B2, "leo"}
    assert one.merge is None
    with pytest.raises(Refused, match="merge-undone"):
        await desk.engine.identities.unmerge(desk.agent, merge.id)


async def test_what_came_since_stays_but_for_what_names_the_other(database: Database) -> None:
    desk, leo, nobody = await two(database)
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    desk.clock.advance(minutes=5)
    await desk.arrives(
        envelope(
            wrote("Del viejo", NOON + MINUTE, "wamid.L2", wa_id=OLD, bsuid=B1, name="Leo"),
            wrote("Del nuevo", NOON + 2 * MINUTE, "wamid.N2", wa_id=None, bsuid=B2, name="Leo"),
            typed("Para el viejo", NOON + 3 * MINUTE, "wamid.LE2", to=OLD),
        )
    )
    assert len((await card(desk, leo)).conversations[0].recent) == 6
    await desk.engine.identities.unmerge(None, merge.id)
    one, other = await card(desk, leo), await card(desk, nobody)
    assert {m.wamid for m in one.conversations[0].recent} == {"wamid.L1", "wamid.LE", "wamid.L2", "wamid.LE2"}
    assert {m.wamid for m in other.conversations[0].recent} == {"wamid.N1", "wamid.N2"}
    await desk.arrives(envelope(wrote("Otra", NOON + 4 * MINUTE, "wamid.N3", wa_id=None, bsuid=B2, name="Nadie")))
    assert (await card(desk, nobody)).conversations[0].recent[0].wamid == "wamid.N3"


async def test_conversations_with_several_numbers_move_and_come_back(database: Database) -> None:
    desk, leo, nobody = await two(database)
    await desk.engine.accounts.add(NewAccount(OTHER_PHONE_ID, "2001", "15550780000", "Ventas UY", True, 20), "EAAG-x")
    await desk.arrives(
        envelope(wrote("Acá también", NOON, "wamid.N9", wa_id=None, bsuid=B2, name="Nadie", number=OTHER_PHONE_ID))
    )
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    assert sorted(len(each.recent) for each in (await card(desk, leo)).conversations) == [1, 3]
    await desk.engine.identities.unmerge(desk.admin, merge.id)
    assert [len(each.recent) for each in (await card(desk, leo)).conversations] == [2]
    assert sorted(len(each.recent) for each in (await card(desk, nobody)).conversations) == [1, 1]


async def test_of_two_walks_through_one_sequence_one_goes_on_and_nothing_leaves_twice(database: Database) -> None:
    """Both were greeted; the one that began first is further and goes on, what the other had in the queue is called back."""
    desk = await open_desk(database)
    await desk.plan("Bienvenida", "¿Seguimos?", hours=1)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.L1", wa_id=OLD, bsuid=B1, name="Leo", username="leo")))
    desk.clock.advance(minutes=61)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Bienvenida"]
    later = desk.clock.now().replace(microsecond=0)
    await desk.arrives(envelope(wrote("Hola", later, "wamid.N1", wa_id=None, bsuid=B2, name="Nadie", username="leo")))
    desk.clock.advance(minutes=59)
    leo, nobody = await named(desk, "Leo"), await named(desk, "Nadie")
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    (talk,) = (await card(desk, leo)).conversations
    states = {w.enrollment.started_at: (w.enrollment.state, w.enrollment.reason) for w in talk.walks}
    assert states == {
        NOON: (EnrollmentState.PAUSED, Reason.CUSTOMER_REPLIED),
        later: (EnrollmentState.EXITED, Reason.MERGED),
    }
    desk.clock.advance(hours=30)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Bienvenida"]
    await desk.engine.identities.unmerge(desk.admin, merge.id)
    (walk,) = (await card(desk, nobody)).conversations[0].walks
    assert (walk.enrollment.state, walk.enrollment.reason) == (EnrollmentState.PAUSED, Reason.AGENT)


async def test_a_queued_step_of_the_walk_that_ends_is_called_back(database: Database) -> None:
    desk = await open_desk(database)
    await desk.plan("Bienvenida", "¿Seguimos?", hours=1)
    await desk.arrives(
        envelope(
            wrote("Hola", NOON, "wamid.L1", wa_id=OLD, bsuid=B1, name="Leo", username="leo"),
            wrote("Hola", NOON, "wamid.N1", wa_id=None, bsuid=B2, name="Nadie", username="leo"),
        )
    )
    desk.clock.advance(minutes=61)
    await desk.engine.sequences.process_due()
    leo, nobody = await named(desk, "Leo"), await named(desk, "Nadie")
    await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    await desk.sends()
    assert [parcel.text for parcel in desk.meta.sent] == ["Bienvenida"], "one person is greeted once"
    async with desk.database.read() as uow:
        assert (await uow.outbox.counts())[OutboxState.CANCELLED.value] == 1


async def test_a_merge_moves_no_walk_in_time(database: Database) -> None:
    """What the other wrote long ago, as the phone's history tells, began nothing: the walk waits as long as it would have."""
    desk = await open_desk(database)
    past = {
        "from": OLD,
        "id": "wamid.H1",
        "timestamp": stamp(NOON - 40 * DAY),
        "type": "text",
        "text": {"body": "Hola"},
    }
    thread = {"id": OLD, "context": {"wa_id": OLD}, "messages": [past]}
    await desk.arrives(envelope(old(history=[{"metadata": {"phase": 1, "progress": 9}, "threads": [thread]}])))
    await desk.plan("Bienvenida", hours=1)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.N1", wa_id=None, bsuid=B2, name="Nadie")))
    (before,) = (await card(desk, await named(desk, "Nadie"))).conversations[0].walks
    (leo,) = await desk.engine.contacts.find(desk.admin, OLD)
    await desk.engine.identities.merge(desk.admin, leo.id, (await named(desk, "Nadie")).id)
    (after,) = (await card(desk, leo)).conversations[0].walks
    assert after.enrollment == replace(
        before.enrollment, contact_id=leo.id, conversation_id=after.enrollment.conversation_id
    )
    assert (after.enrollment.state, after.enrollment.started_at) == (EnrollmentState.ACTIVE, NOON)


async def test_by_hand_the_stricter_wish_counts(database: Database) -> None:
    desk, leo, nobody = await two(database)
    await desk.arrives(envelope(wrote("BAJA", NOON - 20 * MINUTE, "wamid.N2", wa_id=None, bsuid=B2, name="Nadie")))
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    assert (await card(desk, leo)).contact.opted_out
    await desk.engine.identities.unmerge(desk.admin, merge.id)
    assert [each.contact.opted_out for each in (await card(desk, leo), await card(desk, nobody))] == [False, True]


async def test_an_opt_out_since_the_merge_counts_for_both(database: Database) -> None:
    """Nobody knows which of the two said it."""
    desk, leo, nobody = await two(database)
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    await desk.arrives(envelope(wrote("BAJA", NOON, "wamid.L2", wa_id=OLD, bsuid=B1, name="Leo")))
    await desk.engine.identities.unmerge(desk.admin, merge.id)
    assert [each.contact.opted_out for each in (await card(desk, leo), await card(desk, nobody))] == [True, True]


async def test_a_merge_of_metas_can_be_undone_and_the_later_one_first(database: Database) -> None:
    desk = await open_desk(database, at=NOON + 2 * HOUR)
    await desk.arrives(envelope(wrote("Otro", NOON, "wamid.3", wa_id="34600111222", bsuid="ES.1", name="Otro")))
    desk.clock.advance(minutes=1)
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1", wa_id=OLD, bsuid=B1, name="Leo")))
    await desk.arrives(envelope(wrote("Soy yo", NOON + HOUR, "wamid.2", wa_id=NEW, bsuid=B2, name="Leo N.")))
    leo, new, other = await named(desk, "Leo"), await named(desk, "Leo N."), await named(desk, "Otro")
    await desk.arrives(envelope(renamed(NOON + 30 * MINUTE, "wamid.S", old=(OLD, B1), new=(NEW, B2))))
    first = (await card(desk, leo)).merge
    assert first is not None
    assert (first.actor, first.why, {first.kept.id, first.gone.id}) == ("meta", MergeWhy.RENAMED, {leo.id, new.id})
    second = await desk.engine.identities.merge(None, first.kept.id, other.id)
    assert second.kept.id == other.id
    assert (await card(desk, new)).contact.id == other.id, "who was merged twice is found where both are"
    with pytest.raises(Refused, match="merge-not-last"):
        await desk.engine.identities.unmerge(None, first.id)
    await desk.engine.identities.unmerge(None, second.id)
    await desk.engine.identities.unmerge(None, first.id)
    assert {c.name for c in await desk.engine.contacts.find(desk.admin, "")} == {"Otro", "Leo", "Leo N."}
    assert (await card(desk, new)).contact.wa_id == NEW


async def test_who_may_merge(database: Database) -> None:
    """Viewers never; agents what they see whole; admins all; and never somebody with themselves."""
    desk, leo, nobody = await two(database)
    viewer = await desk.engine.agents.add(1003, Role.VIEWER, "Vera")
    with pytest.raises(Refused, match="not-permitted"):
        await desk.engine.identities.merge(viewer, leo.id, nobody.id)
    with pytest.raises(Refused, match="merge-same"):
        await desk.engine.identities.merge(desk.admin, leo.id, leo.id)
    with pytest.raises(NotFound, match="contact-not-found"):
        await desk.engine.identities.merge(desk.admin, leo.id, 987_654)
    with pytest.raises(NotFound, match="merge-not-found"):
        await desk.engine.identities.unmerge(desk.admin, 987_654)
    (talk,) = (await card(desk, nobody)).conversations
    await desk.engine.conversations.assign(desk.admin, talk.conversation.id, desk.admin.id)
    with pytest.raises(Refused, match="merge-not-yours"):
        await desk.engine.identities.merge(desk.agent, leo.id, nobody.id)
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    with pytest.raises(NotFound, match="contact-not-found"):
        await desk.engine.identities.unmerge(desk.agent, merge.id)
    await desk.engine.identities.unmerge(desk.admin, merge.id)


async def test_a_status_that_comes_after_the_merge_finds_its_message(database: Database) -> None:
    desk, leo, nobody = await two(database)
    (talk,) = (await card(desk, nobody)).conversations
    await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "Te respondo")
    await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    await desk.sends()
    assert [(p.to.phone, p.to.bsuid) for p in desk.meta.sent] == [(f"+{OLD}", None)]
    await desk.arrives(envelope(heard("wamid.OUT1", "delivered", NOON + MINUTE)))
    (joined,) = (await card(desk, leo)).conversations
    assert [m.status.value for m in joined.recent if m.text == "Te respondo"] == ["delivered"]
    queued = await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "Desde la pantalla vieja")
    assert queued is not None, "a conversation that was joined is answered where it is now"


async def test_who_hides_the_phone_is_written_to_by_the_id_of_that_portfolio(database: Database) -> None:
    desk, _, nobody = await two(database)
    await desk.engine.accounts.add(NewAccount(OTHER_PHONE_ID, "3003", "15550780000", "Ventas UY", True, 20), "EAAG-x")
    await desk.arrives(
        envelope(wrote("Hola", NOON, "wamid.X", wa_id="34600111222", bsuid="ES.7", name="Eva", number=OTHER_PHONE_ID))
    )
    (talk,) = (await card(desk, nobody)).conversations
    await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "Te respondo")
    await desk.sends()
    assert [(p.to.phone, p.to.bsuid) for p in desk.meta.sent] == [(None, B2)]
    # In that portfolio we were told only a phone, which somebody else has now.
    async with database.begin() as uow:
        (eva,) = await uow.contacts.search(desk.admin, "Eva", 5)
        await uow.contacts.save(changed=[replace(eva, wa_id=None)])
        rows = [row for row in await uow.contacts.identities([eva.id]) if row.value != "ES.7"]
        await uow.contacts.identify(rows, [eva.id])
    (talk,) = (await card(desk, eva)).conversations
    with pytest.raises(Refused, match="contact-unaddressed"):
        await desk.engine.conversations.reply(desk.agent, talk.conversation.id, "¿Hola?")
