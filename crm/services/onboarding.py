"""Taking a number on, and looking whether everything about it still stands: Meta is asked before anything is written (SPEC S2).

The checklist itself is `crm/policy/checks.py`'s. Nothing is asked inside a transaction, and a token that is examined is kept nowhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from crm import decisions, health, registration
from crm.clock import Clock
from crm.errors import Conflict, NotFound, Refused
from crm.model.accounts import Account, AccountState, token_name
from crm.model.agents import Agent
from crm.model.audit import AuditEntry
from crm.model.numbers import BusinessFacts, Checkup, Expected, NumberFacts, Seen, SubscribedApp, TokenFacts
from crm.policy import checks, permissions
from crm.policy.permissions import Capability
from crm.ports import Registry, Store, Vault
from crm.registration import NewAccount

AT_ONCE = 4
"""How many numbers are examined at a time: with a Meta that does not answer each takes as long as patience lasts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number to be taken on; what is left open is what Meta says."""

    phone_number_id: str
    waba_id: str
    name: str | None = None
    display_phone: str | None = None
    messages_per_second: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checklist says, and the account as it is now; None: nothing was written, for something vital is missing."""

    checkup: Checkup
    account: Account | None


class OnboardingService:
    def __init__(
        self,
        store: Store,
        registry: Registry,
        clock: Clock,
        vault: Vault,
        expected: Expected,
        on_token: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._registry, self._clock, self._vault = store, registry, clock, vault
        self._expected, self._on_token = expected, on_token

    # --- taking on -------------------------------------------------------------------------------------------------------------

    async def add(self, wanted: Wanted, token: str, actor: str, *, subscribe: bool = False) -> Outcome:
        """Examine a number with its token; when nothing vital is missing, add it (or take it up again)."""
        async with self._store.read() as uow:
            known = await uow.accounts.by_phone_number_id(wanted.phone_number_id)
        if known is not None and known.state is not AccountState.REMOVED:
            raise Conflict("account-exists", phone_number_id=wanted.phone_number_id)
        checkup = await self._examined(wanted.phone_number_id, wanted.waba_id, token)
        number = checkup.number
        if not checkup.usable or number is None:
            return Outcome(checkup, None)
        if subscribe and checkup.has("not-subscribed"):
            await self._registry.subscribe(wanted.waba_id, token)
            checkup = await self._examined(wanted.phone_number_id, wanted.waba_id, token)
        phone = wanted.display_phone or number.display_phone or wanted.phone_number_id
        new = NewAccount(
            wanted.phone_number_id,
            wanted.waba_id,
            phone,
            wanted.name or number.verified_name or phone,
            number.coexistence,
            wanted.messages_per_second or checks.pace(number, coexistence=False),
        )
        now = self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.admit(uow, new, self._vault.seal(token), actor, now, "checked with Meta")
            account = registration.learnt(account, checkup, now)
            await uow.accounts.save(changed=[account])
            await registration.learn_limit(uow, account, checkup)
        self._on_token()
        return Outcome(checkup, account)

    async def replace_token(self, account_id: int, token: str, actor: str) -> Outcome:
        """Examine a new token for a number of ours; put it in place only if it is usable. The old one works until then."""
        account = await self._account(account_id)
        checkup = await self._examined(account.phone_number_id, account.waba_id, token, account)
        if not checkup.usable:
            return Outcome(checkup, None)
        async with self._store.begin() as uow:
            sealed, now = self._vault.seal(token), self._clock.now()
            account = await registration.put_token(uow, account_id, sealed, actor, now, checkup)
        self._on_token()
        return Outcome(checkup, account)

    # --- looking after ---------------------------------------------------------------------------------------------------------

    async def check(self, by: Agent | None, account_id: int | None = None) -> list[Checkup]:
        """Examine one number or all, and keep what Meta says of them. `by` None is the machine's own operator."""
        if by is not None:
            permissions.require(by, Capability.ACCOUNTS)
        async with self._store.read() as uow:
            accounts = [each for each in await uow.accounts.all() if account_id in (None, each.id)]
            sealed = await uow.secrets.all()
        if account_id is not None and not accounts:
            raise NotFound("account-not-found")
        in_hand = asyncio.Semaphore(AT_ONCE)

        async def one(account: Account) -> Checkup:
            ciphertext = sealed.get(token_name(account.id))
            async with in_hand:
                token = None if ciphertext is None else self._vault.open(ciphertext)
                checkup = await self._looked_after(account, token)
                await self._keep(account, checkup)
            return checkup

        return list(await asyncio.gather(*map(one, accounts)))

    async def subscribe(self, account_id: int, actor: str) -> Account:
        """Let the webhooks of the number's business account come to our app. Raises a SendFailed."""
        return await self._subscribed(account_id, actor, self._registry.subscribe, "account.subscribed")

    async def unsubscribe(self, account_id: int, actor: str) -> Account:
        """Let them come no more, those of all numbers of that business account. Raises a SendFailed, or Refused while there are others."""
        account = await self._account(account_id)
        async with self._store.read() as uow:
            sharing = [each.name for each in await uow.accounts.all() if each.waba_id == account.waba_id]
        if len(sharing) > 1:
            raise Refused("business-shared", accounts=", ".join(sharing))
        return await self._subscribed(account_id, actor, self._registry.unsubscribe, "account.unsubscribed")

    async def _subscribed(
        self, account_id: int, actor: str, change: Callable[[str, str], Awaitable[None]], action: str
    ) -> Account:
        account = await self._account(account_id)
        async with self._store.read() as uow:
            ciphertext = await uow.secrets.get(token_name(account_id))
        if ciphertext is None:
            raise NotFound("token-not-found", account_id=account_id)
        await change(account.waba_id, self._vault.open(ciphertext))
        async with self._store.begin() as uow:
            await uow.audit.add([AuditEntry(self._clock.now(), actor, action, f"account:{account_id}")])
        return account

    # --- inside ----------------------------------------------------------------------------------------------------------------

    async def _account(self, account_id: int) -> Account:
        async with self._store.read() as uow:
            return await registration.found(uow, account_id)

    async def _keep(self, account: Account, checkup: Checkup) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            fresh = await uow.accounts.get(account.id)
            if fresh is None or fresh.state is AccountState.REMOVED:
                return
            told = registration.learnt(fresh, checkup, now)
            if told != fresh:
                await uow.accounts.save(changed=[told])
                decisions.account(fresh, told)
            await registration.learn_limit(uow, told, checkup)

    async def _looked_after(self, account: Account, token: str | None) -> Checkup:
        if token is None:
            return Checkup(
                account.phone_number_id, account.waba_id, checks.WITHOUT_TOKEN, account_id=account.id, name=account.name
            )
        return await self._examined(account.phone_number_id, account.waba_id, token, account)

    async def _examined(
        self, phone_number_id: str, waba_id: str, token: str, account: Account | None = None
    ) -> Checkup:
        """Ask everything at once; each answer or refusal stands for itself."""
        registry, asked_at = self._registry, self._clock.now()
        seen = Seen(
            *await asyncio.gather(
                health.told(registry.inspect_token(token)),
                health.told(registry.business(waba_id, token)),
                health.told(registry.numbers_of(waba_id, token)),
                health.told(registry.number(phone_number_id, token)),
                health.told(_apps(registry, waba_id, token)),
            )
        )
        return self._checkup(phone_number_id, waba_id, seen, account, asked_at)

    def _checkup(
        self, phone_number_id: str, waba_id: str, seen: Seen, account: Account | None, asked_at: datetime
    ) -> Checkup:
        found = checks.findings(seen, phone_number_id, waba_id, self._expected, asked_at)
        return Checkup(
            phone_number_id,
            waba_id,
            found,
            seen.token if isinstance(seen.token, TokenFacts) else None,
            seen.number if isinstance(seen.number, NumberFacts) else None,
            seen.business if isinstance(seen.business, BusinessFacts) else None,
            account.id if account is not None else None,
            account.name if account is not None else "",
            asked_at,
        )


async def _apps(registry: Registry, waba_id: str, token: str) -> tuple[SubscribedApp, ...]:
    return tuple(await registry.subscriptions(waba_id, token))
