"""The Pictures port: previews, and files as WhatsApp takes them.

All real work is done apart (`worker`); here is only what needs no look into the file, and the last check against Meta's table.
"""

from bot.media.apart import Apart, Limits
from bot.media.preflight import PDF, check
from crm.errors import Refused
from crm.model.media import MediaKind
from crm.ports import Fitted, Picture


class SafePictures:
    """Looks into files in processes of their own."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._apart = Apart(limits)

    async def thumbnail(self, content: bytes, mime_type: str) -> Picture | None:
        """A small picture of an image, a film or a PDF's first page; None of everything else, and of what cannot be read."""
        if not mime_type.startswith(("image/", "video/", PDF)):
            return None
        try:
            made, made_type = await self._apart.run({"task": "thumbnail", "mime_type": mime_type}, content)
        except Refused:
            return None
        return Picture(made, made_type)

    async def for_whatsapp(self, kind: MediaKind, content: bytes, mime_type: str) -> Fitted:
        """The file as WhatsApp takes it, converted where it must be. Raises Refused with what is wrong."""
        order = {"task": "fit", "kind": kind.value, "mime_type": mime_type}
        made, made_type = await self._apart.run(order, content)
        check(kind, made_type, len(made))
        return Fitted(made, made_type)
