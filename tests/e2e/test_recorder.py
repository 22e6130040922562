"""What people do in the sandbox becomes a story that anybody can read, and that plays true in a world of its own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.acts import Refused
from sandbox.stories import Recorder, Story, opening, parse, play
from sandbox.world import World, open_world

SEQUENCE = """
[[sequence]]
key = "welcome"
name = "Bienvenida"
trigger = "first_message"
[[sequence.steps]]
delay_hours = 2
text = "Hola {name}, aquí va el catálogo"
"""


@pytest.fixture(autouse=True)
def whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def another_url(tmp_path: Path) -> str:
    """A database for a second world."""
    return f"sqlite+aiosqlite:///{tmp_path / 'another.db'}"


async def done(recorder: Recorder, *acts: tuple[str, Mapping[str, Any]]) -> None:
    for act, args in acts:
        await recorder.perform(act, args)


async def plays_true(text: str, url: str) -> Story:
    story = parse(text)
    async with open_world(url, **opening(story, "es")) as world:
        result = await play(world, story, "es")
    assert result.untrue == [], text
    assert result.true
    return story


def wamid(world: World, name: str, words: str) -> str:
    person = next(each for each in world.graph.people if each.name == name)
    return next(line.wamid for line in person.chat(world.number) if words in line.text)


async def test_a_recorded_afternoon_is_readable_and_plays_true(sqlite_url: str, another_url: str) -> None:
    async with open_world(sqlite_url, name="@Tienda «Sol»") as world:
        recorder = Recorder(world)
        await done(
            recorder,
            ("agent.joins", {"name": "Ana", "role": "admin", "language": "es"}),
            ("template.add", {"name": "promo", "language": "es", "category": "MARKETING", "body": "Hola {{1}}"}),
            ("sequence.load", {"text": SEQUENCE}),
            ("customer.joins", {"name": "Leo", "phone": None}),
            ("customer.writes", {"customer": "Leo", "text": "Antes de grabar"}),
            ("time.forward", {"minutes": 1}),
        )
        recorder.start()
        number, ana = world.number, world.telegram.people[0]
        leo = world.graph.people[0]
        await done(
            recorder,
            (
                "customer.writes",
                {"customer": leo.key, "number": number.phone_number_id, "text": '@ana ¿qué "precio"?\n¿diez?'},
            ),
        )
        pushed = ana.chat[-1]
        await done(
            recorder,
            (
                "agent.says",
                {"agent": str(ana.id), "chat": str(ana.id), "text": "Cuesta diez", "reply_to": str(pushed.message_id)},
            ),
            ("time.forward", {"minutes": 1}),
            ("time.forward", {"minutes": 2}),
        )
        await done(
            recorder,
            ("customer.reacts", {"customer": "Leo", "message": wamid(world, "Leo", "Cuesta"), "emoji": "👍"}),
            ("customer.edits", {"customer": "Leo", "message": wamid(world, "Leo", "Antes"), "text": "Antes de todo"}),
            ("customer.sends", {"customer": "Leo", "kind": "image", "caption": "Esta"}),
            ("phone.sends", {"customer": "Leo", "text": "Aquí estamos"}),
        )
        await done(recorder, ("phone.edits", {"message": wamid(world, "Leo", "Aquí"), "text": "Aquí estamos hoy"}))
        await world.travel(hours=3)
        await done(recorder, ("agent.says", {"agent": "Ana", "text": "/c Leo"}), ("time.until", {"at": "18:00"}))
        text = await recorder.toml("Una tarde")
    story = await plays_true(text, another_url)
    assert story.say(story.title, "es") == "Una tarde"
    assert story.world.shop == "@@Tienda «Sol»"
    assert [each["name"] for each in story.world.agent + story.world.template + story.world.customer] == [
        "Ana",
        "promo",
        "Leo",
    ]
    assert [do.act for do in story.before] == ["customer.writes", "time.forward"]
    assert story.world.sequence[0]["steps"][0]["delay_hours"] == 2
    assert not re.search(r"wamid\.|1065|1001", text), text
    written = [(do.act, do.args) for scene in story.scene for do in scene.do]
    assert written[0] == (
        "customer.writes",
        {"customer": "Leo", "number": "@@Tienda «Sol»", "text": '@@ana ¿qué "precio"?\n¿diez?'},
    )
    assert written[1][1].keys() == {"agent", "text", "reply_to"}
    assert written[2] == ("time.forward", {"minutes": 3})
    assert written[3][1]["message"] == "Cuesta diez"
    assert ("time.forward", {"hours": 3}) in written
    assert written[-1] == ("time.until", {"at": "18:00"})
    assert [scene.do[0].act for scene in story.scene[1:]] == ["time.forward", "time.forward", "time.until"]
    claims = [(see.what, see.args.get("text")) for scene in story.scene for see in scene.see]
    assert ("customer.sees", "Cuesta diez") in claims


async def test_of_two_messages_with_the_same_words_the_one_meant_is_named(sqlite_url: str, another_url: str) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        recorder = Recorder(world)
        recorder.start()
        await done(
            recorder,
            ("agent.joins", {"name": "Ana", "role": "admin"}),
            ("customer.joins", {"name": "Leo"}),
            ("customer.writes", {"customer": "Leo", "text": "Sí"}),
            ("customer.writes", {"customer": "Leo", "text": "Sí"}),
        )
        older = wamid(world, "Leo", "Sí")
        first_push = next(each for each in world.telegram.people[0].chat if "Sí" in each.body)
        await done(
            recorder,
            ("customer.edits", {"customer": "Leo", "message": older, "text": "No"}),
            ("agent.says", {"agent": "Ana", "text": "¿Sí o no?", "reply_to": str(first_push.message_id)}),
            ("time.forward", {"minutes": 5}),
        )
        text = await recorder.toml()
    story = await plays_true(text, another_url)
    acts = {do.act: do.args for scene in story.scene for do in scene.do}
    assert acts["customer.edits"]["message"] == "Sí #2"
    assert acts["agent.says"]["reply_to"].endswith(" #2")


async def test_what_could_not_be_done_is_not_written_down(sqlite_url: str) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        recorder = Recorder(world)
        recorder.start()
        for act, args in (
            ("customer.writes", {"customer": "Nadie", "text": "Hola"}),
            ("customer.joins", {"name": "Leo", "phone": "x"}),
            ("no.such", {}),
            ("time.forward", {"days": 0}),
        ):
            with pytest.raises(Refused):
                await recorder.perform(act, args)
        assert recorder.steps == 0
        await recorder.perform("customer.joins", {"name": "Leo"})
        assert recorder.steps == 1


async def test_time_alone_can_be_recorded_and_recording_twice_changes_nothing(
    sqlite_url: str, another_url: str
) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        recorder = Recorder(world)
        assert not recorder.recording
        recorder.start()
        recorder.start()
        assert recorder.recording
        await recorder.perform("customer.joins", {"name": "Leo"})
        await recorder.perform("customer.writes", {"customer": "Leo", "text": "Hola"})
        await world.travel(days=1, hours=2, seconds=90)
        first = await recorder.toml()
        assert await recorder.toml() == first
    story = parse(first)
    assert [do.args for scene in story.scene for do in scene.do][-1] == {"days": 1, "hours": 2, "minutes": 1.5}


async def test_an_empty_recording_is_a_file_too(sqlite_url: str) -> None:
    async with open_world(sqlite_url, name="Tienda") as world:
        recorder = Recorder(world)
        recorder.start()
        text = await recorder.toml()
    assert [scene.do for scene in parse(text).scene] == [()]
