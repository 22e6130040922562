"""Films: their first picture, and films as WhatsApp takes them, H.264 and AAC in an MP4 of at most 16 MB.

Runs only in a worker process. The bit rate follows from the length, so that the first try nearly always fits.
"""

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
from PIL.Image import Image

from bot.media import images
from bot.media.flaws import Damaged, TooComplex, TooLong, WrongType
from bot.media.preflight import MP4, RULES, WEBP
from bot.media.streams import opened, seconds, within
from crm.model.media import MediaKind

MOST_PIXELS = 4096 * 2304
MOST_FRAMES = 54_000
MOST_SECONDS = 15 * 60
RATE = 30
SOUND_BITS = 64_000
LIMIT = RULES[MediaKind.VIDEO].limit
_SIDES = ((900_000, 1280), (400_000, 854), (200_000, 640), (90_000, 426))
"""From so many bits a second on, so long a side."""
_STICKER_FRAMES = 90
_STICKER_RATE = 15


def thumbnail(content: bytes, found: str) -> tuple[bytes, str]:
    """Draw the first picture small."""
    with opened(content, found) as source:
        for frame in source.decode(_picture(source)):
            return images.small(_drawn(frame))
    raise Damaged("no picture")


def for_whatsapp(content: bytes, found: str) -> tuple[bytes, str]:
    """Keep what WhatsApp takes as it is; encode everything else anew."""
    with opened(content, found) as source:
        if found == MP4 and len(content) <= LIMIT and _taken(source):
            next(source.decode(source.streams.video[0]))
            return content, MP4
        length = seconds(source)
    if length > MOST_SECONDS:
        raise TooLong(f"{length:.0f} s")
    bits = int(min(1_800_000, LIMIT * 8 * 0.92 / length)) - SOUND_BITS
    for share in (1.0, 0.7):
        encoded = _encoded(content, found, int(bits * share))
        if len(encoded) <= LIMIT:
            return encoded, MP4
    raise TooLong(f"{length:.0f} s")


def sticker(content: bytes, found: str) -> tuple[bytes, str]:
    """Make an animated sticker of a short film."""
    frames: list[tuple[float, VideoFrame]] = []
    with opened(content, found) as source:
        stream = _picture(source)
        # FFmpeg's own VP9 drops transparency, libvpx keeps it.
        name = {"vp9": "libvpx-vp9", "vp8": "libvpx"}.get(stream.codec_context.name, stream.codec_context.name)
        decoder = cast(VideoCodecContext, av.CodecContext.create(name, "r"))
        decoder.extradata = stream.codec_context.extradata
        for packet in source.demux(stream):
            for frame in decoder.decode(packet):
                within(len(frames) + 1, _STICKER_FRAMES)
                frames.append((float(frame.time or 0.0), frame))
    if not frames:
        raise Damaged("no picture")
    return _animated(frames), WEBP


def _animated(frames: list[tuple[float, VideoFrame]]) -> bytes:
    kept = [frames[0]]
    for at, frame in frames[1:]:
        if at - kept[-1][0] >= 1 / _STICKER_RATE - 0.001:
            kept.append((at, frame))
    sheets = [images.on_square(_drawn(frame, "rgba").convert("RGBA")) for _, frame in kept]
    for quality in (70, 45, 20):
        out = BytesIO()
        sheets[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=sheets[1:],
            duration=round(1000 / _STICKER_RATE),
            loop=0,
            quality=quality,
        )
        if out.tell() <= RULES[MediaKind.STICKER].limit:
            return out.getvalue()
    raise TooComplex("does not become small enough")


def _drawn(frame: VideoFrame, colours: str = "rgb24") -> Image:
    converted: Any = frame.reformat(format=colours)
    drawn: Image = converted.to_image()
    return drawn


def _picture(source: InputContainer) -> VideoStream:
    """The film's only or first picture, if it is of a bearable size."""
    if not source.streams.video:
        raise WrongType("no picture")
    stream = source.streams.video[0]
    if not 0 < stream.width * stream.height <= MOST_PIXELS:
        raise TooComplex(f"{stream.width}x{stream.height}")
    stream.thread_type = "NONE"
    return stream


def _taken(source: InputContainer) -> bool:
    """Does Meta take it unchanged? Not H.264's profile High with frames that look ahead."""
    video, audio = _picture(source).codec_context, source.streams.audio
    return (
        len(source.streams.video) == 1
        and len(audio) <= 1
        and len(source.streams) == 1 + len(audio)
        and video.name == "h264"
        and video.pix_fmt == "yuv420p"
        and not ("High" in (video.profile or "") and video.has_b_frames)
        and all(stream.codec_context.name == "aac" for stream in audio)
    )


def _encoded(content: bytes, found: str, bits: int) -> bytes:
    side = next((side for least, side in _SIDES if bits >= least), None)
    if side is None:
        raise TooLong(f"{bits} bits a second are too few")
    with opened(content, found) as source:
        first = next(source.decode(_picture(source)))
    out = BytesIO()
    with opened(content, found) as source, av.open(out, "w", format="mp4") as sink:
        _copy(source, sink, _Shape.of(first, side), bits)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Shape:
    """How large the pictures become, and how the camera was held."""

    width: int
    height: int
    turned: int

    @classmethod
    def of(cls, first: VideoFrame, side: int) -> "_Shape":
        share = min(1.0, side / max(first.width, first.height))
        width, height = (max(2, round(length * share / 2) * 2) for length in (first.width, first.height))
        return cls(width, height, first.rotation % 360)

    @property
    def upright(self) -> tuple[int, int]:
        return (self.height, self.width) if self.turned in (90, 270) else (self.width, self.height)


def _copy(source: InputContainer, sink: OutputContainer, shape: _Shape, bits: int) -> None:
    picture, sounds = _picture(source), source.streams.audio
    graph, video = _filters(picture, shape), _track(sink, shape, bits)
    audio: AudioStream | None = None
    if sounds:
        rate = sounds[0].rate if sounds[0].rate in (32_000, 44_100) else 48_000
        audio = sink.add_stream("aac", rate=rate, layout="stereo" if sounds[0].channels > 1 else "mono")
        audio.bit_rate = SOUND_BITS
    read = 0
    for packet in source.demux(picture, *sounds[:1]):
        for frame in packet.decode():
            within(read := read + isinstance(frame, VideoFrame), MOST_FRAMES)
            if isinstance(frame, VideoFrame):
                graph.push(frame)
                _drain(graph, video, sink)
            elif audio is not None and isinstance(frame, AudioFrame):
                sink.mux(audio.encode(frame))
    graph.push(None)
    _drain(graph, video, sink)
    for stream in (video, audio):
        if stream is not None:
            sink.mux(stream.encode(None))


def _filters(stream: VideoStream, shape: _Shape) -> Graph:
    """Upright, with square points, an even number of them, thirty pictures a second."""
    graph = Graph()
    steps: list[FilterContext] = [
        graph.add_buffer(template=stream, time_base=stream.time_base),
        graph.add("scale", f"{shape.width}:{shape.height}"),
    ]
    if shape.turned == 180:
        steps += [graph.add("hflip"), graph.add("vflip")]
    elif shape.turned in (90, 270):
        steps += [graph.add("transpose", "cclock" if shape.turned == 90 else "clock")]
    steps += [graph.add("setsar", "1"), graph.add("fps", str(RATE)), graph.add("format", "yuv420p")]
    steps += [graph.add("buffersink")]
    for before, after in pairwise(steps):
        before.link_to(after)
    graph.configure()
    return graph


def _track(sink: OutputContainer, shape: _Shape, bits: int) -> VideoStream:
    video = sink.add_stream("libx264", rate=Fraction(RATE))
    video.width, video.height = shape.upright
    video.pix_fmt = "yuv420p"
    video.bit_rate = bits
    video.thread_type = "NONE"
    video.options = {
        "preset": "veryfast",
        "profile": "main",
        "bf": "0",
        "maxrate": str(bits),
        "bufsize": str(bits * 2),
        "threads": "1",
    }
    return video


def _drain(graph: Graph, video: VideoStream, sink: OutputContainer) -> None:
    """Encode what has come through the filters."""
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        if isinstance(frame, VideoFrame):
            within(video.frames + 1, MOST_FRAMES)  # a gap in time becomes pictures, as many as it likes
            frame.pict_type = PictureType.NONE
            sink.mux(video.encode(frame))
