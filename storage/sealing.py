"""A file that only the vault's keys open, written and read as a stream.

Frames of AES-256-GCM, numbered, the last one marked: what was cut off, put in another order or changed is found. The key of each file
comes from a key of the vault and a salt of the file's own, so that numbers may serve as nonces.
"""

import hmac
import io
import os
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.errors import Refused, Unreadable

MAGIC = b"CENTRALITA-BACKUP-1\n"
FRAME = 256 * 1024
_SALT = 32
_TAG = 16


def broken(problem: str) -> Unreadable:
    """The error for a backup that is not what was written."""
    return Unreadable("backup-broken", problem=problem)


class SealingWriter(io.RawIOBase):
    """Encrypts what is written; `close` writes the last frame."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        super().__init__()
        salt = os.urandom(_SALT)
        self._file, self._cipher = file, _cipher(key, salt)
        self._held = bytearray()
        self._number = 0
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        given = bytes(data)  # type: ignore[call-overload]
        self._held += given
        while len(self._held) > FRAME:
            self._frame(bytes(self._held[:FRAME]), last=False)
            del self._held[:FRAME]
        return len(given)

    def close(self) -> None:
        if not self.closed:
            self._frame(bytes(self._held), last=True)
        super().close()

    def _frame(self, content: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), content, MAGIC)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Gives back what was sealed. Raises Refused for a stranger's key, Unreadable for a file that was changed or cut off."""

    def __init__(self, file: BinaryIO, keys: Sequence[bytes]) -> None:
        super().__init__()
        if file.read(len(MAGIC)) != MAGIC:
            raise broken("not a backup")
        salt = file.read(_SALT)
        self._file = file
        self._ciphers = [_cipher(key, salt) for key in keys]
        self._held = b""
        self._number = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        while not self._held and not self._ended:
            self._held = self._next()
        view = memoryview(buffer)  # type: ignore[arg-type]
        taken = self._held[: len(view)]
        view[: len(taken)] = taken
        self._held = self._held[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        size = int.from_bytes(self._file.read(4), "big")
        sealed = self._file.read(size) if _TAG <= size <= FRAME + _TAG else b""
        if not sealed or len(sealed) < size:
            raise broken("cut off")
        for cipher in self._ciphers:
            for last in (False, True):
                try:
                    content = cipher.decrypt(_nonce(self._number, last=last), sealed, MAGIC)
                except InvalidTag:
                    continue
                self._ciphers, self._ended, self._number = [cipher], last, self._number + 1
                return content
        if self._number == 0:
            raise Refused("backup-key")
        raise broken("changed")


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, salt, "sha256"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
