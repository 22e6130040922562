"""kill -9 in the middle of the load: what was answered 200 is applied exactly once, and nobody gets a message twice.

The program is a real process, killed by SIGKILL at moments that are chosen by counts (answers given, messages that reached Meta), and
started again on what it left behind. Meta and the customers are the sandbox's, in this process. What is judged is what an operator
and Meta can see, and the rows at the end.
"""

import asyncio
from collections import Counter
from pathlib import Path

from storage import tables
from tests.e2e.process import Installation
from tests.e2e.town import LOST, Ledger, Town, a_town, every_webhook_was_applied_once, nobody_got_a_message_twice

FOLLOWED, CHATTY, TEXTS_EACH = 500, 300, 9
STEP, REPLY = "Hola {name}, soy Ana", "Sí, quiero saber más"
PER_SECOND = 250


async def test_five_kills_amid_the_load_lose_nothing_and_repeat_nothing(empty_url: str, tmp_path: Path) -> None:
    async with a_town() as town:
        place = Installation(tmp_path, town.graph.url, empty_url)
        await place.set_up(per_second=PER_SECOND)
        await place.import_sequence(STEP, "first_message")
        async with Ledger.of(empty_url) as ledger:
            await _load(town, place, ledger)
            await every_webhook_was_applied_once(town, ledger)
            await _every_walk_began_and_paused_once(ledger)
            await nobody_got_a_message_twice(town, ledger)
            assert len(town.lost_answers) == 2 * LOST, "known only by their statuses"
            await _what_an_operator_sees_agrees(town, place)


async def _load(town: Town, place: Installation, ledger: Ledger) -> None:
    """5,000 webhooks and 500 sends, and a kill in every phase of them."""
    courier = town.courier
    followed, chatty = town.people(0, FOLLOWED), town.people(FOLLOWED, CHATTY)

    town.write(followed, "Hola")  # first messages: contacts, conversations and walks come to be
    async with place.serving() as server:
        town.open(server)
        await town.until(answers=200)
        town.kill(server)
    async with place.serving() as server:
        town.open(server)
        await town.rest(ledger)
        courier.wait()

    greets_nobody_new = place.import_sequence(STEP, "manual")
    await asyncio.gather(place.run("jobs", "run", "sequences"), greets_nobody_new)
    for n in range(TEXTS_EACH):
        town.write(chatty, f"Mensaje {n}")
    async with place.serving() as server:  # 500 queued messages leave while texts and statuses come in
        town.open(server)
        await town.until(answers=FOLLOWED + 300, sends=100)
        await town.lose_answers()
        town.kill(server)
    async with place.serving() as server:  # dies again while it takes up what it left behind
        town.open(server)
        await town.until(answers=len(courier.kept) + 1)
        town.kill(server)
    async with place.serving() as server:
        town.open(server)
        await town.until(sends=300)
        await town.lose_answers()
        town.kill(server)
    async with place.serving() as server:
        town.open(server)
        await town.rest(ledger)
        town.write(followed, REPLY)  # every walk is paused
        await town.until(answers=len(courier.kept) + 200)
        town.kill(server)
    async with place.serving() as server:
        town.open(server)
        await town.rest(ledger)
        courier.wait()
    assert sum(courier.answers.values()) >= 5_000


async def _every_walk_began_and_paused_once(ledger: Ledger) -> None:
    walk, entry = tables.enrollments.c, tables.audit_log.c
    walks = await ledger.rows(walk.id, walk.state, walk.reason, walk.position)
    assert Counter(row[1:] for row in walks) == {("paused", "customer_replied", 1): FOLLOWED}
    audited = Counter(row for row in await ledger.rows(entry.action, entry.subject) if row[0].startswith("enrollment."))
    subjects = [f"enrollment:{row[0]}" for row in walks]
    assert audited == Counter(
        (f"enrollment.{action}", subject) for action in ("started", "paused") for subject in subjects
    )


async def _what_an_operator_sees_agrees(town: Town, place: Installation) -> None:
    status, troubled = await asyncio.gather(place.status(), place.run("webhooks", "list", "--json"))
    accepted = len(town.graph.sends)
    assert troubled == ""
    assert status["webhooks"] == {"new": 0, "done": len(town.courier.kept), "failed": 0, "dead": 0}
    assert {state: n for state, n in status["outbox"].items() if n} == (
        {"accepted": accepted} | ({"unknown": FOLLOWED - accepted} if accepted < FOLLOWED else {})
    )
    assert status["contacts"] == FOLLOWED + CHATTY
