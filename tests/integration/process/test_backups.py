"""Backups from the command line: made beside the program, proven, and restored into a database of the other kind."""

import asyncio
import json
from pathlib import Path

import pytest

from storage.presence import present
from storage.statements import Engine
from storage.urls import locate
from tests.builders import a_contact, a_conversation, a_message, an_account, an_outbox_item
from tests.conftest import run_apart
from tests.integration.process.test_cli import Operator, operator

__all__ = ["operator"]


@pytest.fixture(autouse=True)
def shelf(operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CENTRALITA_BACKUPS__URL", f"file://{tmp_path}/copies")
    return tmp_path / "copies"


def in_use(operator: Operator) -> None:
    account, contact = an_account(), a_contact()
    thread = a_conversation(contact=contact, account=account)
    operator.saves(account, contact, thread, a_message(of=thread), an_outbox_item(of=thread))


def test_one_is_made_listed_proven_and_moves_to_the_other_kind_of_database(
    operator: Operator, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use(operator)
    made = operator.runs("backup", "create", "--json").json
    assert made["proven_at"] is not None
    assert (made["rows"]["messages"], made["rows"]["contacts"]) == (1, 1)
    assert json.loads(operator.runs("backup", "list", "--json").said)["name"] == made["name"]
    assert operator.runs("backup", "verify").code == 0
    other = "postgres_url" if locate(operator.url).engine is Engine.SQLITE else "sqlite_url"
    monkeypatch.setenv("CENTRALITA_STORAGE__URL", request.getfixturevalue(other))
    restored = operator.runs("backup", "restore", made["name"], "--json")
    assert restored.code == 0, restored.complained
    assert restored.json == {"sends": 1, "cards": 0, "walks": 0, "webhooks": 0, "accounts": 1}
    status = operator.runs("status", "--json").json
    assert status["outbox"] == {"unknown": 1}
    assert status["contacts"] == 1
    assert operator.runs("audit", "verify").code == 0


def test_a_database_in_use_is_neither_overwritten_nor_replaced_while_it_is_served(operator: Operator) -> None:
    in_use(operator)
    name = operator.runs("backup", "create", "--json").json["name"]
    assert "restore-not-empty" in operator.runs("backup", "restore", name).complained
    assert "backup-not-found" in operator.runs("backup", "restore", "nothing", "--over", "--yes").complained

    async def while_served() -> int:
        async with present(operator.url) as served:
            await served.let_others_in()
            ended = await asyncio.to_thread(operator.runs, "backup", "restore", name, "--over", "--yes")
            return ended.code

    assert run_apart(while_served()) != 0
    assert operator.runs("backup", "restore", name, "--over", "--yes").code == 0
    assert len(operator.runs("backup", "list", "--json").said.splitlines()) == 2
