"""The team: who may come in, as what, and how each likes to be spoken to."""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import choice

from crm import effects
from crm.clock import Clock
from crm.errors import Conflict, NotFound, Refused
from crm.model.agents import Agent, Role
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.records import replace
from crm.ports import Store, UnitOfWork

LANGUAGES = ("es", "en", "pt")
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
CODE_LIVES = timedelta(hours=72)
NAME_LENGTH = 64


class AgentService:
    def __init__(
        self, store: Store, clock: Clock, time_zone: str = "UTC", on_change: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._time_zone = time_zone
        self._on_change = on_change

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
            await _wake(uow, agent, now)
        self._on_change()
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

    async def appoint(self, telegram_ids: Iterable[int]) -> list[Agent]:
        """Make those admins whom nobody knows yet. Who is known stays as they are: a start must not undo what the team decided."""
        appointed = []
        for telegram_id in telegram_ids:
            if await self.by_telegram(telegram_id) is None:
                with suppress(Conflict):  # another node was first
                    appointed.append(await self.add(telegram_id, Role.ADMIN, str(telegram_id)))
        return appointed

    async def set_language(self, by: Agent, language: str) -> Agent:
        if language not in LANGUAGES:
            raise Refused("language-unknown", language=language[:8])
        async with self._store.begin() as uow:
            spoken = replace(await _fresh(uow, by), language=language)
            await uow.agents.save(changed=[spoken])
        return spoken

    async def unreachable(self, agent: Agent) -> None:
        """Telegram says that this person blocked the bot: others are told in their place until they come back, and admins hear why."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            fresh = await uow.agents.get(agent.id)
            if fresh is None or not fresh.reachable:
                return
            await uow.agents.save(changed=[replace(fresh, reachable=False)])
            await uow.audit.add([AuditEntry(now, "engine", "agent.unreachable", f"agent:{fresh.id}")])
            if fresh.role is not Role.VIEWER:
                await effects.raise_alerts(uow, [_absent(fresh)], now)
        self._on_change()

    async def reachable(self, agent: Agent) -> Agent:
        """The person is back: what waited for somebody who can be told goes out."""
        if agent.reachable:
            return agent
        now = self._clock.now()
        async with self._store.begin() as uow:
            back = replace(await _fresh(uow, agent), reachable=True)
            await uow.agents.save(changed=[back])
            await uow.audit.add([AuditEntry(now, "engine", "agent.reachable", f"agent:{back.id}")])
            await _wake(uow, back, now)
        self._on_change()
        return back

    def _agent(self, number: int, telegram_id: int, role: Role, name: str, language: str) -> Agent:
        spoken = language[:2].lower() if language[:2].lower() in LANGUAGES else "es"
        title = name.strip()[:NAME_LENGTH] or str(telegram_id)
        return Agent(number, telegram_id, title, role, spoken, self._time_zone, True, self._clock.now())


async def _fresh(uow: UnitOfWork, agent: Agent) -> Agent:
    """The person as stored now: the caller's copy may be older than somebody's change."""
    found = await uow.agents.get(agent.id)
    if found is None:
        raise NotFound("agent-not-found")
    return found


async def _wake(uow: UnitOfWork, agent: Agent, now: datetime) -> None:
    """What waits because nobody could be told is tried again, and the alert about this person's absence ends by itself."""
    await uow.notices.hasten(agent.id, now)
    known = await uow.alerts.open_by_key([_absence(agent)])
    await uow.alerts.save(changed=[replace(alert, acknowledged_at=now) for alert in known.values()])


def _absent(agent: Agent) -> effects.Alarm:
    return effects.Alarm(
        AlertKind.AGENT_UNREACHABLE,
        Severity.WARNING,
        _absence(agent),
        {"agent": agent.name},
        admins_only=True,
        not_to=agent.id,
    )


def _absence(agent: Agent) -> str:
    return f"{AlertKind.AGENT_UNREACHABLE.value}:{agent.id}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
