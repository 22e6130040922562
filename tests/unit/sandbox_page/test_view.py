"""The query of the page is read leniently: whatever makes no sense is as if it were not there."""

from sandbox.page.view import View


def test_an_empty_query_is_the_first_view() -> None:
    assert View.of({}) == View()


def test_what_is_named_is_looked_at() -> None:
    view = View.of({"language": "pt", "customer": "Leo", "log": "graph", "log_after": "7"})
    assert (view.language, view.customer, view.log, view.log_after) == ("pt", "Leo", "graph", 7)


def test_rubbish_counts_as_nothing() -> None:
    assert View.of({"language": "xx", "customer": "", "log_after": "-1"}) == View()
    assert View.of({"log_after": "9" * 40}) == View()
    assert View.of({"log_after": "²"}) == View()
