"""Files of agents, on their way to a customer: made fit for WhatsApp and kept, before anything is written down about them.

Bytes lie in the object store under their own hash, so that doing it twice keeps one copy. What becomes of the file is decided where
every answer is (`ConversationService.reply`).
"""

import asyncio
import hashlib
import unicodedata

from crm.errors import Refused
from crm.model.agents import Agent
from crm.model.media import KeptFile, MediaKind
from crm.policy import permissions
from crm.policy.permissions import Capability
from crm.ports import MediaStore, Pictures

LONGEST_NAME = 240


class FileService:
    def __init__(self, objects: MediaStore, pictures: Pictures) -> None:
        self._objects = objects
        self._pictures = pictures

    async def keep(self, by: Agent, kind: MediaKind, content: bytes, mime_type: str, name: str | None) -> KeptFile:
        """Make a file fit for WhatsApp and keep it. Refused with what is wrong with it."""
        permissions.require(by, Capability.REPLY)
        if not content:
            raise Refused("file-empty")
        fitted = await self._pictures.for_whatsapp(kind, content, mime_type)
        key = await asyncio.to_thread(_digest, fitted.content)
        await self._objects.put(key, fitted.content, fitted.mime_type)
        return KeptFile(kind, key, fitted.mime_type, _harmless(name), len(fitted.content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _harmless(name: str | None) -> str | None:
    """A file's name without folders and without what cannot be seen; the end, which says what it is, stays."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    return seen[-LONGEST_NAME:] or None
