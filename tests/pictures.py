"""Pictures for tests, ordinary and awkward, all made here.

`make_picture` makes an ordinary one. The rest is a museum of what phones, programs and attackers
produce: each function returns the bytes of one file. Every picture shows `CORNERS`, so that a test
can see which way up it came out, and in which colours.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

CORNERS = {
    "top_left": (200, 40, 40),
    "top_right": (40, 180, 60),
    "bottom_left": (50, 60, 200),
    "bottom_right": (230, 210, 120),
}
"""The colour of each quarter."""

# How to lay out the pixels so that turning them as the EXIF orientation asks shows CORNERS.
UNTURN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

SAMPLES = Path(__file__).parent / "unit/pictures/samples"
"""HEIC files of `paint(480, 400)`, made with pillow-heif, whose encoder is not ours to ship."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB = 0, 2


def paint(width: int = 640, height: int = 480) -> Image.Image:
    """Four quarters of colour."""
    picture = Image.new("RGB", (width, height), CORNERS["top_left"])
    middle, centre = width // 2, height // 2
    picture.paste(CORNERS["top_right"], (middle, 0, width, centre))
    picture.paste(CORNERS["bottom_left"], (0, centre, middle, height))
    picture.paste(CORNERS["bottom_right"], (middle, centre, width, height))
    return picture


def encode(picture: Image.Image, file_format: str = "JPEG", **options: Any) -> bytes:
    """The file Pillow makes of a picture."""
    file = BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def make_picture(
    width: int = 640,
    height: int = 480,
    *,
    file_format: str = "JPEG",
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    """An ordinary picture. `options` are those of Pillow for the format."""
    return encode(paint(width, height).convert(mode), file_format, **options)


def corners(data: bytes) -> dict[str, tuple[int, int, int]]:
    """The colour of each quarter of a picture as it is stored, to compare with CORNERS."""
    with Image.open(BytesIO(data)) as picture:
        rgb = picture.convert("RGB")
    near, far = 1 / 8, 7 / 8
    places = {
        "top_left": (near, near),
        "top_right": (far, near),
        "bottom_left": (near, far),
        "bottom_right": (far, far),
    }
    return {
        name: rgb.getpixel((int(rgb.width * x), int(rgb.height * y)))
        for name, (x, y) in places.items()
    }


# Turned


def exif(orientation: int = 1, *, secret: str = "") -> Image.Exif:
    """Metadata with an orientation, a place, and a secret in the camera's name."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = secret or "Camera"
    made.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 0.0)})
    return made


def turned(orientation: int, *, file_format: str = "JPEG", **size: int) -> bytes:
    """A picture stored on its side or mirrored, with the orientation that puts it right."""
    picture = paint(**size)
    unturn = UNTURN.get(orientation)
    if unturn is not None:
        picture = picture.transpose(unturn)
    return encode(picture, file_format, exif=exif(orientation))


# Several pictures in one file


def mpo() -> bytes:
    """A phone's portrait mode: the photo, and a smaller one behind it."""
    return encode(paint(), "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240))])


def heic(name: str = "corners") -> bytes:
    """A small HEIC: "corners", "corners_turned" (by the file's own means) or "two_pictures"."""
    return (SAMPLES / f"{name}.heic").read_bytes()


def ultra_hdr() -> bytes:
    """A photo listed with its brightness map: a JPEG, whatever the list says."""
    xmp = b'http://ns.adobe.com/xap/1.0/\0<rdf:Description hdrgm:Version="1.0"/>'
    return insert_segment(mpo(), 0xE1, xmp)


def motion_photo() -> bytes:
    """A photo with a short video behind its end."""
    return make_picture() + struct.pack(">I4s4s", 24, b"ftyp", b"mp42") + bytes(200_000)


def animated(file_format: str, frames: int = 3) -> bytes:
    """A moving picture; the frames differ, or encoders would merge them."""
    first, *others = (Image.new("RGB", (400, 400), (40 * i, 0, 0)) for i in range(frames))
    return encode(first, file_format, save_all=True, append_images=others)


# Colours


def deep_grey(file_format: str = "PNG") -> bytes:
    """Sixteen bits of grey: the quarters at 20, 40, 60 and 80 percent."""
    picture = Image.new("I;16", (640, 480))
    for i in range(4):
        left, top = i % 2 * 320, i // 2 * 240
        picture.paste(65_535 * (i + 1) // 5, (left, top, left + 320, top + 240))
    return encode(picture, file_format)


def deep_rgb() -> bytes:
    """A PNG with sixteen bits a colour, which Pillow cannot write."""
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">3H", *(c * 257 for c in colour)) * 320 for colour in row)
        for row in _quarter_rows(480)
    )
    return png(640, 480, zlib.compress(rows), depth=16, colour=RGB)


def _quarter_rows(height: int) -> list[tuple[tuple[int, int, int], ...]]:
    upper = (CORNERS["top_left"], CORNERS["top_right"])
    lower = (CORNERS["bottom_left"], CORNERS["bottom_right"])
    return [upper if y < height // 2 else lower for y in range(height)]


def see_through(file_format: str = "PNG", alpha: int = 0, mode: str = "RGBA") -> bytes:
    """A picture whose right half is transparent to some degree (0 = entirely)."""
    picture = paint().convert(mode)
    veil = Image.new("L", picture.size, 255)
    veil.paste(alpha, (320, 0, 640, 480))
    picture.putalpha(veil)
    options = {"lossless": True, "exact": True} if file_format == "WEBP" else {}
    return encode(picture, file_format, **options)


def wide_colour_profile() -> bytes:
    """A Display P3 profile, as phones attach it: primaries, white point and a gamma of 2.2."""

    def fixed(*numbers: float) -> bytes:
        return b"".join(struct.pack(">i", round(number * 65_536)) for number in numbers)

    def xyz(*numbers: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*numbers)

    text = b"Display P3"
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    described = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + bytes(1 + 78 + 1)
    tags = {
        b"desc": described,
        b"cprt": b"text\0\0\0\0nobody\0\0",
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = b"", b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    rest = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(
        ">I4sI4s4s4s", 128 + len(rest), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ "
    )
    head += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + rest


# Broken, hostile


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(
    width: int, height: int, data: bytes, *, depth: int = 8, colour: int = GREY, extra: bytes = b""
) -> bytes:
    """A PNG of exactly these parts, true or not; `data` is compressed already."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join(
        (PNG_SIGNATURE, chunk(b"IHDR", head), extra, chunk(b"IDAT", data), chunk(b"IEND", b""))
    )


def grey_png(width: int, height: int, *, depth: int = 8, extra: bytes = b"") -> bytes:
    """A black PNG of any size; a thousandth of its pixels in bytes."""
    return png(
        width, height, packed_zeros((width * depth // 8 + 1) * height), depth=depth, extra=extra
    )


def packed_zeros(count: int) -> bytes:
    """Zeros by the hundred million in a few hundred kilobytes."""
    packer, block = zlib.compressobj(9), bytes(1_000_000)
    full, rest = divmod(count, len(block))
    parts = [packer.compress(block) for _ in range(full)]
    return b"".join((*parts, packer.compress(bytes(rest)), packer.flush()))


def text_bomb() -> bytes:
    """A PNG whose comment unpacks to 100 MB."""
    return grey_png(400, 400, extra=chunk(b"zTXt", b"a\0\0" + packed_zeros(100_000_000)))


def profile_bomb() -> bytes:
    """A PNG whose colour profile unpacks to 100 MB."""
    return grey_png(400, 400, extra=chunk(b"iCCP", b"a\0\0" + packed_zeros(100_000_000)))


def many_chunks(count: int = 20_000) -> bytes:
    """A PNG with more comments than picture."""
    return grey_png(400, 400, extra=b"".join(chunk(b"tEXt", b"k%d\0v" % i) for i in range(count)))


def insert_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment at its beginning."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def lying_jpeg(width: int, height: int, **options: Any) -> bytes:
    """A JPEG whose frame claims another size than it holds."""
    data = make_picture(**options)
    frame = data.index(b"\xff\xc2" if options.get("progressive") else b"\xff\xc0")
    return data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]


def scanned_again(width: int, height: int, times: int) -> bytes:
    """A progressive JPEG of one colour whose last scan comes so many times more."""
    data = encode(Image.new("L", (width, height), 128), progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scan * times + data[-2:]


def lying_webp(width: int, height: int) -> bytes:
    """A WEBP whose canvas claims another size than it holds."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size
    body = b"WEBP" + canvas + make_picture(file_format="WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def lying_bmp(width: int, height: int) -> bytes:
    """A BMP whose header claims another size than it holds."""
    data = make_picture(file_format="BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def rotten(data: bytes, *, start: int, step: int = 7) -> bytes:
    """The file with bytes changed from `start` on, as by a bad disk."""
    broken = bytearray(data)
    for at in range(start, min(start + 2_000, len(broken)), step):
        broken[at] ^= 0x5A
    return bytes(broken)


def with_bad_checksum(data: bytes) -> bytes:
    """A PNG whose pixels do not match their checksum."""
    at = data.index(b"IDAT") + 20
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


PAYLOAD = b"<script>alert(document.domain)</script><?php system($_GET[0]);?>"


def polyglots() -> dict[str, bytes]:
    """Good JPEGs that are something else as well; none of PAYLOAD may survive."""
    plain = make_picture()
    archive = b"PK\3\4" + PAYLOAD + b"PK\5\6" + bytes(18)
    return {
        "comment": insert_segment(plain, 0xFE, PAYLOAD),
        "xmp": insert_segment(plain, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PAYLOAD),
        "exif": encode(paint(), exif=exif(secret=PAYLOAD.decode())),
        "profile": encode(paint(), icc_profile=PAYLOAD * 20),
        "unknown segment": insert_segment(plain, 0xEB, PAYLOAD),
        "tail": plain + PAYLOAD,
        "archive": plain + archive,
    }


def other_files() -> dict[str, bytes]:
    """What is not on the list of formats, by the name it must be refused by."""
    grey = Image.new("L", (400, 400))
    return {
        "GIF": encode(grey, "GIF"),
        "TIFF": encode(grey, "TIFF"),
        "AVIF": encode(grey, "AVIF"),
        "ICO": encode(grey, "ICO"),
        "JPEG 2000": encode(grey, "JPEG2000"),
        "PDF": encode(grey, "PDF"),
        "PostScript": encode(grey, "EPS"),
        "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        "HTML": b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>",
        "XML": b"<?xml version='1.0'?><plist/>",
        "text": "Grüße, 这是一张照片.jpg\n".encode(),
        "ZIP": b"PK\3\4" + bytes(60),
        "RAR": b"Rar!\x1a\7\0" + bytes(60),
        "7-Zip": b"7z\xbc\xaf\x27\x1c" + bytes(60),
        "GZIP": b"\x1f\x8b\x08" + bytes(60),
        "MP4": struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + bytes(60),
        "QuickTime": struct.pack(">I4s4sI", 16, b"ftyp", b"qt  ", 0) + bytes(60),
        "WEBM": b"\x1aE\xdf\xa3" + bytes(60),
        "AVI": b"RIFF\x10\0\0\0AVI LIST" + bytes(60),
        "WAV": b"RIFF\x10\0\0\0WAVEfmt " + bytes(60),
        "MP3": b"ID3\3" + bytes(60),
        "Photoshop": b"8BPS\0\1" + bytes(60),
        "JPEG XL": b"\xff\x0a\xfa" + bytes(60),
        "program": b"MZ\x90\0\3\0" + bytes(60),
    }
