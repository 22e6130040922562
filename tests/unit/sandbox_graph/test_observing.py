"""Whoever listens sees every call and every webhook as it crossed the wire, and a crowd's people answer by themselves."""

import json
from datetime import timedelta

import aiohttp
import pytest

from sandbox.graph import Exchange, Fault, WebhookRecord
from tests.unit.sandbox_graph.conftest import Stand


@pytest.fixture
def heard(stand: Stand) -> list[Exchange]:
    calls: list[Exchange] = []
    stand.graph.on_exchange = calls.append
    return calls


async def test_a_call_is_seen_with_its_request_and_its_answer(stand: Stand, heard: list[Exchange]) -> None:
    stand.leo.writes(stand.number, "Hola")
    wamid = await stand.accepted("Buenas")
    (call,) = heard
    assert (call.method, call.path, call.status, call.refused) == ("POST", "/v26.0/1065/messages", 200, False)
    assert json.loads(call.request)["text"] == {"body": "Buenas"}
    assert json.loads(call.answer)["messages"] == [{"id": wamid}]


async def test_a_refusal_is_seen_with_metas_body(stand: Stand, heard: list[Exchange]) -> None:
    assert await stand.code("Buenas") == 131047
    assert (heard[0].status, heard[0].refused) == (400, True)
    assert json.loads(heard[0].answer)["error"]["code"] == 131047


@pytest.mark.parametrize("kind", ["close", "reset"])
async def test_a_call_whose_answer_was_cut_off_has_no_status(stand: Stand, heard: list[Exchange], kind: str) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("close" if kind == "close" else "reset"))
    with pytest.raises(aiohttp.ClientError):
        await stand.send("Buenas")
    assert [(each.status, each.refused, each.answer) for each in heard] == [(None, True, b"")]


async def test_a_call_that_waits_in_vain_is_seen_when_the_caller_gives_up(stand: Stand, heard: list[Exchange]) -> None:
    stand.leo.writes(stand.number, "Hola")
    stand.graph.fail_next(Fault("no_answer"))
    with pytest.raises(TimeoutError):
        await stand.send("Buenas", timeout=0.1)
    while all(each.status is not None for each in heard):
        await stand.call("GET", "/v26.0/1065")
    assert [each.path for each in heard if each.status is None] == ["/v26.0/1065/messages"]


async def test_bytes_of_files_are_left_out(stand: Stand, heard: list[Exchange]) -> None:
    form = aiohttp.FormData({"messaging_product": "whatsapp"})
    form.add_field("file", b"%PDF-1.4", filename="a.pdf", content_type="application/pdf")
    headers = {"Authorization": "Bearer EAAG-test"}
    async with stand.http.post(f"{stand.graph.url}/v26.0/1065/media", data=form, headers=headers) as answer:
        assert answer.status == 200
    assert heard[0].request == b""


async def test_every_webhook_is_told_as_it_was_posted(stand: Stand) -> None:
    posted: list[WebhookRecord] = []
    stand.graph.on_webhook = posted.append
    stand.hook.answers.append(500)
    stand.leo.writes(stand.number, "Hola")
    await stand.settle()
    assert [(each.attempt, each.status) for each in posted] == [(1, 500), (2, 200)]
    assert [each.body for each in posted] == stand.hook.bodies


async def test_a_person_answers_each_message_that_is_read_while_there_is_something_to_say(stand: Stand) -> None:
    stand.leo.habits.answers = ["Sí", "Gracias"]
    stand.leo.habits.answer_after = timedelta(minutes=5)
    stand.leo.writes(stand.number, "Hola")
    for text in ("¿Uno?", "¿Dos?", "¿Tres?"):
        await stand.accepted(text)
        await stand.settle()
    lines = [(line.author, line.text) for line in stand.leo.chat(stand.number)]
    assert lines == [
        ("person", "Hola"),
        ("api", "¿Uno?"),
        ("person", "Sí"),
        ("api", "¿Dos?"),
        ("person", "Gracias"),
        ("api", "¿Tres?"),
    ]


async def test_whoever_is_off_the_network_or_has_blocked_answers_nothing(stand: Stand) -> None:
    stand.leo.habits.answers = ["Sí"]
    stand.leo.writes(stand.number, "Hola")
    await stand.accepted("¿Uno?")
    stand.clock.pass_(seconds=62)
    await stand.graph.deliver_due()
    stand.leo.goes_offline()
    await stand.settle()
    assert [line.author for line in stand.leo.chat(stand.number)] == ["person", "api"]


async def test_a_reply_remembers_what_it_answers(stand: Stand) -> None:
    stand.leo.writes(stand.number, "Hola")
    wamid = await stand.accepted("¿Sí?")
    reply = stand.graph.find(stand.leo.writes(stand.number, "Sí", context_wamid=wamid))
    assert reply is not None
    assert reply.context == wamid


def test_the_number_last_written_to_stands_last(stand: Stand) -> None:
    other = stand.graph.add_number("1067", "2001", "+5491150000002", "EAAG-test")
    for number in (stand.number, other, stand.number):
        stand.leo.writes(number, "Hola")
    assert stand.leo.talks_with == ["1067", "1065"]


def test_orders_that_wait_can_be_read_and_the_post_calms_down(stand: Stand) -> None:
    stand.graph.fail_next(Fault("html"), times=3)
    assert [(order.fault.kind, order.times) for order in stand.graph.faults.waiting] == [("html", 3)]
    weather = stand.graph.weather
    weather.duplicates, weather.shuffle, weather.delay, weather.batch = 1.0, True, timedelta(hours=1), 9
    weather.calm()
    assert (weather.duplicates, weather.shuffle, weather.delay, weather.batch) == (0.0, False, timedelta(), 1)


def test_the_tokens_of_a_number_are_known(stand: Stand) -> None:
    assert [token.value for token in stand.graph.tokens.of("1065")] == ["EAAG-test"]
    assert stand.graph.tokens.of("999") == []
