"""Documents in PDF: their first page, drawn small. Runs only in a worker process.

PDFium comes without the engine that would run a document's scripts, and nothing outside of the file is looked up: no fonts of this
machine, no forms, no addresses. Only one page is ever read, and it is drawn at the size of a thumbnail whatever size it claims.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

from bot.media import images
from bot.media.flaws import Damaged, TooComplex

MOST_POINTS = 14_400 * 10
"""Sides beyond ten times what the format allows are no page."""


def prepare() -> None:
    """Load PDFium now, while files may still be opened."""
    pdfium.PdfDocument.new().close()


def thumbnail(content: bytes) -> tuple[bytes, str]:
    """Draw the first page small."""
    with opened(content) as document:
        try:
            page = document[0]
            bitmap = page.render(scale=_scale(*page.get_size()), may_draw_forms=False)
            return images.small(bitmap.to_pil())
        except (pdfium.PdfiumError, ValueError, OverflowError) as problem:
            raise Damaged(type(problem).__name__) from problem


@contextmanager
def opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a document. Raises a Flaw when it is locked with a password or damaged."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as problem:
        raise Damaged(type(problem).__name__) from problem
    try:
        yield document
    finally:
        document.close()


def _scale(width: float, height: float) -> float:
    """From points to the points of a thumbnail."""
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
        raise Damaged("a page without a size")
    longest = max(width, height)
    if longest > MOST_POINTS:
        raise TooComplex(f"{width:g}x{height:g}")
    return images.THUMBNAIL / longest
