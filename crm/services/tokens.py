"""The token guardian (the brief's S2): every token is inspected daily, renewed from 20 days before it ends, and people are warned at
14, 7, 3 and 1 days and at every failure. An expired token cannot be renewed (reference 6), so warning early is the whole point."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from crm import decisions, effects, health, refusals, registration
from crm.clock import Clock
from crm.errors import CrmError, SendFailed
from crm.health import HealthDesk
from crm.model.accounts import Account, AccountState, freed, token_name
from crm.model.alerts import AlertKind, Severity
from crm.model.audit import AuditEntry
from crm.model.records import replace
from crm.policy import tokens
from crm.ports import Gateway, Store, TokenFacts, Vault

log = structlog.get_logger(__name__)


class TokenService:
    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        clock: Clock,
        vault: Vault,
        desk: HealthDesk,
        on_renewed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._vault, self._health = vault, desk
        self._on_renewed = on_renewed

    async def watch(self) -> dict[str, int]:
        """Inspect every account's token, renew what is near its end, warn; return counts."""
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            sealed = await uow.secrets.all()
        counts: Counter[str] = Counter()
        for account in accounts:
            ciphertext = sealed.get(token_name(account.id))
            if ciphertext is not None:
                counts[await self._watch_one(account, self._vault.open(ciphertext))] += 1
        return dict(counts)

    async def _watch_one(self, account: Account, token: str) -> str:
        try:
            facts = await self._gateway.inspect_token(token)
        except SendFailed as error:
            await self._warn(account, f"inspection failed: {error.code}")
            return "uninspected"
        if not facts.valid:
            await self._invalid(account, facts)
            return "invalid"
        now = self._clock.now()
        renewed: str | None = None
        if tokens.wants_renewal(facts.expires_at, now):
            try:
                renewed = await self._gateway.renew_token(token)
                facts = await self._gateway.inspect_token(renewed)
            except CrmError as error:
                await self._warn(account, f"renewal failed: {error.code}")
                renewed = None
        await self._keep(account, facts, token, renewed)
        return "renewed" if renewed else "valid"

    async def _keep(self, account: Account, facts: TokenFacts, token: str, renewed: str | None) -> None:
        """Write what was learnt; a new token replaces the old one at once, while both still work. An account that waited for a token that
        works goes on, unless Meta blocks it; a Meta that cannot say is no reason to wait."""
        waits = account.state is AccountState.HELD and account.held_reason == "token"
        health_now = await self._health.asked(account, renewed or token) if waits else None
        now = self._clock.now()
        async with self._store.begin() as uow:
            fresh = await uow.accounts.get(account.id)
            if fresh is None:
                return
            due = None if renewed else tokens.warning_due(facts.expires_at, fresh.token_alerted_days, now)
            changed = replace(
                fresh,
                token_expires_at=facts.expires_at,
                token_checked_at=now,
                token_alerted_days=due if due is not None else (None if renewed else fresh.token_alerted_days),
            )
            if fresh.state is AccountState.HELD and fresh.held_reason == "token":
                changed, alarms, told = health.resumed(fresh, freed(changed, now), health_now, now)
                await uow.audit.add(told)
                await effects.raise_alerts(uow, alarms, now)
            if renewed:
                await uow.secrets.put(token_name(account.id), self._vault.seal(renewed), now)
                entry = AuditEntry(now, "job:tokens", "account.token_renewed", f"account:{account.id}")
                await uow.audit.add([entry])
            await uow.accounts.save(changed=[changed])
            decisions.account(fresh, changed)
            if due is not None and facts.expires_at is not None:
                await effects.raise_alerts(uow, [_expiring(changed, facts.expires_at, due, now)], now)
        if renewed:
            self._on_renewed()

    async def _invalid(self, account: Account, facts: TokenFacts) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            fresh = await uow.accounts.get(account.id)
            if fresh is None:
                return
            held, alarms, audit = refusals.hold(fresh, "token", now, detail=facts.problem or "no longer valid")
            checked = replace(held, token_checked_at=now, token_expires_at=facts.expires_at)
            await uow.accounts.save(changed=[checked])
            decisions.account(fresh, checked)
            await uow.audit.add(audit)
            await effects.raise_alerts(uow, alarms, now)

    async def _warn(self, account: Account, problem: str) -> None:
        log.warning("token_watch_failed", account=account.id, problem=problem)
        now = self._clock.now()
        params = {"account": account.name, "account_id": account.id, "problem": problem}
        alarm = effects.Alarm(
            AlertKind.TOKEN_FAILED,
            Severity.CRITICAL,
            f"token_failed:{account.id}",
            params,
            account_id=account.id,
            admins_only=True,
        )
        async with self._store.begin() as uow:
            await effects.raise_alerts(uow, [alarm], now)


def _expiring(account: Account, expires_at: datetime, days: int, now: datetime) -> effects.Alarm:
    left = max((expires_at - now) // timedelta(days=1), 0)
    return effects.Alarm(
        AlertKind.TOKEN_EXPIRING,
        Severity.CRITICAL if days <= 3 else Severity.WARNING,
        registration.expiring_key(account.id, days),
        {"account": account.name, "account_id": account.id, "days": left},
        account_id=account.id,
        admins_only=True,
    )
