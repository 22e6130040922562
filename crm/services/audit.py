"""The audit log as a chain: sealing what was written, and proving that nothing of it was changed since."""

from datetime import timedelta

from crm.clock import Clock
from crm.model.audit import AuditEntry, Seal, Verdict
from crm.policy import chain
from crm.ports import Store

SETTLED = timedelta(minutes=10)
"""Entries younger than this are left for the next seal: a transaction that began before may still bring one with a smaller id."""
AT_ONCE = 1_000


class AuditService:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def seal(self) -> dict[str, int]:
        """Seal what has settled; return how many entries."""
        now = self._clock.now()
        sealed = 0
        while True:
            async with self._store.begin() as uow:
                last = await uow.audit.last_seal()
                after, previous = (last.up_to, last.digest) if last else (0, chain.BEGINNING)
                found = []
                for number, entry in await uow.audit.following(after, AT_ONCE):
                    if entry.at > now - SETTLED:
                        break
                    found.append((number, entry))
                if found:
                    await uow.audit.seal(Seal(found[-1][0], len(found), chain.link(previous, found), now))
            sealed += len(found)
            if len(found) < AT_ONCE:
                return {"sealed": sealed}

    async def verify(self) -> Verdict:
        """Read everything again and compare it with its seals."""
        seals = entries = after = 0
        digest = chain.BEGINNING
        async with self._store.read() as uow:
            while found := await uow.audit.seals(after, AT_ONCE):
                for seal in found:
                    closed = await uow.audit.between(after, seal.up_to)
                    if len(closed) != seal.count or chain.link(digest, closed) != seal.digest:
                        return Verdict(seals, entries, digest, 0, seal)
                    seals, entries, after, digest = seals + 1, entries + seal.count, seal.up_to, seal.digest
            waiting = len(await uow.audit.following(after, AT_ONCE))
        return Verdict(seals, entries, digest, waiting)

    async def about(self, subject: str, limit: int) -> list[AuditEntry]:
        """What was changed of a subject such as `contact:12`, newest first."""
        async with self._store.read() as uow:
            return await uow.audit.of(subject, limit)
