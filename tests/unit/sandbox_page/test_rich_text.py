"""Formatted text becomes harmless HTML that reads the same."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.rich_text import TAGS, to_html
from sandbox.telegram.html import parse, utf16_length

ALLOWED = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "span", "br"}


class Reader(HTMLParser):
    """Reads as a browser does: text and tags, every tag closed."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "br":
            self.text += "\n"
            return
        self.open.append(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(written: str) -> Reader:
    reader = Reader()
    reader.feed(written)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("<b>Leo</b> &lt;3", "<b>Leo</b> &lt;3"),
        ("a\nb", "a<br>b"),
        ("<b>a <i>b</i></b>", "<b>a <i>b</i></b>"),
        ("👋 <b>hola</b>", "👋 <b>hola</b>"),
        ("<tg-spoiler>x</tg-spoiler>", '<span class="spoiler">x</span>'),
        (
            '<a href="https://example.com/?a=1&amp;b=2">x</a>',
            '<a href="https://example.com/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">x</a>',
        ),
        ("<blockquote>q</blockquote>", "<blockquote>q</blockquote>"),
    ],
)
def test_what_the_bot_formats_reads_formatted(source: str, written: str) -> None:
    parsed = parse(source)
    assert to_html(parsed.text, parsed.entities) == written


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//x.y"]
)
def test_a_link_that_would_run_something_is_only_text(url: str) -> None:
    written = to_html("x", [{"type": "text_link", "offset": 0, "length": 1, "url": url}])
    assert written == "x"


def test_marks_that_overlap_are_closed_and_opened_again() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert to_html("abc", entities) == "<b>a<i>b</i></b><i>c</i>"


texts = st.text(alphabet=st.sampled_from("ab<>&\"'/ \n👋é="), max_size=20)
kinds = st.sampled_from([*TAGS, "text_link", "custom_emoji"])
urls = st.sampled_from(['https://a.b/?x="><script>', "javascript:x", "tg://user?id=1"])
entities = st.fixed_dictionaries(
    {"type": kinds, "offset": st.integers(0, 25), "length": st.integers(0, 25), "url": urls}
)


@given(texts, st.lists(entities, max_size=6))
def test_any_text_with_any_marks_is_well_formed_allowed_and_unchanged(text: str, marks: list[dict[str, Any]]) -> None:
    inside = [each for each in marks if each["offset"] + each["length"] <= utf16_length(text)]
    reader = read(to_html(text, inside))
    assert set(reader.tags) <= ALLOWED
    assert all(link.startswith(("https://", "tg://")) for link in reader.links)
    if "👋" not in text:  # a mark may split it in two, which Telegram never does
        assert reader.text == text


def test_nothing_that_people_wrote_is_markup() -> None:
    written = to_html("<img src=x onerror=alert(1)>", ())
    assert "<" not in re.sub(r"&lt;", "", written)
    assert unescape(written) == "<img src=x onerror=alert(1)>"
