from __future__ import annotations

import io

import pytest
from PIL import Image

from emojicheck.detection.verdicts import BBox, Spot
from emojicheck.presentation.annotate import annotated_png

Colour = tuple[int, int, int]

GREY = (120, 120, 120)
MARIGOLD = (255, 197, 61)
WHITE = (255, 255, 255)
PENCIL = (210, 55, 26)
FACE = BBox(200, 150, 400, 350)
EXTENDED = BBox(100, 50, 500, 500)
TILT = Spot(kind="line", points=((250, 250), (350, 290)), value=21.8)


def photo(width: int = 600, height: int = 800) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), GREY).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def drawn(
    *spots: Spot, face: BBox | None = None, extended: BBox | None = None, of: bytes | None = None
) -> Image.Image:
    png = annotated_png(of or photo(), face=face, extended=extended, spots=spots)
    return Image.open(io.BytesIO(png))


def colours_in(image: Image.Image) -> set[Colour]:
    return {colour for _, colour in image.getcolors(image.width * image.height) or ()}


def test_result_is_a_png_of_the_photos_size() -> None:
    image = drawn(face=FACE, extended=EXTENDED)

    assert (image.format, image.size, image.mode) == ("PNG", (600, 800), "RGB")


def test_nothing_found_leaves_the_photo_as_it_is() -> None:
    assert colours_in(drawn()) == {GREY}


@pytest.mark.parametrize(
    "point", [(200, 250), (400, 250), (300, 150), (300, 350)], ids=["left", "right", "top", "low"]
)
def test_face_box_is_solid_marigold_on_its_own_pixels(point: tuple[int, int]) -> None:
    image = drawn(face=FACE)

    assert image.getpixel(point) == MARIGOLD


def test_face_box_has_a_dark_casing_and_an_empty_middle() -> None:
    image = drawn(face=FACE)

    red, green, blue = image.getpixel((203, 250))  # type: ignore[misc]
    assert max(red, green, blue) < 60
    assert image.getpixel((300, 250)) == GREY


def test_extended_box_is_dashed_white() -> None:
    image = drawn(extended=EXTENDED)

    left_side = [image.getpixel((100, y)) for y in range(50, 500)]
    assert 0.4 < left_side.count(WHITE) / len(left_side) < 0.8
    assert left_side[0] == left_side[-1] == WHITE


def test_box_at_the_edge_of_the_photo_is_drawn() -> None:
    image = drawn(face=BBox(0, 0, 600, 800))

    assert image.getpixel((0, 400)) == MARIGOLD


@pytest.mark.parametrize(
    ("spot", "point"),
    [
        pytest.param(TILT, (300, 270), id="line through the eyes"),
        pytest.param(
            Spot(kind="arrow", points=((300, 300), (400, 300))), (350, 300), id="arrow's shaft"
        ),
        pytest.param(
            Spot(kind="outline", points=((100, 100), (200, 100), (200, 200))),
            (150, 150),
            id="outline is closed",
        ),
        pytest.param(
            Spot(kind="ring", points=((200, 200), (300, 300))),
            (310, 250),
            id="ring, a little outside",
        ),
        pytest.param(
            Spot(kind="area", points=((200, 200), (400, 200), (400, 500), (200, 500))),
            (200, 300),
            id="shaded part's outline",
        ),
        pytest.param(
            Spot(kind="span", points=((100, 300), (500, 300)), value=0.67),
            (300, 300),
            id="measure from side to side",
        ),
        pytest.param(
            Spot(kind="edge", points=((0, 200), (0, 400))), (7, 300), id="edge, from inside"
        ),
    ],
)
def test_spot_is_pencilled_with_a_white_edge(spot: Spot, point: tuple[int, int]) -> None:
    image = drawn(spot)

    assert image.getpixel(point) == PENCIL
    assert WHITE in colours_in(image)


def test_covered_part_is_shaded_inside_its_outline_only() -> None:
    image = drawn(Spot(kind="area", points=((200, 200), (400, 200), (400, 500), (200, 500))))

    inside, beside = image.crop((240, 240, 360, 460)), image.crop((430, 240, 550, 460))
    assert {PENCIL, WHITE, GREY} <= colours_in(inside)
    assert colours_in(beside) == {GREY}


def test_ring_leaves_the_face_inside_free() -> None:
    image = drawn(Spot(kind="ring", points=((200, 200), (300, 300))))

    assert image.crop((200, 200, 297, 297)).getpixel((50, 50)) == GREY


def test_tilt_says_its_degrees_only_when_known() -> None:
    mute = Spot(kind="line", points=TILT.points, value=None)

    right_of_the_lines = (476, 200, 576, 330)
    assert PENCIL in colours_in(drawn(TILT).crop(right_of_the_lines))
    assert colours_in(drawn(mute).crop(right_of_the_lines)) == {GREY}


def test_tilt_shows_the_level_it_should_keep() -> None:
    image = drawn(TILT)

    level = colours_in(image.crop((220, 233, 400, 236)))
    assert PENCIL in level


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(((350, 290), (250, 250)), id="eyes the other way round"),
        pytest.param(((300, 200), (300, 300)), id="upright"),
        pytest.param(((300, 250), (300, 250)), id="one point"),
    ],
)
def test_odd_tilts_are_drawn_without_complaint(points: tuple[tuple[int, int], ...]) -> None:
    image = drawn(Spot(kind="line", points=points, value=-90.0))

    assert PENCIL in colours_in(image)


def test_degrees_stay_inside_a_photo_whose_face_is_at_the_edge() -> None:
    image = drawn(Spot(kind="line", points=((480, 20), (590, 5)), value=-7.8))

    assert PENCIL in colours_in(image.crop((500, 0, 600, 60)))


def test_spot_outside_the_photo_draws_nothing() -> None:
    outside = Spot(kind="outline", points=((-400, -400), (-300, -400), (-300, -300)))

    assert colours_in(drawn(outside)) == {GREY}


def test_same_arguments_give_the_same_bytes() -> None:
    first, second = (
        annotated_png(photo(), face=FACE, extended=EXTENDED, spots=[TILT]) for _ in range(2)
    )

    assert first == second


def test_lines_grow_with_the_photo() -> None:
    small = drawn(face=BBox(100, 100, 300, 300), of=photo(400, 400))
    large = drawn(face=BBox(600, 600, 1800, 1800), of=photo(2400, 2400))

    def thickness(image: Image.Image, y: int) -> int:
        row = [image.getpixel((x, y)) for x in range(image.width // 2)]
        return row.count(MARIGOLD)

    assert thickness(small, 200) == 2
    assert thickness(large, 1200) == 11


def test_bytes_that_are_no_photo_raise_oserror() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        annotated_png(b"not a photo", face=None, extended=None, spots=())
