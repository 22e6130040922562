"""Trouble on request: one row for each way in which Meta, Telegram, the post, a token, the database or the program can fail.

The table has one trouble of every scope, so that whoever rehearses sees what the program does about each. A trouble waits for the
next fitting call; `trouble.clear` ends them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, NoArgs, Result, act
from sandbox.acts.refused import Refused
from sandbox.graph import Fault, Graph, Number
from sandbox.graph.faults import Order, Where
from sandbox.graph.tokens import SCOPES
from sandbox.telegram import BadGateway, DropConnection, flood
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble with the Graph API. `scope` says what it is about: a message, a pair, a number, …; `where` which calls it
    strikes."""

    id: str
    scope: str
    fault: Fault
    where: Where = "messages"

    def is_of(self, order: Order) -> bool:
        """Whether an order waits for this trouble."""
        return (order.fault, order.where) == (self.fault, self.where)


TROUBLES: dict[str, Trouble] = {
    each.id: each
    for each in (
        Trouble("undeliverable", "message", Fault("failed", code=131026)),
        Trouble("window", "message", Fault("error", code=131047)),
        Trouble("rate_pair", "pair", Fault("error", code=131056)),
        Trouble("rate_number", "number", Fault("error", code=130429)),
        Trouble("rate_account", "account", Fault("error", code=80007)),
        Trouble("payment", "account", Fault("error", code=131042)),
        Trouble("locked", "account", Fault("error", code=131031)),
        Trouble("policy", "account", Fault("error", code=368)),
        Trouble("spam", "number", Fault("error", code=131048)),
        Trouble("marketing", "marketing", Fault("failed", code=131049)),
        Trouble("token", "token", Fault("error", code=190, subcode=463)),
        Trouble("app", "app", Fault("error", code=131000)),
        Trouble("rate_app", "app", Fault("error", code=4)),
        Trouble("html", "connection", Fault("html")),
        Trouble("no_answer", "connection", Fault("no_answer")),
        Trouble("closed", "connection", Fault("close")),
        Trouble("reset", "connection", Fault("reset")),
        Trouble("slow", "connection", Fault("slow", seconds=2.0)),
        Trouble("failed_later", "message", Fault("failed", code=131000, after=timedelta(minutes=2), sent_first=True)),
        Trouble("file_slow", "file", Fault("slow", seconds=2.0), "media"),
        Trouble("file_down", "file", Fault("html"), "media"),
    )
}

FOREIGN_APP = "4711"
CALLS_USED = 97
"""Per cent: so much that the program must rest."""


class OfGraph(Args):
    trouble: str
    times: int = Field(1, ge=1, le=1000)
    number: str | None = None
    customer: str | None = None


class OfWebhooks(Args):
    duplicates: float | None = Field(None, ge=0, le=1)
    shuffle: bool | None = None
    delay_minutes: float | None = Field(None, ge=0, le=7 * 1440)
    batch: int | None = Field(None, ge=1, le=1000)


class OfTelegram(Args):
    kind: Literal["flood", "gateway", "drop"]
    seconds: int = Field(5, ge=1, le=60)
    times: int = Field(1, ge=1, le=100)


class OfToken(Args):
    number: str | None = None


class OfAccount(Args):
    """What is amiss with a number at Meta: see `AMISS`; `mended` puts it right again."""

    kind: Literal["scope", "app", "target", "subscription", "webhook", "quality", "blocked", "limited", "calls"]
    number: str | None = None
    mended: bool = False


class OfDatabase(Args):
    stopped: bool


class Kill(Args):
    when: Literal["now", "next_send"] = "now"


async def graph(world: World, given: OfGraph) -> Result:
    """Let the next fitting sends go wrong."""
    trouble = TROUBLES.get(given.trouble)
    if trouble is None:
        raise Refused("no-trouble", trouble=given.trouble, known=", ".join(TROUBLES))
    number = find.number(world, given.number) if given.number is not None else None
    person = find.customer(world, given.customer) if given.customer is not None else None
    if trouble.where == "media" and (number or person):
        raise Refused("files-of-all", trouble=trouble.id)
    where, to = number.phone_number_id if number else None, (person.phone or person.bsuid) if person else None
    world.graph.fail_next(trouble.fault, given.times, where, to, trouble.where)
    return None


async def webhooks(world: World, given: OfWebhooks) -> Result:
    """Make the post rougher; what is not named stays as it is."""
    weather = world.graph.weather
    if given.delay_minutes is not None:
        weather.delay = timedelta(minutes=given.delay_minutes)
    weather.duplicates = weather.duplicates if given.duplicates is None else given.duplicates
    weather.shuffle = weather.shuffle if given.shuffle is None else given.shuffle
    weather.batch = weather.batch if given.batch is None else given.batch
    return None


async def telegram(world: World, given: OfTelegram) -> Result:
    """Let the bot's next messages meet a limit, a broken proxy or a cut line."""
    match given.kind:
        case "flood":
            world.telegram.fail_next("sendMessage", flood(given.seconds), given.times)
        case "gateway":
            world.telegram.fail_next("sendMessage", BadGateway(), given.times)
        case "drop":
            world.telegram.fail_next("sendMessage", DropConnection(after_applying=True), given.times)
    return None


async def token_expires(world: World, given: OfToken) -> Result:
    """Let every token of a number end now."""
    number = find.number(world, given.number)
    now = world.clock.at
    for token in world.graph.tokens.of(number.phone_number_id):
        token.expires_at = min(token.expires_at or now, now)
    return None


async def token_renewed(world: World, given: OfToken) -> Result:
    """An operator gets a new token from Meta and puts it in place."""
    find.program(world)
    number = find.number(world, given.number)
    tokens = world.graph.tokens
    name = f"EAAG-sandbox-{number.phone_number_id}-{len(tokens.of(number.phone_number_id)) + 1}"
    tokens.grant(name, {number.phone_number_id, number.waba_id}, world.clock.at, None)
    await world.host.set_token(number.phone_number_id, name)
    return None


def _scope(world: World, number: Number, mended: bool) -> None:
    for token in world.graph.tokens.of(number.phone_number_id):
        token.scopes = set(SCOPES) if mended else token.scopes - {"whatsapp_business_messaging"}


def _app(world: World, number: Number, mended: bool) -> None:
    for token in world.graph.tokens.of(number.phone_number_id):
        token.app_id = None if mended else FOREIGN_APP


def _target(world: World, number: Number, mended: bool) -> None:
    for token in world.graph.tokens.of(number.phone_number_id):
        token.targets = None if mended else set()


def _subscription(world: World, number: Number, mended: bool) -> None:
    number.business.subscribed = mended


def _webhook(world: World, number: Number, mended: bool) -> None:
    number.webhook_url = None if mended else "https://elsewhere.example/webhooks"


def _quality(world: World, number: Number, mended: bool) -> None:
    number.quality = "GREEN" if mended else "RED"


def _blocked(world: World, number: Number, mended: bool) -> None:
    _health(number, "BLOCKED", mended)


def _limited(world: World, number: Number, mended: bool) -> None:
    _health(number, "LIMITED", mended)


def _health(number: Number, health: str, mended: bool) -> None:
    if not mended:
        number.health = health
    elif number.health == health:
        number.health = "AVAILABLE"


def _calls(world: World, number: Number, mended: bool) -> None:
    number.business.calls_used = 0 if mended else CALLS_USED


AMISS: dict[str, Callable[[World, Number, bool], None]] = {
    "scope": _scope,
    "app": _app,
    "target": _target,
    "subscription": _subscription,
    "webhook": _webhook,
    "quality": _quality,
    "blocked": _blocked,
    "limited": _limited,
    "calls": _calls,
}
"""The permission to send is missing; the token is another app's; it does not reach the account; the app is not subscribed; this number's
webhooks go elsewhere; people block it; Meta's `health_status` says that it may not send, or not all; the account's calls are nearly
used up, as the headers of answers tell."""


def amiss(graph: Graph, number: Number) -> list[str]:
    """Which of these are so now."""
    tokens = graph.tokens.of(number.phone_number_id)
    found = {
        "scope": any(not set(SCOPES) <= token.scopes for token in tokens),
        "app": any(token.app_id == FOREIGN_APP for token in tokens),
        "target": any(token.targets is not None for token in tokens),
        "subscription": not number.business.subscribed,
        "webhook": number.webhook_url is not None,
        "quality": number.quality != "GREEN",
        "blocked": number.health == "BLOCKED",
        "limited": number.health == "LIMITED",
        "calls": number.business.calls_used > 0,
    }
    return [kind for kind, so in found.items() if so]


async def account(world: World, given: OfAccount) -> Result:
    """Let something be amiss with a number at Meta, or put it right."""
    AMISS[given.kind](world, find.number(world, given.number), given.mended)
    return None


async def database(world: World, given: OfDatabase) -> Result:
    """Stop the database, or let it answer again."""
    await (world.stop_database() if given.stopped else world.start_database())
    return None


async def kill(world: World, given: Kill) -> Result:
    """Kill the program as `kill -9` does: at once, or in the middle of its next send."""
    await world.kill(given.when)
    return None


async def restart(world: World, given: NoArgs) -> Result:
    """Start the program again on what it left behind."""
    await world.restart()
    return None


async def clear(world: World, given: NoArgs) -> Result:
    """End every trouble: what was ordered and has not struck, what is amiss with numbers, the rough post, the stopped database, the killed
    program."""
    world.graph.faults.clear()
    world.telegram.faults.clear()
    world.graph.weather.calm()
    for number in world.graph.numbers.values():
        for mend in AMISS.values():
            mend(world, number, True)
    world.spare()
    if world.database_stopped:
        await world.start_database()
    if world.program_state == "killed":
        await world.restart()
    return None


ACTS = (
    act("trouble.graph", OfGraph, graph),
    act("trouble.webhooks", OfWebhooks, webhooks),
    act("trouble.telegram", OfTelegram, telegram),
    act("trouble.token_expires", OfToken, token_expires),
    act("trouble.token_renewed", OfToken, token_renewed),
    act("trouble.account", OfAccount, account),
    act("trouble.database", OfDatabase, database),
    act("trouble.kill", Kill, kill),
    act("trouble.restart", NoArgs, restart),
    act("trouble.clear", NoArgs, clear),
)
