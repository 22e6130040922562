"""Remembering whom we erased without remembering them.

A person's words (`crm/policy/erasure.py`) are kept as hashes under a key that only the vault opens: they tell that somebody was erased
when that somebody is named again, and nothing to whoever reads the table. The key is made by the first erasure; until then nothing is
looked up.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from secrets import token_hex

from crm.model.contacts import Contact
from crm.model.erasure import Mark
from crm.policy import erasure
from crm.ports import UnitOfWork, Vault

SECRET = "erased"
"""The name of the key among the secrets."""
NEWS_FOR = timedelta(days=31)
"""So long may Meta still tell something of a message (reference 3: its time to live), and a webhook be delivered again."""


class ErasedPeople:
    """Who was erased. One look per batch of webhooks."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key: bytes | None = None

    async def among(self, uow: UnitOfWork, words: Collection[str]) -> dict[str, Mark]:
        """Those of the words that were erased, with when."""
        key = await self._known(uow) if words else None
        if key is None:
            return {}
        marks = {_mark(key, word): word for word in words}
        return {marks[found.mark]: found for found in await uow.erasure.known(marks)}

    async def remember(
        self, uow: UnitOfWork, contact: Contact, words: Iterable[str], of_messages: Iterable[str], now: datetime
    ) -> None:
        """Keep the words of a person for ever, those of their messages as long as news of these may come."""
        key = await self._known(uow)
        if key is None:
            made = token_hex(32)
            await uow.secrets.put(SECRET, self._vault.seal(made), now)
            key = self._key = bytes.fromhex(made)
        said = [Mark(_mark(key, each), now, contact.opted_out, contact.marketing_opted_out) for each in set(words)]
        said += [Mark(_mark(key, each), now, until=now + NEWS_FOR) for each in set(of_messages)]
        await uow.erasure.remember(said)

    async def _known(self, uow: UnitOfWork) -> bytes | None:
        if self._key is None:
            sealed = await uow.secrets.get(SECRET)
            self._key = bytes.fromhex(self._vault.open(sealed)) if sealed is not None else None
        return self._key


def words_of_messages(messages: Iterable[str], opaques: Iterable[str]) -> list[str]:
    """What late news of messages may name."""
    return [erasure.message_word(each) for each in messages] + [erasure.opaque_word(each) for each in opaques]


def _mark(key: bytes, word: str) -> str:
    return blake2b(word.encode(), key=key, digest_size=16).hexdigest()
