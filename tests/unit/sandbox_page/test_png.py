"""Repacking a picture changes its bytes and not one pixel."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.png import SIGNATURE, _chunk, _chunks, _nearest, repacked

WIDTH, HEIGHT, STEP = 5, 4, 3


def header(colour: int = 2, interlaced: int = 0) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, colour, 0, 0, interlaced))


def filtered(rows: list[bytes], kinds: list[int]) -> bytes:
    """Store rows as a browser does: every row with a filter of its own."""
    above, stored = bytes(WIDTH * STEP), b""
    for row, kind in zip(rows, kinds, strict=True):
        stored += bytes([kind])
        for at, value in enumerate(row):
            left, corner = (row[at - STEP], above[at - STEP]) if at >= STEP else (0, 0)
            expected = (0, left, above[at], (left + above[at]) // 2, _nearest(left, above[at], corner))[kind]
            stored += bytes([(value - expected) & 255])
        above = row
    return SIGNATURE + header() + _chunk(b"IDAT", zlib.compress(stored)) + _chunk(b"IEND", b"")


@given(
    rows=st.lists(st.binary(min_size=WIDTH * STEP, max_size=WIDTH * STEP), min_size=HEIGHT, max_size=HEIGHT),
    kinds=st.lists(st.integers(0, 4), min_size=HEIGHT, max_size=HEIGHT),
)
def test_every_pixel_stays_whatever_the_filters_were(rows: list[bytes], kinds: list[int]) -> None:
    packed = dict(_chunks(repacked(filtered(rows, kinds))))
    assert zlib.decompress(packed[b"IDAT"]) == b"".join(b"\0" + row for row in rows)


def test_what_is_no_screenshot_is_refused() -> None:
    with pytest.raises(ValueError, match="no screenshot"):
        repacked(SIGNATURE + header(colour=3) + _chunk(b"IEND", b""))
    with pytest.raises(ValueError, match="no screenshot"):
        repacked(SIGNATURE + header(interlaced=1) + _chunk(b"IEND", b""))
