"""Files over the wire: how ours are handed over, and how a customer's is fetched: where we ask, how much we take, and whom we show
the token.

The address comes in an answer of Meta's, so it is looked at before anything is asked: the token goes to Meta's own hosts over
HTTPS (and to the Graph API of the settings), never to another, and never after a redirect. What is read is counted while it
comes, so that an answer without end or without a length fills no memory. No failure repeats the address, which is a key by itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from secrets import token_hex

import aiohttp
from yarl import URL

from crm.errors import AccountSuspended, Scope, SendPostponed, SendRejected
from crm.model.outbox import Enclosed

MEDIA_HOSTS = ("lookaside.fbsbx.com", ".fbcdn.net", "graph.facebook.com")
"""Where Meta keeps files (reference 7). A name with a dot in front stands for every host below it."""
_WAIT = timedelta(minutes=1)


def upload_form(content: bytes, enclosed: Enclosed) -> tuple[str, bytes]:
    """The form that hands a file over, with the boundary between its parts. Meta learns the type, and never an agent's file name."""
    boundary = f"centralita-{token_hex(16)}"
    plain = {"messaging_product": "whatsapp", "type": enclosed.mime_type}
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in plain.items()]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        f"Content-Type: {enclosed.mime_type}\r\n\r\n"
    )
    return boundary, b"".join(("".join(parts).encode(), head.encode(), content, f"\r\n--{boundary}--\r\n".encode()))


class Addresses:
    """Tells Meta's addresses from others."""

    def __init__(self, graph: URL, hosts: Sequence[str]) -> None:
        self._graph = graph.origin()
        self._hosts = [host.lower().rstrip(".") for host in hosts]

    def checked(self, address: str) -> URL:
        """The address, if the token may be shown there. Raises SendRejected."""
        try:
            url = URL(address, encoded=True)
            good = not url.user and not url.password and (url.origin() == self._graph or self._is_metas(url))
        except ValueError:
            good = False
        if not good:
            raise SendRejected("media-foreign-host")
        return url

    def _is_metas(self, url: URL) -> bool:
        host = (url.raw_host or "").lower().rstrip(".")
        known = any(host.endswith(each) if each.startswith(".") else host == each for each in self._hosts)
        return known and url.scheme == "https" and url.port == 443


async def download(session: aiohttp.ClientSession, url: URL, token: str, limit: int) -> bytes | None:
    """The file behind an address; None when the address is dead. Raises a SendFailed."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "*/*", "Accept-Encoding": "identity"}
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status in (404, 410):
                return None
            if response.status != 200:
                raise _refusal(response.status)
            return await _taken(response, limit)
    except (aiohttp.ClientError, TimeoutError, OSError) as problem:
        failure = type(problem).__name__
    raise _later(failure)


async def _taken(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if (response.content_length or 0) > limit:
        raise too_large(response.content_length or 0)
    content = bytearray()
    while piece := await response.content.readany():
        content += piece
        if len(content) > limit:
            raise too_large(len(content))
    if not content:
        raise _later("an empty file")
    return bytes(content)


def too_large(size: int) -> SendRejected:
    """It is larger than we take."""
    return SendRejected("media-too-large", detail=f"{size} bytes or more")


def _refusal(status: int) -> AccountSuspended | SendRejected | SendPostponed:
    if status in (401, 403):
        return AccountSuspended("token-invalid", reason="token", detail=f"HTTP {status} for a file")
    if 300 <= status < 400:
        return SendRejected("media-redirected", detail=f"HTTP {status}")
    return _later(f"HTTP {status}")


def _later(why: str) -> SendPostponed:
    return SendPostponed("media-unavailable", scope=Scope.MESSAGE, wait=_WAIT, detail=why)
