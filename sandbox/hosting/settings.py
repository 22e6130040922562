"""The settings of a program that talks with a simulated Meta and a simulated Telegram: as values, and as the environment of a child."""

import json
from dataclasses import dataclass

from pydantic import SecretStr

from bot.config import BETWEEN, PREFIX, Backups, Media, Settings, Storage, WhatsApp
from bot.config import Telegram as TelegramSection
from bot.config import Vault as VaultSection
from bot.telegram.governor import Limits, Rate

PATIENCE = 4.0
"""Seconds after which a silent Meta is given up: real ones, and nobody who plays wants to wait half a minute for a time-out."""
UNHURRIED = Limits(private=Rate(1000, 1.0), group=Rate(1000, 1.0), overall=Rate(1000, 1.0))
"""The simulated Telegram has no limits unless it is told to, and the governor would wait for them in real time."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Whom the program talks with, and what they have agreed on."""

    database_url: str
    vault_key: str
    graph_url: str
    app_id: str
    app_secret: str
    verify_token: str
    telegram_url: str
    telegram_token: str
    files_url: str = ""

    def settings(self) -> Settings:
        """Return the settings as values."""
        return Settings(
            storage=Storage(url=self.database_url),
            media=Media(url=self.files_url),
            backups=Backups(daily="off"),
            vault=VaultSection(keys=SecretStr(self.vault_key)),
            telegram=TelegramSection(api_url=self.telegram_url, token=SecretStr(self.telegram_token)),
            whatsapp=WhatsApp(
                graph_url=self.graph_url,
                app_id=self.app_id,
                verify_token=SecretStr(self.verify_token),
                app_secrets=[SecretStr(self.app_secret)],
            ),
        )

    def environment(self, port: int) -> dict[str, str]:
        """Return the settings as environment variables, for a program that listens on this port and tells everything."""
        return {
            _name("storage", "url"): self.database_url,
            _name("media", "url"): self.files_url,
            _name("backups", "daily"): "off",
            _name("vault", "keys"): self.vault_key,
            _name("server", "port"): str(port),
            _name("server", "public_url"): f"http://127.0.0.1:{port}",
            _name("telegram", "api_url"): self.telegram_url,
            _name("telegram", "token"): self.telegram_token,
            _name("whatsapp", "graph_url"): self.graph_url,
            _name("whatsapp", "app_id"): self.app_id,
            _name("whatsapp", "verify_token"): self.verify_token,
            _name("whatsapp", "app_secrets"): json.dumps([self.app_secret]),
            _name("whatsapp", "per_source_per_second"): "0",
            _name("logs", "level"): "debug",
            _name("logs", "format"): "json",
        }


def known_as(url: str, settings: Settings) -> Settings:
    """The same settings for a program that is reached at this address, unless they name one."""
    if settings.server.public_url:
        return settings
    return settings.model_copy(update={"server": settings.server.model_copy(update={"public_url": url})})


def _name(section: str, key: str) -> str:
    return f"{PREFIX}{section}{BETWEEN}{key}".upper()
