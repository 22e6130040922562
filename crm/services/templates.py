"""Templates are Meta's; we keep a copy to choose from and to check against: fetched by a job, soon after news that ask for it, and on
command. What is found out on the way (one is gone, another may be used again) is told like news by webhook."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from crm import template_news
from crm.clock import Clock
from crm.errors import NotFound, SendFailed
from crm.model.accounts import token_name
from crm.model.agents import Agent
from crm.model.templates import Template, TemplateFacts
from crm.policy import permissions, templates
from crm.policy.permissions import Capability
from crm.ports import Gateway, Store, UnitOfWork, Vault

log = structlog.get_logger(__name__)


class TemplateService:
    def __init__(self, store: Store, gateway: Gateway, clock: Clock, vault: Vault) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._vault = vault

    async def refresh(self) -> dict[str, int]:
        """Fetch the templates of every business account; one that fails keeps what it had."""
        return await self._refresh(None)

    async def refresh_stale(self) -> dict[str, int]:
        """Fetch where news asked for it, or where a pause should be over."""
        async with self._store.read() as uow:
            stale = await uow.templates.stale_accounts(self._clock.now())
        return await self._refresh(stale) if stale else {}

    async def all(self) -> list[Template]:
        """Every template of every business account of ours that Meta still has, by name and language."""
        async with self._store.read() as uow:
            return await _all(uow)

    async def listing(self, by: Agent) -> list[Template]:
        """The same for a person."""
        permissions.require(by, Capability.READ)
        return await self.all()

    async def one(self, by: Agent, template_id: int) -> Template:
        permissions.require(by, Capability.READ)
        async with self._store.read() as uow:
            found = await uow.templates.get(template_id)
        if found is None:
            raise NotFound("template-not-found")
        return found

    async def _refresh(self, only: set[str] | None) -> dict[str, int]:
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            sealed = await uow.secrets.all()
        tokens = {a.waba_id: sealed[token_name(a.id)] for a in accounts if token_name(a.id) in sealed}
        counts = {"templates": 0, "failed": 0}
        for waba_id, ciphertext in tokens.items():
            if only is not None and waba_id not in only:
                continue
            asked_at = self._clock.now()
            try:
                found = await self._gateway.templates(waba_id, self._vault.open(ciphertext))
            except SendFailed as error:
                log.warning("template_refresh_failed", waba_id=waba_id, error=error.code)
                counts["failed"] += 1
                continue
            async with self._store.begin() as uow:
                await _keep(uow, waba_id, found, asked_at, self._clock.now())
            counts["templates"] += len(found)
        return counts


async def _all(uow: UnitOfWork) -> list[Template]:
    businesses = sorted({account.waba_id for account in await uow.accounts.all()})
    return [each for waba_id in businesses for each in await uow.templates.of(waba_id) if not each.deleted]


async def _keep(
    uow: UnitOfWork, waba_id: str, found: Sequence[TemplateFacts], asked_at: datetime, now: datetime
) -> None:
    """Believe a list as of the moment at which it was asked for."""
    known = {(each.name, each.language): each for each in await uow.templates.of(waba_id)}
    new: list[Template] = []
    news: list[tuple[Template, templates.Learnt]] = []
    for (name, language), facts in {(each.name, each.language): each for each in found}.items():
        before = known.pop((name, language), None)
        learnt = templates.fetched(before, 0 if before else uow.ids.next(), waba_id, facts, asked_at)
        if before is None:
            new.append(learnt.template)
        else:
            news.append((before, learnt))
    news += [(each, templates.not_listed(each, asked_at)) for each in known.values()]
    changed = [learnt.template for before, learnt in news if learnt.template != before]
    await uow.templates.save(new, changed)
    await template_news.tell(uow, [learnt for _, learnt in news], now)
