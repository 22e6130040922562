"""The people we talk to: who is who, and who is one person."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program
from crm.model.answers import Known
from crm.model.contacts import Contact, Identity
from crm.model.ids import short
from crm.model.merges import Merge
from crm.model.notes import Note

contacts = typer.Typer(no_args_is_help=True, help="The people we talk to.")

SHOWN_NOTES = 20

ContactId = Annotated[int, typer.Argument(min=1, help="The contact's id; one that was merged leads to the other.")]


@contacts.command("show")
def contacts_show(contact: ContactId, config: Config = None, as_json: AsJson = False) -> None:
    """What a contact is and was called, who may be the same person, and what was merged."""
    known = in_program(config, lambda program: program.engine.identities.known(contact))
    print(json.dumps(_as_data(known)) if as_json else "\n".join(_as_lines(known)))


@contacts.command("duplicates")
def contacts_duplicates(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many pairs.")] = 100,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Pairs of contacts that may be one person: they share a phone or a username."""
    pairs = in_program(config, lambda program: program.engine.identities.duplicates(limit))
    if as_json:
        print(json.dumps([[_person(one), _person(other)] for one, other in pairs]))
        return
    for one, other in pairs:
        print(f"{_line(one)}  =?  {_line(other)}")


@contacts.command("merge")
def contacts_merge(one: ContactId, other: ContactId, config: Config = None, as_json: AsJson = False) -> None:
    """Make one contact of two; the one known for longer stays. `unmerge` takes it back."""
    merge = in_program(config, lambda program: program.engine.identities.merge(None, one, other))
    words = f"merge {merge.id}: contact {merge.gone.id} is part of contact {merge.kept.id} now"
    print(json.dumps(_merge(merge)) if as_json else words)


@contacts.command("unmerge")
def contacts_unmerge(
    merge: Annotated[int, typer.Argument(min=1, help="The merge's id, as `show` and `merge` tell it.")],
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make two contacts again of what was merged, by whomever."""
    done = in_program(config, lambda program: program.engine.identities.unmerge(None, merge))
    words = f"merge {done.id} undone: contacts {done.kept.id} and {done.gone.id}"
    print(json.dumps(_merge(done)) if as_json else words)


@contacts.command("erase")
def contacts_erase(
    contact: ContactId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Erase everything of a person, for ever: words, files, names, notes. What is only counted stays, without them."""
    if not yes:
        found = in_program(config, lambda program: program.engine.erasure.preview(None, contact))
        goes = ", ".join(f"{count} {noun}" for noun, count in found.counts.items())
        typer.confirm(f"Erase {_line(found.contact)} for ever: {goes}?", abort=True, err=True)
    done = in_program(config, lambda program: program.engine.erasure.erase(None, contact))
    went = ", ".join(f"{count} {noun}" for noun, count in done.counts.items())
    print(json.dumps({"id": done.contact_id, **done.counts}) if as_json else f"erased {done.contact_id}: {went}")


@contacts.command("erased")
def contacts_erased(config: Config = None, as_json: AsJson = False) -> None:
    """Erase once more whom a restored backup brought back, by what this database remembers of them."""
    again = in_program(config, lambda program: program.engine.erasure.erase_again())
    print(json.dumps(again) if as_json else f"erased again: {len(again)}")


Words = Annotated[str, typer.Argument(help="The tag.")]


@contacts.command("tag")
def contacts_tag(contact: ContactId, tag: Words, config: Config = None, as_json: AsJson = False) -> None:
    """Give a contact a tag; it begins and ends what sequences say of it."""
    done = in_program(config, lambda program: program.engine.labels.tag(None, contact, tag))
    if as_json:
        refused = [{"sequence": name, "code": code} for name, code in done.refused]
        print(json.dumps(_labels(done.contact) | {"begun": done.begun, "ended": done.ended, "refused": refused}))
        return
    print(_labels_line(done.contact))
    for begun in done.begun:
        print(f"  begun: {begun}")
    for ended in done.ended:
        print(f"  ended: {ended}")
    for name, code in done.refused:
        print(f"  not begun: {name} ({code})")


@contacts.command("untag")
def contacts_untag(contact: ContactId, tag: Words, config: Config = None, as_json: AsJson = False) -> None:
    """Take a tag away; what it began goes on."""
    after = in_program(config, lambda program: program.engine.labels.untag(None, contact, tag))
    print(json.dumps(_labels(after)) if as_json else _labels_line(after))


@contacts.command("set")
def contacts_set(
    contact: ContactId,
    field: Annotated[str, typer.Argument(help="The field's name, as texts of sequences have it in braces.")],
    value: Annotated[str, typer.Argument(help="What it is; nothing clears it.")] = "",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Set a field of a contact, or clear it."""
    after = in_program(config, lambda program: program.engine.labels.set_field(None, contact, field, value))
    print(json.dumps(_labels(after)) if as_json else _labels_line(after))


@contacts.command("note")
def contacts_note(
    contact: ContactId,
    text: Annotated[str, typer.Argument(help="What the team should know; nothing shows the notes there are.")] = "",
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Write a note about a contact, and print the newest ones."""

    async def work(program: Program) -> list[Note]:
        if text:
            await program.engine.labels.note(None, contact, text)
        return await program.engine.labels.notes(contact, SHOWN_NOTES)

    notes = in_program(config, work)
    if as_json:
        print(json.dumps([{"at": n.at.isoformat(), "agent": n.agent_id, "text": n.text} for n in notes]))
        return
    for note in notes:
        print(f"{note.at.isoformat()} {f'agent {note.agent_id}' if note.agent_id else 'operator'}: {note.text}")


def _labels(contact: Contact) -> dict[str, Any]:
    return {"id": contact.id, "tags": sorted(contact.tags), "fields": dict(contact.fields)}


def _labels_line(contact: Contact) -> str:
    fields = "".join(f"; {key}={value}" for key, value in sorted(contact.fields.items()))
    return f"{_line(contact)}: {', '.join(sorted(contact.tags)) or 'no tags'}{fields}"


def _as_lines(known: Known) -> list[str]:
    return [
        _labels_line(known.contact),
        *(f"  {_name_line(each)}" for each in known.names),
        *(f"  perhaps the same: {_line(each)}" for each in known.alike),
        *(f"  merge {each.id} ({each.why.value}): {_merge_line(each)}" for each in known.merges),
    ]


def _line(contact: Contact) -> str:
    return f"{contact.id} ({short(contact.id)}) {contact.title} {contact.address}"


def _name_line(row: Identity) -> str:
    where = f" in {row.portfolio}" if row.portfolio else ""
    held = "" if row.current else " until " + (row.until.isoformat() if row.until else "somebody else had it")
    return f"{row.kind.value} {row.value}{where} since {row.since.isoformat()}{held}"


def _merge_line(merge: Merge) -> str:
    undone = f", undone {merge.undone_at.isoformat()}" if merge.undone_at else ""
    return f"{merge.gone.id} into {merge.kept.id} by {merge.actor} {merge.at.isoformat()}{undone}"


def _as_data(known: Known) -> dict[str, Any]:
    return {
        **_person(known.contact),
        **_labels(known.contact),
        "names": [_name(each) for each in known.names],
        "alike": [_person(each) for each in known.alike],
        "merges": [_merge(each) for each in known.merges],
    }


def _person(contact: Contact) -> dict[str, Any]:
    keys = ("id", "wa_id", "bsuid", "name", "username", "opted_out", "marketing_opted_out")
    return {key: getattr(contact, key) for key in keys} | {"created_at": contact.created_at.isoformat()}


def _name(row: Identity) -> Mapping[str, Any]:
    return {
        "kind": row.kind.value,
        "value": row.value,
        "portfolio": row.portfolio,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "current": row.current,
    }


def _merge(merge: Merge) -> dict[str, Any]:
    return {
        "id": merge.id,
        "at": merge.at.isoformat(),
        "by": merge.actor,
        "why": merge.why.value,
        "kept": merge.kept.id,
        "gone": merge.gone.id,
        "undone_at": merge.undone_at.isoformat() if merge.undone_at else None,
    }
