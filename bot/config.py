"""The settings: a TOML file, with every value overridable by an environment variable `CENTRALITA_SECTION__KEY` (lists as JSON).

Secrets belong in the environment. A wrong or unknown setting stops the start with one line that names it.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.whatsapp.media import MEDIA_HOSTS
from crm.errors import Misconfigured
from crm.model.backups import Scope
from crm.model.costs import Budgets
from crm.policy.consent import Words, words
from crm.services.backups import BackupRules

SOME = r"(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,6})?"
"""More than nothing."""
PREFIX, BETWEEN = "CENTRALITA_", "__"
LOOPBACK: tuple[IPvAnyNetwork, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field("", description="How Meta and Telegram reach this server from outside, https.")
    metrics_networks: tuple[IPvAnyNetwork, ...] = Field(
        LOOPBACK, description="Networks that may read /metrics; it needs no secret, so only this machine by default."
    )

    @property
    def webhook_url(self) -> str:
        """Where Meta's webhooks should go; empty without a public address."""
        return f"{self.public_url.rstrip('/')}/webhooks/whatsapp" if self.public_url else ""

    def form_address(self, secret: str) -> str:
        """Where the form with this secret is."""
        return f"{self.public_url.rstrip('/')}/token/{secret}"

    @property
    def takes_secrets(self) -> bool:
        """Whether the public address may carry a secret that somebody types: TLS, or nothing but this machine."""
        url = urlsplit(self.public_url)
        return url.scheme == "https" or (url.scheme == "http" and url.hostname in ("127.0.0.1", "::1", "localhost"))


class Storage(Section):
    url: str = Field(
        "sqlite+aiosqlite:///centralita.db", description="Database: sqlite+aiosqlite:///… or postgresql+asyncpg://…"
    )


class Vault(Section):
    keys: SecretStr = Field(SecretStr(""), description="Encryption keys separated by commas, the newest first.")
    key_file: str = Field(
        "centralita.key", description="File with one key a line (mode 0600), used when keys is empty."
    )


class WhatsApp(Section):
    graph_url: str = Field("https://graph.facebook.com", description="Meta's Graph API.")
    graph_version: str = Field("v26.0", pattern=r"^v\d+\.\d+$", description="Graph API version.")
    verify_token: SecretStr = Field(SecretStr(""), description="What Meta must say when it verifies the webhook.")
    app_id: str = Field("", description="The Meta app's id, for inspecting and renewing tokens.")
    app_secrets: list[SecretStr] = Field(
        default=[], description="App secrets that sign webhooks; the first signs calls."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="How many proxies of ours stand in front and append to X-Forwarded-For."
    )
    allowed_networks: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks that webhooks may come from; empty means any, for the signature decides."
    )
    per_source_per_second: int = Field(
        500, ge=0, description="Webhooks a second accepted from one address in the long run; 0 means no limit."
    )
    per_source_burst: int = Field(20_000, ge=1, description="Webhooks accepted from one address all at once.")
    max_backlog: int = Field(200_000, ge=1, description="Waiting webhooks above which Meta is asked to retry later.")


class Telegram(Section):
    api_url: str = Field("https://api.telegram.org", description="Telegram's Bot API.")
    token: SecretStr = Field(SecretStr(""), description="The bot's token; empty runs without Telegram.")
    admins: tuple[PositiveInt, ...] = Field(
        (),
        description="Telegram user ids that are admins from the start; people who are known already stay as they are.",
    )
    mode: Literal["polling", "webhook"] = Field("polling", description="How updates come: polling or webhook.")
    path_secret: SecretStr = Field(SecretStr(""), description="Secret last part of the webhook's path (webhook mode).")
    secret_token: SecretStr = Field(SecretStr(""), description="Secret header that Telegram must send (webhook mode).")


class Inbox(Section):
    opt_out_es: list[str] = Field(
        default=["baja", "darme de baja", "dar de baja", "cancelar suscripción", "no quiero más mensajes"],
        description="Whole messages that mean: write to me no more; capitals, accents and punctuation make no difference.",
    )
    opt_out_en: list[str] = Field(
        default=["stop", "stop all", "unsubscribe", "opt out"], description="The same in English."
    )
    opt_out_pt: list[str] = Field(
        default=["sair", "parar", "descadastrar", "cancelar inscrição", "não quero mais mensagens"],
        description="The same in Portuguese.",
    )
    opt_in_es: list[str] = Field(
        default=["alta", "volver", "quiero volver"],
        description="Whole messages by which somebody who opted out wants to hear from us again.",
    )
    opt_in_en: list[str] = Field(default=["start", "unstop", "subscribe"], description="The same in English.")
    opt_in_pt: list[str] = Field(default=["voltar", "quero voltar"], description="The same in Portuguese.")
    farewell_es: str = Field(
        "", max_length=1000, description="What answers an opt-out in Spanish, once and at once; empty answers nothing."
    )
    farewell_en: str = Field("", max_length=1000, description="The same in English.")
    farewell_pt: str = Field("", max_length=1000, description="The same in Portuguese.")

    @property
    def consent(self) -> Words:
        return words(
            {"es": self.opt_out_es, "en": self.opt_out_en, "pt": self.opt_out_pt},
            {"es": self.opt_in_es, "en": self.opt_in_en, "pt": self.opt_in_pt},
            {"es": self.farewell_es, "en": self.farewell_en, "pt": self.farewell_pt},
        )


class Sending(Section):
    unknown_after_minutes: int = Field(
        15, ge=1, description="How long a send with an unknown outcome waits for proof before a person is asked."
    )
    mark_read: Literal["answer", "seen", "never"] = Field(
        "answer",
        description="When customers see that their messages were read: when an agent answers, when an agent looks at the "
        "conversation, or never (then no typing sign either).",
    )


class Sequences(Section):
    per_day: int = Field(
        0,
        ge=0,
        le=100,
        description="Messages that sequences together may send one contact in 24 hours; 0 means any number.",
    )


class Media(Section):
    url: str = Field(
        "",
        description="Where customers' files lie: file:///a/folder or s3://bucket/prefix (credentials as AWS_…); "
        "empty means the folder media beside the database.",
    )
    max_mb: int = Field(100, ge=1, le=2000, description="The largest file that is fetched.")
    keep_days: int = Field(365, ge=0, description="After so many days files are deleted; 0 keeps them for ever.")
    link_days: int = Field(7, ge=1, le=365, description="How long a signed address of a file lives.")
    hosts: tuple[str, ...] = Field(
        MEDIA_HOSTS,
        description="Meta's hosts that are shown an access token to fetch a file; a dot in front means all below it.",
    )

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in hosts):
            raise ValueError("must be names of hosts such as lookaside.fbsbx.com or .fbcdn.net")
        return hosts

    @property
    def keep(self) -> timedelta | None:
        return timedelta(days=self.keep_days) if self.keep_days else None

    @property
    def links_live(self) -> timedelta:
        return timedelta(days=self.link_days)


class Backups(Section):
    url: str = Field(
        "",
        description="Where backups lie: file:///a/folder or s3://bucket/prefix (credentials as AWS_…); "
        "empty means the folder backups beside the database.",
    )
    daily: Literal["everything", "configuration", "off"] = Field(
        "everything",
        description="What is copied every day: everything, only the configuration (no contacts or messages), or off.",
    )
    keep_days: int = Field(30, ge=1, description="After so many days backups are deleted, but never the last good one.")
    alert_hours: int = Field(48, ge=1, description="How old the last good backup may grow before admins are told.")

    @property
    def rules(self) -> BackupRules:
        daily = None if self.daily == "off" else Scope(self.daily)
        return BackupRules(daily, timedelta(days=self.keep_days), timedelta(hours=self.alert_hours))


class Costs(Section):
    rate_cards: str = Field(
        "",
        description="A TOML file with own rate cards, over the shipped ones of Meta's prices; empty means only those.",
    )

    monthly_budget: str = Field(
        "",
        description="What all numbers together may spend in a month of time_zone, in the rate card's currency; empty means any amount.",
    )
    number_budgets: list[str] = Field(
        default=[], description="The same of single numbers, each as PHONE_NUMBER_ID=AMOUNT."
    )

    @field_validator("monthly_budget")
    @classmethod
    def _is_an_amount(cls, given: str) -> str:
        if given and not re.fullmatch(SOME, given):
            raise ValueError("must be an amount such as 200 or 99.50")
        return given

    @field_validator("number_budgets")
    @classmethod
    def _are_budgets(cls, given: list[str]) -> list[str]:
        if not all(re.fullmatch(r"[0-9]{1,40}=" + SOME, each) for each in given):
            raise ValueError("must be a number's id at Meta and an amount, as in 106540352242922=200")
        if len({each.partition("=")[0] for each in given}) < len(given):
            raise ValueError("names a number twice")
        return given

    @property
    def budgets(self) -> Budgets:
        parts = (each.partition("=") for each in self.number_budgets)
        together = Decimal(self.monthly_budget) if self.monthly_budget else None
        return Budgets(together, {number: Decimal(amount) for number, _, amount in parts})


class Jobs(Section):
    sequences: str = Field("0 * * * *", description="When due sequence steps are processed.")
    blocks: str = Field("15 */6 * * *", description="When blocks are looked for.")
    tokens: str = Field("30 5 * * *", description="When tokens are inspected and renewed.")
    templates: str = Field("45 */6 * * *", description="When templates are fetched from Meta.")
    template_news: str = Field(
        "*/5 * * * *", description="When templates that Meta has told news of are fetched again."
    )
    reconcile: str = Field("* * * * *", description="When sends without an answer are settled.")
    holds: str = Field("*/5 * * * *", description="When timed holds of accounts are ended.")
    prune: str = Field("20 4 * * *", description="When old webhooks and updates are deleted.")
    audit: str = Field("*/15 * * * *", description="When the audit log is sealed.")
    budgets: str = Field("*/10 * * * *", description="When budgets that are nearly used are told.")
    media: str = Field("35 4 * * *", description="When files that were kept long enough are deleted.")
    backups: str = Field("10 6 * * *", description="When a backup is made and proven, and old ones are deleted.")
    backup_age: str = Field("50 */6 * * *", description="When it is seen to that the last good backup is not too old.")


class Logs(Section):
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    format: Literal["auto", "json", "console"] = Field(
        "auto", description="json: a line each; console: for people; auto: console on a terminal, else json."
    )


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=BETWEEN, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    server: Server = Server()
    storage: Storage = Storage()
    vault: Vault = Vault()
    whatsapp: WhatsApp = WhatsApp()
    telegram: Telegram = Telegram()
    inbox: Inbox = Inbox()
    sending: Sending = Sending()
    sequences: Sequences = Sequences()
    media: Media = Media()
    backups: Backups = Backups()
    costs: Costs = Costs()
    jobs: Jobs = Jobs()
    logs: Logs = Logs()
    time_zone: str = Field("America/Argentina/Buenos_Aires", description="Time zone of agents who have not set one.")

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("there is no such time zone; they are named like America/Bogota") from None
        return name

    @property
    def unknown_after(self) -> timedelta:
        return timedelta(minutes=self.sending.unknown_after_minutes)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return env_settings, init_settings


def load(path: Path | None) -> Settings:
    """Read the settings. Raises Misconfigured, naming the setting and never repeating its value."""
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise Misconfigured(str(path), error.strerror or "cannot be read") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Misconfigured(str(path), f"is not TOML: {error}") from None
    check_environment(os.environ)
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Misconfigured(".".join(str(part) for part in first["loc"]) or "settings", _said(first["msg"])) from None
    except SettingsError as error:
        raise Misconfigured("settings", str(error)) from None


def variables() -> dict[str, tuple[str, ...]]:
    """Every environment variable that sets something, with the setting it sets."""
    found: dict[str, tuple[str, ...]] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Section):
            found |= {f"{PREFIX}{name}{BETWEEN}{key}".upper(): (name, key) for key in type(field.default).model_fields}
        else:
            found[f"{PREFIX}{name}".upper()] = (name,)
    return found


def check_environment(environment: Mapping[str, str]) -> None:
    """Refuse what pydantic would pass over in silence (an unknown section) or name only by its section (a list that is no JSON)."""
    known = variables()
    sections = {setting[0] for setting in known.values() if len(setting) == 2}
    for variable, value in environment.items():
        name = variable.upper()
        if not name.startswith(PREFIX):
            continue
        section, nested, _ = name.removeprefix(PREFIX).partition(BETWEEN)
        if nested and section.lower() not in sections:
            raise Misconfigured(variable, f"there is no section {section.lower()}")
        if not nested and section.lower() in sections and name not in known and not _is_json(value, dict):
            raise Misconfigured(variable, "must be a JSON object")
        setting = known.get(name, ())
        if len(setting) == 2 and _is_list(*setting) and not _is_json(value, list):
            raise Misconfigured(".".join(setting), f'{variable} must be a JSON list, as in ["one", "two"]')


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _is_list(section: str, key: str) -> bool:
    kind = type(Settings.model_fields[section].default).model_fields[key].annotation
    return get_origin(kind) in (list, tuple)


def _is_json(value: str, kind: type) -> bool:
    try:
        return isinstance(json.loads(value), kind)
    except ValueError:
        return False
