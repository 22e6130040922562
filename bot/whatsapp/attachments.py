"""The file that came with a message: its id at Meta, and what Meta says of it (reference 1.1 and 7).

Only the id is needed, for everything else is asked for again when the file is fetched. The address in the webhook is not used: it
lives five minutes, and a webhook may come much later.
"""

import base64
import binascii
import re
from typing import Any

from bot.whatsapp.wire import clean, identifier, section, string
from crm.model.media import Attachment, MediaKind

MEDIA_KINDS = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "document": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}
_HEX = re.compile(r"[0-9a-fA-F]{64}")
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}", re.ASCII)
UNKNOWN_TYPE = "application/octet-stream"


def attachment_of(kind: str, message: dict[str, Any]) -> Attachment | None:
    """The file of a message of this kind; None when it has none, or none that could be fetched."""
    known = MEDIA_KINDS.get(kind)
    if known is None:
        return None
    content = section(message, kind)
    meta_id = identifier(content.get("id"))
    if meta_id is None or not (meta_id.isascii() and meta_id.isdigit() and len(meta_id) <= 32):
        return None
    if known is MediaKind.AUDIO and content.get("voice") is True:
        known = MediaKind.VOICE
    return Attachment(
        kind=known,
        meta_id=meta_id,
        mime_type=media_type(content.get("mime_type")),
        name=file_name(content.get("filename")),
        sha256=digest(content.get("sha256")),
    )


def media_type(value: Any) -> str:
    """A MIME type without its parameters, or the one that promises nothing."""
    plain = (string(value, 200) or "").partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else UNKNOWN_TYPE


def file_name(value: Any) -> str | None:
    """A name without folders and without what could disguise its ending, at most 120 characters long."""
    text = string(value, 1_000)
    if text is None:
        return None
    last = re.split(r"[/\\]", clean(text))[-1]
    kept = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > 120:
        kept = f"{stem[: 119 - len(ending[:20])]}{dot}{ending[:20]}" if dot else kept[:120]
    return kept or None


def digest(value: Any) -> str | None:
    """A SHA-256 in hexadecimal, from base64 (as Meta's examples have it) or hexadecimal; None when it is neither."""
    text = string(value, 200)
    if text is None:
        return None
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == 32 else None
