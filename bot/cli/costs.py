"""What the ledger says: what messages that arrived cost."""

import json
from datetime import datetime
from typing import Annotated

import typer

from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program
from crm.errors import NotFound
from crm.model.answers import Costs
from crm.model.costs import Part, Total
from crm.policy.forecast import Kind

costs = typer.Typer(no_args_is_help=True, help="What messages cost.")

LONGEST = 366
LOOKED_AT = 100_000
KINDS = {
    Kind.QUEUED: "templates in the outbox",
    Kind.TEMPLATE: "steps by template, if approved",
    Kind.REPLY: "steps inside the window, beyond the quota",
    Kind.UNDECIDED: "steps without a template, outside it",
}


@costs.command("show")
def costs_show(
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; the first one if not said.")
    ] = None,
    by: Annotated[Part, typer.Option(help="What it is added up by.")] = Part.CATEGORY,
    number: Annotated[str | None, typer.Option("--phone-number-id", help="Only of this number.")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """What arrived cost: this month, or between two days."""
    if last is not None and (first is None or last < first):
        raise typer.BadParameter("must not be before --from", param_hint="--to")
    if by is Part.DAY and first and last and (last - first).days >= LONGEST:
        raise typer.BadParameter(f"at most {LONGEST} days can be told apart", param_hint="--to")

    async def work(program: Program) -> Costs:
        account_id = None
        if number is not None:
            accounts = await program.engine.accounts.all()
            account_id = next((each.id for each in accounts if each.phone_number_id == number), None)
            if account_id is None:
                raise NotFound("account-not-found")
        if first is None:
            return await program.engine.costs.month(None, by, account_id)
        return await program.engine.costs.between(None, by, first.date(), (last or first).date(), account_id)

    found = in_program(config, work)
    if as_json:
        told = {"from": str(found.period.first), "to": str(found.period.last), "by": found.part.value}
        totals = [{"key": each.key, "name": _name(each, found), **_written(each)} for each in found.totals]
        print(json.dumps(told | {"totals": totals, "whole": [_written(each) for each in found.whole]}))
        return
    print(f"{found.period.first} to {found.period.last}, by {found.part.value}")
    for each in found.totals:
        print(f"{_name(each, found):<28}{_line(each)}")
    for each in found.whole:
        print(f"{'together':<28}{_line(each)}")
    if not found.totals:
        print("Nothing was charged.")


@costs.command("forecast")
def costs_forecast(
    days: Annotated[int, typer.Option(min=1, max=90, help="How far ahead.")] = 7,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """What queued templates and the steps of running walks would cost, if nobody replies and agents approve what waits for them."""
    found = in_program(config, lambda program: program.engine.costs.forecast(None, days, LOOKED_AT))
    if as_json:
        totals = [{"kind": each.key, **_written(each)} for each in found.totals]
        print(json.dumps({"until": found.until.isoformat(), "totals": totals, "more": found.more}))
        return
    for each in found.totals:
        print(f"{KINDS[Kind(each.key or '')]:<42}{_line(each)}")
    if not found.totals:
        print("Nothing is planned.")
    if found.more:
        print(f"There is more: only the first {LOOKED_AT} of each sequence were looked at.")


def _name(total: Total, found: Costs) -> str:
    return "none" if total.key is None else found.names.get(total.key, total.key)


def _line(total: Total) -> str:
    priced = f"{total.currency} {total.amount:>14,}  {total.messages} messages, {total.free} at no cost"
    return f"{priced}, {total.unpriced} without a rate" if total.unpriced else priced


def _written(total: Total) -> dict[str, object]:
    return {
        "currency": total.currency,
        "amount": str(total.amount),
        "messages": total.messages,
        "free": total.free,
        "unpriced": total.unpriced,
    }
