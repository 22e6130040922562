"""Tags, fields and notes: who may write them, what a tag begins and ends, and what a merge does to them."""

from datetime import timedelta

import pytest

from crm.errors import NotFound, Refused
from crm.model.agents import Agent, Role
from crm.model.answers import ContactCard
from crm.model.contacts import Contact
from crm.model.outbox import OutboxState
from crm.model.records import replace
from crm.model.sequences import EnrollmentState, Reason, Rules, Sequence, SequenceState, Step, Trigger
from crm.policy import labels
from storage.database import Database
from tests.integration.engine.desk import NOON, Desk, envelope, open_desk, wrote

HOUR = timedelta(hours=1)


async def with_leo(database: Database) -> tuple[Desk, Contact]:
    desk = await open_desk(database)
    await desk.arrives(envelope(wrote("Hola", NOON - HOUR, "wamid.L1")))
    (leo,) = await desk.engine.contacts.find(desk.admin, "Leo")
    return desk, leo


async def card(desk: Desk, contact: Contact, by: Agent | None = None) -> ContactCard:
    return await desk.engine.contacts.card(by or desk.admin, contact.id)


def a_plan(key: str, trigger: Trigger = Trigger.MANUAL, **rules: object) -> Sequence:
    steps = (Step(timedelta(0), "Gracias"), Step(HOUR, "¿Seguimos?"))
    return Sequence(0, key, key, SequenceState.ACTIVE, trigger, None, steps, 1, NOON, Rules(**rules))  # type: ignore[arg-type]


async def test_a_tag_begins_its_plan_once_and_is_told_to_the_audit(database: Database) -> None:
    desk, leo = await with_leo(database)
    await desk.engine.sequences.publish("cli", [a_plan("vips", Trigger.TAG, entry_tag="vip")])
    done = await desk.engine.labels.tag(desk.agent, leo.id, "  vip ")
    assert (done.begun, done.ended, done.refused) == (("vips",), (), ())
    assert done.contact.tags == {"vip"}
    again = await desk.engine.labels.tag(desk.agent, leo.id, "vip")
    assert again.begun == ()
    (walk,) = (await card(desk, leo)).conversations[0].walks
    assert (walk.enrollment.trigger, walk.enrollment.state) == (Trigger.TAG, EnrollmentState.ACTIVE)
    actions = [entry.action for entry in await desk.engine.audit.about(f"contact:{leo.id}", 9)]
    assert actions.count("contact.tagged") == 1
    await desk.engine.labels.untag(desk.agent, leo.id, "vip")
    assert (await card(desk, leo)).contact.tags == frozenset()
    once_more = await desk.engine.labels.tag(desk.agent, leo.id, "vip")
    assert once_more.refused == (("vips", "already-enrolled"),)
    with pytest.raises(NotFound, match="tag-not-found"):
        await desk.engine.labels.untag(desk.agent, leo.id, "otra")


async def test_a_tag_begins_nothing_for_who_opted_out(database: Database) -> None:
    desk, leo = await with_leo(database)
    await desk.engine.sequences.publish("cli", [a_plan("vips", Trigger.TAG, entry_tag="vip")])
    async with database.begin() as uow:
        await uow.contacts.save(changed=[replace(leo, opted_out=True, consent_at=NOON)])
    done = await desk.engine.labels.tag(desk.agent, leo.id, "vip")
    assert (done.begun, done.refused) == ((), (("vips", "opted-out"),))
    assert (await card(desk, leo)).contact.tags == {"vip"}


async def test_a_tag_ends_a_walk_and_calls_back_what_was_queued(database: Database) -> None:
    desk, leo = await with_leo(database)
    (plan,) = await desk.engine.sequences.publish("cli", [a_plan("saludo", exit_tags=frozenset({"compró"}))])
    talk = (await card(desk, leo)).conversations[0].conversation
    walk = await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    desk.clock.advance(minutes=1)
    await desk.engine.sequences.process_due()
    done = await desk.engine.labels.tag(desk.agent, leo.id, "compró")
    assert done.ended == ("saludo",)
    async with database.read() as uow:
        ended = (await uow.enrollments.load([walk.id]))[walk.id]
        assert await uow.outbox.unsettled_of([talk.id]) == []
        items = await uow.outbox.counts()
    assert (ended.state, ended.reason, ended.next_due_at) == (EnrollmentState.EXITED, Reason.TAG, None)
    assert items.get(OutboxState.CANCELLED.value) == 1
    desk.clock.advance(hours=5)
    await desk.engine.sequences.process_due()
    await desk.sends()
    assert desk.meta.sent == []


async def test_a_tag_closes_the_card_of_the_walk_that_it_ends(database: Database) -> None:
    desk, leo = await with_leo(database)
    (plan,) = await desk.engine.sequences.publish("cli", [a_plan("saludo", exit_tags=frozenset({"compró"}))])
    talk = (await card(desk, leo)).conversations[0].conversation
    await desk.engine.sequences.enroll(desk.agent, plan.id, talk.id)
    desk.clock.advance(hours=100)
    await desk.engine.sequences.process_due()
    assert (await card(desk, leo)).conversations[0].pending == 1
    await desk.engine.labels.tag(None, leo.id, "compró")
    assert (await card(desk, leo)).conversations[0].pending == 0


async def test_fields_are_set_cleared_and_bounded(database: Database) -> None:
    desk, leo = await with_leo(database)
    await desk.engine.labels.set_field(desk.agent, leo.id, " Ciudad ", " Rosario\n centro ")
    await desk.engine.labels.set_field(desk.agent, leo.id, "plan", "oro")
    assert (await card(desk, leo)).contact.fields == {"ciudad": "Rosario centro", "plan": "oro"}
    after = await desk.engine.labels.set_field(desk.agent, leo.id, "plan", "")
    assert after.fields == {"ciudad": "Rosario centro"}
    for name, value, code in (
        ("", "x", "field-invalid"),
        ("name", "x", "field-invalid"),
        ("1a", "x", "field-invalid"),
        ("a", "x" * (labels.LONGEST_VALUE + 1), "field-too-long"),
    ):
        with pytest.raises(Refused, match=code):
            await desk.engine.labels.set_field(desk.agent, leo.id, name, value)
    entries = await desk.engine.audit.about(f"contact:{leo.id}", 9)
    assert all("Rosario" not in str((entry.before, entry.after)) for entry in entries), (
        "values are no business of the log"
    )


async def test_bounds_of_tags_and_notes(database: Database) -> None:
    desk, leo = await with_leo(database)
    for words in ("", " \n", "x" * 41):
        with pytest.raises(Refused, match="tag-invalid"):
            await desk.engine.labels.tag(desk.agent, leo.id, words)
    async with database.begin() as uow:
        full = frozenset(f"t{n}" for n in range(labels.MOST_TAGS))
        await uow.contacts.save(changed=[replace(leo, tags=full)])
    with pytest.raises(Refused, match="tags-too-many"):
        await desk.engine.labels.tag(desk.agent, leo.id, "una más")
    for words in ("", "x" * (labels.LONGEST_NOTE + 1)):
        with pytest.raises(Refused, match="note-invalid"):
            await desk.engine.labels.note(desk.agent, leo.id, words)
    note = await desk.engine.labels.note(desk.agent, leo.id, "con un \x00 dentro")
    assert note.text == "con un  dentro"


async def test_notes_are_on_the_card_newest_first_with_their_author(database: Database) -> None:
    desk, leo = await with_leo(database)
    await desk.engine.labels.note(None, leo.id, "De la feria")
    desk.clock.advance(minutes=1)
    await desk.engine.labels.note(desk.agent, leo.id, "Prefiere la tarde")
    notes = (await card(desk, leo)).notes
    assert [(note.text, author.name if author else None) for note, author in notes] == [
        ("Prefiere la tarde", "Beto"),
        ("De la feria", None),
    ]


async def test_whoever_may_not_or_does_not_see_the_contact_changes_nothing(database: Database) -> None:
    desk, leo = await with_leo(database)
    viewer = await desk.engine.agents.add(1003, Role.VIEWER, "Vera")
    other = await desk.engine.agents.add(1004, Role.AGENT, "Otto")
    talk = (await card(desk, leo)).conversations[0].conversation
    await desk.engine.conversations.assign(desk.agent, talk.id, desk.agent.id)
    for by, error, code in ((viewer, Refused, "not-permitted"), (other, NotFound, "contact-not-found")):
        with pytest.raises(error, match=code):
            await desk.engine.labels.tag(by, leo.id, "vip")
        with pytest.raises(error, match=code):
            await desk.engine.labels.untag(by, leo.id, "vip")
        with pytest.raises(error, match=code):
            await desk.engine.labels.set_field(by, leo.id, "ciudad", "Rosario")
        with pytest.raises(error, match=code):
            await desk.engine.labels.note(by, leo.id, "hola")
    after = await card(desk, leo)
    assert (after.contact.tags, after.contact.fields, after.notes) == (frozenset(), {}, ())


async def test_notes_move_with_a_merge_and_come_back(database: Database) -> None:
    desk, leo = await with_leo(database)
    await desk.arrives(envelope(wrote("Soy yo", NOON, "wamid.N1", wa_id="5491155551234", name="Nadie")))
    (nobody,) = await desk.engine.contacts.find(desk.admin, "Nadie")
    await desk.engine.labels.note(desk.admin, leo.id, "de Leo")
    desk.clock.advance(minutes=1)
    await desk.engine.labels.note(desk.admin, nobody.id, "de Nadie")
    merge = await desk.engine.identities.merge(desk.admin, leo.id, nobody.id)
    assert [note.text for note, _ in (await card(desk, leo)).notes] == ["de Nadie", "de Leo"]
    await desk.engine.labels.tag(desk.admin, nobody.id, "vip")
    assert (await card(desk, leo)).contact.tags == {"vip"}, "whoever asks for who is gone finds who stayed"
    await desk.engine.identities.unmerge(desk.admin, merge.id)
    assert [note.text for note, _ in (await card(desk, leo)).notes] == ["de Leo"]
    assert [note.text for note, _ in (await card(desk, nobody)).notes] == ["de Nadie"]
