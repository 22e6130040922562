"""What WhatsApp takes, by kind: types and sizes.

Source: `whatsapp-cloud-api`, section 7, after Meta's page "Media" of 2 December 2025. Meta answers 131053 to everything else, and
only after the upload; a size is refused by type, whatever the file is sent as.
"""

from dataclasses import dataclass

from crm.errors import Refused
from crm.model.media import MediaKind

KB, MB = 1024, 1024 * 1024

JPEG, PNG, WEBP, MP4, OGG, TEXT = "image/jpeg", "image/png", "image/webp", "video/mp4", "audio/ogg", "text/plain"
PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Rule:
    """The types of one kind, and the most bytes of each."""

    types: frozenset[str]
    limit: int


RULES: dict[MediaKind, Rule] = {
    MediaKind.IMAGE: Rule(frozenset({JPEG, PNG}), 5 * MB),
    MediaKind.VIDEO: Rule(frozenset({MP4, "video/3gpp"}), 16 * MB),
    MediaKind.AUDIO: Rule(frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", OGG}), 16 * MB),
    MediaKind.VOICE: Rule(frozenset({OGG}), 16 * MB),
    MediaKind.STICKER: Rule(frozenset({WEBP}), 500 * KB),
    MediaKind.DOCUMENT: Rule(
        frozenset(
            {
                PDF,
                TEXT,
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{OFFICE}wordprocessingml.document",
                f"{OFFICE}spreadsheetml.sheet",
                f"{OFFICE}presentationml.presentation",
            }
        ),
        100 * MB,
    ),
}
STILL_STICKER = 100 * KB
PLAYABLE_VOICE = 512 * KB
"""Up to this size a voice note shows a play button at once; beyond it, an arrow to download it first."""


def plain(mime_type: str) -> str:
    """Return a MIME type without its parameters."""
    return mime_type.partition(";")[0].strip().lower()


def check(kind: MediaKind, mime_type: str, size: int) -> None:
    """Refuse what Meta would refuse. A picture or a film may also be sent as a document, at its own size."""
    wanted = plain(mime_type)
    rule = RULES[kind]
    if wanted not in rule.types:
        others = (other for other in RULES.values() if wanted in other.types)
        found = next(others, None) if kind is MediaKind.DOCUMENT else None
        if found is None:
            raise Refused("file-type", type=wanted)
        rule = found
    if size > rule.limit:
        raise Refused(
            "file-too-large", limit=f"{rule.limit // MB} MB" if rule.limit >= MB else f"{rule.limit // KB} KB"
        )
