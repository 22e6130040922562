"""The counter where messages are handed in: `POST /{phone_number_id}/messages`.

Gathers the facts, lets `sending.judge` decide, and starts the journey of what was accepted. Accepting happens in one go without
waiting, so a fault can strike before or after it but never in the middle. Reference: section 3 "Sending".
"""

from datetime import datetime, timedelta

from crm.policy.reach import limit_of
from sandbox.graph import sending, templates
from sandbox.graph.errors import GraphError, Json, failure
from sandbox.graph.fate import Journey
from sandbox.graph.faults import Fault
from sandbox.graph.identity import country_code, new_wamid
from sandbox.graph.people import Person
from sandbox.graph.phone_numbers import Number
from sandbox.graph.state import Message, Thread
from sandbox.graph.world import Sent, World

READABLE = timedelta(days=30)
TYPING_LASTS = timedelta(seconds=25)


def hand_in(world: World, number: Number, body: Json, fault: Fault | None = None) -> Json:
    """Accept or refuse what was posted: a message, or the news that one was read."""
    if not number.registered:
        raise GraphError(133010)
    if "status" in body:
        return mark_read(world, number, body)
    return accept(world, number, body, fault)


def accept(world: World, number: Number, body: Json, fault: Fault | None) -> Json:
    """Judge a message and start its journey; returns Meta's answer."""
    now = world.clock.now()
    draft = sending.draft(body, country_code(number.display_phone))
    _check_references(world, draft, now)
    person = world.find_person(draft.to, draft.recipient)
    if person is not None and not person.on_whatsapp:
        person = None
    thread = person.thread(number) if person else None
    verdict = sending.judge(draft, _facts(world, number, thread, now), now)
    _take_a_place(number, person, thread, verdict, now)
    number.throughput.count(now)
    message = _message(number, person, draft, verdict, now)
    if fault is not None and fault.kind == "failed":
        message.fails_with = failure(fault.code, fault.details)
        message.fails_after, message.sent_before_failing = fault.after, fault.sent_first
    if thread is not None:
        _into_the_thread(world, thread, message)
    world.keep(message)
    held = verdict.template is not None and world.hold_templates
    journey = Journey(world, number, person, message, draft.to)
    if held:
        message.statuses["held"] = now
        world.held.append(journey)
    else:
        journey.start(now)
    sent = _sent(message, draft, verdict, body, person, held=held, thread=thread)
    world.record(sent)
    return _answer(draft, sent)


def _take_a_place(
    number: Number, person: Person | None, thread: Thread | None, verdict: sending.Verdict, now: datetime
) -> None:
    """Count whom the business reaches outside a window, or refuse who is too many: 131048, for Meta names no code of its own for that
    (reference 4: unconfirmed)."""
    if verdict.template is None or person is None or thread is None or thread.window_open(now):
        return
    told = limit_of(number.messaging_limit)
    reach = number.business.reach
    if not reach.has_room(person.key, told[0] if told is not None else None, now):
        raise GraphError(131048)
    reach.count(person.key, now)


def _check_references(world: World, draft: sending.Draft, now: datetime) -> None:
    """Refuse media ids that are dead and reactions to messages nobody knows (131009)."""
    if draft.media_id is not None and world.media.find(draft.media_id, now) is None:
        raise GraphError(131009, f"Param {draft.type}['id'] is not a valid media attachment ID")
    above = templates.header_file(draft.content) if draft.type == "template" else None
    if above is not None and world.media.find(above, now) is None:
        raise GraphError(131009, "Param template['components'] is not valid: no such media attachment ID")
    if draft.type == "reaction" and world.find(draft.content["message_id"]) is None:
        raise GraphError(131009, "Param reaction['message_id'] is not a valid message ID")


def _facts(world: World, number: Number, thread: Thread | None, now: datetime) -> sending.Facts:
    return sending.Facts(
        number_phone=number.phone,
        throughput_left=number.throughput.has_room(now, number.mps),
        templates=number.business.templates,
        thread=thread,
        late_codes=world.late_codes,
        brief_rules=world.brief_rules,
    )


def _message(
    number: Number, person: Person | None, draft: sending.Draft, verdict: sending.Verdict, now: datetime
) -> Message:
    return Message(
        wamid=new_wamid(),
        phone_number_id=number.phone_number_id,
        author="api",
        at=now,
        type=draft.type,
        text=verdict.text,
        content=draft.content,
        person_key=person.key if person else "",
        to_phone=draft.to is not None,
        category=verdict.category,
        opaque=draft.opaque,
        context=draft.context,
        fails_with=failure(verdict.late.code, verdict.late.details) if verdict.late else None,
    )


def _sent(
    message: Message,
    draft: sending.Draft,
    verdict: sending.Verdict,
    body: Json,
    person: Person | None,
    *,
    held: bool,
    thread: Thread | None,
) -> Sent:
    template = verdict.template
    return Sent(
        wamid=message.wamid,
        phone_number_id=message.phone_number_id,
        to=draft.to,
        recipient=draft.recipient,
        type=draft.type,
        body=verdict.text,
        template=template.name if template else None,
        language=template.language if template else None,
        category=verdict.category,
        opaque=draft.opaque,
        at=message.at,
        basis=verdict.basis,
        entry_point=thread is not None and thread.entry_point_open(message.at),
        message_status=("held_for_quality_assessment" if held else "accepted") if template else None,
        payload=body,
        person=person,
    )


def _into_the_thread(world: World, thread: Thread, message: Message) -> None:
    thread.messages.append(message)
    thread.pair.count(message.at)
    thread.answered(message.at)
    thread.typing_until = None
    target = world.find(message.content["message_id"]) if message.type == "reaction" else None
    if target is not None:
        target.reactions.pop("api", None)
        target.reactions |= {"api": message.text} if message.text else {}


def _answer(draft: sending.Draft, sent: Sent) -> Json:
    """Return what Meta answers: `wa_id` for a phone, `user_id` for a BSUID (section 3, 1.5)."""
    contact: Json = {"input": draft.input}
    if draft.to is not None:
        contact["wa_id"] = (sent.person.wa_id if sent.person else None) or draft.to
    else:
        contact["user_id"] = draft.recipient
    told = {"id": sent.wamid} | ({"message_status": sent.message_status} if sent.message_status else {})
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]}


def mark_read(world: World, number: Number, body: Json) -> Json:
    """Mark a person's message (and all before it) as read; with a typing indicator, show "typing" for 25 s."""
    now = world.clock.now()
    message = world.find(str(body.get("message_id")))
    strange = message is None or message.author != "person" or message.phone_number_id != number.phone_number_id
    if body["status"] != "read" or strange or message is None or now - message.at > READABLE:
        raise GraphError(131009, "Param message_id is not a valid message ID")
    person = world.person_of(message)
    if person is not None:
        thread = person.thread(number)
        for each in thread.messages:
            if each.author == "person" and each.at <= message.at:
                each.statuses.setdefault("read", now)
        if "typing_indicator" in body:
            thread.typing_until = now + TYPING_LASTS
    world.marked_read.append(message.wamid)
    return {"success": True}
