"""`/porque` and `centralita why`, asked the way people ask."""

import json
from pathlib import Path

from sandbox.graph import Person as Customer
from sandbox.telegram import Person as Agent
from sandbox.world import World
from tests.e2e.operator import shell
from tests.e2e.plans import publish, step


async def test_why_is_answered_by_code_by_name_and_under_a_message(
    world: World, ana: Agent, leo: Customer, tmp_path: Path
) -> None:
    await publish(world, step(30, "¿Pudiste ver la propuesta?"))
    leo.writes(world.number, "Hola")
    asked = await world.sees(ana, "Hola")
    await world.says(ana, "/porque Leo")
    shown = await world.sees(ana, "Por qué", "Escribió por última vez", "paso 1 de 1", "La ventana estará")
    assert "Hola" not in shown.plain, "facts and rules, nobody's words"
    await world.says(ana, "Sí, hay", reply_to=asked)
    await world.travel(minutes=5)
    await world.says(ana, "/porque", reply_to=asked)
    await world.sees(ana, "Por qué · mensaje", "Lo escribió")
    await world.says(ana, "/porque")
    await world.sees(ana, "¿Sobre quién o qué?")
    await world.says(ana, "/porque nadie de nada")
    await world.sees(ana, "nadie de nada")
    await world.says(ana, "/c Leo")
    await world.presses(ana, "❓ Por qué")
    await world.sees(ana, "Lo que decide")
    ended = await shell(world, tmp_path, "why", "1", "--json")
    assert ended.code == 1
    assert "subject-not-found" in ended.said
    admin = await world.program.engine.agents.by_telegram(ana.id)
    assert admin is not None
    (leo_id,) = [c.id for c in await world.program.engine.contacts.find(admin, "Leo")]
    (told,) = json.loads((await shell(world, tmp_path, "why", str(leo_id), "--json")).said)
    assert {link["code"] for link in told["links"]} >= {"wrote", "may-write", "step"}
    assert "A free text may leave now" in (await shell(world, tmp_path, "why", str(leo_id))).said
