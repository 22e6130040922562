"""Two clocks on one file tell the same time, to the microsecond."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from sandbox.hosting.clock import SharedClock

BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_whoever_moves_the_clock_moves_it_for_both(tmp_path: Path) -> None:
    ours = SharedClock(tmp_path / "clock", BEGIN)
    theirs = SharedClock(tmp_path / "clock")
    assert theirs.now() == BEGIN
    ours.advance(days=7, microseconds=1)
    assert theirs.now() == BEGIN + timedelta(days=7, microseconds=1)
    theirs.at = BEGIN
    assert ours.now() == BEGIN


@given(st.integers(-(10**15), 10**16))
def test_no_moment_is_rounded(microseconds: int) -> None:
    moment = BEGIN + timedelta(microseconds=microseconds)
    with TemporaryDirectory() as folder:
        assert SharedClock(Path(folder) / "clock", moment).now() == moment
