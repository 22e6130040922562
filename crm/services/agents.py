"""The team: who may come in, as what, and how each likes to be spoken to."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from secrets import choice

from crm.clock import Clock
from crm.errors import Conflict, Refused
from crm.model.agents import Agent, Role
from crm.model.audit import AuditEntry
from crm.ports import Store

LANGUAGES = ("es", "en", "pt")
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
CODE_LIVES = timedelta(hours=72)
NAME_LENGTH = 64


class AgentService:
    def __init__(self, store: Store, clock: Clock, time_zone: str = "UTC") -> None:
        self._store = store
        self._clock = clock
        self._time_zone = time_zone

    async def by_telegram(self, telegram_id: int) -> Agent | None:
        async with self._store.read() as uow:
            return await uow.agents.by_telegram(telegram_id)

    async def invite(self, role: Role) -> str:
        """A code that makes whoever sends it first an agent of that role, once, within three days. Only its hash is kept."""
        code = "".join(choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.agents.add_invite(_hash(code), role, now + CODE_LIVES)
            await uow.audit.add([AuditEntry(now, "cli", "agent.invited", f"role:{role.value}")])
        return code

    async def claim_code(self, code: str, telegram_id: int, name: str, language: str) -> Agent:
        """Use a code. Raises Refused `code-invalid` for a wrong, used or old one."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            role = await uow.agents.use_invite(_hash(code.strip().lower()), now)
            if role is None:
                raise Refused("code-invalid")
            known = await uow.agents.by_telegram(telegram_id)
            if known is not None:
                agent = replace(known, role=role, active=True, reachable=True)
                await uow.agents.save(changed=[agent])
            else:
                agent = self._agent(uow.ids.next(), telegram_id, role, name, language)
                await uow.agents.save(new=[agent])
            entry = AuditEntry(
                now,
                f"agent:{agent.id}",
                "agent.joined",
                f"agent:{agent.id}",
                None,
                {"role": role.value},
                "one-time code",
            )
            await uow.audit.add([entry])
            return agent

    async def add(self, telegram_id: int, role: Role, name: str, language: str = "es") -> Agent:
        """From the command line: name a person whose Telegram id is known."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            if await uow.agents.by_telegram(telegram_id) is not None:
                raise Conflict("agent-exists", telegram_id=telegram_id)
            agent = self._agent(uow.ids.next(), telegram_id, role, name, language)
            await uow.agents.save(new=[agent])
            entry = AuditEntry(now, "cli", "agent.added", f"agent:{agent.id}", None, {"role": role.value})
            await uow.audit.add([entry])
            return agent

    async def set_language(self, by: Agent, language: str) -> Agent:
        if language not in LANGUAGES:
            raise Refused("language-unknown", language=language[:8])
        return await self._change(replace(by, language=language))

    async def unreachable(self, agent: Agent) -> None:
        """Telegram says that this person blocked the bot: others are told in their place until they come back."""
        await self._change(replace(agent, reachable=False))

    async def reachable(self, agent: Agent) -> Agent:
        return agent if agent.reachable else await self._change(replace(agent, reachable=True))

    async def _change(self, agent: Agent) -> Agent:
        async with self._store.begin() as uow:
            await uow.agents.save(changed=[agent])
        return agent

    def _agent(self, number: int, telegram_id: int, role: Role, name: str, language: str) -> Agent:
        spoken = language[:2].lower() if language[:2].lower() in LANGUAGES else "es"
        title = name.strip()[:NAME_LENGTH] or str(telegram_id)
        return Agent(number, telegram_id, title, role, spoken, self._time_zone, True, self._clock.now())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
