"""What a tag, a field and a note may be. The bounds are those of sequence files, so that whatever is written down here can be asked for
there. One spelling for each: a tag is compared as it is written, so spaces are made single and everything is composed alike."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from crm.errors import Refused

LONGEST_TAG = 40
MOST_TAGS = 50
LONGEST_VALUE = 200
MOST_FIELDS = 50
LONGEST_NOTE = 2000
MOST_NOTES = 200

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,31}")
NAME = "name"
"""Stands for the contact's first name in a sequence's text and can be no field."""


def tag(words: str) -> str:
    """The tag as it is kept. Refused `tag-invalid` when there is nothing, too much, or more than one line of it."""
    kept = _one_line(words)
    if not kept or len(kept) > LONGEST_TAG:
        raise Refused("tag-invalid", most=LONGEST_TAG)
    return kept


def tagged(tags: Iterable[str], added: str) -> frozenset[str]:
    """The tags with one more. Refused `tags-too-many` beyond MOST_TAGS."""
    both = frozenset(tags) | {added}
    if len(both) > MOST_TAGS:
        raise Refused("tags-too-many", most=MOST_TAGS)
    return both


def field_name(words: str) -> str:
    """A field's name as texts of sequences have it in braces: small letters, digits, `_`. Capitals, accents and spaces are put right."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", words) if not unicodedata.combining(each))
    kept = re.sub(r"[\s-]+", "_", plain.strip().casefold())
    if not _FIELD.fullmatch(kept) or kept == NAME:
        raise Refused("field-invalid", field=words.strip()[:40] or "—")
    return kept


def with_field(fields: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """The fields with this one set, or cleared by an empty value. Refused `field-too-long` and `fields-too-many`."""
    kept = _one_line(value)
    if len(kept) > LONGEST_VALUE:
        raise Refused("field-too-long", field=name, most=LONGEST_VALUE)
    others = {key: words for key, words in fields.items() if key != name}
    if not kept:
        return others
    if len(others) >= MOST_FIELDS:
        raise Refused("fields-too-many", most=MOST_FIELDS)
    return others | {name: kept}


def note(words: str) -> str:
    """A note as it is kept. Refused `note-invalid` when there is nothing or too much of it."""
    kept = _printable(words).strip()
    if not kept or len(kept) > LONGEST_NOTE:
        raise Refused("note-invalid", most=LONGEST_NOTE)
    return kept


def _one_line(words: str) -> str:
    return " ".join(_printable(words).split())


def _printable(words: str) -> str:
    """Composed, without control characters but line breaks: PostgreSQL keeps no NUL, and nobody sees the others."""
    composed = unicodedata.normalize("NFC", words)
    return "".join(each for each in composed if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs"))
