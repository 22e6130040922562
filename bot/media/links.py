"""Addresses of files for people without an account here: signed, good for some days, and the same for a whole day.

Whoever has one may look, until it ends; nothing else lets anybody in. The signature covers which file, which form of it and until
when. The end is moved to a full day, so that the address repeats and a CDN in front has something to keep. Keys are derived from
the vault's: a new key in front signs, the older ones still open what they signed.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crm.model.ids import short

PURPOSE = "media links"
DAY = 86_400
WHOLE, THUMBNAIL = "", "thumbnail"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses and knows its own again. Without a public address of ours there are none."""

    keys: Sequence[bytes] = field(repr=False)
    public_url: str
    lives: timedelta

    def to(self, media_id: int, now: datetime, form: str = WHOLE) -> str | None:
        """The address of a file, or of its thumbnail."""
        if not self.public_url:
            return None
        until = -(int((now + self.lives).timestamp()) // -DAY) * DAY
        return f"{self.public_url.rstrip('/')}{path(media_id, form)}?until={until}&key={self._sign(0, media_id, form, until)}"

    def opens(self, media_id: int, form: str, until: str, key: str, now: datetime) -> timedelta | None:
        """How long this still opens the file; None when it never did, zero when its time is over."""
        if not (until.isascii() and until.isdigit() and len(until) <= 12 and key.isascii()):
            return None
        ours = [self._sign(number, media_id, form, int(until)) for number in range(len(self.keys))]
        if not any(hmac.compare_digest(each, key) for each in ours):
            return None
        return max(datetime.fromtimestamp(int(until), UTC) - now, timedelta(0))

    def _sign(self, number: int, media_id: int, form: str, until: int) -> str:
        said = f"{media_id}/{form}/{until}".encode()
        return hmac.digest(self.keys[number], said, "sha256").hex()[:40]


def path(media_id: int, form: str = WHOLE) -> str:
    """Where the file is on our server."""
    return f"/media/{short(media_id)}{'/' if form else ''}{form}"
