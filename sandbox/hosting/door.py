"""The child's door for its operator: the console's commands over HTTP, on loopback, for whoever knows the secret.

Each command is a POST of its arguments as JSON. What the program refuses comes back as a sentence with 409; an answer says in a header
how many lines of the log were written before it, so that the reader knows when it has read them all.
"""

import hmac
import json
import resource
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web
from pydantic import validate_call
from pydantic_core import to_jsonable_python

from crm.errors import CrmError
from sandbox.hosting.console import Console

LINES = "X-Log-Lines"
LARGEST = 8 * 1024 * 1024


def application(console: Console, secret: str, lines: Callable[[], int]) -> web.Application:
    """Return the door. `lines` tells how many lines of the log there are by now."""
    commands: dict[str, Callable[..., Awaitable[Any]]] = {
        command.__name__: validate_call(command)
        for command in (
            console.drain,
            console.status,
            console.run_job,
            console.add_account,
            console.set_token,
            console.invite,
            console.import_sequence,
            console.enroll,
            lose_database,
        )
    }

    async def handle(request: web.Request) -> web.Response:
        shown = request.headers.get(hdrs.AUTHORIZATION, "")
        if not hmac.compare_digest(shown.encode(errors="replace"), f"Bearer {secret}".encode()):
            raise web.HTTPForbidden
        command = commands.get(request.match_info["command"])
        if command is None:
            raise web.HTTPNotFound
        try:
            answer, status = to_jsonable_python(await command(**json.loads(await request.read()))), 200
        except CrmError as error:
            answer, status = console.sentence(error), 409
        return web.json_response({"answer": answer}, status=status, headers={LINES: str(lines())})

    app = web.Application(client_max_size=LARGEST)
    app.add_routes([web.post("/{command}", handle)])
    return app


async def lose_database(*, lost: bool) -> None:
    """Let every write to a file fail, as on a disk without a free block. Pipes and connections are no files."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0 if lost else most, most))
