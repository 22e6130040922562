"""Files that come with an act: as base64 in the values, checked as the real platforms would."""

import base64
import binascii
from dataclasses import dataclass

from pydantic import Field

from sandbox.acts.act import Args
from sandbox.acts.refused import Refused
from sandbox.graph.media import LIMITS

LARGEST = 16 * 1024 * 1024
"""What a page may hand in, in bytes; larger files prove nothing more."""


class File(Args):
    name: str = Field(min_length=1, max_length=128)
    mime_type: str = Field(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9.+-]+)?$", max_length=128)
    base64: str = Field(max_length=LARGEST * 4 // 3 + 4)


@dataclass(frozen=True, slots=True)
class Content:
    """A file in hand."""

    name: str
    mime_type: str
    content: bytes


def read(file: File) -> Content:
    """Return the bytes. Raises Refused when they are none."""
    try:
        content = base64.b64decode(file.base64, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("no-base64", name=file.name) from None
    if not content:
        raise Refused("file-empty", name=file.name)
    return Content(file.name, file.mime_type, content)


def checked(file: File, kind: str) -> Content:
    """Return the bytes of a WhatsApp message, if a phone would send such a thing."""
    found = read(file)
    limit, types = LIMITS[kind]
    if kind != "document" and found.mime_type.partition(";")[0] not in types:
        raise Refused("wrong-kind-of-file", kind=kind, given=file.mime_type, types=", ".join(sorted(types)))
    if len(found.content) > limit:
        raise Refused("file-too-large", name=file.name, limit=limit)
    return found
