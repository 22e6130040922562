"""Templates are Meta's; we keep a copy to choose from and to check against, refreshed by a job."""

from datetime import datetime

import structlog

from crm.clock import Clock
from crm.errors import SendFailed
from crm.model.accounts import token_name
from crm.model.templates import Template
from crm.ports import Gateway, Store, TemplateFacts, Vault

log = structlog.get_logger(__name__)


class TemplateService:
    def __init__(self, store: Store, gateway: Gateway, clock: Clock, vault: Vault) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._vault = vault

    async def refresh(self) -> dict[str, int]:
        """Fetch the templates of every business account; one that fails keeps what it had."""
        async with self._store.read() as uow:
            accounts = await uow.accounts.all()
            sealed = await uow.secrets.all()
        tokens = {a.waba_id: sealed[token_name(a.id)] for a in accounts if token_name(a.id) in sealed}
        counts = {"templates": 0, "failed": 0}
        for waba_id, ciphertext in tokens.items():
            try:
                found = await self._gateway.templates(waba_id, self._vault.open(ciphertext))
            except SendFailed as error:
                log.warning("template_refresh_failed", waba_id=waba_id, error=error.code)
                counts["failed"] += 1
                continue
            now = self._clock.now()
            async with self._store.begin() as uow:
                await uow.templates.replace(waba_id, [_template(uow.ids.next(), waba_id, f, now) for f in found])
            counts["templates"] += len(found)
        return counts


def _template(number: int, waba_id: str, facts: TemplateFacts, now: datetime) -> Template:
    return Template(
        id=number,
        waba_id=waba_id,
        name=facts.name,
        language=facts.language,
        category=facts.category,
        status=facts.status,
        body=facts.body,
        parameter_count=facts.parameter_count,
        updated_at=now,
    )
