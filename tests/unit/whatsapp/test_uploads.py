"""Handing a file of ours to Meta: what arrives there, and what each failure means."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.whatsapp.graph import GraphClient, GraphSettings
from crm.errors import AccountSuspended, SendFailed, SendPostponed, SendRejected, SendUncertain
from crm.model.media import MediaKind
from crm.model.outbox import Enclosed
from sandbox.clock import SetClock
from sandbox.graph.faults import Fault
from sandbox.graph.graph import Graph

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOKEN = "EAAGsecretTOKENsecret0123456789"
NUMBER, WABA = "106540352242922", "102290129340398"
VOICE = Enclosed(MediaKind.VOICE, "a" * 64, "audio/ogg; codecs=opus", "secreto.ogg")
CONTENT = b"OggS\r\n--boundary--\r\n" + bytes(range(256)) * 999


async def the_token(_account_id: int) -> str:
    return TOKEN


@pytest.fixture
async def meta() -> AsyncIterator[Graph]:
    graph = Graph(SetClock(NOW))
    await graph.start()
    graph.require_proof = True
    graph.add_number(NUMBER, WABA, "+1 555-078-3881", TOKEN)
    yield graph
    await graph.stop()


@pytest.fixture
async def client(meta: Graph) -> AsyncIterator[GraphClient]:
    settings = GraphSettings(base_url=meta.url, app_secret=meta.app_secret, connect_seconds=2, read_seconds=0.3)
    async with GraphClient(settings, the_token) as client:
        yield client


async def test_every_byte_arrives_with_its_type(meta: Graph, client: GraphClient) -> None:
    found = meta.media.kept(await client.upload(1, NUMBER, CONTENT, VOICE))
    assert found is not None
    assert (found.content, found.mime_type) == (CONTENT, "audio/ogg; codecs=opus")


@pytest.mark.parametrize(
    ("fault", "means"),
    [
        (Fault("error", code=131053), SendRejected),
        (Fault("error", code=190), AccountSuspended),
        (Fault("error", code=130429), SendPostponed),
        (Fault("no_answer"), SendUncertain),
        (Fault("close"), SendUncertain),
        (Fault("html"), SendUncertain),
    ],
)
async def test_a_failure_keeps_its_meaning(
    meta: Graph, client: GraphClient, fault: Fault, means: type[SendFailed]
) -> None:
    meta.fail_next(fault, where="media")
    with pytest.raises(means):
        await client.upload(1, NUMBER, CONTENT, VOICE)


async def test_a_type_that_meta_does_not_know_is_refused(client: GraphClient) -> None:
    program = Enclosed(MediaKind.DOCUMENT, "a" * 64, "application/x-msdownload", None)
    with pytest.raises(SendRejected):
        await client.upload(1, NUMBER, CONTENT, program)
