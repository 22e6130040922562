"""Sequences for stories, published as the command line would."""

from datetime import timedelta

from crm.model.messages import TemplateRef
from crm.model.sequences import Sequence, SequenceState, Step, Trigger
from sandbox.world import World


def step(hours: float, text: str, template: str | None = None) -> Step:
    """One message so many hours after the one before; outside the window `template` (with the first name) may stand in for it."""
    ref = TemplateRef(template, "es", ("{name}",)) if template else None
    return Step(timedelta(hours=hours), text, ref)


async def publish(world: World, *steps: Step) -> None:
    """Whoever writes for the first time walks these steps."""
    plan = Sequence(
        0, "welcome", "Bienvenida", SequenceState.ACTIVE, Trigger.FIRST_MESSAGE, None, steps, 1, world.clock.at
    )
    await world.program.engine.sequences.publish("test", [plan])
