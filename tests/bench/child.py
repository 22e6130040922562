"""A child process of the bench: plays one role, with the event loop and the garbage collector set as `centralita serve` sets them."""

import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from bot.process import run, tune
from tests.bench import bare, drains, graph, load, peer, server, story

ROLES: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {
    "bare": bare.serve,
    "commit_each": bare.serve_commit_each,
    "pywa": peer.serve_pywa,
    "server": server.serve,
    "load": load.serve,
    "graph": graph.serve,
    "inbox": drains.inbox,
    "claim": drains.claim,
    "due": drains.due,
    "dispatch": drains.dispatch,
    "story": story.play,
}


def main() -> None:
    """Play the role named first with the options that follow as JSON."""
    tune()
    run(ROLES[sys.argv[1]](**json.loads(sys.argv[2])))


main()
