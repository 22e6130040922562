"""`/respaldos`: the newest backups, how old the last good one is, and the two things that can be done about it from a chat."""

from collections.abc import Sequence

from bot.telegram.buttons import Act, Button
from bot.telegram.screen import Screen, rows
from bot.telegram.views.common import back, refresh
from bot.texts import Html, Say, clip, lines
from crm.model.agents import Agent
from crm.model.backups import Backup
from crm.policy.backups import last_good
from crm.policy.permissions import Capability, may

SHOWN = 8
_MB = 1_000_000


def page(backups: Sequence[Backup], agent: Agent, say: Say) -> Screen:
    """The newest first."""
    good = last_good(backups)
    state = say("backups-last", ago=say.ago(good.at)) if good else say("backups-none-proven")
    text = lines(
        say("backups-title"),
        state if backups else say("backups-none"),
        "",
        *(_line(each, say) for each in backups[:SHOWN]),
        "" if backups else None,
        say("backups-what"),
    )
    acts: list[list[Button]] = []
    if may(agent, Capability.BACKUPS):
        acts = [
            [Button(say.plain("button-backup-now"), Act("bu", 0, 0), None if good else "primary")],
            [Button(say.plain("button-backup-prove"), Act("bv", 0, 0, each.name)) for each in backups[:1]],
        ]
    return Screen(text, rows(*acts, [back(say), refresh("bk")]))


def _line(each: Backup, say: Say) -> Html:
    return say(
        "backups-line",
        at=say.moment(each.at),
        size=f"{each.size / _MB:.1f}",
        proven="yes" if each.proven_at else "no",
        reason=clip(each.reason, 30),
        scope=each.scope.value,
    )
