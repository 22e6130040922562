"""Forms for handing over a token: opened for one administrator and one account, taken once, known by a hash only.

Looking at a form uses nothing up, for whoever previews links (Telegram does) looks as well. Who hands something in takes the form; it is
given back when that was no good, a few times.
"""

import hashlib
from dataclasses import dataclass
from secrets import token_urlsafe

from crm import effects, registration
from crm.clock import Clock
from crm.model.accounts import Account, AccountState
from crm.model.agents import Agent
from crm.model.alerts import NoticeKind
from crm.model.audit import AuditEntry
from crm.model.token_forms import LIVES, MOST_TRIES, TokenForm
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import Store, UnitOfWork

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that may be filled in, with whose it is and what for."""

    form: TokenForm
    account: Account
    agent: Agent

    @property
    def tries_left(self) -> int:
        return MOST_TRIES - self.form.tries


class TokenFormService:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def open(self, by: Agent, account_id: int) -> str:
        """Open a form for an administrator; return its secret, which is kept nowhere. An earlier one of theirs ends."""
        permissions.require(by, Capability.ACCOUNTS)
        secret, now = token_urlsafe(SECRET_BYTES), self._clock.now()
        async with self._store.begin() as uow:
            account = await registration.found(uow, account_id)
            await uow.token_forms.add(TokenForm(_hash(secret), account.id, by.id, now + LIVES))
            entry = AuditEntry(now, f"agent:{by.id}", "account.token_form", f"account:{account.id}")
            await uow.audit.add([entry])
        return secret

    async def look(self, secret: str) -> OpenForm | None:
        """The form behind a secret, if it is still open and whoever asked for it may still have it."""
        async with self._store.read() as uow:
            return await _known(uow, await uow.token_forms.find(_hash(secret), self._clock.now()))

    async def take(self, secret: str) -> OpenForm | None:
        """The same, and nobody else can take it any more until it is given back."""
        async with self._store.begin() as uow:
            return await _known(uow, await uow.token_forms.take(_hash(secret), self._clock.now(), MOST_TRIES))

    async def give_back(self, taken: OpenForm) -> None:
        """What was handed in was no good: something else may be, a few times."""
        if taken.tries_left <= 0:
            return
        async with self._store.begin() as uow:
            await uow.token_forms.give_back(taken.form.code_hash)

    async def tell(self, done: OpenForm) -> None:
        """Tell all administrators, also the one who did it, that a token was replaced."""
        now = self._clock.now()
        params = {"account": done.account.name, "account_id": done.account.id, "by": done.agent.name}
        async with self._store.begin() as uow:
            team = effects.recipients(await uow.agents.all(), None, admins_only=True)
            await uow.notices.add(
                [effects.notice(uow, each.id, NoticeKind.TOKEN, done.account.id, now, params=params) for each in team]
            )


async def _known(uow: UnitOfWork, form: TokenForm | None) -> OpenForm | None:
    if form is None:
        return None
    account, agent = await uow.accounts.get(form.account_id), await uow.agents.get(form.agent_id)
    if account is None or account.state is AccountState.REMOVED:
        return None
    if agent is None or not permissions.may(agent, Capability.ACCOUNTS):
        return None
    return OpenForm(form, account, agent)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
