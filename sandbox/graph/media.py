"""Media as Meta keeps them: ids that die, addresses that live five minutes and want the bearer.

Reference: section 7 "Media" (uploaded ids 30 days, inbound ids 7 days, sizes and MIME types, 131053).
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.graph.errors import GraphError, Json

URL_LIVES = timedelta(minutes=5)
UPLOAD_LIVES, INBOUND_LIVES = timedelta(days=30), timedelta(days=7)
MB = 1024 * 1024

LIMITS: dict[str, tuple[int, frozenset[str]]] = {
    "audio": (16 * MB, frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})),
    "image": (5 * MB, frozenset({"image/jpeg", "image/png"})),
    "video": (16 * MB, frozenset({"video/mp4", "video/3gpp"})),
    "sticker": (500 * 1024, frozenset({"image/webp"})),
    "document": (
        100 * MB,
        frozenset(
            {
                "application/pdf",
                "text/plain",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            }
        ),
    ),
}
"""What may be uploaded: size and MIME types by kind."""


@dataclass(frozen=True, slots=True)
class Media:
    """Stored bytes and when their id dies."""

    id: str
    content: bytes
    mime_type: str
    sha256: str
    expires_at: datetime


class MediaStore:
    """All media of the platform, and the short-lived addresses handed out for them."""

    def __init__(self) -> None:
        self._media: dict[str, Media] = {}
        self._urls: dict[str, tuple[str, datetime]] = {}

    def add(self, content: bytes, mime_type: str, now: datetime, lives: timedelta) -> Media:
        identifier = str(secrets.randbelow(9 * 10**14) + 10**14)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        media = self._media[identifier] = Media(identifier, content, mime_type, digest, now + lives)
        return media

    def upload(self, content: bytes, mime_type: str, now: datetime) -> Media:
        """Take an upload of the business, or refuse its type or size (131053)."""
        plain = mime_type.partition(";")[0].strip().lower()
        limit = next((limit for limit, types in LIMITS.values() if plain in types), None)
        if limit is None:
            raise GraphError(100, f"Param file must be a file with one of the supported types; received {plain}.")
        if not content or len(content) > limit:
            raise GraphError(131053, f"File size {len(content)} is not between 1 and {limit} bytes")
        return self.add(content, mime_type, now, UPLOAD_LIVES)

    def find(self, identifier: str, now: datetime) -> Media | None:
        media = self._media.get(identifier)
        return media if media is not None and now < media.expires_at else None

    def kept(self, identifier: str) -> Media | None:
        """Return what a phone still shows, though the platform's id has died."""
        return self._media.get(identifier)

    def delete(self, identifier: str) -> bool:
        return self._media.pop(identifier, None) is not None

    def spoil(self, identifier: str) -> None:
        """Lose the second half of a file; the hash that was promised stays."""
        media = self._media[identifier]
        self._media[identifier] = replace(media, content=media.content[: len(media.content) // 2])

    def expire(self, identifier: str, now: datetime) -> None:
        """Let an id die now; the phone goes on showing its file."""
        self._media[identifier] = replace(self._media[identifier], expires_at=now)

    def path(self, media: Media, now: datetime) -> str:
        """Hand out an address that works for five minutes."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = (media.id, now + URL_LIVES)
        return f"/media-files/{key}"

    def open(self, key: str, now: datetime) -> Media | None:
        """Return what an address points to while it lives."""
        identifier, expires_at = self._urls.get(key, ("", now))
        return self.find(identifier, now) if now < expires_at else None

    def describe(self, media: Media, url: str) -> Json:
        """Return the answer of `GET /{media_id}`; `file_size` is a string, as Meta writes it."""
        return {
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": str(len(media.content)),
            "id": media.id,
        }
