"""Asking a phone in coexistence for its address book and its history, and how far that is (reference 8).

Meta lets each be asked for once, within 24 hours of onboarding. Asking again does no harm, for Meta refuses it, so an answer that never
came may simply be asked for again. What comes then is the inbox's work.
"""

from collections.abc import Collection

from crm.clock import Clock
from crm.errors import NotFound, Refused, SendRejected
from crm.model.accounts import Account, token_name
from crm.model.agents import Agent
from crm.model.audit import AuditEntry
from crm.model.imports import Haul, Import, Imported, Sync
from crm.model.records import replace
from crm.policy import imports, permissions
from crm.policy.permissions import Capability
from crm.ports import PhoneLink, Store, Vault


class ImportService:
    def __init__(self, store: Store, link: PhoneLink, clock: Clock, vault: Vault) -> None:
        self._store = store
        self._link = link
        self._clock = clock
        self._vault = vault

    async def ask(self, by: Agent | None, account_id: int, wanted: Collection[Sync] = tuple(Sync)) -> Imported:
        """Ask for the address book, then the history. `by` None is the machine's own operator.

        What Meta has handed over already is passed by while something else was still to be had. Raises Refused `not-in-coexistence`;
        SendRejected `sync-asked-before` or `sync-too-late` as Meta says so (2593107, 2593108).
        """
        if by is not None:
            permissions.require(by, Capability.ACCOUNTS)
        async with self._store.read() as uow:
            account = await uow.accounts.get(account_id)
            sealed = await uow.secrets.get(token_name(account_id))
        if account is None:
            raise NotFound("account-not-found")
        if not account.coexistence:
            raise Refused("not-in-coexistence")
        if sealed is None:
            raise NotFound("token-not-found", account_id=account_id)
        token, actor = self._vault.open(sealed), "cli" if by is None else f"agent:{by.id}"
        refused: SendRejected | None = None
        handed = 0
        for each in (one for one in Sync if one in wanted):
            try:
                await self._link.hand_over(account.phone_number_id, each, token)
                handed += 1
            except SendRejected as refusal:
                if refusal.code != "sync-asked-before":
                    raise
                refused = refusal
            await self._asked(account, each, actor)
        if refused is not None and not handed:
            raise refused
        return await self.progress(account_id)

    async def _asked(self, account: Account, sync: Sync, actor: str) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            known = (await uow.imports.of([account.id])).get(account.id) or Import(account.id)
            match sync:
                case Sync.CONTACTS:
                    known = replace(known, contacts_asked_at=now)
                case Sync.HISTORY:
                    known = replace(known, history_asked_at=now)
            await uow.imports.save([known])
            subject = f"account:{account.id}"
            await uow.audit.add([AuditEntry(now, actor, "account.sync", subject, after={"asked": sync.value})])

    async def progress(self, account_id: int, by: Agent | None = None) -> Imported:
        """How far one import is, with all counts; admins see it, and the machine's own operator (`by` None)."""
        if by is not None:
            permissions.require(by, Capability.ACCOUNTS)
        async with self._store.read() as uow:
            account = await uow.accounts.get(account_id)
            if account is None:
                raise NotFound("account-not-found")
            known = (await uow.imports.of([account_id])).get(account_id) or Import(account_id)
            haul = await uow.imports.haul(account_id) if known.heard_at else Haul(0, 0, 0, 0, 0)
        return Imported(account_id, account.name, imports.state(known, haul.waiting), known, haul)
