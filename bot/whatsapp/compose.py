"""A parcel in the words of the Graph API, checked before it costs a call.

Meta answers a malformed message with a code that does not say where; the preflight names the field instead, in a
SendRejected. The phone always carries its plus, without which Meta puts the country code of the business in front
(reference 3).
"""

import mimetypes
import re
from typing import Any

from bot.whatsapp import contents, template_body
from bot.whatsapp.preflight import CONTEXT_LIMIT
from bot.whatsapp.wire import clean
from crm.errors import SendRejected
from crm.model.media import MediaKind
from crm.model.outbox import Address, Enclosed, Parcel
from crm.policy import captions

TEXT_LIMIT = 4_096
OPAQUE_LIMIT = 512

_PHONE = re.compile(r"\+[0-9]{5,20}", re.ASCII)
_BSUID = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9.]{1,150}", re.ASCII)
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_NUMBER_ID = re.compile(r"[0-9]{1,32}", re.ASCII)


def compose(parcel: Parcel) -> dict[str, Any]:
    """Return the body for `POST /{phone_number_id}/messages`.

    Raises SendRejected naming the field that Meta would not take.
    """
    if not _NUMBER_ID.fullmatch(parcel.phone_number_id):
        raise _refused("number-invalid", "phone_number_id: not a number")
    if not 0 < len(parcel.opaque) <= OPAQUE_LIMIT:
        raise _refused("opaque-invalid", f"opaque: {len(parcel.opaque)} characters, 1 to {OPAQUE_LIMIT} are allowed")
    message: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(parcel.to),
        **_content(parcel),
        "biz_opaque_callback_data": parcel.opaque,
    }
    if parcel.reply_to_wamid and message["type"] != "reaction":
        if len(parcel.reply_to_wamid) > CONTEXT_LIMIT:
            raise _refused("context-invalid", f"context.message_id: at most {CONTEXT_LIMIT} characters are allowed")
        message["context"] = {"message_id": parcel.reply_to_wamid}
    return message


def _recipient(address: Address) -> dict[str, str]:
    if address.phone:
        phone = address.phone if address.phone.startswith("+") else f"+{address.phone}"
        if not _PHONE.fullmatch(phone):
            raise _refused("recipient-invalid", "to: not a plus and digits")
        return {"to": phone}
    if not address.bsuid:
        raise _refused("recipient-invalid", "to: neither a phone nor a business-scoped user id")
    if not _BSUID.fullmatch(address.bsuid):
        raise _refused("recipient-invalid", "recipient: not a business-scoped user id")
    return {"recipient": address.bsuid}


def _content(parcel: Parcel) -> dict[str, Any]:
    if parcel.template is not None:
        return template_body.template(parcel.template, parcel.enclosed)
    if parcel.content is not None:
        return contents.compose(parcel.content)
    return _text(parcel.text) if parcel.enclosed is None else _file(parcel.enclosed, parcel.text)


def _file(enclosed: Enclosed, caption: str) -> dict[str, Any]:
    """A file by the id that Meta gave it. A voice note is a sound that says so."""
    if not enclosed.meta_id or not _MEDIA_ID.fullmatch(enclosed.meta_id):
        raise _refused("media-unavailable", "id: the file was not uploaded")
    kind, words = enclosed.kind, clean(caption).strip()
    limit = captions.longest(kind)
    if len(words) > limit:
        raise _refused("caption-too-long", f"caption: {len(words)} characters, at most {limit} are allowed")
    content: dict[str, Any] = {"id": enclosed.meta_id}
    if words:
        content["caption"] = words
    if kind is MediaKind.DOCUMENT:
        content["filename"] = clean(enclosed.name or "") or _nameless(enclosed.mime_type)
    if kind is MediaKind.VOICE:
        content["voice"] = True
    return {"type": kind.message_kind, kind.message_kind: content}


def _nameless(mime_type: str) -> str:
    return f"file{mimetypes.guess_extension(mime_type.partition(';')[0].strip()) or ''}"


def _text(text: str) -> dict[str, Any]:
    body = clean(text)
    if not body.strip():
        raise _refused("text-empty", "text: empty")
    if len(body) > TEXT_LIMIT:
        raise _refused("text-too-long", f"text: {len(body)} characters, at most {TEXT_LIMIT} are allowed")
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _refused(code: str, detail: str) -> SendRejected:
    return SendRejected(code, detail=detail)
