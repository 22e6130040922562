"""How a fault feels to the caller: silence, a closed connection, a page of HTML instead of JSON.

What a `Fault` means for the message is decided elsewhere; here only the answer is spoiled.
"""

import asyncio

from aiohttp import web

from sandbox.graph.errors import Json
from sandbox.graph.faults import Fault

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"
LONGEST_SILENCE = 300.0


def before(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Answer a send that was not accepted."""
    if fault.kind == "error":
        raise fault.error()
    if fault.kind == "reset":
        return _hang_up(request)
    return web.Response(status=fault.http or 500, text=HTML, content_type="text/html")


async def afterwards(request: web.Request, fault: Fault, answer: Json) -> web.StreamResponse:
    """Spoil the answer to a send that was accepted."""
    match fault.kind:
        case "no_answer":
            await pause(LONGEST_SILENCE)
            return _hang_up(request)
        case "close":
            return _hang_up(request)
        case "html":
            return web.Response(status=fault.http or 500, text=HTML, content_type="text/html")
        case "slow":
            await pause(fault.seconds)
            return web.json_response(answer)
        case _:
            return web.json_response(answer)


async def strike(request: web.Request, fault: Fault) -> None:
    """Spoil a call that sends nothing, where before and after make no difference; "slow" then goes on."""
    match fault.kind:
        case "slow":
            await pause(fault.seconds)
        case "no_answer":
            await pause(LONGEST_SILENCE)
            raise web.HTTPServiceUnavailable
        case "close" | "reset":
            _hang_up(request)
            raise web.HTTPServiceUnavailable
        case "html":
            raise web.HTTPInternalServerError(text=HTML, content_type="text/html")
        case "error" | "failed":
            raise fault.error()


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


async def pause(seconds: float) -> None:
    """Let real seconds pass; ends at once when the caller or the server goes away."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def ring() -> None:
        if not done.done():
            done.set_result(None)

    timer = loop.call_later(seconds, ring)
    try:
        await done
    finally:
        timer.cancel()
