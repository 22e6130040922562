"""Groups in Telegram: an inbox with topics, opened by agents, with the bot among its administrators."""

from pydantic import Field

from sandbox.acts import find
from sandbox.acts.act import Args, Result, act
from sandbox.acts.refused import Refused
from sandbox.world import World

FIRST_ID = -1_001_000_000_001


class Opens(Args):
    title: str = Field(min_length=1, max_length=128)
    members: tuple[str, ...] = Field(min_length=1, max_length=50)


async def opens(world: World, given: Opens) -> Result:
    """The first member opens a group with topics, invites the others and makes the bot an administrator."""
    known = world.telegram.state.chats.by_id
    title = given.title.strip()
    if any(each.title.casefold() == title.casefold() for each in known.values() if not each.is_private):
        raise Refused("group-taken", title=title)
    members = [find.agent(world, name) for name in given.members]
    free = min([FIRST_ID + 1, *known]) - 1
    group = world.telegram.group(free, title, forum=True, members=members, bot_status="left")
    members[0].makes_administrator(group)
    return {"chat": group.id}


ACTS = (act("group.opens", Opens, opens),)
