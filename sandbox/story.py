"""The first story, eleven days long: a sequence that leaves by itself, pauses and waits; an approval with its price; a card that closes
by itself; a suspicion that falls and one that a person lifts.

Every caption makes claims, and every claim is looked at where people would see it: on the customers' phones, in Ana's Telegram, in what
Meta accepted. The first one that does not come true ends the story.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.telegram.painter import plain
from bot.telegram.views.alerts import ICONS
from sandbox.graph import Person as Customer
from sandbox.scenes import Ending, Scene, Tell
from sandbox.stage import Stage, sent_to, texts_on, ticks
from sandbox.telegram import ShownMessage
from sandbox.world import World

Play = Callable[[Stage], Awaitable[None]]


async def play(world: World, language: str, tell: Tell) -> Ending:
    """Play it; `tell` gets each scene as it ends."""
    began = world.clock.at
    stage = await Stage.set_up(world, language)
    told: list[Scene] = []
    for number, (caption, act) in enumerate(SCENES, start=1):
        broken = None
        try:
            await act(stage)
        except AssertionError as instead:
            broken = str(instead)
        told.append(stage.scene(number, caption, broken))
        tell(told[-1])
        if not told[-1].true:
            break
    checks = [check for scene in told for check in scene.checks]
    broken_off = sum(scene.broken is not None for scene in told)
    rows = await _rows(stage, world.clock.at - began)
    return Ending(rows, sum(check.true for check in checks), len(checks) + broken_off)


async def writes(stage: Stage) -> None:
    world, words = stage.world, stage.words
    for customer, key in ((stage.leo, "leo-asks"), (stage.mia, "mia-asks"), (stage.sol, "sol-asks")):
        customer.writes(world.number, words(key))
    pushed = await stage.hears(stage.leo, "leo-asks")
    stage.shows_chat(stage.leo, 1)
    stage.shows(pushed)
    card = await stage.card_of(stage.leo)
    stage.shows(card, keyboard=False)
    stage.check("check-seen", words("shop") in pushed.body)
    stage.check("check-walk-began", stage.walks(card, 1, "active"))


async def first_step(stage: Stage) -> None:
    world, words = stage.world, stage.words
    await stage.comes("11:05")
    three = (stage.leo, stage.mia, stage.sol)
    for sent in sent_to(world, stage.leo):
        stage.shows_call(sent)
    stage.shows_chat(stage.leo, 2)
    arrived = all(texts_on(each) == [words("step-one").replace("{name}", each.name)] for each in three)
    stage.check("check-step-arrived", arrived and all(ticks(world, each) == ["read"] for each in three))
    stage.check("check-within-window", [sent.basis for sent in world.graph.sends] == ["customer_message"] * 3)


async def answers(stage: Stage) -> None:
    world, words = stage.world, stage.words
    await stage.comes("11:30")
    stage.leo.writes(world.number, words("leo-price"))
    pushed = await stage.hears(stage.leo, "leo-price")
    stage.shows(pushed)
    answer = await stage.answers(pushed, "ana-price")
    await world.travel(minutes=2)
    stage.shows_chat(stage.leo, 2)
    card = await stage.card_of(stage.leo)
    stage.check("check-paused", stage.walks(card, 2, "paused", "customer_replied"))
    stage.check("check-answered", texts_on(stage.leo)[-1:] == [words("ana-price")] and answer.reactions == ["👌"])


async def waits(stage: Stage) -> None:
    world, words = stage.world, stage.words
    await stage.comes("19:05", days=3)
    where = {"sequence": words("sequence"), "account": words("shop")}
    alert = await stage.sees("alert-outside-window", "contact", **where)
    stage.shows(alert)
    await stage.presses(alert, stage.bot("button-to-queue"))
    stage.shows(alert)
    stage.check("check-held-back", len(sent_to(world, stage.mia, stage.sol)) == 2)
    listed = stage.mia.name in alert.body and stage.sol.name in alert.body
    stage.check("check-in-queue", listed and stage.reads(alert, "queue-title", count=2))


async def approves(stage: Stage) -> None:
    card = await stage.sees("queue-title", count=2)
    await stage.presses(card, stage.bot("button-one-by-one"))
    await stage.approves(card)
    stage.shows_chat(stage.mia, 2)
    stage.check("check-template-arrived", _got_template(stage, stage.mia))


async def by_hand(stage: Stage) -> None:
    world, words = stage.world, stage.words
    card = await stage.sees("resolved-title", "code", "when", state="released", seen="person", contact="Mía", by="Ana")
    await stage.presses(card, stage.bot("button-next"))
    stage.shows(card)
    waited = words("step-two").replace("{name}", stage.sol.name) in card.body
    stage.does("types-on-phone", elsewhere=True, text=words("ana-by-hand"))
    world.number.phone_sends(stage.sol, words("ana-by-hand"))
    await world.travel(minutes=2)
    stage.shows_chat(stage.sol, 1)
    stage.shows(card)
    closed = stage.reads(card, "resolved-title", "code", "when", state="by_hand", seen="program", contact="Sol", by="")
    await stage.types(words("command-queue"))
    await stage.sees("queue-empty")
    stage.check("check-closed-itself", waited and closed)
    alone = len(sent_to(world, stage.sol)) == 1
    stage.check("check-not-repeated", alone and texts_on(stage.sol)[1:] == [words("ana-by-hand")])


async def suspects(stage: Stage) -> None:
    world, words = stage.world, stage.words
    await stage.comes("10:00", days=1)
    stage.sol.goes_offline()
    for key in ("ana-sol-one", "ana-sol-two"):
        world.number.phone_sends(stage.sol, words(key))
    await stage.comes("18:00", days=2)
    stage.leo.writes(world.number, words("leo-thanks"))
    await stage.answers(await stage.hears(stage.leo, "leo-thanks"), "ana-thanks", shown=False)
    await stage.comes("15:20", days=1)
    alert = await stage.sees("alert-probable-block", contact=stage.sol.name, probability=95, messages=2)
    stage.shows_chat(stage.sol, 2)
    stage.shows(alert)
    card = await stage.card_of(stage.sol)
    stage.check("check-suspected", stage.bot("button-reactivate") in alert.labels)
    stage.check("check-walk-stopped", stage.walks(card, 3, "paused", "probable_block"))


async def refutes(stage: Stage) -> None:
    world, words = stage.world, stage.words
    stage.sol.comes_online()
    await world.travel(minutes=5)
    stage.shows_chat(stage.sol, 2)
    await stage.types(words("command-blocks"))
    blocks = await stage.sees("blocks-title")
    stage.shows(blocks)
    card = await stage.card_of(stage.sol)
    stage.check("check-arrived-late", texts_on(stage.sol)[-2:] == [words("ana-sol-one"), words("ana-sol-two")])
    stage.check("check-cleared", stage.reads(blocks, "blocks-empty"))
    stage.check("check-walk-on", stage.walks(card, 3, "active"))


async def confirms(stage: Stage) -> None:
    world, words = stage.world, stage.words
    await stage.comes("09:00", days=1)
    stage.tom.writes(world.number, words("tom-asks"))
    asked = await stage.hears(stage.tom, "tom-asks")
    stage.tom.blocks(world.number)
    await stage.comes("12:00")
    for key in ("ana-tom-one", "ana-tom-two"):
        await stage.answers(asked, key, shown=False)
    await stage.comes("18:00", days=1)
    world.number.phone_sends(stage.leo, words("ana-thanks-again"))
    await stage.comes("15:20", days=2)
    alert = await _tom_is_blocked(stage)
    stage.shows_chat(stage.tom, 4)
    stage.shows(alert)
    left = len(world.graph.sends)
    await stage.answers(asked, "ana-tom-three")
    refused = await stage.sees("error-blocked")
    stage.shows(refused)
    stage.check("check-confirmed", stage.bot("button-reactivate") in alert.labels)
    stage.check("check-silence", texts_on(stage.tom) == [] and ticks(world, stage.tom) == ["sent"] * 3)
    stage.check("check-stopped", len(world.graph.sends) == left)


async def reactivates(stage: Stage) -> None:
    await stage.comes("16:00")
    stage.tom.unblocks(stage.world.number)
    alert = await _tom_is_blocked(stage)
    await stage.presses(alert, stage.bot("button-reactivate"))
    stage.shows(alert)
    await stage.presses(alert, stage.bot("button-reactivate-now"))
    card = await stage.card_of(stage.tom)
    stage.shows(card, keyboard=False)
    stage.check("check-reactivated", stage.reads(alert, "reactivated") and stage.walks(card, 2, "active"))


async def flows(stage: Stage) -> None:
    await stage.comes("20:05")
    await stage.types(stage.words("command-queue"))
    card = await stage.sees("queue-title", count=1)
    await stage.presses(card, stage.bot("button-one-by-one"))
    await stage.approves(card, shown=False)
    stage.shows_chat(stage.tom, 1)
    stage.check("check-flows", _got_template(stage, stage.tom))


async def end(stage: Stage) -> None:
    """What must be true of any story: nothing twice, nothing lost, nothing left over."""
    world = stage.world
    shown = [(each.name, text) for each in stage.customers for text in texts_on(each)]
    stage.check("check-once", len(shown) == len(set(shown)) > 0)
    opaques = [sent.opaque for sent in world.graph.sends]
    stage.check("check-no-repeat", None not in opaques and len(opaques) == len(set(opaques)))
    status = await world.program.engine.reports.status(None)
    answered = [record.status for record in world.graph.webhooks]
    kept = set(answered) == {200} and {k: n for k, n in status.webhooks.items() if n} == {"done": len(answered)}
    stage.check("check-webhooks", kept, count=len(answered))
    stage.check("check-refusals", world.graph.refusals == [])
    await world.says(stage.ana, stage.words("command-queue"))
    await stage.sees("queue-empty")
    stage.check("check-queue-empty", status.pending == 0)


async def _tom_is_blocked(stage: Stage) -> ShownMessage:
    return await stage.sees("alert-confirmed-block", contact=stage.tom.name, probability=99, messages=3)


def _got_template(stage: Stage, customer: Customer) -> bool:
    wanted = stage.words("template-follow-up").replace("{{1}}", customer.name)
    return texts_on(customer)[-1:] == [wanted] and ticks(stage.world, customer)[-1] == "read"


async def _rows(stage: Stage, elapsed: timedelta) -> tuple[tuple[str, str], ...]:
    """What each side saw, counted on its own side."""
    world, words, ana = stage.world, stage.words, stage.ana
    rows = []
    for each in stage.customers:
        lost = [line for line in each.chat(world.number) if line.author != "person" and line.tick == "sent"]
        wrote = [line for line in each.chat(world.number) if line.author == "person"]
        saw = words("summary-customer", received=len(each.inbox), lost=len(lost), wrote=len(wrote))
        rows.append((words("whatsapp-of", name=each.name), saw))
    told = [plain(call.params["text"]).split("\n")[0] for call in world.telegram.calls_to("sendMessage")]
    heads = {stage.bot("alert-push", icon=icon, severity=severity) for severity, icon in ICONS.items()}
    inbound = {stage.bot("push-inbound", contact=each.name, account=words("shop")) for each in stage.customers}
    counts = {"messages": sum(line in inbound for line in told), "alerts": sum(line in heads for line in told)}
    rows.append((words("telegram-of", name=ana.user.name), words("summary-agent", presses=stage.pressed, **counts)))
    sends, templates = world.graph.sends, [sent for sent in world.graph.sends if sent.template]
    meta = {"texts": len(sends) - len(templates), "templates": len(templates), "refused": len(world.graph.refusals)}
    rows.append((words("meta"), words("summary-meta", webhooks=len(world.graph.webhooks), **meta)))
    status = await world.program.engine.reports.status(None)
    ours = {
        "pending": status.pending,
        "dead": status.webhooks.get("dead", 0),
        "days": elapsed.days,
    }
    rows.append(("Centralita", words("summary-program", **ours)))
    return tuple(rows)


SCENES: tuple[tuple[str, Play], ...] = (
    ("scene-writes", writes),
    ("scene-first-step", first_step),
    ("scene-answers", answers),
    ("scene-waits", waits),
    ("scene-approves", approves),
    ("scene-by-hand", by_hand),
    ("scene-suspects", suspects),
    ("scene-refutes", refutes),
    ("scene-confirms", confirms),
    ("scene-reactivates", reactivates),
    ("scene-flows", flows),
    ("scene-end", end),
)
