"""The operator's commands through the real entry point: what they do, what they print, and how they end.

0 is done, 1 is refused (says why), 2 is a wrong setting or argument (names it).
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cli import main
from crm.clock import SystemClock
from crm.model.ids import short
from crm.model.media import Media, MediaKind, MediaState
from crm.model.webhooks import WebhookState
from storage.database import Database
from storage.statements import Statement
from storage.vault import generate_key
from tests.builders import (
    a_charge,
    a_contact,
    a_conversation,
    a_media,
    a_message,
    a_pending,
    a_sequence,
    an_account,
    an_outbox_item,
    save,
    store_webhooks,
)
from tests.conftest import run_apart
from tests.pipeline import as_it_was

TOKEN_ENV = "SALES_TOKEN"
ACCOUNT = ("--phone-number-id", "1065", "--waba-id", "2001", "--display-phone", "+54 9 11 5000-0000")


@dataclass(frozen=True)
class Ended:
    code: int
    said: str
    complained: str

    @property
    def json(self) -> Any:
        return json.loads(self.said)


@dataclass
class Operator:
    """Somebody with a shell, a configuration and a database."""

    url: str
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def runs(self, *arguments: str) -> Ended:
        self.monkeypatch.setattr(sys, "argv", ["centralita", *arguments])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        said = self.capsys.readouterr()
        return Ended(code, said.out, said.err)

    def saves(self, *things: object) -> None:
        async def do() -> None:
            async with await Database.open(self.url) as database, database.begin() as uow:
                await save(uow, *things)

        run_apart(do())

    def breaks(self, sql: str) -> None:
        """Do something to the database that nobody foresaw."""

        async def do() -> None:
            async with await Database.open(self.url) as database, database.writing() as transaction:
                await transaction.rows(Statement(sa.text(sql)))

        run_apart(do())

    def stores_webhooks(self, *states: str | None) -> None:
        """One webhook for each: None waits, a text is why it is dead."""

        async def do() -> None:
            async with await Database.open(self.url) as database:
                await store_webhooks(database, *states)

        run_apart(do())


@pytest.fixture
def operator(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Operator:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CENTRALITA_STORAGE__URL", database_url)
    monkeypatch.setenv("CENTRALITA_VAULT__KEYS", generate_key())
    monkeypatch.setenv(TOKEN_ENV, "EAAG-a-token")
    return Operator(database_url, monkeypatch, capsys)


class TestStatus:
    def test_it_counts_everything_by_state(self, operator: Operator) -> None:
        account, contact = an_account(), a_contact()
        thread = a_conversation(contact=contact, account=account)
        messages = [a_message(of=thread), a_message(of=thread, kind="image"), a_message(of=thread)]
        operator.saves(account, contact, thread, *messages, an_outbox_item(of=thread), a_pending(of=thread))
        operator.stores_webhooks(None, "not JSON")
        ended = operator.runs("status", "--json")
        assert ended.code == 0
        assert len(ended.said.splitlines()) == 1
        found = ended.json
        assert found["webhooks"] == {"new": 1, "failed": 0, "dead": 1, "done": 0}
        assert found["messages"] == {"in": {"text": {"received": 2}, "image": {"received": 1}}}
        assert found["outbox"] == {"queued": 1}
        assert (found["pending"], found["contacts"]) == (1, 1)
        assert found["accounts"][0]["outbox"] == {"queued": 1}

    def test_people_get_it_with_line_breaks(self, operator: Operator) -> None:
        ended = operator.runs("status")
        assert len(ended.said.splitlines()) > 1
        assert ended.json["contacts"] == 0


class TestCosts:
    def test_they_are_shown_of_a_number_by_day(self, operator: Operator) -> None:
        operator.runs("migrate")
        account = an_account(phone_number_id="1065", name="Ventas AR")
        charges = [
            a_charge(account_id=account.id),
            a_charge(account_id=account.id, amount=None),
            a_charge(account_id=1),
        ]

        async def prepare() -> None:
            async with await Database.open(operator.url) as database, database.begin() as uow:
                await save(uow, account)
                await uow.ledger.add(charges)

        run_apart(prepare())
        days = ("--from", "2026-11-20", "--to", "2026-11-25")
        of_number = operator.runs("costs", "show", *days, "--by", "day", "--phone-number-id", "1065", "--json").json
        spent = {"currency": "USD", "amount": "0.061800", "messages": 2, "free": 0, "unpriced": 1}
        assert of_number == {
            "from": "2026-11-20",
            "to": "2026-11-25",
            "by": "day",
            "totals": [{"key": "2026-11-24", "name": "2026-11-24", **spent}],
            "whole": [spent],
        }
        said = operator.runs("costs", "show", *days, "--by", "account").said
        assert re.search(r"Ventas AR +USD +0.061800  2 messages, 0 at no cost, 1 without a rate", said)
        assert re.search(r"together +USD +0.123600  3 messages", said)
        unknown = operator.runs("costs", "show", "--phone-number-id", "9")
        assert unknown.code == 1
        backwards = operator.runs("costs", "show", "--from", "2026-11-20", "--to", "2026-11-19")
        assert (backwards.code, "--to" in backwards.complained) == (2, True)


class TestRates:
    def test_they_are_shown_of_a_day_and_a_market(self, operator: Operator, tmp_path: Path) -> None:
        own = tmp_path / "own.toml"
        own.write_text(
            "[[card]]\nvalid_from = 2027-01-01\n[[card.market]]\nname = 'Chile'\nmarketing = '0.1'\n", "utf-8"
        )
        operator.monkeypatch.setenv("CENTRALITA_COSTS__RATE_CARDS", str(own))
        before = operator.runs("rates", "show", "--market", "cl", "--at", "2026-12-31", "--json").json
        after = operator.runs("rates", "show", "--market", "chile", "--at", "2027-01-01", "--json").json
        assert before["valid_from"] == "2026-10-01"
        assert before["markets"]["Chile"]["marketing"] == "0.0889"
        assert after["markets"] == {
            "Chile": {
                "regions": ["CL"],
                "marketing": "0.1",
                "utility": "0.0200",
                "authentication": "0.0200",
                "service": "0.0200",
            }
        }
        shown = operator.runs("rates", "show", "--market", "DO", "--at", "2026-09-30").said
        assert "No card was in force on 2026-09-30" in shown
        assert re.search(r"Rest of Latin America +0\.0740 +0\.0113 +0\.0113 +0\.0113", shown)
        unknown = operator.runs("rates", "show", "--market", "Atlantis")
        assert (unknown.code, "Atlantis" in unknown.complained) == (2, True)

    def test_an_own_file_is_checked_and_a_wrong_one_stops_the_start(self, operator: Operator, tmp_path: Path) -> None:
        own = tmp_path / "own.toml"
        own.write_text(
            "[[card]]\nvalid_from = 2027-01-01\n[[card.market]]\nname = 'Chile'\nmarketing = '0.1'\n", "utf-8"
        )
        assert operator.runs("rates", "check", str(own), "--json").json == [
            {"valid_from": "2027-01-01", "currency": "USD", "markets": ["Chile"]}
        ]
        own.write_text("[[card]]\nvalid_from = 2027-01-01\n[[card.market]]\nname = 'Chile'\nmarketing = 'x'\n", "utf-8")
        refused = operator.runs("rates", "check", str(own))
        assert (refused.code, "card[1].market[1].marketing" in refused.complained) == (2, True)
        operator.monkeypatch.setenv("CENTRALITA_COSTS__RATE_CARDS", str(own))
        stopped = operator.runs("status")
        assert (stopped.code, stopped.complained.startswith("costs.rate_cards: ")) == (2, True)


class TestEnroll:
    @pytest.fixture
    def operator(self, operator: Operator) -> Operator:
        account, other, contact = an_account(id=1), an_account(id=2), a_contact(id=10, wa_id="5491155550099")
        one = a_conversation(id=20, contact=contact, account=account)
        both = a_contact(id=11, wa_id="5491155551111")
        threads = [a_conversation(id=21 + n, contact=both, account=a) for n, a in enumerate((account, other))]
        gone = a_contact(id=12, opted_out=True)
        silent = a_conversation(id=23, contact=gone, account=account)
        plans = [a_sequence(key="welcome"), a_sequence(key="second", account_id=2)]
        operator.saves(account, other, contact, both, gone, one, *threads, silent, *plans)
        return operator

    @pytest.mark.parametrize(
        "who", [("--contact", "10"), ("--wa-id", "5491155550099"), ("--wa-id", "+54 9 11 5555-0099")]
    )
    def test_a_contact_is_named_by_either_id(self, operator: Operator, who: tuple[str, str]) -> None:
        ended = operator.runs("sequences", "enroll", "welcome", *who, "--json")
        assert ended.code == 0
        assert (ended.json["contact_id"], ended.json["account_id"]) == (10, 1)

    def test_people_read_when_the_first_step_is_due(self, operator: Operator) -> None:
        ended = operator.runs("sequences", "enroll", "welcome", "--contact", "10")
        assert ended.said.startswith("enrollment ")
        assert "contact 10, first step due 20" in ended.said

    def test_which_of_our_numbers_is_asked_when_it_is_not_clear(self, operator: Operator) -> None:
        ended = operator.runs("sequences", "enroll", "welcome", "--contact", "11")
        assert (ended.code, ended.said) == (1, "")
        assert "name one: 1, 2" in ended.complained
        ended = operator.runs("sequences", "enroll", "welcome", "--contact", "11", "--account", "2", "--json")
        assert ended.json["account_id"] == 2

    def test_a_sequence_of_one_number_says_which_is_meant(self, operator: Operator) -> None:
        assert operator.runs("sequences", "enroll", "second", "--contact", "11", "--json").json["account_id"] == 2
        ended = operator.runs("sequences", "enroll", "second", "--contact", "11", "--account", "1")
        assert ended.code == 1
        assert "sequence-of-another-account" in ended.complained

    def test_the_start_is_written_into_the_audit_log(self, operator: Operator) -> None:
        walk = operator.runs("sequences", "enroll", "welcome", "--contact", "10", "--json").json["id"]

        async def audit() -> list[tuple[str, str]]:
            async with await Database.open(operator.url) as database, database.read() as uow:
                return [(entry.actor, entry.action) for entry in await uow.audit.of(f"enrollment:{walk}", 5)]

        assert run_apart(audit()) == [("cli", "enrollment.started")]

    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (("nothing", "--contact", "10"), "sequence-not-found"),
            (("welcome", "--contact", "99"), "conversation-not-found"),
            (("welcome", "--wa-id", "5491155559999"), "contact-not-found"),
            (("welcome", "--contact", "10", "--account", "2"), "conversation-not-found"),
            (("welcome", "--contact", "12"), "opted-out"),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_reason(
        self, operator: Operator, arguments: tuple[str, ...], why: str
    ) -> None:
        ended = operator.runs("sequences", "enroll", *arguments)
        assert (ended.code, ended.said) == (1, "")
        assert why in ended.complained
        assert len(ended.complained.splitlines()) == 1

    def test_nobody_walks_a_sequence_twice_at_once(self, operator: Operator) -> None:
        assert operator.runs("sequences", "enroll", "welcome", "--contact", "10").code == 0
        ended = operator.runs("sequences", "enroll", "welcome", "--contact", "10")
        assert ended.code == 1
        assert "already-enrolled" in ended.complained

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("welcome",), "--contact"),
            (("welcome", "--contact", "10", "--wa-id", "5491155550099"), "--contact"),
            (("welcome", "--contact", "ten"), "--contact"),
            (("welcome", "--contact", "0"), "--contact"),
            (("welcome", "--wa-id", "Leo"), "--wa-id"),
            (("welcome", "--contact", "10", "--account", "x"), "--account"),
            (("--contact", "10"), "'sequence'"),
        ],
    )
    def test_a_wrong_argument_is_named(self, operator: Operator, arguments: tuple[str, ...], named: str) -> None:
        ended = operator.runs("sequences", "enroll", *arguments)
        assert (ended.code, ended.said) == (2, "")
        assert named in ended.complained


class TestWebhooks:
    def test_the_dead_are_listed_and_retried(self, operator: Operator) -> None:
        operator.stores_webhooks("not JSON", None, "no object")
        listed = [json.loads(line) for line in operator.runs("webhooks", "list", "--json").said.splitlines()]
        assert [row["error"] for row in listed] == ["no object", "not JSON"]
        assert {row["state"] for row in listed} == {WebhookState.DEAD.value}
        ended = operator.runs("webhooks", "retry", str(listed[0]["id"]), "--json")
        assert (ended.code, ended.json) == (0, {"retried": 1})
        assert len(operator.runs("webhooks", "list").said.splitlines()) == 1
        assert operator.runs("webhooks", "retry").said == "1 to be applied again\n"
        assert operator.runs("status", "--json").json["webhooks"]["new"] == 3

    def test_a_wrong_argument_is_named(self, operator: Operator) -> None:
        for arguments, named in ((("retry", "x"), "'ids'"), (("list", "--limit", "0"), "--limit")):
            ended = operator.runs("webhooks", *arguments)
            assert ended.code == 2
            assert named in ended.complained


class TestEndings:
    def test_what_exists_already_is_refused(self, operator: Operator) -> None:
        adding = ("accounts", "add", "--unverified", *ACCOUNT, "--token-env", TOKEN_ENV)
        assert operator.runs(*adding).code == 0
        ended = operator.runs(*adding)
        assert ended.code == 1
        assert "account-exists" in ended.complained

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("accounts", "add", *ACCOUNT, "--token-env", "NOT_SET"), "NOT_SET"),
            (("accounts", "add", *ACCOUNT), "--token-env"),
            (("accounts", "add", "--unverified", *ACCOUNT[:4], "--token-env", TOKEN_ENV), "--display-phone"),
            (("agents", "add", "--telegram-id", "x", "--role", "admin", "--name", "Ana"), "--telegram-id"),
            (("agents", "add", "--telegram-id", "1", "--role", "king", "--name", "Ana"), "--role"),
            (("sequences", "import", "nowhere.toml"), "nowhere.toml"),
            (("jobs", "run", "nothing"), "job"),
            (("status", "--config", "nowhere.toml"), "nowhere.toml"),
            (("serve", "--roles", "web,king"), "roles"),
            (("serve",), "whatsapp.app_secrets"),
            (("nothing",), "nothing"),
        ],
    )
    def test_a_wrong_setting_or_argument_is_named(
        self, operator: Operator, arguments: tuple[str, ...], named: str
    ) -> None:
        ended = operator.runs(*arguments)
        assert (ended.code, ended.said) == (2, "")
        assert named in ended.complained
        assert "Traceback" not in ended.complained

    def test_a_wrong_cron_is_named(self, operator: Operator) -> None:
        operator.monkeypatch.setenv("CENTRALITA_JOBS__BLOCKS", "now and then")
        ended = operator.runs("status")
        assert ended.code == 2
        assert ended.complained.startswith("jobs.blocks: ")

    def test_a_job_that_fails_is_not_reported_as_done(self, operator: Operator) -> None:
        assert operator.runs("jobs", "run", "holds").code == 0
        operator.breaks("DROP TABLE tg_updates")
        ended = operator.runs("jobs", "run", "prune")
        assert ended.code == 1
        assert "job-failed" in ended.complained

    def test_a_database_without_tables_says_what_to_do(self, operator: Operator, tmp_path: Path) -> None:
        operator.monkeypatch.setenv("CENTRALITA_STORAGE__URL", f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
        ended = operator.runs("status")
        assert ended.code == 2
        assert ended.complained.startswith("storage.url: ")
        assert "centralita migrate" in ended.complained

    def test_a_database_that_is_away_is_one_line(self, operator: Operator) -> None:
        operator.monkeypatch.setenv("CENTRALITA_STORAGE__URL", "postgresql+asyncpg://u:opaque-value@127.0.0.1:1/none")
        ended = operator.runs("status")
        assert ended.code == 1
        assert "storage-unavailable" in ended.complained
        assert len(ended.complained.splitlines()) == 1
        assert "opaque-value" not in ended.complained


class TestServe:
    """What stops it before it serves; how it serves and ends is told in `tests/e2e/test_serve.py`."""

    @pytest.fixture(autouse=True)
    def ready_but_for_one_thing(self, operator: Operator) -> Iterator[None]:
        operator.monkeypatch.setenv("CENTRALITA_WHATSAPP__APP_SECRETS", '["app-secret"]')
        operator.monkeypatch.setenv("CENTRALITA_SERVER__PORT", "0")
        with as_it_was():
            yield

    @pytest.mark.parametrize(
        ("variable", "value", "code", "begins"),
        [
            ("CENTRALITA_SERVER__HOST", "192.0.2.1", 2, "server.host: "),
            ("CENTRALITA_SERVER__PORT", "70000", 2, "server.port: "),
            ("CENTRALITA_WHATSAPP__APP_SECRETS", "[]", 2, "whatsapp.app_secrets: "),
            ("CENTRALITA_WHATSAPP__GRAPH_URL", "ftp://x", 2, "whatsapp.graph_url: "),
            ("CENTRALITA_JOBS__TOKENS", "daily", 2, "jobs.tokens: "),
            ("CENTRALITA_VAULT__KEYS", "opaque-value", 2, "vault.keys: "),
            ("CENTRALITA_STORAGE__URL", "mysql://u:opaque-value@x/y", 2, "storage.url: "),
            ("CENTRALITA_STORAGE__URL", "postgresql+asyncpg://u:opaque-value@127.0.0.1:1/none", 1, "🛠 The database"),
        ],
    )
    def test_what_is_wrong_is_one_line_that_names_it(
        self, operator: Operator, variable: str, value: str, code: int, begins: str
    ) -> None:
        operator.monkeypatch.setenv(variable, value)
        ended = operator.runs("serve")
        assert ended.complained.startswith(begins)
        assert (ended.code, ended.said, len(ended.complained.splitlines())) == (code, "", 1)
        assert "opaque-value" not in ended.complained

    def test_a_webhook_for_telegram_needs_a_public_address(self, operator: Operator) -> None:
        operator.monkeypatch.setenv("CENTRALITA_TELEGRAM__TOKEN", "1:x")
        operator.monkeypatch.setenv("CENTRALITA_TELEGRAM__MODE", "webhook")
        ended = operator.runs("serve")
        assert (ended.code, ended.complained.split(":")[0]) == (2, "server.public_url")

    def test_a_sqlite_file_is_served_by_one_process_with_every_role(self, operator: Operator, tmp_path: Path) -> None:
        operator.monkeypatch.setenv("CENTRALITA_STORAGE__URL", f"sqlite+aiosqlite:///{tmp_path / 'x.db'}")
        ended = operator.runs("serve", "--roles", "web,worker")
        assert (ended.code, ended.complained.split(":")[0]) == (2, "roles")

    def test_a_process_for_the_bot_alone_needs_a_token(self, operator: Operator) -> None:
        ended = operator.runs("serve", "--roles", "bot")
        assert (ended.code, ended.complained.split(":")[0]) == (2, "telegram.token")


def test_contacts_are_shown_merged_and_parted_again(operator: Operator) -> None:
    """Two that share a username: found, made one, and two again; what is wrong is refused by its name."""
    one, other = a_contact(name="Leo", username="leo"), a_contact(name="Leonardo", username="leo")
    account = an_account()
    talks = [a_conversation(contact=each, account=account) for each in (one, other)]
    operator.saves(account, one, other, *talks, *(a_message(of=talk) for talk in talks))
    assert [[each["id"] for each in pair] for pair in operator.runs("contacts", "duplicates", "--json").json] == [
        [one.id, other.id]
    ]
    assert f"perhaps the same: {other.id}" in operator.runs("contacts", "show", str(one.id)).said
    merged = operator.runs("contacts", "merge", str(other.id), str(one.id), "--json").json
    assert (merged["kept"], merged["gone"], merged["by"], merged["why"]) == (one.id, other.id, "cli", "by_hand")
    shown = operator.runs("contacts", "show", str(other.id), "--json").json
    assert (shown["id"], [each["id"] for each in shown["merges"]]) == (one.id, [merged["id"]])
    assert operator.runs("contacts", "merge", str(one.id), str(one.id)).code == 1
    assert "undone" in operator.runs("contacts", "unmerge", str(merged["id"])).said
    assert operator.runs("contacts", "show", str(other.id), "--json").json["name"] == "Leonardo"
    again = operator.runs("contacts", "unmerge", str(merged["id"]))
    assert (again.code, "undone already" in again.complained) == (1, True)


class TestMedia:
    def keeps(self, content: bytes, **changes: Any) -> Media:
        """A file in the store beside the settings."""
        key = hashlib.sha256(content).hexdigest()
        Path("shelf", key[:2]).mkdir(parents=True, exist_ok=True)
        Path("shelf", key[:2], key).write_bytes(content)
        return a_media(key=key, sha256=key, size=len(content), **changes)

    @pytest.fixture(autouse=True)
    def shelf(self, operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("CENTRALITA_MEDIA__URL", f"file://{tmp_path}/shelf")

    def test_a_file_is_written_to_the_disk_and_never_over_another(self, operator: Operator) -> None:
        account, contact = an_account(), a_contact()
        thread = a_conversation(contact=contact, account=account)
        message = a_message(of=thread, kind="image", wamid="wamid.PICTURE")
        kept = self.keeps(b"a picture", message_id=message.id)
        operator.saves(account, contact, thread, message, kept)
        ended = operator.runs("media", "get", short(kept.id), "-o", "out.jpg")
        assert (ended.code, Path("out.jpg").read_bytes()) == (0, b"a picture")
        assert Path("out.jpg").stat().st_mode & 0o777 == 0o600
        again = operator.runs("media", "get", "--message", "wamid.PICTURE", "-o", "out.jpg")
        assert (again.code, "--output" in again.complained) == (2, True)
        named = operator.runs("media", "get", "--message", "wamid.PICTURE")
        assert (named.code, Path(f"image-{short(kept.id)}.jpg").read_bytes()) == (0, b"a picture")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ((), 2),
            (("k3f9", "--message", "wamid.1"), 2),
            (("not/a/code",), 2),
            (("k3f9",), 1),
            (("--message", "wamid.1"), 1),
        ],
    )
    def test_what_is_not_there_or_not_named_is_said(
        self, operator: Operator, arguments: tuple[str, ...], code: int
    ) -> None:
        ended = operator.runs("media", "get", *arguments)
        assert (ended.code, bool(ended.complained)) == (code, True)

    def test_a_customers_name_for_a_file_leads_nowhere_else(self, operator: Operator) -> None:
        kept = self.keeps(b"x", name="../../etc/passwd", kind=MediaKind.DOCUMENT)
        operator.saves(kept)
        operator.runs("media", "get", short(kept.id))
        assert [path.name for path in Path().iterdir() if path.is_file() and path.read_bytes() == b"x"] == ["passwd"]

    def test_what_did_not_come_is_listed_and_wanted_again(self, operator: Operator) -> None:
        now = SystemClock().now()
        lost = a_media(state=MediaState.REFUSED, key=None, error="media-too-large", ready_at=now, created_at=now)
        wanted = a_media(state=MediaState.WANTED, key=None, ready_at=now + timedelta(hours=1), created_at=now)
        operator.saves(lost, wanted)
        listed = [json.loads(line) for line in operator.runs("media", "list", "--json").said.splitlines()]
        assert [(row["code"], row["state"], row["error"]) for row in listed] == [
            (short(wanted.id), "wanted", None),
            (short(lost.id), "refused", "media-too-large"),
        ]
        assert len(operator.runs("media", "list", "--failed").said.splitlines()) == 1
        assert operator.runs("media", "retry", "--json").json == {"retried": 1}
        assert operator.runs("media", "list", "--failed").said == ""
        assert operator.runs("media", "retry", "zzzz").code == 1
        assert operator.runs("status", "--json").json["files"] == {"wanted": 2, "lost": 0}

    def test_doctor_tries_the_store(self, operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        assert "ok       media.url" in operator.runs("doctor").said
        (tmp_path / "no-folder").write_bytes(b"")
        monkeypatch.setenv("CENTRALITA_MEDIA__URL", f"file://{tmp_path}/no-folder/media")
        ended = operator.runs("doctor")
        assert ended.code == 1
        assert "missing  media.url" in ended.said
        assert "NotADirectory" in ended.complained or "FileExists" in ended.complained
