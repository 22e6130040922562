"""The story in a terminal: each scene as a heading, what the sides see, and the checks under it.

Every pane has a bar on its left and none on its right: terminals disagree about the width of emoji, and a box would show it. Colours
only repeat what words and signs already say, so it reads the same with NO_COLOR, on a dumb terminal, and in a picture.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from sandbox.scenes import Act, Call, Chat, Check, Ending, Pane, Said, Scene, Screen
from sandbox.texts import Words

WIDEST = 100
"""Beyond this, lines are no easier to read."""
SHOWN_INSTEAD = 12
PLAIN = str.maketrans({"▌": "|", "▸": ">", "✓": "+", "✗": "x"})
"""The signs of a terminal that knows only ASCII."""
WHATSAPP, TELEGRAM, META, ACT = "green", "bright_blue", "magenta", "yellow"


class Terminal:
    """Draws in one language; times are the shop's own."""

    def __init__(self, console: Console, words: Words, time_zone: str) -> None:
        self._console, self._words, self._zone = console, words, ZoneInfo(time_zone)
        console.width = min(console.width, WIDEST)

    def opens(self) -> None:
        """Say what is about to be seen."""
        title, about = Text(self._words("title"), "bold"), Text(self._words("subtitle"), "dim")
        self._console.print(Group("", title, about))

    def tells(self, scene: Scene) -> None:
        """Draw one scene."""
        parts: list[RenderableType] = ["", self._heading(scene), Text(scene.caption, "bold"), ""]
        parts += [*_panes(scene.panes), "", *map(_check, scene.checks)]
        if scene.broken is not None:
            parts.append(_signed("✗", f"{self._words('broken')}\n{_in_short(scene.broken)}", "bold red"))
        self._console.print(Group(*parts))

    def ends(self, ending: Ending) -> None:
        """Draw what each side saw, and whether everything came true."""
        words = self._words
        table = Table(title=words("summary-title"), title_style="bold", title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column(words("summary-who"), no_wrap=True, style="bold")
        table.add_column(words("summary-saw"))
        for who, saw in ending.rows:
            table.add_row(Text(who), Text(saw))
        sign, key, style = ("✓", "summary-true", "bold green") if ending.true else ("✗", "summary-false", "bold red")
        verdict = Text(f"{sign} {words(key, count=ending.passed, all=ending.checked)}", style)
        self._console.print(Group("", table, verdict))

    def says(self, key: str, **args: object) -> None:
        """Say one line of the frame."""
        self._console.print(Group("", Text(self._words(key, **args), "dim")))

    def _heading(self, scene: Scene) -> RenderableType:
        return _Heading(str(scene.number), self._moment(scene.at))

    def _moment(self, at: datetime) -> str:
        return format_datetime(at, "EEE d MMM · HH:mm", tzinfo=self._zone, locale=self._words.language)


class _Heading:
    """`── 3 · mar 24 nov · 09:00 ───────`, as wide as the terminal."""

    def __init__(self, *parts: str) -> None:
        self._text = f" {' · '.join(parts)} "

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        dash = "-" if options.ascii_only else "─"
        rest = max(options.max_width - len(self._text) - 2, 0)
        yield Text.assemble((dash * 2, "dim"), (self._text, "bold cyan"), (dash * rest, "dim"))


class _Led:
    """Something with a lead in front of each of its lines; nothing is filled up on the right."""

    def __init__(self, inner: RenderableType, first: str, rest: str, style: str) -> None:
        self._inner, self._first, self._rest, self._style = inner, first, rest, Style.parse(style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lead = self._first
        for line in console.render_lines(self._inner, options.update(width=options.max_width - len(lead)), pad=False):
            yield Segment(lead.translate(PLAIN) if options.ascii_only else lead, self._style)
            yield from line
            yield Segment.line()
            lead = self._rest


def _barred(inner: RenderableType, style: str) -> _Led:
    return _Led(inner, "  ▌ ", "  ▌ ", style)


def _signed(sign: str, text: str, style: str) -> _Led:
    return _Led(Text(text, style), f"  {sign} ", "    ", style)


def _panes(panes: tuple[Pane, ...]) -> Iterator[RenderableType]:
    """Every pane; a title that stands already is not repeated."""
    above = ""
    for pane in panes:
        if pane.title and pane.title != above:
            yield Text(f"  {pane.title}", f"bold {_colour(pane)}")
        above = pane.title
        yield _drawn(pane)


def _drawn(pane: Pane) -> RenderableType:
    match pane:
        case Chat(lines=lines):
            return _barred(Group(*map(_line, lines)), WHATSAPP)
        case Screen(body=body, rows=rows):
            buttons = (Text("  ".join(f"[ {label} ]" for label in row), f"bold {TELEGRAM}") for row in rows)
            return _barred(Group(Text(body), *buttons), TELEGRAM)
        case Call(text=text):
            return _barred(Text(text), META)
        case Act(text=text):
            return _signed("▸", text, ACT)
    assert_never(pane)


def _check(check: Check) -> RenderableType:
    return _signed("✓", check.text, "green") if check.true else _signed("✗", check.text, "bold red")


def _line(line: Said) -> Text:
    tick = (f"  {line.tick}", "bright_cyan" if line.read else "dim") if line.tick else ""
    return Text.assemble((f"{line.author}: ", "bold"), line.text, tick)


def _in_short(broken: str) -> str:
    """What was expected, and the end of what was there instead."""
    expected, *instead = broken.splitlines()
    return "\n".join([expected, *instead[-SHOWN_INSTEAD:]])


def _colour(pane: Pane) -> str:
    return WHATSAPP if isinstance(pane, Chat) else META if isinstance(pane, Call) else TELEGRAM
