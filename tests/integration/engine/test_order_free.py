"""Any permutation, duplication and batching of the same webhooks ends in the same state: the inbox's first promise."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.model.accounts import AccountState
from crm.model.messages import Message
from crm.model.sequences import EnrollmentState
from storage.database import Database
from tests.conftest import run_apart
from tests.integration.engine.desk import (
    NO_TEMPLATES,
    NO_UTILITY,
    NOON,
    ban,
    came,
    envelope,
    heard,
    news,
    open_desk,
    restricted,
    typed,
    wrote,
)

OTHER = "5491155551111"


def edit_of(wamid: str, text: str) -> dict[str, Any]:
    return {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}


def marks(message: Message) -> tuple[object, ...]:
    """What happened to it after it was said; times as text, for some are missing."""
    times = (message.edited_at, message.revoked_at, message.reaction_at, message.delivery.played_at)
    return (message.reaction or "", *map(str, times))


LATER = NOON + timedelta(hours=1)
STREAM: list[dict[str, Any]] = [
    wrote("Hola", NOON, "wamid.1"),
    wrote("Quiero saber el precio", NOON + timedelta(minutes=5), "wamid.2"),
    wrote("¿Están?", NOON + timedelta(minutes=9), "wamid.3", name="Leo D."),
    typed("Esta es la primera oferta", NOON + timedelta(minutes=20), "wamid.E1"),
    typed("Esta es la segunda oferta", NOON + timedelta(minutes=30), "wamid.E2"),
    heard("wamid.E1", "sent", NOON + timedelta(minutes=20)),
    heard("wamid.E1", "delivered", NOON + timedelta(minutes=21)),
    heard("wamid.E1", "read", NOON + timedelta(minutes=25)),
    heard("wamid.E2", "failed", NOON + timedelta(minutes=31), code=131026),
    heard("wamid.E2", "delivered", NOON + timedelta(minutes=32)),
    wrote("Buenas", NOON, "wamid.O1", wa_id=OTHER, name="Otra"),
    wrote("BAJA", LATER, "wamid.O2", wa_id=OTHER, name="Otra"),
    heard("wamid.nobody", "read", NOON),
    heard("wamid.E1", "played", NOON + timedelta(minutes=40)),
    came("edit", edit_of("wamid.2", "Quiero el precio"), NOON + timedelta(minutes=6), "wamid.C1"),
    came("edit", edit_of("wamid.2", "¿Qué precio tiene?"), NOON + timedelta(minutes=7), "wamid.C2"),
    came("revoke", {"original_message_id": "wamid.3"}, NOON + timedelta(minutes=11), "wamid.C3"),
    came("reaction", {"message_id": "wamid.E1", "emoji": "👍"}, NOON + timedelta(minutes=26), "wamid.R1"),
    came("reaction", {"message_id": "wamid.E1"}, NOON + timedelta(minutes=27), "wamid.R2"),
    came("reaction", {"message_id": "wamid.E2", "emoji": "❤️"}, NOON + timedelta(minutes=33), "wamid.R3"),
    ban("DISABLE", NOON),
    ban("REINSTATE", NOON + timedelta(minutes=10)),
    news("PARTNER_REMOVED", NOON + timedelta(minutes=20)),
    news("ACCOUNT_RECONNECTED", NOON + timedelta(minutes=20)),
    news("ACCOUNT_OFFBOARDED", NOON + timedelta(minutes=5)),
    restricted(NOON, NOON + timedelta(days=2)),
    restricted(NOON + timedelta(minutes=1), NOON + timedelta(days=1)),
    restricted(NOON, NOON + timedelta(days=2), NO_TEMPLATES),
    restricted(NOON, None, NO_TEMPLATES),
    restricted(NOON + timedelta(minutes=1), NOON + timedelta(days=1), NO_UTILITY),
]


async def _state(url: str, order: list[int], cuts: list[int]) -> dict[str, Any]:
    """Apply the stream in this order and batching; return what people could see of it, without ids.

    An ended walk is left out: whether an opt-out ended it or came in time to keep it from beginning, nothing is sent.
    """
    async with await Database.open(url) as database:
        desk = await open_desk(database, at=NOON + timedelta(hours=2))
        await desk.plan("Esta es la primera oferta", "Esta es la segunda oferta", "La última de las ofertas", hours=30)
        start = 0
        for end in [*sorted(set(cuts)), len(order)]:
            if order[start:end]:
                await desk.arrives(envelope(*(STREAM[number] for number in order[start:end])))
            start = end
        (account,) = await desk.engine.accounts.all()
        seen: dict[str, Any] = {"account": (account.state, account.held_reason, account.held_until, account.meta_words)}
        for contact in await desk.engine.contacts.find(desk.admin, "", 10):
            card = (await desk.engine.contacts.card(desk.admin, contact.id)).conversations[0]
            talk = card.conversation
            seen[contact.wa_id or ""] = {
                "contact": (contact.name, contact.opted_out, contact.consent_at),
                "times": (talk.first_inbound_at, talk.last_inbound_at, talk.last_manual_at, talk.last_interaction_at),
                "walks": [
                    (w.enrollment.state, w.enrollment.position, w.enrollment.started_at, w.enrollment.remaining)
                    for w in card.walks
                    if w.enrollment.state is not EnrollmentState.EXITED
                ],
                "messages": sorted(
                    (m.wamid or "", m.text, m.status.value, m.at, m.step, *marks(m)) for m in card.recent
                ),
            }
        return seen


def _run(template: Path, order: list[int], cuts: list[int]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copy(template, copy)
        return run_apart(_state(f"sqlite+aiosqlite:///{copy}", order, cuts))


def test_any_order_duplication_and_batching_ends_the_same(sqlite_template: Path) -> None:
    """Statuses before their echo, replies before the first message, an opt-out before the greeting: all the same."""
    expected = _run(sqlite_template, list(range(len(STREAM))), [])
    assert expected["5491155550099"]["walks"][0][1] == 2
    assert expected[OTHER]["contact"][1] is True
    assert expected["account"][:3] == (AccountState.HELD, "disconnected", None)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        order=st.permutations(range(len(STREAM))),
        again=st.lists(st.integers(0, len(STREAM) - 1), max_size=6),
        cuts=st.lists(st.integers(0, len(STREAM)), max_size=5),
    )
    def check(order: list[int], again: list[int], cuts: list[int]) -> None:
        assert _run(sqlite_template, [*order, *again], cuts) == expected

    check()
