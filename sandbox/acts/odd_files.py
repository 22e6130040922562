"""Files that are not as they should be, from customers: hurt on the way, larger than anybody takes, forgotten by Meta before they were
fetched. They come like any other; what is odd shows only when somebody fetches them.
"""

from typing import Literal

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.files import Content
from sandbox.acts.samples import sample
from sandbox.graph.media import LIMITS
from sandbox.world import World


class Odd(Args):
    customer: str
    number: str | None = None
    what: Literal["corrupt", "too_large", "expired"]


async def sends_odd_file(world: World, given: Odd) -> Result:
    """Send a file of which something is odd."""
    person = find.customer(world, given.customer)
    where = find.number(world, given.number, person)
    media, now = world.graph.media, world.clock.at
    file = _large() if given.what == "too_large" else sample("image").file()
    kind = "document" if given.what == "too_large" else "image"
    more = {"filename": file.name} if kind == "document" else {}
    wamid = person.sends_media(where, kind, file.content, file.mime_type, **more)
    sent = world.graph.find(wamid)
    assert sent is not None, "what was sent just now is there"
    identifier = str(sent.content[kind]["id"])
    match given.what:
        case "corrupt":
            media.spoil(identifier)
        case "expired":
            media.expire(identifier, now)
        case "too_large":
            pass
    return {"message": wamid}


def _large() -> Content:
    """One byte more than Meta takes of a document, and than the program fetches."""
    return Content("plano.pdf", "application/pdf", bytes(LIMITS["document"][0] + 1))


ACTS = (act("customer.sends_odd_file", Odd, sends_odd_file),)
