"""A file that somebody sent: what is known of it, and whether we have it.

The bytes lie in the object store under the hash of what they are, so that the same picture sent a hundred times is kept once. A
row is made in the transaction that makes its message, and before anything is fetched: what is wanted survives the process.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

EXPIRED, DIFFERS, ERASED = "expired", "hash_differs", "erased"
"""What `Media.error` says beside the codes of errors: kept long enough and deleted; not what Meta's hash promised; gone with its
person."""
ERASED_AT = datetime(1970, 1, 1, tzinfo=UTC)
"""`ready_at` of a file that went with its person, so that its bytes go before all others."""
URL_SERVES = timedelta(minutes=4)
"""How long after Meta wrote a webhook the address in it is used: it lives five minutes (reference 7), and fetching takes its time."""


class MediaKind(StrEnum):
    """What it is to a person. `voice` is a note spoken into the phone, `audio` any other sound."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"

    @property
    def message_kind(self) -> str:
        """The kind of the message that carries it: to Meta a spoken note is a sound like others, but for a mark."""
        return MediaKind.AUDIO.value if self is MediaKind.VOICE else self.value


class MediaState(StrEnum):
    """`wanted` is still to be fetched; `stored` lies in the object store; `refused` was not taken, for the reason in `error`; `gone`
    is nowhere any more: Meta forgot it, or it was kept long enough."""

    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a webhook says of a file. `sha256` is hexadecimal, as we write it everywhere; `url` is where it lies for five minutes, for those
    who have a token."""

    kind: MediaKind
    meta_id: str
    mime_type: str
    name: str | None = None
    sha256: str | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """One file. `ready_at`: while it is wanted, the moment from which it may be claimed; then, when it came into its state.

    `sha256` is what Meta says until it is stored, and what it is from then on; `key` is where it lies. An `error` beside `stored`
    says what is odd about it. `url` is the webhook's own address of it, good until `url_until`, and forgotten with the first try.
    """

    id: int
    account_id: int
    message_id: int | None
    meta_id: str | None
    kind: MediaKind
    mime_type: str
    name: str | None
    size: int | None
    sha256: str | None
    state: MediaState
    key: str | None
    thumbnail_key: str | None
    created_at: datetime
    ready_at: datetime
    attempts: int = 0
    error: str | None = None
    url: str | None = field(default=None, repr=False)
    url_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that Meta has from us, for sending from one account; Meta keeps it for thirty days."""

    account_id: int
    key: str
    meta_id: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of an agent's that lies in the object store in the form in which it can leave."""

    kind: MediaKind
    key: str
    mime_type: str
    name: str | None
    size: int


def kept_data(file: KeptFile) -> dict[str, Any]:
    """The file as JSON can hold it."""
    return {**asdict(file), "kind": file.kind.value}


def kept_of(data: Mapping[str, Any]) -> KeptFile:
    """The file again. Raises ValueError for a kind that this version does not know."""
    return KeptFile(MediaKind(data["kind"]), data["key"], data["mime_type"], data["name"], data["size"])


def enclosed(number: int, account_id: int, kept: KeptFile, now: datetime) -> Media:
    """The row of an agent's file; its message is known when there is one."""
    return Media(
        id=number,
        account_id=account_id,
        message_id=None,
        meta_id=None,
        kind=kept.kind,
        mime_type=kept.mime_type,
        name=kept.name,
        size=kept.size,
        sha256=kept.key,
        state=MediaState.STORED,
        key=kept.key,
        thumbnail_key=None,
        created_at=now,
        ready_at=now,
    )


def wanted(
    number: int, account_id: int, message_id: int, attachment: Attachment, sent_at: datetime, now: datetime
) -> Media:
    """The row of a file that has just been heard of, in a message that Meta dated `sent_at`."""
    until = min(sent_at, now) + URL_SERVES
    url = attachment.url if now < until else None
    return Media(
        id=number,
        account_id=account_id,
        message_id=message_id,
        meta_id=attachment.meta_id,
        kind=attachment.kind,
        mime_type=attachment.mime_type,
        name=attachment.name,
        size=None,
        sha256=attachment.sha256,
        state=MediaState.WANTED,
        key=None,
        thumbnail_key=None,
        created_at=now,
        ready_at=now,
        url=url,
        url_until=until if url is not None else None,
    )
