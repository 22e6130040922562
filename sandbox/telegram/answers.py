"""The methods that answer a tap or an inline search.

The bot has a quarter of an hour (by the injected clock) and answers once; after that the query no longer exists.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from sandbox.telegram.ask import Ask
from sandbox.telegram.faults import bad
from sandbox.telegram.queries import Press, Search

MAX_TOAST_CHARS = 200
MAX_RESULTS = 50
ANSWER_WITHIN = timedelta(minutes=15)

Query = TypeVar("Query", Press, Search)


def answer_callback_query(ask: Ask) -> bool:
    press = _waiting(ask.state.presses.get(ask.params.text("callback_query_id")), ask.now)
    text = ask.params.text("text")
    if len(text) > MAX_TOAST_CHARS:
        raise bad("MESSAGE_TOO_LONG")
    press.answered = True
    press.url = ask.params.text("url") or None
    if ask.params.flag("show_alert"):
        press.alert = text or None
    else:
        press.toast = text or None
    return True


def answer_inline_query(ask: Ask) -> bool:
    search = _waiting(ask.state.searches.get(ask.params.text("inline_query_id")), ask.now)
    results = ask.params.json("results") or []
    ids = [str(result.get("id", "")) for result in results]
    if len(results) > MAX_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    if any(not 1 <= len(one.encode()) <= 64 for one in ids):
        raise bad("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    search.answered = True
    search.results = results
    search.is_personal = ask.params.flag("is_personal")
    search.next_offset = ask.params.text("next_offset")
    return True


def _waiting(query: Query | None, now: datetime) -> Query:
    if query is None or query.answered or now - query.at > ANSWER_WITHIN:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    return query
