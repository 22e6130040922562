"""Everything that can be done in the sandbox, by name: what the page's buttons, recordings, stories and tests have in common.

`perform` is the only door: it reads the values, refuses what is wrong with a sentence, acts, and lets everybody work on what follows.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from crm.errors import CrmError
from sandbox.acts import agents, crowd, customers, groups, meta, odd_files, past, phones, sequences, time, troubles
from sandbox.acts.act import Act, Result
from sandbox.acts.refused import Refused, said
from sandbox.hosting import HostGone, HostRefused
from sandbox.world import World

__all__ = ["ACTS", "Act", "Refused", "perform"]

ACTS: dict[str, Act] = {
    each.name: each
    for table in (
        time.ACTS,
        phones.ACTS,
        past.ACTS,
        customers.ACTS,
        odd_files.ACTS,
        agents.ACTS,
        groups.ACTS,
        meta.ACTS,
        troubles.ACTS,
        sequences.ACTS,
        crowd.ACTS,
    )
    for each in table
}


async def perform(world: World, name: str, args: Mapping[str, object]) -> Result:
    """Do it; returns what the act has to tell, mostly nothing. Raises Refused."""
    act = ACTS.get(name)
    if act is None:
        raise Refused("no-such-act", act=name[:64])
    try:
        given = act.args.model_validate(dict(args))
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or name
        raise Refused("wrong-value", act=name, field=field[:64], problem=first["msg"]) from None
    try:
        result = await act.run(world, given)
    except (AssertionError, ValueError, CrmError, HostRefused) as error:
        raise said(error) from error
    except HostGone:
        raise Refused("program-gone") from None
    if act.settles:
        await world.settle()
    return result
