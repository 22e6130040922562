"""What Meta does by itself: news about accounts and numbers, its own agent on a number; and messages that no button of a phone makes."""

from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.meta_samples import ELEMENTS, NEWS
from sandbox.acts.refused import Refused
from sandbox.graph import Number, Person
from sandbox.graph.errors import Json
from sandbox.graph.identity import new_wamid
from sandbox.graph.webhooks import head, phone_key, seconds
from sandbox.world import World


class OfNumber(Args):
    number: str | None = None


class Says(OfNumber):
    news: str


class Agent(OfNumber):
    on: bool = True


class WithCustomer(OfNumber):
    customer: str


class Answers(WithCustomer):
    text: str = Field(min_length=1, max_length=4096)


class HandsOver(WithCustomer):
    to: Literal["ours", "meta_agent"]


class Sample(WithCustomer):
    sample: str
    reply_to: str | None = None


class Calls(WithCustomer):
    seconds: int | None = Field(None, ge=0, le=86_400)


async def says(world: World, given: Says) -> Result:
    """Meta tells something about a number or its account, at the present time."""
    number = find.number(world, given.number)
    if given.news not in NEWS:
        raise Refused("no-such-sample", name=given.news[:64], known=", ".join(NEWS))
    field, value = NEWS[given.news]
    _post(world, number, field, {"display_phone_number": number.phone, **value})
    return None


async def agent(world: World, given: Agent) -> Result:
    """Switch Meta's own agent on or off: while it is on, what customers write comes on `standby`."""
    find.number(world, given.number).business_agent = given.on
    return None


async def answers(world: World, given: Answers) -> Result:
    """Meta's own agent answers a customer; the webhook has its words one level deeper (reference 0.10)."""
    number, person = _both(world, given)
    now, wamid = world.clock.at, new_wamid()
    inner = phone_key("recipient", person.identity.wa_id) | {"type": "text", "text": {"body": given.text}}
    echo = {"id": wamid, "to_user_id": person.identity.bsuid, "timestamp": seconds(now), "message": inner}
    _talk(world, number, "standby", {"contacts": [person.identity.contact()], "standby": {"message_echoes": [echo]}})
    return {"message": wamid}


async def hands_over(world: World, given: HandsOver) -> Result:
    """A conversation passes between Meta's own agent and the business."""
    number, person = _both(world, given)
    roles = ("ai_agent", "escalation") if given.to == "ours" else ("escalation", "ai_agent")
    value: Json = {
        "type": "control_passed",
        "recipient": head(number.display_phone, number.phone_number_id)["metadata"],
        "sender": phone_key("phone_number", person.identity.wa_id) | {"user_id": person.identity.bsuid},
        "timestamp": seconds(world.clock.at),
        "control_passed": {"previous_owner_role": roles[0], "new_owner_role": roles[1]},
    }
    _post(world, number, "messaging_handovers", value)
    return None


async def sends_sample(world: World, given: Sample) -> Result:
    """A customer sends something that lies ready."""
    number, person = _both(world, given)
    if given.sample not in ELEMENTS:
        raise Refused("no-such-sample", name=given.sample[:64], known=", ".join(ELEMENTS))
    quoted = None
    if given.reply_to is not None:
        number, message = find.message(world, person, given.reply_to)
        quoted = message.wamid
    return {"message": person.sends(number, ELEMENTS[given.sample], context_wamid=quoted)}


async def calls(world: World, given: Calls) -> Result:
    """A customer calls; with `seconds` somebody answered on the phone and talked so long."""
    number, person = _both(world, given)
    now, call_id = world.clock.at, f"wacid.{new_wamid()[6:]}"
    who = phone_key("from", person.identity.wa_id) | {"from_user_id": person.identity.bsuid, "to": number.phone}
    call: Json = who | {"id": call_id, "timestamp": seconds(now), "direction": "USER_INITIATED"}
    ended = {"status": "FAILED"} if given.seconds is None else {"status": "COMPLETED", "duration": given.seconds}
    person.thread(number).heard(now, None)
    for step in ({"event": "connect"}, {"event": "terminate", **ended}):
        _talk(world, number, "calls", {"contacts": [person.identity.contact()], "calls": [call | step]})
    return {"call": call_id}


def _both(world: World, given: WithCustomer) -> tuple[Number, Person]:
    person = find.customer(world, given.customer)
    return find.number(world, given.number, person), person


def _talk(world: World, number: Number, field: str, value: Json) -> None:
    _post(world, number, field, head(number.display_phone, number.phone_number_id) | value)


def _post(world: World, number: Number, field: str, value: Json) -> None:
    world.graph.queue_raw_webhook(value, field, waba_id=number.waba_id)


ACTS = (
    act("meta.says", Says, says),
    act("meta.agent", Agent, agent),
    act("meta.answers", Answers, answers),
    act("meta.hands_over", HandsOver, hands_over),
    act("customer.sends_sample", Sample, sends_sample),
    act("customer.calls", Calls, calls),
)
