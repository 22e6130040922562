"""What the address books of our phones say of a person.

Each phone's newest word counts, and of several phones the newest living name; a name that was taken out of a book is forgotten there
and nowhere else. The words may come in any order.
"""

from collections.abc import Iterable

from crm.model.imports import BookName


def newer(known: BookName | None, said: BookName) -> BookName:
    """The word that counts of two about the same key in the same book."""
    return said if known is None or _rank(said) > _rank(known) else known


def name_of(words: Iterable[BookName]) -> str | None:
    """The name that agents see, from all that the books say under any of a person's keys."""
    newest: dict[int, BookName] = {}
    for word in words:
        newest[word.account_id] = newer(newest.get(word.account_id), word)
    named = [word for word in newest.values() if word.name is not None]
    return max(named, key=_rank).name if named else None


def _rank(word: BookName) -> tuple[object, ...]:
    return (word.at, word.name or "")
