"""Opening films and sounds with FFmpeg, with every way out closed. Runs only in a worker process."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import av
from av.container import InputContainer
from av.error import FFmpegError

from bot.media.flaws import Damaged, Flaw, TooComplex
from bot.media.sniff import CONTAINERS

# FFmpeg's own log would repeat what strangers wrote into their files.
av.logging.set_level(av.logging.PANIC)


@contextmanager
def opened(content: bytes, found: str) -> Iterator[InputContainer]:
    """Open a film or a sound of a type that `sniff` recognised. Raises a Flaw, whatever is wrong with it."""
    demuxer = CONTAINERS.get(found)
    if demuxer is None:
        raise Damaged(f"{found} is neither film nor sound")
    try:
        with av.open(BytesIO(content), "r", format=demuxer) as source:
            yield source
    except (Flaw, MemoryError):
        raise
    except FFmpegError as problem:
        if problem.errno == 12:
            raise MemoryError from problem
        raise Damaged(type(problem).__name__) from problem
    except (ValueError, IndexError, StopIteration, OverflowError) as problem:
        raise Damaged(type(problem).__name__) from problem


def seconds(source: InputContainer) -> float:
    """How long it is, as it says; what says nothing (browsers' recordings) is taken for three minutes."""
    return source.duration / av.time_base if source.duration and source.duration > 0 else 180.0


def within(count: int, most: int) -> None:
    """Stop at what no honest file of a chat has so many of."""
    if count > most:
        raise TooComplex(f"more than {most}")
