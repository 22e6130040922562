"""Three languages that say the same: equal keys and placeholders, none unused, none missing, markup that Telegram accepts.

The sources are read as Python, so that a call that forgets a placeholder fails here and not in front of an agent.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.telegram import menu
from bot.telegram.views.alerts import FILLED_WITH
from bot.texts import LANGUAGES, Html, Say, Texts, clip, escape, lines
from bot.whatsapp.errors import TABLE, UNKNOWN, UNKNOWN_FLAKY
from crm.errors import CrmError
from crm.model.alerts import AlertKind
from crm.model.answers import MOST_COUNTED
from crm.model.costs import Category, Quote
from sandbox.telegram import html as telegram_html
from tests import fluent
from tests.builders import NOW

SOURCES = Path(bot.__file__).parent
COUNTS = {
    "count", "pending", "alerts", "active", "inside", "paused", "completed", "exited", "windows", "probability", "messages",
    "conversations", "files", "percent", "notes", "walks",
    "days", "waiting", "dead", "held", "unknown", "probable", "confirmed", "step", "steps", "number", "limit", "length",
}  # fmt: skip


def complain(key: str, problems: list[Exception]) -> None:
    raise AssertionError(f"{key}: {problems}")


TEXTS = Texts(complain)


def say(language: str = "es", zone: str = "Europe/Madrid", now: datetime = NOW) -> Say:
    return TEXTS.say(language, zone, now)


def messages(language: str) -> dict[str, frozenset[str]]:
    """Key to placeholders."""
    return fluent.messages(SOURCES / "texts" / f"{language}.ftl")


@cache
def trees() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCES.rglob("*.py")))


def nodes() -> Iterator[ast.AST]:
    for tree in trees():
        yield from ast.walk(tree)


def calls() -> Iterator[tuple[list[str], ast.Call]]:
    """Every `say("key", …)` and `say.plain("key", …)`, with the keys it may say."""
    for node in nodes():
        if isinstance(node, ast.Call) and node.args and _is_say(node.func):
            keys = [
                one.value
                for one in ast.walk(node.args[0])
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if isinstance(node.args[0], ast.Constant | ast.IfExp):
                yield [key for key in keys if "-" in key], node


def _is_say(func: ast.expr) -> bool:
    if isinstance(func, ast.Attribute) and func.attr == "plain":
        func = func.value
    named = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
    return named in {"say", "self"}


def example(name: str) -> Any:
    return 2 if name in COUNTS else "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    assert messages(language) == messages("es")


BEGINNINGS = {"alert-", "error-", "finding-", "market-", "news-", "why-"}
"""Texts whose keys are built; tests of their own say that each is used."""


def test_every_text_is_used() -> None:
    """A key is used when some source names it, or builds it from a beginning (`alert-…`, `error-…`)."""
    named = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    built = {
        str(node.values[0].value)
        for node in nodes()
        if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant)
    }
    beginnings = tuple(one for one in built if one in BEGINNINGS)
    assert set(beginnings) == BEGINNINGS
    unused = {key for key in messages("es") if key not in named and not key.startswith(beginnings)}
    assert unused == set()


def test_every_call_names_a_text_and_fills_it() -> None:
    seen = 0
    for keys, call in calls():
        for key in keys:
            assert key in messages("es"), f"no text {key}"
            given_args = {keyword.arg for keyword in call.keywords}
            if None not in given_args:
                assert given_args == messages("es")[key], f"{key} is filled with {given_args}"
            seen += 1
    assert seen > 150


def test_every_alert_has_its_words_and_its_fillings() -> None:
    assert set(FILLED_WITH) == set(AlertKind)
    for kind, filled in FILLED_WITH.items():
        assert messages("es")[f"alert-{kind.value.replace('_', '-')}"] == set(filled)


def test_every_finding_of_the_checklist_has_its_sentence_and_its_fillings() -> None:
    """The policy is read as Python: what is found and what it is said with must agree, in a language as in the rules."""
    found: dict[str, set[str]] = {}
    tree = ast.parse((SOURCES.parent / "crm" / "policy" / "checks.py").read_text("utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        if call.func.id in {"_good", "_weak", "_broken", "Finding"} and isinstance(call.args[0], ast.Constant):  # type: ignore[attr-defined]
            filled = {each.arg for each in call.keywords if each.arg is not None} - {"vital"}
            given = [one for one in call.args[2:] if isinstance(one, ast.Dict)]
            filled |= {str(key.value) for one in given for key in one.keys if isinstance(key, ast.Constant)}
            found[str(call.args[0].value)] = filled
    said = {
        key.removeprefix("finding-"): set(args) for key, args in messages("es").items() if key.startswith("finding-")
    }
    assert said == found


# --- what can go wrong ---------------------------------------------------------------------------------------------------------

NAMED_BY_HELPERS = {
    "crm/errors.py": {"code"},  # the classes themselves, which hand it on
    "crm/services/conversations.py": {"code"},
    "crm/cards.py": {"code"},  # what the policy refused with, or that the window is closed
    "crm/services/template_sends.py": {"wrong.code"},  # what does not fit a template, whose codes are read as Unfit
    "bot/telegram/handlers/templates.py": {"wrong.code"},
    "bot/whatsapp/errors.py": {"self.code"},  # the table, whose rows are read below
    "bot/whatsapp/contents.py": {"wrong.code"},  # what the preflight refused, whose codes are read there
    "bot/whatsapp/compose.py": {"code"},  # `_refused`, whose callers are read below
    "bot/whatsapp/template_body.py": {"code"},
    "storage/errors.py": {"str(error)"},  # a problem, not a code: StorageUnavailable has only one
}
"""Where a code is no literal, and why nothing escapes there: anything new is a failure until it is understood."""
OWN_CODE = {"StorageUnavailable": "storage-unavailable", "Misconfigured": "misconfigured"}
HELPERS = {"_refused", "Refuse", "Unfit"}


def families(kind: type[CrmError]) -> set[str]:
    return {kind.__name__, *(name for each in kind.__subclasses__() for name in families(each))}


def raised_codes() -> tuple[set[str], set[str]]:
    """The codes of every CrmError in the sources of crm, storage and bot, and the places where one cannot be read."""
    named = families(CrmError) | HELPERS
    codes = {meaning.code for meaning in (*TABLE.values(), UNKNOWN, UNKNOWN_FLAKY)} | set(OWN_CODE.values())
    unread: set[str] = set()
    root = SOURCES.parent
    for path in (path for room in ("crm", "storage", "bot") for path in sorted((root / room).rglob("*.py"))):
        place = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            if not isinstance(node, ast.Call) or name not in named or name in OWN_CODE:
                continue
            first = node.args[0] if node.args else None
            said = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            read = {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            codes |= read
            shown = ast.unparse(first) if first is not None else ""
            if len(read) < len(said) and shown not in NAMED_BY_HELPERS.get(place, set()):
                unread.add(f"{place}:{node.lineno} {shown}")
    return codes, unread


def test_every_error_that_anybody_can_raise_has_a_sentence() -> None:
    """Also those that only a database or Meta brings about: whoever meets one, in whichever language, reads a sentence."""
    codes, unread = raised_codes()
    assert unread == set()
    assert {"duplicate", "inconsistent", "concurrent-change", "not-storable", "storage-unavailable", "stale"} <= codes
    assert len(codes) > 90
    for language in LANGUAGES:
        assert {code for code in codes if f"error-{code}" not in messages(language)} == set()


def test_no_error_has_a_sentence_that_nobody_raises() -> None:
    codes, _ = raised_codes()
    of_views = {"already-resolved-alone", "unexpected"}
    told = {key.removeprefix("error-") for key in messages("es") if key.startswith("error-")}
    assert told - codes - of_views == set()


def test_every_menu_entry_has_a_description() -> None:
    assert {key for key, _ in menu.ENTRIES} <= set(messages("es"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_markup_that_telegram_reads(language: str) -> None:
    speaker = say(language)
    for key, placeholders in messages(language).items():
        hostile = {name: 2 if name in COUNTS else '<b>&"</b>' for name in placeholders}
        for args in (hostile, {name: example(name) for name in placeholders}):
            telegram_html.parse(speaker(key, **args))
            speaker.plain(key, **args)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_every_count_can_be_said(language: str, count: int) -> None:
    for key, placeholders in messages(language).items():
        say(language)(key, **{name: count if name in COUNTS else "x" for name in placeholders})


def test_refusals_and_toasts_carry_no_markup() -> None:
    """They are shown in places that know none."""
    for language in LANGUAGES:
        for key in messages(language):
            if key.startswith(("error-", "toast-", "button-", "price-", "time-", "message-kind", "command-")):
                told = say(language).plain(key, **{name: example(name) for name in messages(language)[key]})
                assert "<" not in told, key


def test_what_people_typed_is_escaped_once() -> None:
    assert say()("home-hello", name="<b>&") == "🏠 <b>Hola, &lt;b&gt;&amp;</b>"
    assert say()("home-hello", name=escape("<b>&")) == "🏠 <b>Hola, &lt;b&gt;&amp;</b>"
    assert say().plain("button-send-for", price="<b>") == "✅ Enviar por <b>"


@given(st.text(max_size=3000))
def test_no_argument_is_too_long_or_too_wild(text: str) -> None:
    telegram_html.parse(say()("home-hello", name=text))
    say().plain("button-send-for", price=text)


def test_an_unknown_language_or_zone_is_no_failure() -> None:
    assert TEXTS.say("xx", "Nowhere/Else", NOW).clock(NOW) == "12:00"
    assert TEXTS.say("xx", "../../etc/passwd", NOW).language == "es"


@pytest.mark.parametrize(
    ("language", "amount", "told"),
    [
        ("es", "0.0260", "US$ 0,0260"),
        ("en", "0.0260", "US$ 0.0260"),
        ("pt", "0.0260", "US$ 0,0260"),
        ("es", "4.12", "US$ 4,12"),
        ("es", "0", "US$ 0,00"),
        ("es", "12345.5", "US$ 12.345,50"),
        ("en", "12345.5", "US$ 12,345.50"),
    ],
)
def test_money_is_written_in_the_language_and_with_its_currency(language: str, amount: str, told: str) -> None:
    assert say(language).money(Decimal(amount), "USD") == told
    assert say(language).money(Decimal(amount), "ARS").startswith("ARS ")


def a_quote(amount: str | None, category: Category, free_because: str | None = None, free_quota: int = 0) -> Quote:
    known = Decimal(amount) if amount is not None else None
    return Quote(known, "USD", "Argentina", category, NOW.date(), free_because, free_quota)


def test_only_a_quote_says_that_something_costs_nothing() -> None:
    speaker = say()
    assert speaker.price(a_quote(None, Category.UTILITY)) == "sin tarifa cargada"
    assert speaker.price(a_quote("0", Category.SERVICE, "free_entry_point")) == "sin costo (72 h por anuncio)"
    assert speaker.price(a_quote("0.026", Category.UTILITY)) == "US$ 0,0260"
    assert speaker.price(a_quote("0", Category.SERVICE)) == "US$ 0,00"


def test_a_reply_costs_its_price_unless_it_is_within_metas_quota_which_only_meta_counts() -> None:
    reply = a_quote("0.026", Category.SERVICE, free_quota=1000)
    assert say("es").price(reply) == "US$ 0,0260, salvo que entre en los 1.000 mensajes gratis al mes de Meta"
    assert say("en").price(reply) == "US$ 0.0260, unless it is within Meta's 1,000 free messages a month"
    assert say("pt").price(reply) == "US$ 0,0260, a menos que entre nas 1.000 mensagens grátis por mês da Meta"
    unknown = a_quote(None, Category.SERVICE, free_quota=1000)
    assert say("es").price(unknown) == "sin tarifa cargada"


@pytest.mark.parametrize(
    ("language", "moment", "told"),
    [
        ("es", datetime(2026, 11, 24, 17, 42, tzinfo=UTC), "hoy 18:42"),
        ("es", datetime(2026, 11, 25, 8, 0, tzinfo=UTC), "mañana 09:00"),
        ("es", datetime(2026, 11, 23, 17, 42, tzinfo=UTC), "ayer 18:42"),
        ("es", datetime(2026, 11, 1, 17, 42, tzinfo=UTC), "1 nov 18:42"),
        ("en", datetime(2024, 11, 1, 17, 42, tzinfo=UTC), "Nov 1, 2024 18:42"),
        ("pt", datetime(2026, 11, 24, 17, 42, tzinfo=UTC), "hoje 18:42"),
    ],
)
def test_moments_are_told_in_the_readers_zone(language: str, moment: datetime, told: str) -> None:
    assert say(language).moment(moment) == told


def test_midnight_is_the_readers_midnight() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert say(zone="Europe/Madrid").moment(late) == "mañana 00:30"
    assert say(zone="America/Bogota").moment(late) == "hoy 18:30"


@pytest.mark.parametrize(("language", "told"), [("es", "10.000+"), ("en", "10,000+"), ("pt", "10.000+")])
def test_what_was_not_counted_to_its_end_says_so(language: str, told: str) -> None:
    assert say(language).many(MOST_COUNTED) == MOST_COUNTED
    assert say(language).many(MOST_COUNTED + 1) == told
    counted = say(language)("status-contacts", count=say(language).many(MOST_COUNTED + 7), windows=0)
    assert told in counted


def test_relative_times_and_delays() -> None:
    assert say().ago(NOW - timedelta(hours=3)) == "hace 3 h"
    assert say().ago(NOW) == "ahora"
    assert say("en").ago(NOW + timedelta(minutes=5)) == "in 5 min."
    assert [say().delay(timedelta(minutes=m)) for m in (0, 30, 60, 90, 1440, 4320)] == [
        "0 min", "+30 min", "+1 h", "+90 min", "+1 d", "+3 d",
    ]  # fmt: skip


def test_a_countdown_carries_the_hour_for_old_clients() -> None:
    moment = datetime(2026, 11, 24, 17, 42, tzinfo=UTC)
    assert say().tg_time(moment) == f'<tg-time unix="{int(moment.timestamp())}" format="r">hoy 18:42</tg-time>'


def test_lines_escape_text_and_keep_markup() -> None:
    assert lines(Html("<b>a</b>"), "<i>", None, "") == "<b>a</b>\n&lt;i&gt;\n"
    assert clip("abcdef", 4) == "abc…"
