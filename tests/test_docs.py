"""Nothing may be there that the documents do not name, and nothing in them that is no longer there."""

import re
from pathlib import Path

import typer

from bot.cli import app
from bot.config import Jobs
from bot.metrics import Metrics
from bot.telegram.menu import ENTRIES
from crm.decisions import What
from crm.model.alerts import AlertKind
from sandbox.acts import ACTS
from sandbox.acts.troubles import TROUBLES, OfTelegram
from sandbox.stories import parse, ready_names
from sandbox.stories.expectations import EXPECTATIONS
from storage.coverage import COVERAGE
from storage.tables import metadata
from tests.bench.goals import GOALS

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
SANDBOX = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
TESTING = (ROOT / "docs" / "testing.md").read_text("utf-8")
LINK = re.compile(r"\]\(([^)#\s]+)")


def told(title: str, *, column: int = 0) -> set[str]:
    """What a section's table names in one of its columns."""
    section = REFERENCE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[column])}


def commands() -> set[str]:
    """Every command of the shell, as it is typed."""
    top = typer.main.get_command(app)
    found = set()
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        found |= {f"{name} {inner}" for inner in getattr(command, "commands", {})} or {name}
    return found


def test_every_command_of_the_shell_is_told() -> None:
    said = {re.match(r"[a-z]+(?: [a-z]+)?", entry)[0] for entry in told("Commands of the shell")}  # type: ignore[index]
    assert said == commands()


def test_every_job_is_told() -> None:
    assert told("Jobs") == set(Jobs.model_fields)


def test_every_command_in_telegram_is_told_in_each_language() -> None:
    for column, language in enumerate(("es", "en", "pt")):
        assert told("Commands in Telegram", column=column) == {f"/{names[language]}" for _, names in ENTRIES}


def test_every_alert_is_told() -> None:
    assert told("Alerts") == {kind.value for kind in AlertKind}


def test_every_decision_is_told() -> None:
    assert told("Decisions") == {what.value for what in What}


def test_every_table_is_told() -> None:
    assert told("Tables") == set(metadata.tables)


def test_every_table_has_its_place_in_backups() -> None:
    """`storage/coverage.py` says of each whether it is kept; one that it does not name would let every backup fail."""
    assert set(COVERAGE) == set(metadata.tables)


def test_every_error_is_told() -> None:
    """That every code which is raised has a text is another test's business (test_texts)."""
    texts = (ROOT / "bot" / "texts" / "en.ftl").read_text("utf-8")
    assert told("Errors") == set(re.findall(r"^error-([a-z-]+) =", texts, re.MULTILINE)) - {"unexpected"}


def test_every_metric_is_told() -> None:
    registry = Metrics(lambda: 0.0).registry
    ours = {family.name for family in registry.collect() if family.name.startswith("centralita_")}
    assert ours
    assert {name for name in ours if name.removeprefix("centralita_") not in OPERATIONS} == set()


def test_every_goal_of_the_bench_is_told() -> None:
    keys = {re.sub(r"_(sqlite|pg)(_|$)", r"_{db}\2", key) for key in GOALS}
    assert {key for key in keys if f"`{key}`" not in TESTING} == set()


def in_tables(title: str) -> set[str]:
    """What the first columns of a section's tables name in the document of the sandbox."""
    section = SANDBOX.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


def test_every_act_of_the_sandbox_is_told() -> None:
    assert in_tables("Acts") == set(ACTS)


def test_every_trouble_of_the_sandbox_is_told_with_its_scope() -> None:
    assert in_tables("Troubles") == set(TROUBLES)
    rows = [line for line in SANDBOX.splitlines() if line.startswith("| `")]
    for trouble in TROUBLES.values():
        assert any(f"`{trouble.id}`" in row and f"| {trouble.scope} |" in row for row in rows), trouble.id
    kinds = OfTelegram.model_json_schema()["properties"]["kind"]["enum"]
    assert {kind for kind in kinds if f"`{kind}`" not in SANDBOX} == set()


def test_every_ready_story_and_every_claim_is_told() -> None:
    assert in_tables("Stories") == set(ready_names())
    assert {name for name in EXPECTATIONS if f"`{name}`" not in SANDBOX} == set()


def test_the_stories_in_the_document_of_the_sandbox_are_stories() -> None:
    examples = re.findall(r"```toml\n(.*?)```", SANDBOX, re.DOTALL)
    assert [len(parse(example).scene) for example in examples] == [1, 1]


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
