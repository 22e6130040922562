"""Everything that a story can claim, by name; each is looked at where people would see it, never inside the program."""

from sandbox.stories import at_desks, in_books, on_phones
from sandbox.stories.expectation import Expectation

EXPECTATIONS: dict[str, Expectation] = {
    each.what: each
    for table in (on_phones.EXPECTATIONS, at_desks.EXPECTATIONS, in_books.EXPECTATIONS)
    for each in table
}
