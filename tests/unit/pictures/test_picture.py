"""The whole way, through the decoder's own process."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import resource
import threading
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from emojicheck.pictures import (
    DecoderUnavailable,
    Limits,
    Picture,
    PictureCode,
    PictureError,
    Repair,
    read_picture,
)
from tests import pictures
from tests.pictures import CORNERS, corners, encode, make_picture, paint

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024
FUZZ_ROUNDS = int(os.environ.get("EMOJICHECK_FUZZ_ROUNDS", "15"))


def error_of(data: bytes, limits: Limits | None = None) -> tuple[str, dict[str, int | str]]:
    with pytest.raises(PictureError) as raised:
        read_picture(data, limits=limits or Limits())
    return raised.value.code, raised.value.facts


def test_photo_becomes_a_picture() -> None:
    picture = read_picture(pictures.turned(6))

    assert (picture.width, picture.height) == (640, 480)
    assert picture.digest == hashlib.sha256(picture.data).hexdigest()
    assert picture.original_format == "JPEG"
    assert picture.repairs == (Repair.TURNED,)
    assert corners(picture.data) == {
        name: pytest.approx(colour, abs=6) for name, colour in CORNERS.items()
    }


def test_same_photo_has_the_same_digest() -> None:
    data = make_picture(file_format="PNG")

    assert read_picture(data) == read_picture(data)


def test_thumbnail_is_a_small_jpeg() -> None:
    picture = read_picture(make_picture(480, 640))

    with Image.open(BytesIO(picture.thumbnail)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (270, 360))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (make_picture(file_format="PNG"), "PNG"),
        (make_picture(file_format="WEBP"), "WEBP"),
        (make_picture(file_format="BMP"), "BMP"),
        (pictures.heic(), "HEIC"),
    ],
    ids=["png", "webp", "bmp", "heic"],
)
def test_other_format_is_named_and_converted(data: bytes, found: str) -> None:
    picture = read_picture(data)

    assert (picture.original_format, picture.repairs) == (found, (Repair.CONVERTED,))


# Refused before anything is decoded


def test_no_bytes_are_empty() -> None:
    assert error_of(b"") == (PictureCode.EMPTY, {})


@pytest.mark.parametrize("data", [b"\xff", bytes(5_000)], ids=["a byte", "zeros"])
def test_unknown_bytes_are_not_a_picture(data: bytes) -> None:
    assert error_of(data) == (PictureCode.NOT_A_PICTURE, {"bytes": len(data)})


@pytest.mark.parametrize(("name", "data"), pictures.other_files().items())
def test_file_of_another_kind_is_refused_by_name(name: str, data: bytes) -> None:
    assert error_of(data) == (PictureCode.UNSUPPORTED_FORMAT, {"found": name})


def test_largest_file_is_taken_and_one_byte_more_is_not() -> None:
    data = make_picture() + bytes(30_000_000)
    largest = data[:30_000_000]

    picture = read_picture(largest)

    assert picture.repairs == (Repair.SHRUNK_BYTES,)
    assert error_of(data[:30_000_001]) == (PictureCode.TOO_MANY_BYTES, {"limit": 30_000_000})


@pytest.mark.parametrize(("extra", "repairs"), [(0, ()), (1, (Repair.SHRUNK_BYTES,))])
def test_usual_size_needs_no_repair(extra: int, repairs: tuple[Repair, ...]) -> None:
    photo = make_picture()
    data = photo + bytes(10 * MIB - len(photo) + extra)

    assert read_picture(data).repairs == repairs


def test_repair_of_bytes_is_noted_once() -> None:
    limits = Limits(usual_bytes=100, max_photo_bytes=len(make_picture(quality=92)) - 1)

    assert read_picture(make_picture(), limits=limits).repairs == (Repair.SHRUNK_BYTES,)


# Refused by the decoder


def test_facts_arrive_with_the_refusal() -> None:
    assert error_of(make_picture(7001, 400)) == (
        PictureCode.TOO_LARGE_DIMENSIONS,
        {"width": 7001, "height": 400, "limit": 7000, "short_limit": 400},
    )


def test_damaged_file_is_refused() -> None:
    assert error_of(make_picture()[:-100]) == (PictureCode.DAMAGED, {"found": "JPEG"})


def worked_seconds() -> float:
    """How long decoders have worked, whatever else the machine had to do meanwhile."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize(
    "data",
    [
        pictures.lying_webp(16_383, 16_383),
        pictures.png(2**31 - 1, 2**31 - 1, b""),
        pictures.grey_png(12_000, 12_000, depth=1),
        pictures.text_bomb(),
        pictures.profile_bomb(),
    ],
    ids=["webp canvas", "png header", "1-bit png", "text", "profile"],
)
def test_bomb_is_refused_at_once(data: bytes) -> None:
    before = worked_seconds()

    code, _ = error_of(data)

    assert code in {PictureCode.TOO_MANY_PIXELS, PictureCode.DAMAGED}
    assert worked_seconds() - before < 2


SMALL = Limits(memory_bytes=60 * MIB)  # of address space, the interpreter included


@pytest.mark.parametrize(
    "data",
    [
        pictures.lying_jpeg(30_000, 30_000),
        pictures.lying_webp(16_383, 16_383),
        pictures.png(2**31 - 1, 2**31 - 1, b""),
        pictures.grey_png(12_000, 12_000, depth=1),
        pictures.text_bomb(),
        pictures.profile_bomb(),
    ],
    ids=["jpeg header", "webp canvas", "png header", "1-bit png", "text", "profile"],
)
def test_row_19_and_20_bombs_take_no_memory(data: bytes) -> None:
    code, _ = error_of(data, SMALL)

    assert code in {PictureCode.TOO_MANY_PIXELS, PictureCode.DAMAGED}


def test_row_20_chunks_by_the_ten_thousand_take_no_memory() -> None:
    assert read_picture(pictures.many_chunks(50_000), limits=SMALL).repairs == (Repair.CONVERTED,)


def test_row_20_jpeg_that_is_to_be_gone_over_for_ever_is_refused_at_once() -> None:
    data = pictures.scanned_again(9_000, 9_000, times=1_000)
    before = worked_seconds()

    assert error_of(data) == (PictureCode.DAMAGED, {"found": "JPEG"})
    assert worked_seconds() - before < 2


def test_row_20_jpeg_with_many_scans_and_few_pixels_is_taken() -> None:
    assert read_picture(pictures.scanned_again(500, 500, times=100)).width == 500


# Memory


def test_largest_webp_fits_into_the_memory() -> None:
    data = encode(
        Image.new("RGBA", (7000, 7000), (90, 80, 70, 128)), "WEBP", lossless=True, method=0
    )

    picture = read_picture(data)

    assert (picture.width, picture.height) == (7000, 7000)
    assert picture.repairs == (Repair.FLATTENED, Repair.CONVERTED)


def test_lack_of_memory_is_not_the_photos_fault() -> None:
    data = make_picture(3_000, 3_000)

    with pytest.raises(DecoderUnavailable, match="memory"):
        read_picture(data, limits=Limits(memory_bytes=60_000_000))


def test_pictures_are_decoded_one_at_a_time() -> None:
    limits = Limits(queue_seconds=0.05)
    data = make_picture(4_000, 3_000)
    outcomes: list[Picture | Exception] = []

    def read() -> None:
        try:
            outcomes.append(read_picture(data, limits=limits))
        except DecoderUnavailable as error:
            outcomes.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    read_at_once = [type(outcome) for outcome in outcomes]
    assert sorted(read_at_once, key=str) == sorted([DecoderUnavailable, Picture], key=str)


# Whatever comes in, an answer comes out


def mutations(data: bytes, rounds: int) -> Iterator[bytes]:
    """The file with a few bytes changed, cut out or doubled, mostly near its beginning."""
    chance = random.Random(len(data))  # the same files on every machine
    for _ in range(rounds):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = int(len(broken) * chance.random() ** 3)
            match chance.randint(0, 3):
                case 0:
                    broken[at] = chance.randint(0, 255)
                case 1:
                    broken[at] ^= 1 << chance.randint(0, 7)
                case 2:
                    del broken[at : at + chance.randint(1, 40)]
                case 3:
                    broken[at:at] = broken[at : at + chance.randint(1, 40)]
        yield bytes(broken)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "HEIC"])
def test_mutated_file_is_a_picture_or_an_error(file_format: str) -> None:
    small = paint(420, 420)
    data = pictures.heic() if file_format == "HEIC" else encode(small, file_format)

    for broken in mutations(data, FUZZ_ROUNDS):
        with contextlib.suppress(PictureError):
            picture = read_picture(broken)
            assert min(picture.width, picture.height) >= 400
