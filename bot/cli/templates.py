"""The messages Meta approved, as we know them."""

import json
from typing import Any

import typer

from bot.app import Program
from bot.cli.shared import AsJson, Config, in_program
from crm.errors import NotFound
from crm.model.templates import Template

templates = typer.Typer(no_args_is_help=True, help="The messages Meta approved.")


@templates.command("list")
def templates_list(config: Config = None, as_json: AsJson = False) -> None:
    """Every template of every business account of ours."""
    for each in in_program(config, lambda program: program.engine.templates.all()):
        row = _row(each)
        print(json.dumps(row) if as_json else "  ".join(str(value) for value in row.values() if value is not None))


@templates.command("refresh")
def templates_refresh(config: Config = None, as_json: AsJson = False) -> None:
    """Fetch them from Meta now."""
    counts = in_program(config, lambda program: program.engine.templates.refresh())
    print(json.dumps(counts) if as_json else f"{counts['templates']} fetched, {counts['failed']} accounts failed")


@templates.command("show")
def templates_show(name: str, language: str | None = None, config: Config = None) -> None:
    """Everything that is known of the templates with this name, as JSON, a line each."""

    async def work(program: Program) -> list[Template]:
        found = await program.engine.templates.all()
        return [each for each in found if each.name == name and language in (None, each.language)]

    found = in_program(config, work)
    if not found:
        raise NotFound("template-not-found")
    for each in found:
        print(json.dumps(_row(each) | _rest(each), ensure_ascii=False))


def _row(template: Template) -> dict[str, Any]:
    return {
        "waba_id": template.waba_id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "usable": template.usable,
        "quality": template.quality or None,
    }


def _rest(template: Template) -> dict[str, Any]:
    parts = template.components
    buttons = (
        [{"kind": each.kind.value, "text": each.text, "target": each.target} for each in parts.buttons] if parts else []
    )
    times = {
        "paused_until": template.paused_until,
        "next_category_at": template.next_category_at,
        "updated_at": template.updated_at,
    }
    return {
        "meta_id": template.meta_id,
        "reason": template.reason,
        "previous_category": template.previous_category,
        "next_category": template.next_category,
        "refusal": template.refusal,
        "header": {"kind": parts.header.kind.value, "text": parts.header.text} if parts and parts.header else None,
        "body": template.body,
        "footer": parts.footer if parts else "",
        "buttons": buttons,
        "unfit": parts.unfit if parts else None,
        **{key: at.isoformat() if at else None for key, at in times.items()},
    }
