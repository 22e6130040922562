"""The "/" menu. Strangers see `/start` and nothing else; each agent's own chat has the commands of their role in their language."""

from datetime import UTC, datetime

import structlog
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.telegram import errors
from bot.telegram.context import Context
from bot.texts import LANGUAGES, Say, Texts
from crm.model.agents import Agent

log = structlog.get_logger(__name__)

ENTRIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("command-menu", {"es": "menu", "en": "menu", "pt": "menu"}),
    ("command-queue", {"es": "cola", "en": "queue", "pt": "fila"}),
    ("command-contact", {"es": "c", "en": "c", "pt": "c"}),
    ("command-templates", {"es": "plantillas", "en": "templates", "pt": "modelos"}),
    ("command-sequences", {"es": "secuencias", "en": "sequences", "pt": "sequencias"}),
    ("command-blocks", {"es": "bloqueos", "en": "blocks", "pt": "bloqueios"}),
    ("command-alerts", {"es": "alertas", "en": "alerts", "pt": "alertas"}),
    ("command-accounts", {"es": "cuentas", "en": "accounts", "pt": "contas"}),
    ("command-costs", {"es": "costos", "en": "costs", "pt": "custos"}),
    ("command-why", {"es": "porque", "en": "why", "pt": "porque"}),
    ("command-backups", {"es": "respaldos", "en": "backups", "pt": "backups"}),
    ("command-status", {"es": "estado", "en": "status", "pt": "estado"}),
    ("command-language", {"es": "idioma", "en": "language", "pt": "idioma"}),
    ("command-help-about", {"es": "ayuda", "en": "help", "pt": "ajuda"}),
)
"""Key of the description, and the command's name in each language."""

ALREADY = "menus"
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def commands(say: Say) -> list[BotCommand]:
    """An agent's menu."""
    return [BotCommand(names[say.language], say.plain(key)) for key, names in ENTRIES]


async def set_default(bot: ExtBot[int], texts: Texts) -> None:
    """What strangers see, in each language; English for all others."""
    for language in LANGUAGES:
        say = texts.say(language, "UTC", _ANY_TIME)
        start = [BotCommand("start", say.plain("command-start"))]
        await bot.set_my_commands(start, language_code=None if language == "en" else language)


async def set_for(bot: ExtBot[int], agent: Agent, say: Say) -> None:
    """An agent's own menu, in the agent's language. That it failed is no reason to fail the agent."""
    try:
        await bot.set_my_commands(commands(say), scope=BotCommandScopeChat(agent.telegram_id))
    except TelegramError as trouble:
        log.warning("telegram_menu_not_set", agent_id=agent.id, problem=errors.harmless(trouble))


async def set_once(ctx: Context) -> None:
    """The first time since the start that an agent writes: another process, or a release, may have left an old menu."""
    already: set[int] = ctx.bot_data.setdefault(ALREADY, set())
    if ctx.agent.id not in already:
        already.add(ctx.agent.id)
        await set_for(ctx.bot, ctx.agent, ctx.say)
