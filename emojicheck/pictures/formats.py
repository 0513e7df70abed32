"""Which file is it? Decided from its first bytes alone, never from its name."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The formats that are read: a closed list."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    BMP = "BMP"
    HEIC = "HEIC"


HEAD_BYTES = 1024
"""How much of a file `recognise` looks at."""

_SUPPORTED = {
    b"\xff\xd8\xff": Format.JPEG,
    b"\x89PNG\r\n\x1a\n": Format.PNG,
}

# Order matters only where one beginning contains another.
_REFUSED = (
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\2\0", "ICO"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"qoif", "QOI"),
    (b"\x1aE\xdf\xa3", "WEBM"),
    (b"FLV\1", "FLV"),
    (b"ID3", "MP3"),
    (b"OggS", "Ogg"),
    (b"fLaC", "FLAC"),
    (b"PK\3\4", "ZIP"),
    (b"PK\5\6", "ZIP"),
    (b"Rar!\x1a\7", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)

_RIFF = {b"WEBP": Format.WEBP, b"AVI ": "AVI", b"WAVE": "WAV"}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})

_DIB_HEADER_BYTES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

_MARKUP = (
    (b"<svg", "SVG"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<head", "HTML"),
    (b"<body", "HTML"),
    (b"<script", "HTML"),
)


def recognise(data: bytes) -> Format | str | None:
    """Name the format of a file from how it begins.

    A `Format` when it is one that is read, another name (for messages, never translated) when it
    is known and refused, None when nothing known begins like this.
    """
    head = data[:HEAD_BYTES]
    for magic, supported in _SUPPORTED.items():
        if head.startswith(magic):
            return supported
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if _is_bmp(head):
        return Format.BMP
    for magic, name in _REFUSED:
        if head.startswith(magic):
            return name
    return _text(head)


def _iso_media(head: bytes) -> Format | str:
    """HEIC, AVIF or a video: the brands in the `ftyp` box tell."""
    end = min(int.from_bytes(head[:4]), len(head))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if major in _HEIC_BRANDS:
        return Format.HEIC
    if major in _AVIF_BRANDS:
        return "AVIF"
    if major in _HEIF_BRANDS:
        return "AVIF" if brands & _AVIF_BRANDS else Format.HEIC
    return "QuickTime" if major == b"qt  " else "MP4"


def _is_bmp(head: bytes) -> bool:
    """ "BM" alone begins many a text; the size of the second header must fit as well."""
    return head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _DIB_HEADER_BYTES


def _text(head: bytes) -> str | None:
    """HTML, SVG, XML or plain text, however it is indented."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<?xml", b"<!--")):
        return next((name for mark, name in _MARKUP if mark in start), "XML")
    for mark, name in _MARKUP:
        if start.startswith(mark):
            return name
    if start.startswith(b"<!doctype svg"):
        return "SVG"
    return "text" if _is_printable(head) else None


def _is_printable(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # not merely a character cut in two at the end
            return False
        text = head[: error.start].decode()
    return text != "" and all(
        character.isprintable() or character in "\t\r\n\f" for character in text
    )
