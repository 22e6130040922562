"""Sealing secrets: MultiFernet over one or more keys. The first key seals, all of them open, so keys can be changed
without a gap.

A key file holds one key per line and belongs to its owner alone; a file that others may read is refused.
"""

import hmac
import os
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from crm.errors import Misconfigured
from crm.ports import Store

SETTING = "vault.key_file"


def generate_key() -> str:
    """Make a new key."""
    return Fernet.generate_key().decode()


def create_key_file(path: Path) -> None:
    """Write a new key into a new file that only its owner may read; an existing file is never touched."""
    _write_new(path, generate_key() + "\n")


def read_key_file(path: Path) -> list[str]:
    """Read the keys, the sealing one first."""
    try:
        with path.open() as file:
            status = os.fstat(file.fileno())
            if stat.S_IMODE(status.st_mode) & 0o077:
                raise Misconfigured(SETTING, f"others may read {path}: chmod 600 it")
            if status.st_uid != os.geteuid():
                raise Misconfigured(SETTING, f"{path} belongs to another user")
            lines = [line.strip() for line in file]
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(SETTING, f"cannot read {path}: {error}") from error
    return [line for line in lines if line and not line.startswith("#")]


def add_key(path: Path) -> None:
    """Put a new key first; the old ones still open what they sealed."""
    _replace(path, [generate_key(), *read_key_file(path)])


def drop_old_keys(path: Path) -> int:
    """Keep only the first key; return how many were dropped. Safe once everything was sealed anew (`reseal`)."""
    newest, *old = read_key_file(path)
    _replace(path, [newest])
    return len(old)


class Vault:
    """Seals and opens with the current keys."""

    def __init__(self, keys: Sequence[str], *, setting: str = "vault.keys") -> None:
        if not keys:
            raise Misconfigured(setting, "there is no key: run `centralita init`")
        self._keys = tuple(keys)
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except (ValueError, TypeError) as error:
            raise Misconfigured(setting, "a key is not 32 bytes in URL-safe base64") from error

    def signers(self, purpose: str) -> list[bytes]:
        """A key for signatures of one purpose from each key of ours, the sealing one's first: sign with it, believe all of them."""
        return [hmac.digest(key.encode(), purpose.encode(), "sha256") for key in self._keys]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Use the keys of a file."""
        return cls(read_key_file(path), setting=SETTING)

    def seal(self, secret: str) -> bytes:
        """Encrypt with the first key."""
        return self._fernet.encrypt(secret.encode())

    def open(self, ciphertext: bytes) -> str:
        """Decrypt with whichever key fits."""
        try:
            return self._fernet.decrypt(ciphertext).decode()
        except InvalidToken as error:
            raise Misconfigured("vault.keys", "no key opens a stored secret") from error

    def rotate(self, ciphertext: bytes) -> bytes:
        """Seal anew with the first key."""
        try:
            return self._fernet.rotate(ciphertext)
        except InvalidToken as error:
            raise Misconfigured("vault.keys", "no key opens a stored secret") from error


async def reseal(store: Store, vault: Vault, now: datetime) -> int:
    """Seal every stored secret anew with the first key, all or none; return how many. The old keys may go then."""
    async with store.begin() as uow:
        sealed = await uow.secrets.all()
        for name, ciphertext in sealed.items():
            await uow.secrets.put(name, vault.rotate(ciphertext), now)
    return len(sealed)


def _write_new(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Misconfigured(SETTING, f"{path} exists already") from error
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, keys: Sequence[str]) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    _write_new(beside, "".join(f"{key}\n" for key in keys))
    beside.replace(path)
