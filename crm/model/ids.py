"""How an id is shown to people and to Meta.

Ids are our own integers, unique over all nouns (storage hands them out in blocks). Agents see them in base 36, because `k3f9`
can be read aloud; Meta carries the outbox's opaque id and gives it back in statuses.
"""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def short(number: int) -> str:
    """Write an id the way agents read it, for example 940917 as `k61p`."""
    if number < 0:
        raise ValueError("ids are not negative")
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
        if number == 0:
            return digits


def from_short(text: str) -> int | None:
    """Read an id back; None when it cannot be one."""
    if not text or len(text) > 12 or not text.isascii() or not text.isalnum():
        return None
    return int(text, 36)
