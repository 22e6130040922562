"""The page's server: the state with every key of its contract, acts, the journal, files, and a closed door for strangers."""

import asyncio
import io
import json
import posixpath
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.acts.troubles import AMISS
from sandbox.page.house import House
from sandbox.page.server import serving
from sandbox.page.welcome import welcome
from sandbox.world import World, open_world

ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$")


@dataclass
class Page:
    """A page's view of its server."""

    url: str
    http: aiohttp.ClientSession
    house: House

    async def state(self, **view: str) -> dict[str, Any]:
        status, found = await self.get("api/state", **view)
        assert status == 200
        return dict(found)

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.http.get(self.url + path, params=query) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post(self, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        async with self.http.post(self.url + path, json={} if body is None else body, **more) as answer:
            return answer.status, await answer.json(content_type=None)

    async def act(self, act: str, **args: Any) -> Any:
        """Do something that must be possible."""
        status, found = await self.post("api/act", {"act": act, "args": args})
        assert status == 200, found
        return found["result"]


@pytest.fixture
async def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    numbers = iter(range(10))

    @asynccontextmanager
    async def opener(at: datetime | None, name: str) -> AsyncIterator[World]:
        async with open_world(f"sqlite+aiosqlite:///{tmp_path / str(next(numbers))}.db", at=at, name=name) as world:
            yield world

    house = House(opener, welcome, "es")
    await house.open()
    async with serving(house, 0) as url, aiohttp.ClientSession() as http:
        yield Page(url, http, house)
    await house.close()


# --- the state ---------------------------------------------------------------------------------------------------------------

TEXT, NUMBER, FLAG, LIST, MOMENT = str, (int, float), bool, list, ISO
ANY = object()
LINE = {
    "id": TEXT,
    "author": {"person", "api", "app"},
    "at": MOMENT,
    "type": TEXT,
    "text": TEXT,
    "tick": {"accepted", "sent", "delivered", "read", "played", "failed"},
    "error": (int, None),
    "reactions": [TEXT],
    "edited": FLAG,
    "revoked": FLAG,
    "shown": FLAG,
    "reply_to": (str, None),
    "header": (str, None),
    "footer": (str, None),
    "media": ({"kind": TEXT, "url": (str, None), "name": TEXT, "mime_type": TEXT}, None),
    "location": ({"latitude": NUMBER, "longitude": NUMBER, "name": (str, None)}, None),
    "contacts": ([{"name": TEXT, "phones": [TEXT]}], None),
    "buttons": [{"label": TEXT, "kind": {"reply", "contact", "url", "call", "copy"}, "payload": TEXT}],
    "list": (
        {"button": TEXT, "sections": [{"title": TEXT, "rows": [{"label": TEXT, "description": TEXT}]}]},
        None,
    ),
    "template": (str, None),
    "ad": ({"headline": TEXT, "body": TEXT}, None),
    "system": FLAG,
}
BUTTON = {"label": TEXT, "kind": {"press", "url", "copy"}, "url?": TEXT, "copy?": TEXT, "style?": (str, None)}
MESSAGE = {
    "id": NUMBER,
    "from": {"bot", "me", "other", "service"},
    "sender": TEXT,
    "at": MOMENT,
    "html": TEXT,
    "edited": FLAG,
    "silent": FLAG,
    "pinned": FLAG,
    "reactions": [TEXT],
    "reply_to": ({"id": NUMBER, "text": TEXT}, None),
    "file": ({"kind": TEXT, "url": (str, None), "name": TEXT, "mime_type": TEXT}, None),
    "keyboard": [[BUTTON]],
}
CHAT = {
    "id": NUMBER,
    "title": TEXT,
    "kind": TEXT,
    "unread": NUMBER,
    "topics": [{"id": NUMBER, "name": TEXT, "closed": FLAG, "icon": TEXT}],
}
STATE = {
    "version": NUMBER,
    "at": MOMENT,
    "zone": TEXT,
    "playing": NUMBER,
    "busy": ({"what": TEXT, "until": (ISO, None)}, None),
    "next_at": (ISO, None),
    "language": {"es", "en", "pt"},
    "languages": [TEXT],
    "program": {"state": {"running", "killed", "starting"}, "starts": NUMBER},
    "database": {"engine": {"sqlite", "postgresql"}, "stopped": FLAG},
    "numbers": [
        {
            "id": TEXT,
            "name": TEXT,
            "phone": TEXT,
            "coexistence": FLAG,
            "quality": TEXT,
            "amiss": [set(AMISS)],
            "meta_agent": FLAG,
            "shares_history": FLAG,
            "token": {"valid", "expired"},
        }
    ],
    "customers": [
        {
            "key": TEXT,
            "name": TEXT,
            "phone": (str, None),
            "username": (str, None),
            "online": FLAG,
            "blocked": [TEXT],
            "unread": NUMBER,
            "last": ({"text": TEXT, "at": MOMENT, "author": TEXT, "tick": TEXT}, None),
            "habits": {"delivery_seconds": NUMBER, "reads": FLAG, "read_after_seconds": NUMBER, "chat_open": FLAG},
        }
    ],
    "customers_total": NUMBER,
    "chat": (
        {
            "customer": TEXT,
            "number": TEXT,
            "online": FLAG,
            "blocked": FLAG,
            "typing": FLAG,
            "window_until": (None,),
            "lines": [LINE],
        },
        None,
    ),
    "agents": [{"id": NUMBER, "name": TEXT, "role": {"admin", "agent", "viewer"}, "language": TEXT, "unread": NUMBER}],
    "desk": (
        {
            "agent": TEXT,
            "chats": [CHAT],
            "chat": NUMBER,
            "topic": (int, None),
            "messages": [MESSAGE],
            "commands": [{"command": TEXT, "description": TEXT}],
            "search": ({"query": TEXT, "results": [{"id": TEXT, "title": TEXT, "description": TEXT}]}, None),
            "toast": ({"text": TEXT, "alert": FLAG}, None),
        },
        None,
    ),
    "log": {
        "lines": [
            {
                "n": NUMBER,
                "at": MOMENT,
                "kind": {"decision", "webhook", "graph", "telegram", "job", "program"},
                "level": {"info", "warning", "error"},
                "title": TEXT,
                "summary": TEXT,
            }
        ],
        "total": NUMBER,
    },
    "score": dict.fromkeys(
        (
            "accepted",
            "doubled",
            "shown",
            "webhooks_posted",
            "webhooks_waiting",
            "webhooks_given_up",
            "dead",
            "pending",
        ),
        NUMBER,
    ),
    "troubles": [{"id": TEXT, "scope": TEXT, "active": FLAG, "left": NUMBER}],
    "weather": {"duplicates": NUMBER, "shuffle": FLAG, "delay_minutes": NUMBER, "batch": NUMBER},
    "story": (
        {
            "name": TEXT,
            "title": TEXT,
            "scene": NUMBER,
            "scenes": NUMBER,
            "caption": TEXT,
            "state": {"playing", "waiting", "ended", "failed"},
            "checks": [{"text": TEXT, "true": FLAG}],
        },
        None,
    ),
    "recording": ({"steps": NUMBER}, None),
}


def misfits(value: Any, shape: Any, where: str = "state") -> list[str]:
    """Return every place where a value is not of its shape."""
    match shape:
        case dict():
            if not isinstance(value, dict):
                return [f"{where}: {value!r} is no object"]
            wanted = {key.rstrip("?"): each for key, each in shape.items()}
            needed = {key for key in shape if not key.endswith("?")}
            odd = [f"{where}: {sorted(needed ^ value.keys())}"] if not needed <= value.keys() <= wanted.keys() else []
            return odd + [
                bad
                for key in value.keys() & wanted.keys()
                for bad in misfits(value[key], wanted[key], f"{where}.{key}")
            ]
        case list():
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no list"]
            return [bad for each in value for bad in misfits(each, shape[0], f"{where}[]")]
        case set():
            return [] if value in shape else [f"{where}: {value!r} is none of {sorted(shape)}"]
        case re.Pattern():
            return [] if isinstance(value, str) and shape.match(value) else [f"{where}: {value!r} is no moment"]
        case tuple() if shape != NUMBER:
            if value is None and None in shape:
                return []
            tried = [misfits(value, each, where) for each in shape if each is not None]
            return min(tried, default=[f"{where}: {value!r}"], key=len)
        case None:
            return [] if value is None else [f"{where}: {value!r} is not null"]
        case _:
            fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
            return [] if fits else [f"{where}: {value!r}"]


async def test_the_first_world_is_populated_and_its_state_has_every_key_with_its_type(page: Page) -> None:
    state = await page.state()
    assert misfits(state, STATE) == []
    assert [each["name"] for each in state["agents"]] == ["Ana", "Beto"]
    assert [each["name"] for each in state["customers"]] == ["Leo", "Mía", "Sol"]
    assert state["customers_total"] == 3
    assert state["chat"]["lines"]
    assert state["desk"]["messages"]
    assert state["score"]["doubled"] == 0


async def test_the_state_keeps_its_shape_through_everything_that_can_be_shown(page: Page) -> None:
    for kind in ("image", "video", "audio", "voice", "document", "sticker", "location", "contacts"):
        await page.act("customer.sends", customer="Leo", kind=kind)
    await page.act("customer.writes", customer="Mía", text="Vi el anuncio", ad=True)
    await page.act("customer.revokes", customer="Mía", message="Vi el anuncio")
    await page.act("group.opens", title="Bandeja", members=["Ana", "Beto"])
    await page.act("agent.searches", agent="Ana", query="Leo")
    await page.act("agent.presses", agent="Ana", button="Ficha")
    await page.act("phone.sends", customer="Leo", text="Te llamo")
    await page.act("trouble.graph", trouble="window", times=3)
    await page.act("time.forward", days=4)
    for view in ({"customer": "Leo"}, {"customer": "Mía"}, {"agent": "Beto"}, {"log": "graph"}, {"language": "pt"}):
        state = await page.state(**view)
        assert misfits(state, STATE) == []
    leo = (await page.state(customer="Leo"))["chat"]["lines"]
    media = {line["media"]["kind"] for line in leo if line["media"]}
    assert media == {"image", "video", "audio", "voice", "document", "sticker"}
    assert any(line["location"] for line in leo)
    assert any(line["contacts"] for line in leo)
    assert any(line["author"] == "app" for line in leo)
    revoked = [line for line in (await page.state(customer="Mía"))["chat"]["lines"] if line["revoked"]]
    assert [(line["text"], line["ad"]) for line in revoked] == [("", None)]


async def test_a_template_shows_its_parts_and_its_buttons(page: Page) -> None:
    buttons = [{"text": "Sí"}, {"type": "URL", "text": "Ver", "url": "https://example.com/x"}]
    await page.act(
        "template.add",
        name="aviso",
        language="es",
        category="UTILITY",
        body="Hola {{1}}",
        header="Tu pedido",
        footer="Tienda",
        buttons=buttons,
    )
    parameters = [{"type": "text", "text": "Leo"}]
    content = {"name": "aviso", "language": {"code": "es"}, "components": [{"type": "body", "parameters": parameters}]}
    await send(page, "template", content)
    line = (await page.state(customer="Leo"))["chat"]["lines"][-1]
    assert (line["header"], line["text"], line["footer"], line["template"]) == (
        "Tu pedido",
        "Hola Leo",
        "Tienda",
        "aviso",
    )
    assert [(each["label"], each["kind"], each["payload"]) for each in line["buttons"]] == [
        ("Sí", "reply", "Sí"),
        ("Ver", "url", "https://example.com/x"),
    ]
    await page.act("customer.taps", customer="Leo", button="Sí")
    assert (await page.state(customer="Leo"))["chat"]["lines"][-1]["text"] == "Sí"


async def test_a_list_and_its_buttons_are_shown_and_its_rows_can_be_chosen(page: Page) -> None:
    rows = [{"id": "r1", "title": "Roble", "description": "180 cm"}, {"id": "r2", "title": "Pino"}]
    action = {"button": "Elegir", "sections": [{"title": "Mesas", "rows": rows}]}
    content = {"type": "list", "body": {"text": "¿Cuál?"}, "footer": {"text": "Tienda"}, "action": action}
    await send(page, "interactive", content)
    line = (await page.state(customer="Leo"))["chat"]["lines"][-1]
    assert line["buttons"] == []
    assert line["list"] == {
        "button": "Elegir",
        "sections": [
            {
                "title": "Mesas",
                "rows": [{"label": "Roble", "description": "180 cm"}, {"label": "Pino", "description": ""}],
            }
        ],
    }
    await page.act("customer.taps", customer="Leo", button="Pino", message=line["id"])
    chosen = page.house.world.graph.webhooks[-1].payload["entry"][0]["changes"][0]["value"]["messages"][0]
    assert chosen["interactive"]["list_reply"] == {"id": "r2", "title": "Pino"}


async def test_looking_at_a_chat_makes_it_read_for_that_agent_only(page: Page) -> None:
    await page.state(agent="Ana")
    await page.state(agent="Beto")
    await page.act("customer.writes", customer="Leo", text="¿Hola?")
    state = await page.state(agent="Ana")
    assert [(each["name"], each["unread"]) for each in state["agents"]] == [("Ana", 0), ("Beto", 1)]


async def test_a_view_of_what_does_not_exist_is_the_first_view(page: Page) -> None:
    state = await page.state(
        customer="Nadie", number="0", agent="Nadie", chat="1", topic="7", language="xx", log="nada"
    )
    assert (state["chat"]["customer"], state["desk"]["agent"], state["language"]) == ("Leo", "Ana", "es")
    assert state["log"]["lines"] == []


async def test_many_customers_are_listed_up_to_a_limit_and_the_one_looked_at_always(page: Page) -> None:
    await page.act("crowd.joins", size=70)
    state = await page.state(customer="Sol")
    assert (len(state["customers"]), state["customers_total"]) == (60, 73)
    assert state["customers"][-1]["name"] == "Sol"


async def send(page: Page, kind: str, content: dict[str, Any]) -> None:
    """Send as the program would: to the simulated Graph, over HTTP; then let it arrive."""
    graph = page.house.world.graph
    token = graph.tokens.of("1065")[0].value
    body = {"messaging_product": "whatsapp", "to": "+5491155550001", "type": kind, kind: content}
    headers = {"Authorization": f"Bearer {token}"}
    async with page.http.post(f"{graph.url}/v26.0/1065/messages", json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    await page.act("time.forward", minutes=2)


# --- acts, time, events --------------------------------------------------------------------------------------------------------


async def test_what_cannot_be_done_is_said_in_the_language_of_the_page(page: Page) -> None:
    asked = {"act": "customer.writes", "args": {"customer": "Nadie", "text": "x"}}
    for language, words in (("es", "Ningún cliente"), ("en", "No customer"), ("pt", "Nenhum cliente")):
        status, found = await page.post(f"api/act?language={language}", asked)
        assert status == 422
        assert found["error"].startswith(words)
        assert found["act"] == "customer.writes"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"null", b'{"act": 7}', b'{"act": "time.next", "args": []}', b"[" * 5000, b"\xff"],
)
async def test_a_body_that_makes_no_sense_is_refused(page: Page, body: bytes) -> None:
    async with page.http.post(f"{page.url}api/act", data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400


async def test_a_body_without_end_is_refused(page: Page) -> None:
    async with page.http.post(
        f"{page.url}api/act", data=io.BytesIO(b" " * (25 * 1024 * 1024)), headers={"Content-Type": "application/json"}
    ) as answer:
        assert answer.status == 413


async def test_a_journey_can_be_watched_and_says_where_it_goes(page: Page) -> None:
    began = (await page.state())["at"]
    going = asyncio.create_task(page.act("time.forward", days=20))
    seen: set[str] = set()
    until: set[str] = set()
    version = page.house.version
    while not going.done():
        version = await page.house.changed(version, 5)
        state = await page.state()
        seen.add(state["at"])
        until |= {state["busy"]["until"]} if state["busy"] and state["busy"]["until"] else set()
    await going
    assert len(seen) > 2
    end = datetime.fromisoformat(began).timestamp() + 20 * 86_400
    assert {datetime.fromisoformat(each).timestamp() for each in until} == {end}
    assert (await page.state())["busy"] is None


async def test_acts_wait_for_each_other(page: Page) -> None:
    first = asyncio.create_task(page.act("time.forward", days=3))
    await page.house.changed(page.house.version, 5)
    await page.act("customer.writes", customer="Sol", text="tarde")
    assert first.done()
    assert (await page.state(customer="Sol"))["chat"]["lines"][-1]["text"] == "tarde"


async def test_time_plays_at_a_speed_until_it_is_stopped(page: Page) -> None:
    began = datetime.fromisoformat((await page.state())["at"])
    await page.act("time.play", speed=36_000)
    assert (await page.state())["playing"] == 36_000
    while datetime.fromisoformat((await page.state())["at"]) <= began:
        await page.house.changed(page.house.version, 5)
    await page.act("time.stop")
    stopped = await page.state()
    assert stopped["playing"] == 0
    await page.act("customer.writes", customer="Sol", text="quieto")
    assert (await page.state())["at"] == stopped["at"]
    status, _ = await page.post("api/act", {"act": "time.play", "args": {"speed": -1}})
    assert status == 422


async def test_every_change_is_told_once_it_happens(page: Page) -> None:
    async with page.http.get(f"{page.url}api/events") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        first = await _event(stream)
        await page.act("customer.writes", customer="Leo", text="¿Hola?")
        assert await _event(stream) > first


async def _event(stream: aiohttp.ClientResponse) -> int:
    while not (line := await stream.content.readline()).startswith(b"data: "):
        assert line
    return int(json.loads(line.removeprefix(b"data: "))["version"])


async def test_a_reset_begins_anew_in_the_language_asked_for(page: Page) -> None:
    await page.act("time.forward", days=2)
    status, _ = await page.post("api/reset", {"language": "en"})
    assert status == 200
    state = await page.state()
    assert state["at"] == "2026-11-24T12:04:00+00:00"
    assert state["chat"]["lines"][0]["text"] == "Hi, is it in stock?"


# --- the journal and the files ---------------------------------------------------------------------------------------------------


async def test_the_journal_has_every_kind_of_traffic_and_opens_to_the_bytes(page: Page) -> None:
    await page.act("agent.says", agent="Ana", text="Cuesta diez", reply_to="¿tienen stock?")
    await page.act("time.forward", minutes=2)
    lines = (await page.state())["log"]["lines"]
    assert [each["n"] for each in lines] == sorted(each["n"] for each in lines)
    kinds = {each["kind"]: each["n"] for each in lines}
    assert {"webhook", "graph", "telegram"} <= kinds.keys()
    _, opened = await page.get(f"api/log/{kinds['webhook']}")
    body = next(part["text"] for part in opened["parts"] if part["name"] == "body")
    assert json.loads(body)["object"] == "whatsapp_business_account"
    only = (await page.state(log="graph"))["log"]["lines"]
    assert {each["kind"] for each in only} == {"graph"}
    sent = next(each for each in only if "text →" in each["summary"])
    _, opened = await page.get(f"api/log/{sent['n']}")
    assert [part["name"] for part in opened["parts"]] == ["request", "response"]
    assert "Cuesta diez" in opened["parts"][0]["text"]
    assert "wamid" in opened["parts"][1]["text"]
    last = only[-1]["n"]
    assert (await page.state(log="graph", log_after=str(last)))["log"]["lines"] == []


@pytest.mark.parametrize("n", ["0", "999999999", "x", "-1", "9" * 30])
async def test_a_line_that_is_not_there_is_not_found(page: Page, n: str) -> None:
    async with page.http.get(f"{page.url}api/log/{n}") as answer:
        assert answer.status == 404


async def test_what_was_sent_can_be_seen_and_cannot_run(page: Page) -> None:
    script = {"name": "a\r\nb.html", "mime_type": "text/html", "base64": "PHNjcmlwdD4="}
    await page.act("customer.sends", customer="Leo", kind="document", file=script)
    await page.act("customer.sends", customer="Leo", kind="image")
    lines = (await page.state(customer="Leo"))["chat"]["lines"]
    async with page.http.get(page.url.rstrip("/") + lines[-2]["media"]["url"]) as answer:
        assert (await answer.read(), answer.content_type) == (b"<script>", "application/octet-stream")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with page.http.get(page.url.rstrip("/") + lines[-1]["media"]["url"]) as answer:
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
        whole = await answer.read()
    async with page.http.get(
        page.url.rstrip("/") + lines[-1]["media"]["url"], headers={"Range": "bytes=4-7"}
    ) as answer:
        assert (answer.status, await answer.read()) == (206, whole[4:8])
    await page.act("agent.uploads", agent="Ana", file={**script, "name": "a.png", "mime_type": "image/png"})
    state = await page.state(agent="Ana")
    photo = next(each["file"] for each in reversed(state["desk"]["messages"]) if each["file"])
    assert photo["kind"] == "photo"
    async with page.http.get(page.url.rstrip("/") + photo["url"]) as answer:
        assert (await answer.read(), answer.content_type) == (b"<script>", "image/png")


async def test_the_page_and_all_that_it_names_come_from_here(page: Page) -> None:
    found, wanted = dict[str, str](), {""}
    while wanted:
        path = wanted.pop()
        async with page.http.get(page.url + path) as answer:
            assert answer.status == 200, path
            assert answer.headers["Cache-Control"] == "no-store"
            found[path] = await answer.text()
        folder = path.rpartition("/")[0]
        named = re.findall(r"""(?:src|href)="(/[^"#]+)|from "(\.[^"]+)\"""", found[path])
        names = {absolute.lstrip("/") or posixpath.normpath(f"{folder}/{relative}") for absolute, relative in named}
        wanted |= names - found.keys()
    assert len(found) > 3
    outside = re.compile(r"""(?:src|href)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|import\(?\s*["']https?:""")
    assert [path for path, text in found.items() if outside.search(text)] == []


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_the_words_of_the_page_are_there(page: Page, language: str) -> None:
    status, words = await page.get(f"texts/{language}.json")
    assert status == 200
    assert all(isinstance(text, str) for text in words.values())


async def test_a_page_that_asks_between_two_worlds_waits_for_the_next(page: Page) -> None:
    changing = asyncio.create_task(page.post("api/reset", {"language": "pt"}))
    while page.house.is_open:
        await page.house.changed(page.house.version, 5)
    assert misfits(await page.state(), STATE) == []
    await changing


@pytest.mark.parametrize(
    "path", ["files/whatsapp/1", "files/telegram/x", "texts/xx.json", "static/nothing.js", "nowhere"]
)
async def test_what_is_not_there_is_not_found(page: Page, path: str) -> None:
    async with page.http.get(page.url + path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["static/../server.py", "static/%2e%2e/server.py", "static/..%2fserver.py", "static//etc/passwd"]
)
async def test_no_path_leads_out_of_the_pages_own_folder(page: Page, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(page.url.rstrip("/").rsplit(":", 1)[1]))
    host = page.url.removeprefix("http://").rstrip("/")
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] == b"404"


# --- strangers -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "192.168.0.7", "127.0.0.1.evil.example", "", "[::1]"]
)
async def test_a_name_that_merely_points_here_gets_nothing(page: Page, host: str) -> None:
    async with page.http.get(f"{page.url}api/state", headers={"Host": host}) as answer:
        assert answer.status == 403


async def test_localhost_is_this_machine_too(page: Page) -> None:
    port = page.url.rstrip("/").rsplit(":", 1)[1]
    async with page.http.get(f"{page.url}api/state", headers={"Host": f"localhost:{port}"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_cannot_act_here(page: Page, headers: dict[str, str]) -> None:
    before = (await page.state())["version"]
    asked = {"act": "customer.writes", "args": {"customer": "Leo", "text": "x"}}
    status, _ = await page.post("api/act", asked, headers=headers)
    assert status == 403
    assert (await page.state())["version"] == before


async def test_this_page_can(page: Page) -> None:
    asked = {"act": "customer.writes", "args": {"customer": "Leo", "text": "x"}}
    headers = {"Origin": page.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert (await page.post("api/act", asked, headers=headers))[0] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_form_cannot_act_here(page: Page, kind: str) -> None:
    body = json.dumps({"act": "time.next", "args": {}}).encode()
    async with page.http.post(f"{page.url}api/act", data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == 415


async def test_every_answer_says_what_may_be_loaded_and_that_it_may_not_be_kept(page: Page) -> None:
    for path in ("api/state", "api/log/1", "nowhere"):
        async with page.http.get(page.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert answer.headers["Cache-Control"] == "no-store"


# --- stories and recordings ----------------------------------------------------------------------------------------------------------


async def test_the_ready_stories_are_told_in_the_language_of_the_page(page: Page) -> None:
    for language in ("es", "en", "pt"):
        _, told = await page.get("api/stories", language=language)
        shape = [{"name": TEXT, "title": TEXT, "about": TEXT, "minutes": NUMBER}]
        assert misfits(told, shape) == []
        assert "first_contact" in [each["name"] for each in told]


async def test_a_story_plays_scene_by_scene_in_a_world_of_its_own(page: Page) -> None:
    before = page.house.world
    status, _ = await page.post("api/story?language=en", {"name": "first_contact"})
    assert status == 200
    assert page.house.world is not before
    state = await page.state(language="pt")
    assert misfits(state, STATE) == []
    assert (state["story"]["scene"], state["story"]["state"]) == (0, "waiting")
    scenes = state["story"]["scenes"]
    for number in range(1, scenes + 1):
        await page.post("api/story/next")
        story = (await page.state(language="en"))["story"]
        assert (story["scene"], [each for each in story["checks"] if not each["true"]]) == (number, [])
    assert story["state"] == "ended"
    await page.post("api/story/stop")
    assert (await page.state())["story"] is None


async def test_a_story_plays_by_itself(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_S", "PER_CHARACTER_S", "BETWEEN_ACTS_S"):
        monkeypatch.setattr(f"sandbox.page.theatre.{name}", 0.001)
    await page.post("api/story", {"name": "first_contact", "speed": "auto"})
    while (await page.state())["story"]["state"] not in ("ended", "failed"):
        await page.house.changed(page.house.version, 5)
    story = (await page.state())["story"]
    assert (story["state"], [each for each in story["checks"] if not each["true"]]) == ("ended", [])


async def test_a_story_that_plays_by_itself_can_be_left_and_its_world_goes_on(page: Page) -> None:
    await page.post("api/story", {"name": "two_week_drip", "speed": "auto"})
    while not (await page.state())["story"]["scene"]:
        await page.house.changed(page.house.version, 5)
    assert (await page.post("api/story/stop"))[0] == 200
    state = await page.state()
    assert (state["story"], state["busy"], state["playing"]) == (None, None, 0)
    await page.act("customer.joins", name="Zoe")
    await page.act("customer.writes", customer="Zoe", text="¿Siguen?")
    assert "¿Siguen?" in str((await page.state())["desk"]["messages"])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("api/story", {"name": "no such story"}, 422),
        ("api/story", {"name": "first_contact", "speed": "fast"}, 400),
        ("api/story", {}, 400),
        ("api/story/next", {}, 422),
        ("api/record", {"on": 1}, 400),
    ],
)
async def test_a_story_that_cannot_be_is_refused_and_the_world_stays(
    page: Page, path: str, body: dict[str, Any], status: int
) -> None:
    before = page.house.world
    assert (await page.post(path, body))[0] == status
    assert page.house.world is before


async def test_a_file_that_is_no_story_is_refused_with_the_place(page: Page) -> None:
    headers = {"Content-Type": "application/toml"}
    async with page.http.post(f"{page.url}api/story/run", data=b"title = ", headers=headers) as answer:
        assert answer.status == 422
        assert (await answer.json())["error"]
    async with page.http.post(f"{page.url}api/story/run", data=b"\xff", headers=headers) as answer:
        assert answer.status == 400
    async with page.http.post(f"{page.url}api/story/run", json={}) as answer:
        assert answer.status == 415


async def test_what_people_do_is_recorded_and_plays_true(page: Page) -> None:
    assert (await page.get("api/record.toml"))[0] == 422
    await page.post("api/record", {"on": True})
    await page.act("customer.writes", customer="Sol", text="¿Abren el domingo?")
    await page.act("agent.says", agent="Ana", text="Sí, hasta las dos", reply_to="¿Abren el domingo?")
    await page.act("time.forward", minutes=5)
    assert (await page.state())["recording"]["steps"] >= 2
    await page.post("api/record", {"on": False, "title": "Domingo"})
    assert (await page.state())["recording"] is None
    async with page.http.get(f"{page.url}api/record.toml") as answer:
        assert answer.content_type == "application/toml"
        recorded = await answer.read()
    assert b"Domingo" in recorded
    headers = {"Content-Type": "application/toml"}
    async with page.http.post(f"{page.url}api/story/run", data=recorded, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    while (await page.state())["story"]["state"] == "waiting":
        await page.post("api/story/next")
    story = (await page.state())["story"]
    assert (story["state"], [each for each in story["checks"] if not each["true"]]) == ("ended", [])
