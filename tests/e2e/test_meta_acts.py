"""Everything that Meta can send is played against the whole program: nothing breaks, and agents read what happened in words."""

from collections.abc import AsyncIterator

import pytest

from sandbox.acts import perform
from sandbox.acts.meta_samples import ELEMENTS, NEWS
from sandbox.world import World, open_world

CODES = (
    "{",
    "131051",
    "131052",
    "131060",
    "poll_creation",
    "RESTRICTED",
    "PRIMARY_",
    "NAME_",
    "DISABLE",
    "account_update",
)


@pytest.fixture
async def shop(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An admin, and a customer who has written."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with open_world(sqlite_url) as world:
        await perform(world, "agent.joins", {"name": "Ana", "role": "admin"})
        await perform(world, "customer.joins", {"name": "Leo"})
        await perform(world, "customer.writes", {"customer": "Leo", "text": "Hola"})
        yield world


def reads(world: World) -> list[str]:
    (ana,) = world.telegram.people
    return [each.plain for each in ana.private.visible]


async def test_every_sample_of_a_message_is_read_in_words(shop: World) -> None:
    for sample in ELEMENTS:
        await perform(shop, "customer.sends_sample", {"customer": "Leo", "sample": sample})
    seen = "\n".join(reads(shop))
    assert "= 16.98 USD" in seen
    assert "talle: 40" in seen
    assert "Una encuesta" in seen
    assert "Un archivo demasiado grande" in seen
    assert "Reenviado muchas veces" in seen
    assert "Mensaje de un tipo nuevo" in seen
    assert [code for code in CODES if code in seen] == []
    await _nothing_broke(shop)


async def test_every_news_is_told_in_a_sentence(shop: World) -> None:
    for news in NEWS:
        await perform(shop, "meta.says", {"news": news})
        await perform(shop, "time.forward", {"minutes": 1})
    seen = "\n".join(reads(shop))
    for words in (
        "Meta suspendió",
        "Meta levantó la suspensión",
        "pidió cambiar el PIN",
        "Meta rechazó el nombre",
        "está bloqueado",
    ):
        assert words in seen
    assert [code for code in CODES if code in seen] == []
    await _nothing_broke(shop)


async def test_metas_agent_is_seen_at_work_and_hands_over(shop: World) -> None:
    await perform(shop, "time.forward", {"minutes": 1})
    await perform(shop, "meta.agent", {"on": True})
    await perform(shop, "customer.writes", {"customer": "Leo", "text": "¿Hay stock?"})
    assert "La atiende el agente de Meta" in reads(shop)[-1]
    await perform(shop, "meta.answers", {"customer": "Leo", "text": "Sí, hay"})
    assert "respondido por el agente de Meta\nSí, hay" in reads(shop)[-1]
    await perform(shop, "time.forward", {"minutes": 1})
    await perform(shop, "meta.hands_over", {"customer": "Leo", "to": "ours"})
    assert "te pasa la conversación" in reads(shop)[-1]
    await _nothing_broke(shop)


@pytest.mark.parametrize(("seconds", "words"), [(None, "Llamada perdida"), (65, "Llamada de WhatsApp · 65 s")])
async def test_a_call_is_told_with_its_end(shop: World, seconds: int | None, words: str) -> None:
    await perform(shop, "customer.calls", {"customer": "Leo", "seconds": seconds})
    seen = "\n".join(reads(shop))
    assert "Te llama por WhatsApp" in seen
    assert words in seen
    await _nothing_broke(shop)


async def _nothing_broke(world: World) -> None:
    (ana,) = world.telegram.people
    ana.says("/estado")
    await world.settle()
    assert "0 sin entender" in reads(world)[-1]
