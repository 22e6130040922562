"""A Graph API that accepts every message after a set latency and counts: how many, and whether any came twice.

The sandbox's simulated Graph behaves like Meta; this one only has to cost next to nothing."""

import asyncio
from collections import Counter
from typing import Any, cast

import orjson

from tests.bench.lines import questions, say


class _Tally:
    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.opaque: Counter[str] = Counter()
        self.per_number: Counter[str] = Counter()


class _Connection(asyncio.Protocol):
    def __init__(self, tally: _Tally) -> None:
        self._tally, self._heard = tally, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        data = self._heard + data
        end = data.find(b"\r\n\r\n")
        if end >= 0:
            head = data[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(data) >= end + 4 + length:
                self._heard = b""
                self._take(data[:end], data[end + 4 :])
                return
        self._heard = data

    def _take(self, head: bytes, content: bytes) -> None:
        said = orjson.loads(content)
        tally = self._tally
        tally.opaque[said["biz_opaque_callback_data"]] += 1
        tally.per_number[head.split(b"/", 3)[2].decode()] += 1
        answer = orjson.dumps(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": said["to"], "wa_id": said["to"].lstrip("+")}],
                "messages": [{"id": f"wamid.{said['biz_opaque_callback_data']}"}],
            }
        )
        whole = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
        )
        asyncio.get_running_loop().call_later(tally.latency, self._answer, whole)

    def _answer(self, whole: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(whole)


async def serve(latency: float = 0.05, **_: Any) -> None:
    """Listen, say the port, and answer each question with the tally so far."""
    tally = _Tally(latency)
    listening = await asyncio.get_running_loop().create_server(lambda: _Connection(tally), "127.0.0.1", 0)
    say(port=listening.sockets[0].getsockname()[1])
    async for _question in questions():
        doubled = sum(1 for n in tally.opaque.values() if n > 1)
        say(accepted=sum(tally.opaque.values()), doubled=doubled)
