"""Our WhatsApp numbers: their tokens, pausing and resuming one, giving one up, and what each may assume. Taking one on is
`crm/services/onboarding.py`'s, which asks Meta first."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from crm import decisions, effects, health, registration
from crm.clock import Clock
from crm.decisions import What, decided
from crm.errors import NotFound, Refused
from crm.health import HealthDesk, Resumed
from crm.model.accounts import Account, AccountState, Assumption, lifted, token_name
from crm.model.agents import Agent
from crm.model.answers import MOST_COUNTED, AccountCard, AccountStatus
from crm.model.audit import AuditEntry
from crm.model.messages import DeliveryStatus
from crm.model.numbers import NumberFacts
from crm.model.records import replace
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork, Vault
from crm.registration import NewAccount as NewAccount

LOOKED_BACK = 20
"""How many entries of an account's audit are searched for why it stands still."""
LONGEST_WHY = 200


class AccountService:
    def __init__(
        self, store: Store, clock: Clock, vault: Vault, desk: HealthDesk, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault, self._health = vault, desk
        self._on_change = on_change
        self._tokens: dict[int, str] = {}
        self._reading = asyncio.Lock()

    async def add(self, new: NewAccount, token: str) -> Account:
        """Add a number, or take it up again, without asking Meta; the token is sealed at once."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            return await registration.admit(uow, new, self._vault.seal(token), "cli", now, "not checked with Meta")

    async def set_token(self, account_id: int, token: str, actor: str) -> Account:
        """Put a new token in place without asking Meta; a hold for the old one ends."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.put_token(uow, account_id, self._vault.seal(token), actor, now)
        self._tokens.pop(account_id, None)
        self._on_change()
        return account

    async def token_for(self, account_id: int) -> str:
        """The account's token in clear, for the Sender. Raises NotFound when there is none."""
        token = self._tokens.get(account_id)
        if token is not None:
            return token
        async with self._reading:  # hundreds of calls may begin together: the first of them reads for all
            if account_id not in self._tokens:
                self._tokens[account_id] = await self._read_token(account_id)
            return self._tokens[account_id]

    async def _read_token(self, account_id: int) -> str:
        async with self._store.read() as uow:
            sealed = await uow.secrets.get(token_name(account_id))
        if sealed is None:
            raise NotFound("token-not-found", account_id=account_id)
        return self._vault.open(sealed)

    def forget_tokens(self) -> None:
        """Read the tokens again at their next use: another process may have replaced them."""
        self._tokens.clear()

    async def all(self) -> list[Account]:
        async with self._store.read() as uow:
            return await uow.accounts.all()

    async def page(self, by: Agent) -> list[AccountStatus]:
        """Our numbers with what waits in each."""
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            queued = await uow.overview.queued([each.id for each in accounts], MOST_COUNTED + 1)
            return [AccountStatus(each, {"queued": queued.get(each.id, 0)}) for each in accounts]

    async def card(self, by: Agent | None, account_id: int) -> AccountCard:
        """One number with all that an administrator must know of it."""
        if by is not None:
            permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            account = await registration.found(uow, account_id)
            queued = (await uow.overview.queued([account.id], MOST_COUNTED + 1)).get(account.id, 0)
            trail = await uow.audit.of(f"account:{account.id}", LOOKED_BACK)
            has_token = await uow.secrets.get(token_name(account.id)) is not None
            stopped = next((entry for entry in trail if entry.action in ("account.state", "account.held")), None)
            return AccountCard(account, queued, has_token, stopped)

    async def by_phone_number_id(self, phone_number_id: str) -> Account:
        """The account of ours with this id of Meta's."""
        async with self._store.read() as uow:
            account = await uow.accounts.by_phone_number_id(phone_number_id)
        if account is None or account.state is AccountState.REMOVED:
            raise NotFound("account-not-found", phone_number_id=phone_number_id)
        return account

    async def pause(self, by: Agent | None, account_id: int, why: str = "") -> Account:
        """Let nothing leave until somebody resumes it. `by` None is the machine's own operator."""
        actor = _actor(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.found(uow, account_id)
            paused = replace(account, state=AccountState.PAUSED, held_reason=None, held_until=None)
            await self._changed(uow, account, paused, actor, why, now)
        self._on_change()
        return paused

    async def resume(self, by: Agent | None, account_id: int, why: str = "") -> Resumed:
        """Let it send again, whatever held it; but while Meta blocks the number it stays held, and goes on by itself once Meta allows it.
        When Meta cannot be asked a person's word is enough."""
        actor = _actor(by)
        async with self._store.read() as uow:
            account = await registration.found(uow, account_id)
        facts = await self._health.asked(account)
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.found(uow, account_id)
            changed, alarms, told = health.resumed(account, lifted(account), facts, now)
            unasked = "" if isinstance(facts, NumberFacts) else f"Meta could not be asked: {facts.code}"
            await self._changed(uow, account, changed, actor, f"{why} {unasked}", now)
            await uow.audit.add(told)
            await effects.raise_alerts(uow, alarms, now)
        self._on_change()
        return health.answer(changed, facts)

    async def _changed(
        self, uow: UnitOfWork, account: Account, changed: Account, actor: str, why: str, now: datetime
    ) -> None:
        await uow.accounts.save(changed=[changed])
        decisions.account(account, changed)
        before, after = {"state": account.state.value}, {"state": changed.state.value}
        subject, reason = f"account:{account.id}", " ".join(why.split())[:LONGEST_WHY] or None
        await uow.audit.add([AuditEntry(now, actor, "account.state", subject, before, after, reason)])

    async def remove(self, by: Agent | None, account_id: int) -> int:
        """Give a number up: its token is forgotten, what is queued is called back, its history stays. Returns how many were called back."""
        actor = _actor(by)
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.found(uow, account_id)
            gone = replace(account, state=AccountState.REMOVED, held_reason=None, held_until=None)
            await uow.accounts.save(changed=[gone])
            decisions.account(account, gone)
            await uow.secrets.delete(token_name(account_id))
            items = await uow.outbox.cancel_queued(account_id, "account-removed")
            for item in items:
                decided(What.SEND_CANCELLED, "account-removed", outbox_id=item.id, contact_id=item.contact_id)
            messages = await uow.messages.load([item.id for item in items])
            cancelled = [replace(each, status=DeliveryStatus.CANCELLED) for each in messages.values()]
            await uow.messages.save(changed=cancelled)
            before = {"state": account.state.value}
            after = {"state": gone.state.value, "called_back": len(items)}
            await uow.audit.add([AuditEntry(now, actor, "account.removed", f"account:{account_id}", before, after)])
        self._tokens.pop(account_id, None)
        self._on_change()
        return len(items)

    async def set_assumption(self, by: Agent, account_id: int, assumption: str, on: bool) -> Account:
        """Believe one of the brief's assumptions again, or no longer (SPEC section 3)."""
        permissions.require(by, Capability.ACCOUNTS)
        if assumption not in {each.value for each in Assumption}:
            raise Refused("assumption-unknown")
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.found(uow, account_id)
            one = frozenset({Assumption(assumption)})
            held = account.assumptions | one if on else account.assumptions - one
            changed = replace(account, assumptions=held)
            await uow.accounts.save(changed=[changed])
            decisions.account(account, changed)
            before, after = {"assumptions": sorted(account.assumptions)}, {"assumptions": sorted(held)}
            subject = f"account:{account.id}"
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "account.assumption", subject, before, after)])
        return changed


def _actor(by: Agent | None) -> str:
    """Who does it, once it is clear that they may."""
    if by is None:
        return "cli"
    permissions.require(by, Capability.ACCOUNTS)
    return f"agent:{by.id}"
