"""What a file is, by its first bytes: what its sender calls it proves nothing.

FFmpeg is told the container that was recognised here, never left to guess: some formats it would guess are playlists, which make it
open files and addresses of the author's choice.
"""

import zipfile
from io import BytesIO

from bot.media.preflight import JPEG, MP4, OFFICE, OGG, PNG, TEXT, WEBP

CONTAINERS = {
    MP4: "mp4",
    "video/3gpp": "mp4",
    "video/quicktime": "mp4",
    "audio/mp4": "mp4",
    "video/webm": "matroska",
    OGG: "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/x-msvideo": "avi",
}
"""Type to the demuxer that reads it."""
_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", OGG),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_RIFF = {b"WEBP": WEBP, b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}
_OLE = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
_PARTS = {
    "word/": "wordprocessingml.document",
    "xl/": "spreadsheetml.sheet",
    "ppt/": "presentationml.presentation",
}


def type_of(content: bytes, declared: str) -> str | None:
    """Return the type of a file, or None if it is nothing we know. `declared` only chooses between what looks alike."""
    head = content[:64]
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/3gpp" if head[8:10] == b"3g" else MP4)
    if head[:2] == b"PK":
        return _office(content)
    found = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if found == _OLE[0]:
        return declared if declared in _OLE else found
    if found is None and len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"
    return found or (TEXT if _is_text(content) else None)


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    found = next((kind for part, kind in _PARTS.items() if any(name.startswith(part) for name in names)), None)
    return f"{OFFICE}{found}" if found else None


def _is_text(content: bytes) -> bool:
    if not content or b"\x00" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
