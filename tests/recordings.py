"""Pictures, films and sounds that are made when a test wants them: small, and what they say they are."""

from fractions import Fraction
from io import BytesIO

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

RATE = 48_000
PIECE = 960


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (80, 60)) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new(mode, size, "red" if mode not in ("L", "1") else 1).save(out, kind)
    return out.getvalue()


def noise(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """A picture that no format makes small."""
    out = BytesIO()
    Image.effect_noise(size, 200).convert("RGB").save(out, kind, **({"quality": 100} if kind == "JPEG" else {}))
    return out.getvalue()


def film(
    container: str = "webm",
    codec: str = "libvpx",
    *,
    seconds: int = 1,
    size: tuple[int, int] = (64, 48),
    sound: str | None = "libopus",
    turned: int = 0,
    rate: int = 10,
) -> bytes:
    """A film whose colour changes; the left half is red when it is `turned`, so that one sees where it went."""
    out = BytesIO()
    with av.open(out, "w", format=container) as sink:
        video = sink.add_stream(codec, rate=rate)
        assert isinstance(video, VideoStream)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        if turned:
            video.set_display_rotation(turned)
        audio = _track(sink, sound, "stereo") if sound else None
        for number in range(rate * seconds):
            drawn = Image.new("RGB", size, (0, number * 20 % 256, 200))
            if turned:
                drawn.paste("red", (0, 0, size[0] // 2, size[1]))
            sink.mux(video.encode(_frame(drawn)))
        sink.mux(video.encode(None))
        if audio is not None:
            for frame in _silence(seconds):
                sink.mux(audio.encode(frame))
            sink.mux(audio.encode(None))
    return out.getvalue()


def sound(container: str = "wav", codec: str = "pcm_s16le", *, seconds: int = 1, layout: str = "stereo") -> bytes:
    """A sound that says nothing."""
    out = BytesIO()
    with av.open(out, "w", format=container) as sink:
        audio = _track(sink, codec, layout)
        for frame in _silence(seconds):
            sink.mux(audio.encode(frame))
        sink.mux(audio.encode(None))
    return out.getvalue()


def _frame(drawn: Image.Image) -> VideoFrame:
    made: VideoFrame = VideoFrame.from_image(drawn)  # type: ignore[no-untyped-call]
    return made


def _track(sink: OutputContainer, codec: str, layout: str) -> AudioStream:
    track = sink.add_stream(codec, rate=RATE, layout=layout)
    assert isinstance(track, AudioStream)
    return track


def _silence(seconds: int) -> list[av.AudioFrame]:
    frames = []
    for number in range(seconds * RATE // PIECE):
        frame = av.AudioFrame(format="s16", layout="stereo", samples=PIECE)
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * PIECE, Fraction(1, RATE)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frames.append(frame)
    return frames


def streams(content: bytes) -> list[tuple[str, str]]:
    """What a film or a sound holds: kinds and codecs."""
    with av.open(BytesIO(content), "r") as source:
        return sorted((stream.type, stream.codec_context.name) for stream in source.streams)


def document(
    box: str = "0 0 595 842",
    drawn: bytes = b"1 0 0 rg 0 0 297 842 re f",
    *,
    page: str = "",
    filters: str = "",
    trailer: str = "",
    more: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF of one page whose left half is red; further entries of its page, its content's filters, its trailer, further objects."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box.encode(), page.encode()),
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(drawn), filters.encode(), drawn),
        *more,
    )
    pdf, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n%strailer<</Size %d/Root 1 0 R%s>>" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        trailer.encode(),
    )
    return pdf + head + b"\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
