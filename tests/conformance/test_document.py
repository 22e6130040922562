"""docs/conformance.md says what the program does now. After an intended change: UPDATE_CONFORMANCE=1, and read the difference."""

import os
from pathlib import Path

from bot.whatsapp import readable, translate
from crm.policy import account_events
from tests.conformance import table
from tests.fuzz.corpus import FIELDS, MESSAGES

DOCUMENT = Path(__file__).parents[2] / "docs" / "conformance.md"
HEAD = """# What of WhatsApp is understood

Kind by kind, as the program's own borders say when one sample of each is put through them; this page is written by
`UPDATE_CONFORMANCE=1 .venv/bin/python -m pytest tests/conformance` and held by the same test. `make fuzz` breaks the same samples at
random. What is not here is kept as unknown, counted by kind in `/estado` and `centralita webhooks unknown`, and never an error.
Words, files and templates are sent as well; docs/reference.md tells their refusals.
"""


def drawn() -> str:
    parts = [HEAD]
    for title, first, second, rows in (
        ("Messages of customers", "received as", "an agent reads", table.inbound()),
        ("Statuses, echoes, preferences", "received as", "an agent reads", table.beside()),
        ("Fields", "received as", "administrators read", table.fields()),
        ("Sent by agents", "to Meta as", "before it leaves", table.outbound()),
    ):
        lines = "\n".join(dict.fromkeys(str(row) for row in rows))
        parts.append(f"## {title}\n\n| what | {first} | {second} | proved by |\n|---|---|---|---|\n{lines}\n")
    return "\n".join(parts)


def test_the_document_says_what_the_program_does() -> None:
    if os.environ.get("UPDATE_CONFORMANCE"):
        DOCUMENT.write_text(drawn(), "utf-8")
    assert DOCUMENT.read_text("utf-8") == drawn()


def test_nothing_that_the_program_knows_is_left_out() -> None:
    kinds = {str(message["type"]) for message in MESSAGES}
    assert readable.KINDS - kinds <= {"call_permission", "media_placeholder"}
    assert (translate._ACCOUNT | account_events.FIELDS) - FIELDS.keys() <= {"account_settings_update", "errors"}


def test_what_proves_it_is_there() -> None:
    assert table.names_tests_that_exist() == []
