"""The file that came with a message: its id at Meta, and what Meta says of it (reference 1.1 and 7).

Only the id is needed, for everything else can be asked for again when the file is fetched. The address that newer webhooks bring saves
that question as long as it lives, five minutes; it is a key by itself, and so it is kept nowhere but with the file that is wanted.
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
LONGEST_URL = 2_000
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
    mime_type, sha256 = media_type(content.get("mime_type")), digest(content.get("sha256"))
    told = sha256 is not None and mime_type != UNKNOWN_TYPE
    return Attachment(
        kind=known,
        meta_id=meta_id,
        mime_type=mime_type,
        name=file_name(content.get("filename")),
        sha256=sha256,
        url=_url(content.get("url")) if told else None,
    )


def _url(value: Any) -> str | None:
    """The address, for one who can tell by type and hash whether what lies there is the file; whose it is, is looked at when it is used."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_URL and value.isprintable() else None


def without_url(kind: str, message: dict[str, Any]) -> dict[str, Any]:
    """The message without the address of its file, as it may be kept and shown."""
    content = message.get(kind)
    if kind not in MEDIA_KINDS or not isinstance(content, dict) or "url" not in content:
        return message
    return {**message, kind: {name: value for name, value in content.items() if name != "url"}}


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
