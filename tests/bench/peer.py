"""The peer: pywa's asynchronous client on FastAPI and uvicorn, with a handler that commits each message, as its documents show it."""

import asyncio

import aiosqlite
import uvicorn
from fastapi import FastAPI
from pywa_async import WhatsApp  # type: ignore[attr-defined]
from pywa_async.types import Message  # type: ignore[attr-defined]

from tests.bench.lines import say
from tests.bench.webhooks import PATH, PHONE_ID, SECRET, VERIFY


async def serve_pywa(url: str) -> None:
    """Listen, say the port, and keep messages until ended."""
    connection = await aiosqlite.connect(url.split("///", 1)[1], isolation_level=None)
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=FULL")
    await connection.execute("CREATE TABLE each_one (id TEXT PRIMARY KEY, sender TEXT, body TEXT)")
    app = FastAPI()
    whatsapp = WhatsApp(
        phone_id=PHONE_ID,
        token="bench",
        server=app,
        webhook_endpoint=PATH,
        verify_token=VERIFY,
        app_secret=SECRET,
    )

    @whatsapp.on_message  # type: ignore[misc]
    async def keep(_: WhatsApp, message: Message) -> None:
        await connection.execute(
            "INSERT OR IGNORE INTO each_one VALUES (?, ?, ?)", (message.id, message.from_user.wa_id, message.text)
        )

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait([serving], timeout=0.05)
    say(port=server.servers[0].sockets[0].getsockname()[1])
    await serving
