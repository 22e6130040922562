"""A film of a hundred megabytes, the same every time: a minute of a phone's 1080p, drawn by arithmetic and kept in `build/`."""

from pathlib import Path

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

MB = 1024 * 1024
SIZE, RATE, SECONDS = (1920, 1080), 30, 60
BITS = 14_000_000
LEAST, MOST = 95 * MB, 110 * MB
WHERE = Path(__file__).parents[2] / "build" / "film-100mb.mp4"


def film() -> Path:
    """The film's path; made when it is not there yet, which takes half a minute."""
    if not (WHERE.exists() and LEAST <= WHERE.stat().st_size <= MOST):
        WHERE.parent.mkdir(parents=True, exist_ok=True)
        unfinished = WHERE.with_suffix(".part")
        _draw(unfinished)
        size = unfinished.stat().st_size
        if not LEAST <= size <= MOST:
            raise RuntimeError(f"the film became {size / MB:.0f} MB")
        unfinished.rename(WHERE)
    return WHERE


def _draw(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as sink:
        video = sink.add_stream("libx264", rate=RATE)
        assert isinstance(video, VideoStream)
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        video.bit_rate = BITS
        video.options = {
            "preset": "ultrafast",
            "threads": "1",
            "x264-params": f"nal-hrd=cbr:vbv-maxrate={BITS // 1000}:vbv-bufsize=4000",
        }
        sheet = _sheet()
        for number in range(RATE * SECONDS):
            left, top = number * 7 % SIZE[0], number * 3 % SIZE[1]
            drawn: VideoFrame = VideoFrame.from_image(sheet.crop((left, top, left + SIZE[0], top + SIZE[1])))  # type: ignore[no-untyped-call]
            sink.mux(video.encode(drawn))
        sink.mux(video.encode(None))


def _sheet() -> Image.Image:
    """A field of coloured grain twice as large as the picture, which the camera wanders over."""
    width, height = SIZE[0] * 2, SIZE[1] * 2
    value, grains = 1, bytearray()
    for _ in range(240 * 135):
        value = value * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        grains += bytes(((value >> 8) & 255, (value >> 14) & 255, (value >> 20) & 255))
    return Image.frombytes("RGB", (240, 135), bytes(grains)).resize((width, height), Image.Resampling.BICUBIC)
