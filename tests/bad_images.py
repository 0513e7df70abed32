"""Bad images without end: ordinary ones and oddities, broken by chance. The same seed, the same."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from itertools import islice

from tests import pictures
from tests.browser.faces import astronaut, jpeg


def bad_images(number: int, *, seed: int = 1) -> Iterator[bytes]:
    """So many files; most are broken, some are merely strange, and few are good."""
    chance = random.Random(seed)
    return islice(_endless(chance, _good_ones()), number)


def _good_ones() -> list[bytes]:
    face = astronaut()
    return [
        jpeg(face),
        jpeg(face, orientation=6),
        pictures.encode(face, "JPEG", progressive=True),
        pictures.encode(face.convert("CMYK"), "JPEG"),
        pictures.encode(face, "PNG"),
        pictures.encode(face.convert("P"), "PNG"),
        pictures.encode(face, "WEBP"),
        pictures.encode(face, "WEBP", lossless=True, method=0),
        pictures.encode(face, "BMP"),
        pictures.heic(),
        pictures.mpo(),
        pictures.ultra_hdr(),
        pictures.see_through(),
        pictures.deep_rgb(),
        pictures.animated("WEBP"),
        pictures.many_chunks(2_000),
        *pictures.polyglots().values(),
    ]


def _endless(chance: random.Random, good: list[bytes]) -> Iterator[bytes]:
    odd = [
        pictures.text_bomb(),
        pictures.profile_bomb(),
        pictures.lying_webp(16_383, 16_383),
        pictures.lying_bmp(6_000, 6_000),
        pictures.lying_jpeg(12_000, 12_000),
        pictures.scanned_again(6_000, 6_000, times=300),
        pictures.png(2**31 - 1, 2**31 - 1, b""),
        pictures.grey_png(12_000, 12_000, depth=1),
        *pictures.other_files().values(),
    ]
    while True:
        if chance.random() < 0.05:
            yield chance.choice(odd)
            continue
        data = chance.choice(good)
        for _ in range(chance.randint(1, 4)):
            data = chance.choice(BREAKAGES)(chance, data)
        yield data


def _near_the_beginning(chance: random.Random, data: bytes) -> int:
    """Where formats keep what decoders trust."""
    return int(len(data) * chance.random() ** 4)


def _change_bytes(chance: random.Random, data: bytes) -> bytes:
    broken = bytearray(data or b"\0")
    for _ in range(chance.randint(1, 20)):
        broken[_near_the_beginning(chance, broken)] = chance.randint(0, 255)
    return bytes(broken)


def _flip_bits_everywhere(chance: random.Random, data: bytes) -> bytes:
    broken = bytearray(data or b"\0")
    for _ in range(max(1, len(broken) // 2_000)):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randint(0, 7)
    return bytes(broken)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _leave_out(chance: random.Random, data: bytes) -> bytes:
    at = _near_the_beginning(chance, data)
    return data[:at] + data[at + chance.randint(1, 200) :]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    at = _near_the_beginning(chance, data)
    return data[:at] + data[at : at + chance.randint(1, 500)] * chance.randint(2, 50) + data[at:]


def _put_large_number(chance: random.Random, data: bytes) -> bytes:
    at = _near_the_beginning(chance, data)
    number = chance.choice([0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 40_000])
    packed = struct.pack(chance.choice([">I", "<I"]), number)
    return data[:at] + packed + data[at + 4 :]


def _append(chance: random.Random, data: bytes) -> bytes:
    return data + chance.randbytes(chance.randint(1, 100_000))


def _disguise(chance: random.Random, data: bytes) -> bytes:
    """The beginning of another format."""
    beginnings = [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\xff\xffWEBPVP8L", b"BM"]
    beginning = chance.choice(beginnings)
    return beginning + data[len(beginning) :]


BREAKAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _change_bytes,
    _flip_bits_everywhere,
    _cut,
    _leave_out,
    _repeat,
    _put_large_number,
    _append,
    _disguise,
)
