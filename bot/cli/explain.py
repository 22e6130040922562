"""Why something happened, or did not, and what happens next."""

import json
from contextlib import suppress
from typing import Annotated

import typer

from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program
from bot.telegram.views.explain import sentence
from bot.texts import Texts
from crm.errors import NotFound
from crm.model.explanations import Explanation, Part
from crm.model.ids import from_short, short

HEADS = {Part.FACT: "known", Part.RULE: "decides", Part.NEXT: "next"}


def explain(
    subject: Annotated[
        str, typer.Argument(help="The id of a contact or a message, or the short code that screens show.")
    ],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Explain a contact, a message or a card: the facts, the rule that decides, and what happens next."""

    async def work(program: Program) -> list[Explanation]:
        return await _explained(program, subject)

    found = in_program(config, work)
    if as_json:
        print(json.dumps([_as_data(each) for each in found], ensure_ascii=False))
        return
    say = Texts().say("en", "UTC", found[0].at)
    for each in found:
        print(_title(each))
        for link in each.links:
            print(f"  {HEADS[link.part]:<8} {sentence(link, each.account.name, say)}")


async def _explained(program: Program, subject: str) -> list[Explanation]:
    """Numbers are ids first, short codes then; both may name a contact, a message or a card."""
    ids = [int(subject)] if subject.isdecimal() and len(subject) < 19 else []
    code = from_short(subject.strip().lower())
    if code is not None and code < 2**63 and code not in ids:
        ids.append(code)
    for number in ids:
        for look in (program.engine.explain.contact, program.engine.explain.message, program.engine.explain.card):
            with suppress(NotFound):
                return await look(None, number)
    raise NotFound("subject-not-found", subject=subject)


def _title(each: Explanation) -> str:
    about = f"message {each.message_id} ({short(each.message_id)}) of " if each.message_id is not None else ""
    return f"{about}{each.contact.title} ({short(each.contact.id)}) at {each.account.name}, times in UTC"


def _as_data(each: Explanation) -> dict[str, object]:
    return {
        "contact": each.contact.id,
        "account": each.account.id,
        "conversation": each.conversation_id,
        "message": each.message_id,
        "at": each.at.isoformat(),
        "links": [link.as_json() for link in each.links],
    }
