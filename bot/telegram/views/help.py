"""`/ayuda`, by task and by role; and what to say to a command that does not exist."""

from bot.telegram.buttons import Button, go
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import back
from bot.texts import Say, clip, lines
from crm.model.agents import Agent
from crm.policy.permissions import Capability, may


def overview(agent: Agent, say: Say) -> Screen:
    text = lines(
        say("help-title"),
        say("help-what"),
        "",
        say("help-reply") if may(agent, Capability.REPLY) else None,
        say("help-queue"),
        say("help-find"),
        say("help-window") if may(agent, Capability.REPLY) else None,
        say("help-blocks"),
        say("help-alerts"),
        say("help-why"),
        say("help-rest"),
    )
    return Screen(
        text,
        rows(
            [Button(say.plain("button-queue", count=0), go("q")), Button(say.plain("button-sequences"), go("s"))],
            [Button(say.plain("button-find"), go("fc")), Button(say.plain("button-blocks"), go("bl"))],
            [back(say)],
        ),
    )


def unknown_command(written: str, nearest: str | None, say: Say) -> Screen:
    """`nearest` is the command that was probably meant."""
    known = say("command-nearest", nearest=nearest) if nearest else say("command-help")
    return Screen(lines(say("command-unknown", command=clip(written, 33)), known), rows([back(say)]))


def private_only(say: Say) -> Screen:
    """For groups."""
    return Screen(say("private-only"))


def refusal(text: str, say: Say) -> Screen:
    """An order that was refused, said in the chat."""
    return Screen(lines(text), rows([back(say)]))
