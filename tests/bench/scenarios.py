"""The scenarios: each measures its keys on one database and gives them back; ratios are taken inside a round."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from storage.database import Database
from storage.vault import Vault, generate_key
from tests.bench import seed
from tests.bench.film import film
from tests.bench.machine import NEIGHBOURS, PROGRAM, Child, child, run_child
from tests.bench.place import Place

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how often: `seconds` a stretch, `rounds` of everything, `grown` rows in a grown table."""

    seconds: float
    rounds: int
    grown: int


Scenario = Callable[[Place, str, Effort], Awaitable[Figures]]


async def _closed(load: Child, port: int, seconds: float, *, connections: int = 64) -> float:
    """Answers a second under a closed load."""
    measured = await load.ask(
        port=port, connections=connections, most=int(seconds * 30_000), seconds=seconds, unique=str(port)
    )
    if set(measured["codes"]) != {"200"}:
        raise RuntimeError(f"the load was answered {measured['codes']}")
    return float(measured["per_s"])


async def _in_turn(load: Child, doors: dict[str, Child], effort: Effort) -> dict[str, list[float]]:
    """Answers a second at each door, round by round, after each was warmed up."""
    await load.hear()
    ports = {name: (await door.hear())["port"] for name, door in doors.items()}
    for port in ports.values():
        await _closed(load, port, 0.3)
    rates: dict[str, list[float]] = {name: [] for name in doors}
    for _ in range(effort.rounds):
        for name, port in ports.items():
            rates[name].append(await _closed(load, port, effort.seconds))
    return rates


async def intake(place: Place, kind: str, effort: Effort) -> Figures:
    """Durable, deduplicated, signed webhooks against a bare handler, on an empty and on a grown table, and against a commit each."""
    fresh, grown, each = [await place.database(kind) for _ in range(3)]
    await seed.old_webhooks(grown, effort.grown)
    async with (
        child("load", NEIGHBOURS) as load,
        child("bare", PROGRAM) as bare,
        child("server", PROGRAM, url=fresh) as ours,
        child("server", PROGRAM, url=grown) as ours_grown,
        child("commit_each", PROGRAM, url=each) as commit_each,
    ):
        doors = {"bare": bare, "ours": ours, "grown": ours_grown, "each": commit_each}
        rates = await _in_turn(load, doors, effort)
    return {
        f"intake_{kind}_per_s": statistics.median(rates["ours"]),
        f"intake_{kind}_ceiling_per_s": statistics.median(rates["bare"]),
        f"intake_{kind}_ratio": _ratio(rates["ours"], rates["bare"]),
        f"intake_{kind}_ratio_1m": _ratio(rates["grown"], rates["bare"]),
        f"intake_{kind}_vs_commit_each": _ratio(rates["ours"], rates["each"]),
    }


def _ratio(these: list[float], those: list[float]) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(these, those, strict=True))


async def peer(place: Place, kind: str, effort: Effort) -> Figures:
    """Our door against pywa's with a commit for each message, both on SQLite."""
    if kind != "sqlite":
        return {}
    ours_url, theirs_url = await place.database(kind), await place.database(kind)
    async with (
        child("load", NEIGHBOURS) as load,
        child("server", PROGRAM, url=ours_url) as ours,
        child("pywa", PROGRAM, url=theirs_url) as theirs,
    ):
        rates = await _in_turn(load, {"ours": ours, "theirs": theirs}, effort)
    return {
        "intake_pywa_per_s": statistics.median(rates["theirs"]),
        "intake_vs_pywa": _ratio(rates["ours"], rates["theirs"]),
    }


async def inbox(place: Place, kind: str, effort: Effort) -> Figures:
    """Stored texts applied, alone and while new ones come in."""
    alone = [await run_child("inbox", PROGRAM, url=await place.database(kind)) for _ in range(effort.rounds)]
    together = statistics.median([await _intake_and_inbox(place, kind, effort) for _ in range(effort.rounds)])
    return {
        f"inbox_{kind}_per_s": statistics.median(each["per_s"] for each in alone),
        f"inbox_{kind}_cpu_us": statistics.median(each["cpu_us"] for each in alone),
        f"intake_inbox_{kind}_per_s": together,
    }


async def _business(url: str, contacts: int, queued: int = 0) -> str:
    """Seed a business; return the vault's key."""
    key = generate_key()
    async with await Database.open(url) as database:
        await seed.business(database, Vault([key]), contacts=contacts)
        await seed.queue(database, total=queued)
    await seed.settle(url)
    return key


async def _intake_and_inbox(place: Place, kind: str, effort: Effort) -> float:
    """Webhooks a second both stored and applied: everything that came, over the time until the last was applied."""
    url = await place.database(kind)
    key = await _business(url, contacts=20_000)
    async with child("load", NEIGHBOURS) as load, child("server", PROGRAM, url=url, key=key, pumps=True) as ours:
        await load.hear()
        port = (await ours.hear())["port"]
        measured = await load.ask(
            port=port, connections=64, most=60_000, seconds=effort.seconds * 2, contacts=20_000, unique=str(port)
        )
        after = await ours.ask(wait_for="inbox")
        return float(measured["answers"] / (measured["seconds"] + after["waited"]))


async def claim(place: Place, kind: str, effort: Effort) -> Figures:
    """Claim 100 due walks of a million."""
    done = await run_child("claim", PROGRAM, url=await place.database(kind), walks=effort.grown)
    return {f"claim_{kind}_ms": done["ms"]}


async def due(place: Place, kind: str, effort: Effort) -> Figures:
    """Drain due walks into the outbox."""
    done = await run_child("due", PROGRAM, url=await place.database(kind), walks=effort.grown)
    return {f"due_{kind}_per_s": done["per_s"], f"due_{kind}_cpu_us": done["cpu_us"]}


async def dispatch(place: Place, kind: str, effort: Effort) -> Figures:
    """Send as fast as one process can, and a thousand a second from one number."""
    fast, steady = [], []
    for _ in range(effort.rounds):
        fast.append(await _dispatch(place, kind, total=int(effort.seconds * 10_000), accounts=20))
        steady.append(await _dispatch(place, kind, total=int(effort.seconds * 2_000), accounts=1))
    return {
        f"dispatch_{kind}_per_s": statistics.median(each["per_s"] for each in fast),
        f"dispatch_{kind}_cpu_us": statistics.median(each["cpu_us"] for each in fast),
        f"dispatch_{kind}_per_s_at_1000": statistics.median(each["per_s"] for each in steady),
        f"dispatch_{kind}_core_at_1000": statistics.median(each["core"] for each in steady),
    }


async def _dispatch(place: Place, kind: str, *, total: int, accounts: int) -> dict[str, Any]:
    url = await place.database(kind)
    async with child("graph", NEIGHBOURS) as graph:
        graph_url = f"http://127.0.0.1:{(await graph.hear())['port']}"
        done = await run_child(
            "dispatch", PROGRAM, url=url, graph_url=graph_url, total=total, accounts=accounts, rate=1000
        )
        tally = await graph.ask()
    if tally != {"accepted": total, "doubled": 0}:
        raise RuntimeError(f"of {total} sends the Graph saw {tally}")
    return done


async def mixed(place: Place, kind: str, effort: Effort) -> Figures:
    """2,000 webhooks a second in and 1,000 sends a second out, together, in one process."""
    rounds = [await _mixed(place, kind, effort.seconds * 3) for _ in range(effort.rounds)]
    return {
        f"mixed_{kind}_intake_p99_ms": statistics.median(each["p99_ms"] for each in rounds),
        f"mixed_{kind}_sends_per_s": statistics.median(each["sends_per_s"] for each in rounds),
        f"mixed_{kind}_core": statistics.median(each["core"] for each in rounds),
        f"mixed_{kind}_backlog": max(each["backlog"] for each in rounds),
    }


async def _mixed(place: Place, kind: str, seconds: float) -> dict[str, float]:
    url, total = await place.database(kind), int(seconds * 1_000)
    key = await _business(url, contacts=20_000, queued=total)
    async with child("graph", NEIGHBOURS) as graph, child("load", NEIGHBOURS) as load:
        graph_url = f"http://127.0.0.1:{(await graph.hear())['port']}"
        await load.hear()
        async with child("server", PROGRAM, url=url, key=key, graph_url=graph_url, pumps=True) as ours:
            port = (await ours.hear())["port"]
            before = await ours.ask()
            came = await load.ask(
                port=port, connections=128, most=int(seconds * 2_000), rate=2_000, contacts=20_000, unique=str(port)
            )
            tally, after = await graph.ask(), await ours.ask()
            await ours.ask(wait_for="inbox")
            await ours.ask(wait_for="outbox")
            at_the_end = await graph.ask()
    if at_the_end != {"accepted": total, "doubled": 0} or set(came["codes"]) != {"200"}:
        raise RuntimeError(f"of {total} sends the Graph saw {at_the_end}; webhooks were answered {came['codes']}")
    return {
        "p99_ms": came["p99_ms"],
        "sends_per_s": tally["accepted"] / came["seconds"],
        "core": (after["cpu"] - before["cpu"]) / came["seconds"],
        "backlog": after["inbox"],
    }


async def crowd(place: Place, kind: str, effort: Effort) -> Figures:
    """A thousand contacts at once, then 150 messages a second in while a sequence leaves to a thousand others; all are counted."""
    url, people, rate = await place.database(kind), 1_000, 150
    steady = int(max(effort.seconds * 2, 4) * rate)
    key = generate_key()
    async with await Database.open(url) as database:
        await seed.business(database, Vault([key]), contacts=2 * people, rate=rate)
        await seed.walks(database, contacts=2 * people, total=2 * people, due=people)
    async with child("graph", NEIGHBOURS) as graph, child("load", NEIGHBOURS) as load:
        graph_url = f"http://127.0.0.1:{(await graph.hear())['port']}"
        await load.hear()
        async with child("server", PROGRAM, url=url, key=key, graph_url=graph_url, pumps=True) as ours:
            port = (await ours.hear())["port"]
            await ours.ask(sequences=True)
            posts = {"port": port, "contacts": people, "first": people, "unique": str(port)}
            at_once = await load.ask(**posts, connections=people, most=people, in_turn=True)
            before = (await graph.ask())["accepted"]
            steadily = await load.ask(**posts, connections=64, most=steady, rate=rate)
            sent = (await graph.ask())["accepted"] - before
            await ours.ask(wait_for="inbox")
            await ours.ask(wait_for="outbox")
            kept, tally = await ours.ask(status=True), await graph.ask()
    answered = at_once["codes"].get("200", 0) + steadily["codes"].get("200", 0)
    came = kept["messages"].get("in text received", 0)
    left = sum(count for key, count in kept["messages"].items() if key.startswith("out") and "cancelled" not in key)
    return {
        f"crowd_{kind}_at_once_max_ms": at_once["max_ms"],
        f"crowd_{kind}_in_per_s": steadily["per_s"],
        f"crowd_{kind}_out_per_s": sent / steadily["seconds"],
        f"crowd_{kind}_in_p99_ms": steadily["p99_ms"],
        f"crowd_{kind}_unanswered": people + steady - answered,
        f"crowd_{kind}_lost": answered - came + left - tally["accepted"],
        f"crowd_{kind}_doubled": tally["doubled"],
    }


async def media(place: Place, kind: str, effort: Effort) -> Figures:
    """500 webhooks a second in, alone and while a film of 100 MB is made fit beside them on the same core."""
    rounds = [await _media(place, kind, effort.seconds * 2) for _ in range(effort.rounds)]
    return {
        f"media_{kind}_intake_p99_ratio": statistics.median(each["busy_ms"] / each["idle_ms"] for each in rounds),
        f"media_{kind}_intake_p99_idle_ms": statistics.median(each["idle_ms"] for each in rounds),
        f"media_{kind}_intake_p99_ms": statistics.median(each["busy_ms"] for each in rounds),
        f"media_{kind}_film_s": statistics.median(each["film_s"] for each in rounds),
    }


async def _media(place: Place, kind: str, seconds: float) -> dict[str, float]:
    url, rate, path = await place.database(kind), 500, str(film())
    key = await _business(url, contacts=20_000)
    async with (
        child("load", NEIGHBOURS) as load,
        child("server", PROGRAM, url=url, key=key, pumps=True, files=place.folder("media")) as ours,
    ):
        await load.hear()
        port = (await ours.hear())["port"]

        async def p99(unique: str, stretch: float) -> float:
            came = await load.ask(
                port=port, connections=64, most=int(stretch * rate), rate=rate, contacts=20_000, unique=unique
            )
            if set(came["codes"]) != {"200"}:
                raise RuntimeError(f"webhooks were answered {came['codes']}")
            return float(came["p99_ms"])

        await p99("warm", 1)
        alone = await p99("alone", seconds)
        await ours.ask(film=path)
        beside = await p99("beside", seconds)
        if not (await ours.ask(film="look"))["making"]:
            raise RuntimeError("the film was ready before the load was over")
        return {"idle_ms": alone, "busy_ms": beside, "film_s": (await ours.ask(film="end"))["seconds"]}


async def idle(place: Place, kind: str, effort: Effort) -> Figures:
    """What the program holds when it has nothing to do, with 100,000 contacts (Telegram and charts not yet loaded)."""
    url = await place.database(kind)
    key = await _business(url, contacts=effort.grown // 10)
    async with child("server", PROGRAM, url=url, key=key, pumps=True) as ours:
        await ours.hear()
        return {f"rss_idle_{kind}_mb": (await ours.ask(status=True))["rss_mb"]}


async def story(place: Place, kind: str, effort: Effort) -> Figures:
    """Two weeks of 500 customers in the time machine, on SQLite."""
    if kind != "sqlite":
        return {}
    here = [await run_child("story", PROGRAM | NEIGHBOURS, hosted=False) for _ in range(effort.rounds)]
    beside = [await run_child("story", PROGRAM | NEIGHBOURS, hosted=True) for _ in range(effort.rounds)]
    return {
        "story_in_process_s": statistics.median(each["seconds"] for each in here),
        "story_hosted_s": statistics.median(each["seconds"] for each in beside),
    }


SCENARIOS: dict[str, Scenario] = {
    "intake": intake,
    "peer": peer,
    "inbox": inbox,
    "claim": claim,
    "due": due,
    "dispatch": dispatch,
    "mixed": mixed,
    "crowd": crowd,
    "media": media,
    "idle": idle,
    "story": story,
}
