"""Trouble on order: every way a call can go wrong."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from sandbox.graph import Fault
from tests.unit.sandbox_graph.conftest import Stand


async def test_an_ordered_error_comes_once_with_everything_that_was_asked_for(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    fault = Fault("error", code=131000, details="out of luck", subcode=7, is_transient=True)
    stand.graph.fail_next(fault)
    status, answer = await stand.send()
    error = answer["error"]
    assert (status, error["code"], error["error_subcode"], error["is_transient"]) == (500, 131000, 7, True)
    assert error["error_data"]["details"] == "out of luck"
    assert error["fbtrace_id"]
    await stand.accepted()
    assert len(stand.graph.sends) == 1


async def test_a_fault_strikes_only_the_person_and_number_it_was_ordered_for(stand: Stand) -> None:
    ana = stand.graph.person(phone="34600111222")
    for person in (stand.leo, ana):
        person.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("error", code=131048), times=None, to="34600111222")
    stand.graph.fail_next(Fault("error", code=131031), phone_number_id="another")
    await stand.accepted()
    assert await stand.code(to="+34600111222") == 131048
    assert await stand.code(to="+34600111222") == 131048
    stand.graph.faults.clear()
    await stand.accepted(to="+34600111222")


@pytest.mark.parametrize(("sent_first", "expected"), [(False, ["failed"]), (True, ["sent", "failed"])])
async def test_a_failure_may_come_after_the_200(stand: Stand, sent_first: bool, expected: list[str]) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("failed", code=131049, after=timedelta(hours=2), sent_first=sent_first))
    await stand.accepted(biz_opaque_callback_data="outbox:1")
    await stand.settle(timedelta(hours=3))
    assert stand.hook.names() == expected
    last = stand.hook.statuses()[-1]
    assert last["errors"][0]["code"] == 131049
    assert last["biz_opaque_callback_data"] == "outbox:1"
    assert "recipient_user_id" not in last
    assert stand.leo.inbox == []


async def test_a_caller_that_waits_in_vain_was_accepted_all_the_same(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("no_answer"))
    with pytest.raises(asyncio.TimeoutError):
        await stand.send(timeout=0.05)
    await stand.settle()
    assert stand.hook.names() == ["sent", "delivered", "read"]


@pytest.mark.parametrize(
    ("fault", "accepted"), [(Fault("close"), 1), (Fault("reset"), 0)], ids=["close after", "reset before"]
)
async def test_a_broken_connection_may_hide_an_accepted_message(stand: Stand, fault: Fault, accepted: int) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(fault)
    with pytest.raises(aiohttp.ClientError):
        await stand.send()
    assert len(stand.graph.sends) == accepted


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_500_with_a_page_of_html_says_nothing_about_the_message(stand: Stand, accepted: bool) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("html", accepted=accepted))
    url = stand.graph.url + "/v26.0/1065/messages"
    body = {"messaging_product": "whatsapp", "to": "+5491155550099", "type": "text", "text": {"body": "x"}}
    async with stand.http.post(url, json=body, headers={"Authorization": "Bearer EAAG-test"}) as answer:
        assert (answer.status, answer.content_type) == (500, "text/html")
    assert len(stand.graph.sends) == int(accepted)


async def test_a_status_can_overtake_a_slow_answer(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("slow", seconds=0.2))
    call = asyncio.create_task(stand.send())
    while not stand.graph.sends:
        await asyncio.wait({call}, timeout=0.01)
    stand.clock.pass_(seconds=1)
    await stand.graph.deliver_due()
    assert (call.done(), stand.hook.names()) == (False, ["sent"])
    assert (await call)[0] == 200


async def test_other_calls_can_be_made_to_fail_too(stand: Stand) -> None:
    path = "/v26.0/2001/message_templates"
    stand.graph.fail_next(Fault("error", code=80007), where="templates")
    assert (await stand.call("GET", path))[1]["error"]["code"] == 80007
    stand.graph.fail_next(Fault("reset"), times=None, where="templates")  # aiohttp tries a GET twice by itself
    with pytest.raises(aiohttp.ClientError):
        await stand.call("GET", path)
    stand.graph.faults.clear()
    stand.graph.fail_next(Fault("html"), where="tokens")
    async with stand.http.get(stand.graph.url + "/debug_token") as answer:
        assert (answer.status, answer.content_type) == (500, "text/html")
    stand.graph.fail_next(Fault("slow", seconds=0.01), where="templates")
    assert (await stand.call("GET", path))[0] == 200


async def test_latency_holds_every_answer_back(stand: Stand) -> None:
    stand.graph.latency = 5.0
    with pytest.raises(asyncio.TimeoutError):
        await stand.send(timeout=0.05)
    stand.graph.latency = 0.01
    assert (await stand.call("GET", "/v26.0/1065"))[0] == 200
