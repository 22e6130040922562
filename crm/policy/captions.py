"""Which files may carry words, and how many (reference 3)."""

from crm.model.media import MediaKind

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
WITH_CAPTION = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT})


def longest(kind: MediaKind | None) -> int:
    """How many characters may go with a file of this kind, or (None) stand alone."""
    if kind is None:
        return LONGEST_TEXT
    return LONGEST_CAPTION if kind in WITH_CAPTION else 0
