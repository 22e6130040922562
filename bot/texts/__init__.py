"""Every word the program says to a person, in that person's language, zone and number format.

The words are Project Fluent files beside this module, one for each language; `Say` fills them in. What people typed is
escaped here and nowhere else: a plain string is text, only `Html` is markup, and everything `Say` answers is `Html`.
Times, money and relative times are written here too, so that no view knows a locale.
"""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from babel import Locale
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

from crm.model.answers import MOST_COUNTED
from crm.model.costs import Quote

log = structlog.get_logger(__name__)

LANGUAGES = ("es", "en", "pt")
DEFAULT = "es"

LONGEST_ARGUMENT = 480
"""Fluent refuses a filled-in part of more than 2,500 characters; escaping makes five of one. Long texts are quoted by views."""

_SYMBOLS = {"USD": "US$", "EUR": "€", "BRL": "R$"}
_SOON = timedelta(days=300)


class Html(str):
    """Markup that is safe to send as it is."""

    __slots__ = ()


def escape(text: str) -> Html:
    """Make text out of what somebody typed: `<b>` is shown, not obeyed."""
    return Html(html.escape(text, quote=False))


def clip(text: str, longest: int) -> str:
    """Shorten to so many characters, showing that something is missing."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lines(*parts: str | None) -> Html:
    """Put markup below each other; None leaves no trace, an empty one leaves a blank line. Plain text is escaped."""
    return Html("\n".join(part if isinstance(part, Html) else escape(part) for part in parts if part is not None))


class Texts:
    """The languages, read once."""

    def __init__(self, on_problem: Callable[[str, list[Exception]], None] | None = None) -> None:
        self._bundles = {language: _bundle(language) for language in LANGUAGES}
        self._on_problem = on_problem or _note

    def say(self, language: str, time_zone: str, now: datetime) -> "Say":
        """Words for one person at one moment; an unknown language or zone falls back to Spanish and UTC."""
        spoken = language if language in self._bundles else DEFAULT
        return Say(self._bundles[spoken], spoken, _zone(time_zone), now, self._on_problem)


class Say:
    """Speaks to one person. `say("window-closes", when=…)` is markup, `say.plain(…)` is for buttons and toasts."""

    def __init__(
        self,
        bundle: FluentBundle,
        language: str,
        zone: tzinfo,
        now: datetime,
        on_problem: Callable[[str, list[Exception]], None],
    ) -> None:
        self.language = language
        self.now = now
        self._bundle = bundle
        self._zone = zone
        self._locale = Locale(language)
        self._on_problem = on_problem

    def __call__(self, key: str, **args: Any) -> Html:
        """The text as markup; string arguments are escaped unless they are `Html`."""
        return Html(self._format(key, {name: _safe(value) for name, value in args.items()}))

    def plain(self, key: str, **args: Any) -> str:
        """The text for a place that knows no markup."""
        return self._format(key, {name: _short(value) for name, value in args.items()})

    def knows(self, key: str) -> bool:
        return self._bundle.has_message(key)

    # --- time ----------------------------------------------------------------------------------------------------------------

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)

    def clock(self, moment: datetime) -> str:
        """18:42, in the reader's zone."""
        return self.local(moment).strftime("%H:%M")

    def clock_in(self, time_zone: str) -> str:
        """What the clock shows now where somebody else lives."""
        return self.now.astimezone(_zone(time_zone)).strftime("%H:%M")

    def moment(self, moment: datetime) -> str:
        """A day and an hour as people say them: `hoy 18:42`, `24 nov 18:42`."""
        there, here = self.local(moment), self.local(self.now)
        apart = (there.date() - here.date()).days
        named = {0: "time-today", 1: "time-tomorrow", -1: "time-yesterday"}.get(apart)
        if named:
            return self.plain(named, time=self.clock(moment))
        skeleton = "MMMd" if abs(moment - self.now) < _SOON else "yMMMd"
        day = format_skeleton(skeleton, there, locale=self._locale)
        return f"{day} {self.clock(moment)}"

    def ago(self, moment: datetime) -> str:
        """`hace 3 h`, or `en 3 h` for what is still to come."""
        if abs(moment - self.now) < timedelta(seconds=1):
            return self.plain("time-now")
        return format_timedelta(moment - self.now, locale=self._locale, format="short", add_direction=True)

    def tg_time(self, moment: datetime, form: str = "r") -> Html:
        """A time that Telegram itself keeps up to date in the reader's language; old clients show the hour inside."""
        return Html(
            f'<tg-time unix="{int(moment.timestamp())}" format="{form}">{escape(self.moment(moment))}</tg-time>'
        )

    def delay(self, delay: timedelta) -> str:
        """A step's delay, short enough for a table: `+3 d`, `+90 min`."""
        minutes = round(delay.total_seconds() / 60)
        for size, unit in ((1440, "d"), (60, "h")):
            if minutes and minutes % size == 0:
                return f"+{minutes // size} {unit}"
        return f"+{minutes} min" if minutes else "0 min"

    def many(self, count: int) -> int | str:
        """A count, or where it was not counted further, that there are more: `10.000+`."""
        return count if count <= MOST_COUNTED else f"{format_decimal(MOST_COUNTED, locale=self._locale)}+"

    # --- money ---------------------------------------------------------------------------------------------------------------

    def money(self, amount: Decimal, currency: str) -> str:
        """Always with its currency: `US$ 0,0260`."""
        number = format_decimal(amount, "#,##0.00##", locale=self._locale)
        exact = -(amount.normalize().as_tuple().exponent if amount.is_finite() else 0)  # type: ignore[operator]
        if 2 < exact <= 4:
            number = format_decimal(amount, "#,##0.0000", locale=self._locale)
        return f"{_SYMBOLS.get(currency, currency)} {number}"

    def price(self, quote: Quote) -> str:
        """What `quote()` answered, in words. A free-form reply may still be inside Meta's monthly quota, which only Meta can
        count, so its price is said together with the quota."""
        if quote.amount is None:
            return self.plain("price-unknown")
        if quote.free_because is not None:
            return self.plain("price-free-entry")
        cost = self.money(quote.amount, quote.currency)
        if not quote.free_quota:
            return cost
        return self.plain("price-unless-free", price=cost, free=format_decimal(quote.free_quota, locale=self._locale))

    def market(self, name: str) -> str:
        """A market of the rate card: a country by its name in this language, a group of them by ours, anything else as it is written."""
        key = f"market-{'-'.join(re.findall('[a-z]+', name.lower()))}"
        if self.knows(key):
            return self.plain(key)
        code = _countries().get(name)
        return str(Locale.parse(self.language).territories.get(code, name)) if code else name

    def _format(self, key: str, args: Mapping[str, Any]) -> str:
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        text, errors = self._bundle.format_pattern(message.value, dict(args))
        if errors:
            self._on_problem(f"{self.language}:{key}", errors)
        return str(text)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Country codes by their English names."""
    names = {str(name): code for code, name in Locale.parse("en").territories.items() if len(code) == 2}
    return names | {"UAE": "AE", "Turkey": "TR", "Hong Kong": "HK"}


def _safe(value: Any) -> Any:
    if isinstance(value, Html):
        return str(value)
    return str(escape(clip(value, LONGEST_ARGUMENT))) if isinstance(value, str) else value


def _short(value: Any) -> Any:
    return clip(str(value), LONGEST_ARGUMENT) if isinstance(value, str) else value


def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    source = files("bot.texts").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _note(key: str, errors: list[Exception]) -> None:
    log.error("text_incomplete", key=key, problems=[str(error) for error in errors])
