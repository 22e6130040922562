"""Our WhatsApp numbers: adding one, pausing and resuming it, and what each may assume."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from crm import decisions
from crm.clock import Clock
from crm.errors import Conflict, NotFound, Refused
from crm.model.accounts import ALL_ASSUMPTIONS, Account, AccountState, Assumption, freed, lifted, token_name
from crm.model.agents import Agent
from crm.model.audit import AuditEntry
from crm.model.records import replace
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import Store, Vault


@dataclass(frozen=True, slots=True)
class NewAccount:
    phone_number_id: str
    waba_id: str
    display_phone: str
    name: str
    coexistence: bool
    messages_per_second: int


class AccountService:
    def __init__(self, store: Store, clock: Clock, vault: Vault, on_change: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._on_change = on_change
        self._tokens: dict[int, str] = {}
        self._reading = asyncio.Lock()

    async def add(self, new: NewAccount, token: str) -> Account:
        """Add a number with its token, which is sealed at once."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            if await uow.accounts.by_phone_number_id(new.phone_number_id) is not None:
                raise Conflict("account-exists", phone_number_id=new.phone_number_id)
            account = Account(
                id=uow.ids.next(),
                phone_number_id=new.phone_number_id,
                waba_id=new.waba_id,
                display_phone=new.display_phone,
                name=new.name,
                coexistence=new.coexistence,
                state=AccountState.ACTIVE,
                messages_per_second=new.messages_per_second,
                assumptions=ALL_ASSUMPTIONS,
                created_at=now,
            )
            await uow.accounts.save(new=[account])
            await uow.secrets.put(token_name(account.id), self._vault.seal(token), now)
            await uow.audit.add([AuditEntry(now, "cli", "account.added", f"account:{account.id}")])
        return account

    async def set_token(self, account_id: int, token: str, actor: str) -> Account:
        """Put a new token in place; a hold for the old one ends."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = before = await uow.accounts.get(account_id)
            if account is None:
                raise NotFound("account-not-found")
            await uow.secrets.put(token_name(account.id), self._vault.seal(token), now)
            if account.state is AccountState.HELD and account.held_reason == "token":
                account = freed(account, now)
            account = replace(account, token_alerted_days=None)
            await uow.accounts.save(changed=[account])
            decisions.account(before, account)
            await uow.audit.add([AuditEntry(now, actor, "account.token", f"account:{account.id}")])
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

    async def pause(self, by: Agent, account_id: int) -> Account:
        return await self._set_state(by, account_id, AccountState.PAUSED)

    async def resume(self, by: Agent, account_id: int) -> Account:
        """Let it send again, whatever held it."""
        return await self._set_state(by, account_id, AccountState.ACTIVE)

    async def _set_state(self, by: Agent, account_id: int, state: AccountState) -> Account:
        permissions.require(by, Capability.ACCOUNTS)
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await uow.accounts.get(account_id)
            if account is None:
                raise NotFound("account-not-found")
            free = lifted(account) if state is AccountState.ACTIVE else account
            changed = replace(free, state=state, held_reason=None, held_until=None)
            await uow.accounts.save(changed=[changed])
            decisions.account(account, changed)
            before, after = {"state": account.state.value}, {"state": state.value}
            subject = f"account:{account.id}"
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "account.state", subject, before, after)])
        self._on_change()
        return changed

    async def set_assumption(self, by: Agent, account_id: int, assumption: str, on: bool) -> Account:
        """Believe one of the brief's assumptions again, or no longer (SPEC section 3)."""
        permissions.require(by, Capability.ACCOUNTS)
        if assumption not in {each.value for each in Assumption}:
            raise Refused("assumption-unknown")
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await uow.accounts.get(account_id)
            if account is None:
                raise NotFound("account-not-found")
            one = frozenset({Assumption(assumption)})
            held = account.assumptions | one if on else account.assumptions - one
            changed = replace(account, assumptions=held)
            await uow.accounts.save(changed=[changed])
            decisions.account(account, changed)
            before, after = {"assumptions": sorted(account.assumptions)}, {"assumptions": sorted(held)}
            subject = f"account:{account.id}"
            await uow.audit.add([AuditEntry(now, f"agent:{by.id}", "account.assumption", subject, before, after)])
        return changed
