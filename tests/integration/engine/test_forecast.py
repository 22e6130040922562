"""What is planned is priced as it would leave: by template outside the window, as a reply inside it."""

from datetime import timedelta
from decimal import Decimal

from crm.model.costs import Total
from crm.model.messages import TemplateRef
from crm.model.sequences import Sequence as Plan
from crm.model.sequences import SequenceState, Step, Trigger
from storage.database import Database
from tests.integration.engine.desk import NOON, envelope, open_desk, wrote
from tests.integration.engine.test_templates import NAME, listed, queue

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_steps_and_queued_templates_are_priced_as_they_would_leave(database: Database) -> None:
    desk = await open_desk(database)
    desk.meta.found = [listed(category="marketing")]
    await desk.engine.templates.refresh()
    by_template = TemplateRef(NAME, "es", ("Leo",))
    steps = (
        Step(2 * HOUR, "Hola"),
        Step(4 * DAY, "¿Seguimos?", by_template),
        Step(DAY, "¿Y ahora?", TemplateRef("otra", "es")),
        Step(DAY, "Sin plantilla"),
        Step(9 * DAY, "Más tarde", by_template),
    )
    plan = Plan(0, "welcome", "Bienvenida", SequenceState.ACTIVE, Trigger.FIRST_MESSAGE, None, steps, 1, NOON)
    await desk.engine.sequences.publish("test", [plan])
    assert (await desk.engine.costs.forecast(None, 7, 10)).totals == ()
    await desk.arrives(envelope(wrote("Hola", NOON, "wamid.1")))
    await queue(desk, "Leo")
    found = await desk.engine.costs.forecast(desk.admin, 7, 10)
    assert found.totals == (
        Total("queued", "USD", Decimal("0.0618"), 1, 0, 0),
        Total("template", "USD", Decimal("0.0618"), 2, 0, 1),
        Total("reply", "USD", Decimal("0.0260"), 1, 0, 0),
        Total("undecided", "USD", Decimal(0), 1, 0, 1),
    )
    assert not found.more
    assert (await desk.engine.costs.forecast(None, 30, 10)).totals[1].messages == 3
    assert (await desk.engine.costs.forecast(None, 1, 10)).totals[1].key == "reply"
    assert (await desk.engine.costs.forecast(None, 7, 1)).more
