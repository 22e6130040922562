"""What the program is compared with: a handler that checks the signature and does nothing else (the ceiling), and one that
commits every webhook by itself before it answers (how such a door is usually written)."""

import asyncio
import hmac
from typing import Any

import aiosqlite
import asyncpg
from aiohttp import web

from bot.whatsapp.signature import dedup_key
from tests.bench.lines import say
from tests.bench.webhooks import PATH, SECRET

_KEY = SECRET.encode()


def _authentic(request: web.Request, content: bytes) -> bool:
    said = request.headers.get("X-Hub-Signature-256", "")
    return hmac.compare_digest(said, "sha256=" + hmac.digest(_KEY, content, "sha256").hex())


async def _bare(request: web.Request) -> web.Response:
    return web.Response(text="ok") if _authentic(request, await request.read()) else web.Response(status=401)


async def serve(**_: Any) -> None:
    """The ceiling."""
    await _listen(_bare)


async def serve_commit_each(url: str, **_: Any) -> None:
    """One commit for each request."""
    if url.startswith("sqlite"):
        await _listen(await _sqlite(url.split("///", 1)[1]))
    else:
        await _listen(await _postgres(url.replace("+asyncpg", "")))


async def _sqlite(path: str) -> Any:
    connection = await aiosqlite.connect(path, isolation_level=None)
    await connection.execute("PRAGMA journal_mode=WAL")
    await connection.execute("PRAGMA synchronous=FULL")
    await connection.execute("CREATE TABLE each_one (id INTEGER PRIMARY KEY, dedup BLOB UNIQUE, body BLOB)")
    turn = asyncio.Lock()

    async def keep(request: web.Request) -> web.Response:
        content = await request.read()
        if not _authentic(request, content):
            return web.Response(status=401)
        key = dedup_key(content, hmac.digest(_KEY, content, "sha256"))
        async with turn:
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute("INSERT OR IGNORE INTO each_one (dedup, body) VALUES (?, ?)", (key, content))
            await connection.execute("COMMIT")
        return web.Response(text="ok")

    return keep


async def _postgres(dsn: str) -> Any:
    pool = await asyncpg.create_pool(dsn, min_size=10, max_size=10)
    await pool.execute("CREATE TABLE each_one (id bigserial PRIMARY KEY, dedup bytea UNIQUE, body bytea)")

    async def keep(request: web.Request) -> web.Response:
        content = await request.read()
        if not _authentic(request, content):
            return web.Response(status=401)
        key = dedup_key(content, hmac.digest(_KEY, content, "sha256"))
        await pool.execute("INSERT INTO each_one (dedup, body) VALUES ($1, $2) ON CONFLICT DO NOTHING", key, content)
        return web.Response(text="ok")

    return keep


async def _listen(handler: Any) -> None:
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.add_routes([web.post(PATH, handler)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    say(port=runner.addresses[0][1])
    await asyncio.Event().wait()
