"""Server-sent events: the page hears that something changed and asks for the state when it likes."""

import json

from aiohttp import web

from sandbox.graph.mishaps import pause
from sandbox.page.guard import HEADERS
from sandbox.page.house import House

HEARTBEAT_S = 15.0
AT_MOST_EVERY_S = 0.1


async def events(house: House, request: web.Request) -> web.StreamResponse:
    """Tell every change, at most ten a second, and breathe now and then; ends with the connection."""
    response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
    await response.prepare(request)
    told = 0
    try:
        while True:
            version = await house.changed(told, HEARTBEAT_S)
            if version > told:
                told = version
                await response.write(f"event: changed\ndata: {json.dumps({'version': told})}\n\n".encode())
                await pause(AT_MOST_EVERY_S)
            else:
                await response.write(b": still here\n\n")
    except ConnectionError:
        return response
