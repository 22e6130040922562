"""Sounds as WhatsApp takes them: what it plays is kept, everything else becomes Opus in Ogg, one channel.

Runs only in a worker process. A spoken note gets the play button only up to half a megabyte, so a long one is made coarser.
"""

from io import BytesIO

import av
from av.container import InputContainer

from bot.media.flaws import Damaged, TooLong, WrongType
from bot.media.preflight import OGG, PLAYABLE_VOICE, RULES
from bot.media.streams import opened, seconds, within
from crm.model.media import MediaKind

OPUS = f"{OGG}; codecs=opus"
MOST_SECONDS = 4 * 3600
MOST_FRAMES = MOST_SECONDS * 100
LIMIT = RULES[MediaKind.AUDIO].limit
COARSEST, VOICE_BITS, MUSIC_BITS = 12_000, 32_000, 64_000
_KEPT = {"audio/mpeg": "mp3", "audio/aac": "aac", "audio/amr": "amr", "audio/mp4": "aac"}
"""Type to the beginning of the name of the codec that belongs into it."""


def for_whatsapp(content: bytes, found: str, *, voice: bool) -> tuple[bytes, str]:
    """Keep what WhatsApp plays; encode everything else anew."""
    with opened(content, found) as source:
        if not source.streams.audio:
            raise WrongType("no sound")
        sound = source.streams.audio[0]
        codec, channels = sound.codec_context.name, sound.channels
        if len(content) <= LIMIT and len(source.streams) == 1:
            if found == OGG and codec in ("opus", "libopus") and channels == 1:
                next(source.decode(sound))
                return content, OPUS
            if not voice and codec.startswith(_KEPT.get(found, "no codec")):
                next(source.decode(sound))
                return content, found
        length = _length(source)
    most = PLAYABLE_VOICE if voice else LIMIT
    wished = VOICE_BITS if voice else MUSIC_BITS
    encoded = _encoded(content, found, int(min(wished, max(COARSEST, most * 8 * 0.92 / length))))
    if len(encoded) > LIMIT:
        raise TooLong(f"{length:.0f} s")
    return encoded, OPUS


def _length(source: InputContainer) -> float:
    length = seconds(source)
    if length > MOST_SECONDS:
        raise TooLong(f"{length:.0f} s")
    return length


def _encoded(content: bytes, found: str, bits: int) -> bytes:
    out = BytesIO()
    with opened(content, found) as source, av.open(out, "w", format="ogg") as sink:
        opus = sink.add_stream("libopus", rate=48_000, layout="mono")
        opus.bit_rate = bits
        heard = 0
        for frame in source.decode(source.streams.audio[0]):
            within(heard := heard + 1, MOST_FRAMES)
            sink.mux(opus.encode(frame))
        if not heard:
            raise Damaged("no sound")
        sink.mux(opus.encode(None))
    return out.getvalue()
