"""What becomes of a file, whoever runs the script."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageCms

from emojicheck.pictures import child
from tests import pictures
from tests.pictures import CORNERS, corners, encode, exif, make_picture, paint

from .conftest import task_for

if TYPE_CHECKING:
    from collections.abc import Callable

    Decode = Callable[..., child.Decoded]
    Refusal = Callable[..., tuple[str, dict[str, int | str]]]

PALE = tuple(255 - (255 - value) // 2 for value in CORNERS["top_right"])
WHITE = (255, 255, 255)


def near(colour: tuple[int, int, int]) -> Any:
    """JPEG, palettes and profiles move colours by a few steps."""
    return pytest.approx(colour, abs=6)


def all_near(expected: dict[str, tuple[int, int, int]]) -> Any:
    return {name: near(colour) for name, colour in expected.items()}


def test_ordinary_photo_needs_no_repair(decode: Decode) -> None:
    decoded = decode(make_picture(640, 480))

    assert (decoded.width, decoded.height, decoded.repairs) == (640, 480, [])
    assert corners(decoded.photo) == all_near(CORNERS)


def test_photo_is_a_plain_srgb_jpeg(decode: Decode) -> None:
    decoded = decode(make_picture(file_format="PNG"))

    with Image.open(BytesIO(decoded.photo)) as photo:
        assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (640, 480))


def test_same_bytes_give_the_same_bytes(decode: Decode) -> None:
    data = pictures.turned(6)

    assert decode(data) == decode(data)


@pytest.mark.parametrize(("size", "expected"), [((640, 480), (360, 270)), ((400, 7000), (21, 360))])
def test_thumbnail_is_small_and_keeps_the_shape(
    decode: Decode, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    decoded = decode(make_picture(*size))

    with Image.open(BytesIO(decoded.thumbnail)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", expected)


# Formats


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "BMP"])
def test_other_format_is_converted(decode: Decode, file_format: str) -> None:
    decoded = decode(make_picture(file_format=file_format))

    assert decoded.repairs == ["converted"]
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("name", ["corners", "corners_turned"])
def test_heic_is_converted_and_upright(decode: Decode, name: str) -> None:
    decoded = decode(pictures.heic(name))

    assert (decoded.width, decoded.height, decoded.repairs) == (480, 400, ["converted"])
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("data", [pictures.mpo(), pictures.heic("two_pictures")])
def test_first_of_several_pictures_is_taken(decode: Decode, data: bytes) -> None:
    decoded = decode(data)

    assert decoded.repairs[0] == "first_frame"
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("data", [pictures.ultra_hdr(), pictures.motion_photo()])
def test_phone_photo_with_something_behind_it_is_an_ordinary_photo(
    decode: Decode, data: bytes
) -> None:
    decoded = decode(data)

    assert decoded.repairs == []
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_moving_picture_is_refused(refusal: Refusal, file_format: str) -> None:
    data = pictures.animated(file_format, frames=3)

    assert refusal(data) == ("animated", {"found": file_format, "frames": 3})


# The right way up


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_picture_is_turned_as_its_metadata_asks(
    decode: Decode, file_format: str, orientation: int
) -> None:
    decoded = decode(pictures.turned(orientation, file_format=file_format))

    assert (decoded.width, decoded.height) == (640, 480)
    assert "turned" in decoded.repairs
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("orientation", [0, 1, 9, 65_535])
def test_orientation_that_says_nothing_turns_nothing(decode: Decode, orientation: int) -> None:
    decoded = decode(encode(paint(), exif=exif(orientation)))

    assert decoded.repairs == []
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("noise", [b"", b"\0", b"MM", b"II*\0\xff\xff\xff\xff", b"\x5a" * 2000])
def test_broken_metadata_costs_nothing(decode: Decode, noise: bytes) -> None:
    decoded = decode(pictures.insert_segment(make_picture(), 0xE1, b"Exif\0\0" + noise))

    assert decoded.repairs == []


def test_broken_metadata_of_another_format_costs_nothing(decode: Decode) -> None:
    decoded = decode(make_picture(file_format="WEBP", exif=b"Exif\0\0no such thing"))

    assert decoded.repairs == ["converted"]


# Colours


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA"])
@pytest.mark.parametrize("file_format", ["PNG"])
def test_fewer_colours_need_no_repair(decode: Decode, file_format: str, mode: str) -> None:
    decoded = decode(make_picture(file_format=file_format, mode=mode))

    assert decoded.repairs == ["converted"]


def test_palette_keeps_its_colours(decode: Decode) -> None:
    data = encode(paint().quantize(16), "PNG")

    assert corners(decode(data).photo) == all_near(CORNERS)


def test_print_colours_become_screen_colours(decode: Decode) -> None:
    decoded = decode(make_picture(mode="CMYK"))

    assert decoded.repairs == ["recoloured"]
    assert corners(decoded.photo) == all_near(CORNERS)


def test_sixteen_bits_of_grey_keep_their_brightness(decode: Decode) -> None:
    decoded = decode(pictures.deep_grey())

    assert decoded.repairs == ["recoloured", "converted"]
    assert corners(decoded.photo) == {
        "top_left": near((51, 51, 51)),
        "top_right": near((102, 102, 102)),
        "bottom_left": near((153, 153, 153)),
        "bottom_right": near((204, 204, 204)),
    }


def test_sixteen_bits_a_colour_keep_their_colours(decode: Decode) -> None:
    assert corners(decode(pictures.deep_rgb()).photo) == all_near(CORNERS)


def test_wide_colours_are_brought_to_srgb(decode: Decode) -> None:
    data = encode(paint(), icc_profile=pictures.wide_colour_profile())

    decoded = decode(data)

    assert decoded.repairs == ["recoloured"]
    red, green, _ = corners(decoded.photo)["top_left"]
    assert red > CORNERS["top_left"][0] + 10
    assert green < CORNERS["top_left"][1] - 5
    with Image.open(BytesIO(decoded.photo)) as photo:
        assert "icc_profile" not in photo.info


def test_srgb_profile_changes_nothing(decode: Decode) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    decoded = decode(encode(paint(), icc_profile=profile))

    assert decoded.repairs == []
    assert decoded.photo == decode(make_picture()).photo


@pytest.mark.parametrize(
    "profile",
    [b"\0", b"nonsense" * 500, pictures.wide_colour_profile()[:200]],
    ids=["a byte", "nonsense", "cut off"],
)
def test_broken_profile_is_ignored(decode: Decode, profile: bytes) -> None:
    decoded = decode(encode(paint(), icc_profile=profile))

    assert decoded.repairs == []
    assert corners(decoded.photo) == all_near(CORNERS)


def test_profile_for_other_colours_than_the_pictures_is_ignored(decode: Decode) -> None:
    data = encode(paint().convert("L"), icc_profile=pictures.wide_colour_profile())

    assert decode(data).repairs == []


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_parts_are_laid_on_white(decode: Decode, mode: str) -> None:
    source = "RGB" if mode == "RGBA" else "L"

    decoded = decode(pictures.see_through(mode=source))

    assert decoded.repairs == ["flattened", "converted"]
    assert corners(decoded.photo)["top_right"] == near(WHITE)
    assert corners(decoded.photo)["bottom_right"] == near(WHITE)


def test_half_transparent_parts_are_mixed_with_white(decode: Decode) -> None:
    decoded = decode(pictures.see_through("WEBP", alpha=128))

    assert corners(decoded.photo)["top_left"] == near(CORNERS["top_left"])
    assert corners(decoded.photo)["top_right"] == near(PALE)


def test_transparent_palette_colour_is_laid_on_white(decode: Decode) -> None:
    picture = paint().quantize(16)
    data = encode(picture, "PNG", transparency=picture.getpixel((5, 5)))

    decoded = decode(data)

    assert decoded.repairs == ["flattened", "converted"]
    assert corners(decoded.photo)["top_left"] == near(WHITE)


def test_opaque_alpha_is_no_repair(decode: Decode) -> None:
    decoded = decode(make_picture(file_format="PNG", mode="RGBA"))

    assert decoded.repairs == ["converted"]


# Nothing but pixels


@pytest.mark.parametrize("name", pictures.polyglots())
def test_nothing_hidden_in_a_picture_survives(decode: Decode, name: str) -> None:
    decoded = decode(pictures.polyglots()[name])

    for jpeg in (decoded.photo, decoded.thumbnail):
        assert b"script" not in jpeg
        assert b"PK\3\4" not in jpeg
        with Image.open(BytesIO(jpeg)) as photo:
            assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_do_not_survive(decode: Decode, file_format: str) -> None:
    data = encode(paint(), file_format, exif=exif(secret="a camera's serial number"))

    decoded = decode(data)

    assert b"serial" in data
    assert b"serial" not in decoded.photo + decoded.thumbnail
    assert b"Exif" not in decoded.photo + decoded.thumbnail


# Sides


@pytest.mark.parametrize("size", [(400, 400), (400, 7000), (7000, 400)])
def test_sides_within_the_limits_are_kept(decode: Decode, size: tuple[int, int]) -> None:
    decoded = decode(make_picture(*size))

    assert (decoded.width, decoded.height, decoded.repairs) == (*size, [])


@pytest.mark.parametrize("size", [(399, 400), (400, 399), (1, 1), (10_000, 1), (399, 7001)])
def test_short_side_is_refused(refusal: Refusal, size: tuple[int, int]) -> None:
    width, height = size

    assert refusal(make_picture(*size)) == (
        "too_small",
        {"width": width, "height": height, "limit": 400},
    )


def test_refusal_names_the_sides_as_one_sees_them(refusal: Refusal) -> None:
    data = pictures.turned(6, width=300, height=500)

    assert refusal(data) == ("too_small", {"width": 300, "height": 500, "limit": 400})


@pytest.mark.parametrize(
    ("size", "expected"),
    [((8000, 6000), (7000, 5250)), ((500, 7500), (467, 7000)), ((8000, 458), (7000, 401))],
)
def test_long_side_is_shrunk(
    decode: Decode, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    decoded = decode(make_picture(*size))

    assert (decoded.width, decoded.height) == expected
    assert decoded.repairs == ["shrunk_pixels"]
    assert corners(decoded.photo) == all_near(CORNERS)


@pytest.mark.parametrize("size", [(7001, 400), (400, 7001), (9000, 450), (30_000, 500)])
def test_long_side_that_cannot_be_shrunk_is_refused(
    refusal: Refusal, size: tuple[int, int]
) -> None:
    width, height = size

    assert refusal(make_picture(*size)) == (
        "too_large_dimensions",
        {"width": width, "height": height, "limit": 7000, "short_limit": 400},
    )


# Pixels


def test_large_jpeg_is_reduced_while_it_is_decoded(decode: Decode) -> None:
    decoded = decode(make_picture(1600, 1200), max_pixels=1_000_000)

    assert (decoded.width, decoded.height) == (800, 600)
    assert decoded.repairs == ["shrunk_pixels"]
    assert corners(decoded.photo) == all_near(CORNERS)


def test_large_jpeg_that_is_still_too_long_is_shrunk_further(decode: Decode) -> None:
    decoded = decode(make_picture(2000, 1000), max_pixels=1_000_000, max_side_px=900)

    assert (decoded.width, decoded.height) == (900, 450)
    assert decoded.repairs == ["shrunk_pixels"]


def test_very_large_jpeg_is_reduced_to_a_quarter(decode: Decode) -> None:
    decoded = decode(make_picture(2001, 2001), max_pixels=300_000)

    assert (decoded.width, decoded.height) == (501, 501)


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (pictures.lying_jpeg(20_000, 20_000), 205_000_000),
        (pictures.lying_jpeg(12_000, 12_000, progressive=True), 100_000_000),
        (pictures.lying_webp(16_383, 16_383), 50_000_000),
        (pictures.lying_webp(1 << 24, 1 << 24), 50_000_000),
        (pictures.lying_bmp(30_000, -30_000), 50_000_000),
        (pictures.png(2**31 - 1, 2**31 - 1, b""), 50_000_000),
        (pictures.png(12_000, 12_000, b"", depth=1), 50_000_000),
    ],
    ids=["jpeg", "progressive", "webp", "huge webp", "bmp", "huge png", "1-bit png"],
)
def test_too_many_pixels_are_refused_by_the_header(
    refusal: Refusal, data: bytes, limit: int
) -> None:
    code, facts = refusal(data)

    assert (code, facts["limit"]) == ("too_many_pixels", limit)


@pytest.mark.parametrize("options", [{}, {"lossless": True}], ids=["lossy", "lossless"])
def test_canvas_of_a_plain_webp_is_read_from_its_header(options: dict[str, bool]) -> None:
    data = make_picture(401, 502, file_format="WEBP", **options)

    assert child.webp_canvas(data) == (401, 502)


# Bytes


def test_photo_is_compressed_further_until_it_fits(decode: Decode) -> None:
    data = encode(noise(640, 480))
    usual = len(decode(data).photo)

    decoded = decode(data, max_photo_bytes=usual - 1)

    assert len(decoded.photo) < usual
    assert (decoded.width, decoded.height, decoded.repairs) == (640, 480, ["shrunk_bytes"])


def test_photo_is_made_smaller_when_compression_is_not_enough(decode: Decode) -> None:
    data = encode(noise(1000, 800))

    decoded = decode(data, max_photo_bytes=150_000)

    assert len(decoded.photo) <= 150_000
    assert 400 <= decoded.height < 800
    assert decoded.width / decoded.height == pytest.approx(1.25, abs=0.01)
    assert decoded.repairs == ["shrunk_bytes"]


def test_photo_that_cannot_fit_is_refused(refusal: Refusal) -> None:
    code, facts = refusal(make_picture(), max_photo_bytes=1_000)

    assert (code, facts["limit"]) == ("too_many_bytes", 1_000)


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


# Damage


@pytest.mark.parametrize("percent", [5, 30, 60, 90, 99])
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_jpeg_that_breaks_off_is_refused(
    refusal: Refusal, percent: int, options: dict[str, bool]
) -> None:
    data = encode(noise(640, 480), **options)

    assert refusal(data[: len(data) * percent // 100]) == ("damaged", {"found": "JPEG"})


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "BMP"])
@pytest.mark.parametrize("percent", [5, 50, 95])
def test_other_file_that_breaks_off_is_refused(
    refusal: Refusal, file_format: str, percent: int
) -> None:
    data = encode(noise(640, 480), file_format)

    assert refusal(data[: len(data) * percent // 100]) == ("damaged", {"found": file_format})


def test_jpeg_without_its_last_two_bytes_is_refused(refusal: Refusal) -> None:
    assert refusal(make_picture()[:-2]) == ("damaged", {"found": "JPEG"})


def test_heic_that_breaks_off_is_refused(refusal: Refusal) -> None:
    assert refusal(pictures.heic()[:400]) == ("damaged", {"found": "HEIC"})


@pytest.mark.parametrize(
    "data",
    [
        pictures.rotten(make_picture(file_format="PNG"), start=60),
        pictures.with_bad_checksum(make_picture(file_format="PNG")),
        pictures.rotten(make_picture(file_format="WEBP"), start=40),
        pictures.lying_webp(1_000, 1_000),
        pictures.lying_bmp(6_000, 6_000),
        pictures.text_bomb(),
        pictures.profile_bomb(),
        pictures.png(400, 400, b"no zlib"),
        b"\xff\xd8\xff" + bytes(100),
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"RIFF\x10\0\0\0WEBPABCD",
    ],
    ids=[
        "rotten png",
        "bad checksum",
        "rotten webp",
        "lying webp",
        "lying bmp",
        "text bomb",
        "profile bomb",
        "no zlib",
        "jpeg of zeros",
        "png of nothing",
        "webp of nothing",
        "webp of something else",
    ],
)
def test_damaged_file_is_refused(refusal: Refusal, data: bytes) -> None:
    code, facts = refusal(data)

    assert (code, list(facts)) == ("damaged", ["found"])


def test_jpeg_that_holds_less_than_it_announces_is_filled_up(decode: Decode) -> None:
    decoded = decode(pictures.lying_jpeg(1_280, 960))

    assert (decoded.width, decoded.height) == (1_280, 960)


def test_comments_by_the_ten_thousand_cost_nothing(decode: Decode) -> None:
    decoded = decode(pictures.many_chunks())

    assert decoded.repairs == ["converted"]


def test_format_it_was_not_told_of_is_damaged() -> None:
    data = make_picture()
    task = task_for(data)._replace(format="TIFF")

    with pytest.raises(child.Refused) as raised:
        child.decode(task, data)

    assert raised.value.code == "damaged"


def test_missing_library_is_not_the_files_fault(
    monkeypatch: pytest.MonkeyPatch, decode: Decode
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)

    with pytest.raises(ImportError):
        decode(pictures.heic())


# The answer


def test_answer_is_framed_with_its_lengths() -> None:
    data = make_picture()

    answer = child.frame(task_for(data), data)

    length = int.from_bytes(answer[8:12])
    head = json.loads(answer[12 : 12 + length])
    assert answer[:8] == child.MAGIC
    assert len(answer) == 12 + length + head["photo_bytes"] + head["thumbnail_bytes"]


def test_refusal_is_framed_without_pictures() -> None:
    data = make_picture(100, 100)

    answer = child.frame(task_for(data), data)

    assert json.loads(answer[12:]) == {
        "error": "too_small",
        "facts": {"width": 100, "height": 100, "limit": 400},
        "detail": "",
    }


@pytest.mark.parametrize(
    "step",
    [
        "emojicheck.pictures.child.open_picture",
        "PIL.Image.Image.getexif",
        "PIL.ImageCms.profileToProfile",
        "PIL.Image.Image.save",
    ],
)
def test_lack_of_memory_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    data = encode(paint(), icc_profile=pictures.wide_colour_profile())

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(step, fail)

    answer = child.frame(task_for(data), data)

    assert json.loads(answer[12:]) == {"unavailable": "out of memory"}
