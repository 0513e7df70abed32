"""The decoder: a script, run by path in a short-lived process of its own.

It is the only place where a stranger's bytes meet an image library. It is started by `decoder`
as `python -I child.py {"format": ..., limits...}`, reads the file from standard input, and
writes one answer to standard output:

    b"PICTURE\\0", length of the JSON (4 bytes, big-endian), JSON, photo, thumbnail

where the JSON is either {"width", "height", "repairs", "photo_bytes", "thumbnail_bytes"},
{"error", "facts", "detail"} or {"unavailable"}. It imports nothing of this project, for it runs
isolated from it, and as little as possible otherwise, for it starts anew for every picture.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image, JpegImagePlugin

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MAGIC = b"PICTURE\0"
STDERR_BYTES = 16_384
OPEN_FILES = 64
NICENESS = 5

ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset({5, 6, 7, 8})

SCAN_BEGINNINGS = tuple(
    b"\xff\xda" + (6 + 2 * components).to_bytes(2) + bytes([components])
    for components in range(1, 5)
)
MAX_SCANNED_PIXELS = 4_000_000_000
"""All pixels of all passes over a JPEG: ten passes are usual, and each costs time but no bytes."""

LOWER_QUALITIES = (85, 75)
SHRINK_FACTOR = 0.8


class Refused(Exception):
    """The file is at fault. Carries the code and the facts of a PictureError."""

    def __init__(self, code: str, detail: str = "", **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.facts = facts


class Task(NamedTuple):
    """What is asked for: the recognised format and the limits, with the names of `Limits`."""

    format: str
    min_side_px: int
    max_side_px: int
    max_pixels: int
    max_jpeg_pixels: int
    max_progressive_pixels: int
    max_photo_bytes: int
    quality: int
    thumbnail_side_px: int
    thumbnail_quality: int
    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float


class Decoded(NamedTuple):
    """What came out: JPEGs, the size of the photo, and what had to be done to get there."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int
    repairs: list[str]


def main() -> None:
    """Decode standard input to standard output, within limits set before a byte is read."""
    task = Task(**json.loads(sys.argv[1]))
    confine(task)
    sys.stdout.buffer.write(frame(task, sys.stdin.buffer.read()))


def confine(task: Task) -> None:
    """Give up memory, time, files and core dumps for good."""
    limits = {
        resource.RLIMIT_CPU: task.cpu_seconds,
        resource.RLIMIT_FSIZE: STDERR_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":  # elsewhere the kernel refuses or ignores it
        limits[resource.RLIMIT_AS] = task.memory_bytes
    for name, value in limits.items():
        _, most = resource.getrlimit(name)
        soft = value if most == resource.RLIM_INFINITY else min(value, most)
        # The hard limit stays: reaching both at once would kill without saying why.
        resource.setrlimit(name, (soft, most if name == resource.RLIMIT_CPU else soft))
    os.nice(NICENESS)  # whoever only reads a page comes first
    sys.dont_write_bytecode = True  # a cache file cut off by the limit would outlive us
    # Formats are opened by their own class and checked here; Pillow's own check of the size is
    # for whatever a decoder may open in turn.
    Image.MAX_IMAGE_PIXELS = task.max_pixels
    warnings.simplefilter("ignore")  # nobody would read them
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # Should the parent be killed while we hang, nobody else would end us.
    signal.alarm(math.ceil(task.wall_seconds) + 1)


def frame(task: Task, data: bytes) -> bytes:
    """Decode and wrap the answer, whatever it is."""
    photo = thumbnail = b""
    head: dict[str, Any]
    try:
        photo, thumbnail, width, height, repairs = decode(task, data)
        head = {
            "width": width,
            "height": height,
            "repairs": repairs,
            "photo_bytes": len(photo),
            "thumbnail_bytes": len(thumbnail),
        }
    except Refused as refused:
        head = {"error": refused.code, "facts": refused.facts, "detail": refused.detail}
    except MemoryError:
        head = {"unavailable": "out of memory"}
    text = json.dumps(head).encode()
    return b"".join((MAGIC, len(text).to_bytes(4), text, photo, thumbnail))


def decode(task: Task, data: bytes) -> Decoded:
    """Make an upright, opaque, 8-bit sRGB photo without metadata, and its thumbnail.

    Raises Refused when the file does not allow it, MemoryError when the limits do not, ImportError
    when a library is missing, which ends the script and is nobody's fault but ours.
    """
    try:
        return _decode(task, data)
    except (Refused, MemoryError, ImportError):
        raise
    except Exception as error:  # decoders raise whatever they like
        raise Refused(
            "damaged", f"{type(error).__name__}: {error}"[:300], found=task.format
        ) from error


def _decode(task: Task, data: bytes) -> Decoded:
    repairs: list[str] = []
    opened = open_picture(task, data)
    check_size(task, opened)
    check_scans(task, opened, data)
    if holds_more_pictures(opened):
        repairs.append("first_frame")
    if reduce_while_decoding(task, opened):
        repairs.append("shrunk_pixels")
    opened.load()
    check_size(task, opened)  # what was decoded need not be what was announced
    turn = TURNS.get(orientation(opened))
    profile = opened.info.get("icc_profile")
    forget_file(opened)

    picture = narrow(opened, repairs)
    picture = flatten(picture, repairs)
    picture = to_srgb(picture, profile, repairs)
    fitted = fitting_size(picture.size, task.max_side_px)
    if fitted != picture.size:
        picture = resize(picture, fitted)
        if "shrunk_pixels" not in repairs:
            repairs.append("shrunk_pixels")
    if turn is not None:
        picture = picture.transpose(turn)
        repairs.append("turned")
    if task.format != "JPEG":
        repairs.append("converted")
    picture, photo = encode_within(task, picture, repairs)
    small = resize(picture, fitting_size(picture.size, task.thumbnail_side_px))
    thumbnail = encode(small, task.thumbnail_quality)
    return Decoded(photo, thumbnail, picture.width, picture.height, repairs)


def open_picture(task: Task, data: bytes) -> ImageFile:
    """Read the header with the one class that is asked for; no pixel is decoded yet."""
    file = BytesIO(data)
    match task.format:
        case "JPEG":
            return JpegImagePlugin.JpegImageFile(file)
        case "PNG":
            from PIL.PngImagePlugin import PngImageFile

            opened: ImageFile = PngImageFile(file)
        case "WEBP":
            # Its decoder takes 8 bytes a pixel as soon as it is created.
            check_pixels(task, *webp_canvas(data))
            from PIL.WebPImagePlugin import WebPImageFile

            opened = WebPImageFile(file)
        case "BMP":
            from PIL.BmpImagePlugin import BmpImageFile

            return BmpImageFile(file)
        case "HEIC":
            return open_heic(file)
        case _:
            raise ValueError(task.format)
    frames = getattr(opened, "n_frames", 1)
    if frames > 1:
        raise Refused("animated", found=task.format, frames=frames)
    return opened


def open_heic(file: BytesIO) -> ImageFile:
    """Open the primary picture of a HEIC file, with nothing that hangs on it."""
    import pi_heif  # type: ignore[import-untyped]

    options = pi_heif.options
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    options.DECODE_THREADS = 1
    opened: ImageFile = pi_heif.HeifImageFile(file)
    return opened


def webp_canvas(data: bytes) -> tuple[int, int]:
    """Width and height from the header of a WEBP; zeros if there is none, for the decoder."""
    match data[12:16]:
        case b"VP8 ":
            width, height = (int.from_bytes(data[at : at + 2], "little") for at in (26, 28))
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = (int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
            return width + 1, height + 1
    return 0, 0


def check_size(task: Task, opened: ImageFile) -> None:
    """Refuse what is too small, too large to decode, or too long for its width.

    The rules are the same for either orientation; only the numbers in the facts are upright.
    """
    # Asking a PNG for metadata it lacks would decode it.
    sideways = "exif" in opened.info and orientation(opened) in SIDEWAYS
    width, height = reversed(opened.size) if sideways else opened.size
    if min(width, height) < task.min_side_px:
        raise Refused("too_small", width=width, height=height, limit=task.min_side_px)
    limit = task.max_pixels
    if task.format == "JPEG":
        progressive = "progressive" in opened.info
        limit = task.max_progressive_pixels if progressive else task.max_jpeg_pixels
    check_pixels(task._replace(max_pixels=limit), width, height)
    # Exact, so that 7001 x 400 does not pass by rounding.
    if min(width, height) * task.max_side_px < task.min_side_px * max(width, height):
        raise Refused(
            "too_large_dimensions",
            width=width,
            height=height,
            limit=task.max_side_px,
            short_limit=task.min_side_px,
        )


def check_pixels(task: Task, width: int, height: int) -> None:
    if width * height > task.max_pixels:
        raise Refused("too_many_pixels", width=width, height=height, limit=task.max_pixels)


def check_scans(task: Task, opened: ImageFile, data: bytes) -> None:
    """Refuse a JPEG that wants to be gone over again and again.

    Counted generously, pictures inside the picture included, rather than parsed: a decoder that
    reads markers in another way than we do would find more.
    """
    if task.format != "JPEG":
        return
    scans = sum(data.count(beginning) for beginning in SCAN_BEGINNINGS)
    if scans * opened.width * opened.height > MAX_SCANNED_PIXELS:
        raise Refused("damaged", f"{scans} scans", found=task.format)


def orientation(opened: ImageFile) -> int:
    """The EXIF orientation, 1 when there is none or it cannot be read."""
    try:
        value = opened.getexif().get(ORIENTATION_TAG)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - broken metadata must not cost a good picture
        return 1
    return value if isinstance(value, int) else 1


def holds_more_pictures(opened: ImageFile) -> bool:
    """Whether a JPEG (MPO) or HEIC carries further pictures behind the first.

    The brightness map of an Ultra HDR photo is listed like a picture, but is none.
    """
    if not isinstance(opened, JpegImagePlugin.JpegImageFile):
        return getattr(opened, "n_frames", 1) > 1
    return "mp" in opened.info and not any(
        b"hdrgm:Version" in segment for _, segment in opened.applist
    )


def reduce_while_decoding(task: Task, opened: ImageFile) -> bool:
    """Let a JPEG that is too large to decode come out at a half, a quarter or an eighth."""
    width, height = opened.size
    if width * height <= task.max_pixels:
        return False
    for scale in (2, 4, 8):
        reduced = -(-width // scale) * -(-height // scale)
        if reduced <= task.max_pixels:
            break
    opened.draft(None, (width // scale, height // scale))
    return True


def forget_file(opened: ImageFile) -> None:
    """Let go of the file and its decoder, which for WEBP hold four times the picture."""
    opened.fp = None
    vars(opened).pop("_decoder", None)


def narrow(picture: Image.Image, repairs: list[str]) -> Image.Image:
    """Scale 16-bit grey to 8 bits. Converting it would cut everything bright to white."""
    if not picture.mode.startswith("I"):
        return picture
    repairs.append("recoloured")
    narrowed = picture.point(lambda value: value / 257).convert("L")
    narrowed.info = {}
    return narrowed


def flatten(picture: Image.Image, repairs: list[str]) -> Image.Image:
    """Lay transparent parts on white."""
    if not picture.has_transparency_data:
        return picture
    picture = picture.convert("RGBA")
    alpha = picture.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return picture.convert("RGB")
    repairs.append("flattened")
    background = Image.new("RGB", picture.size, "white")
    background.paste(picture, mask=alpha)
    return background


def to_srgb(picture: Image.Image, profile: bytes | None, repairs: list[str]) -> Image.Image:
    """Bring the colours to sRGB by the picture's own profile, if it has a usable one."""
    if picture.mode not in {"L", "RGB", "CMYK"}:
        picture = picture.convert("RGB")
    converted = convert_profile(picture, profile) if profile else None
    if (converted or picture.mode == "CMYK") and "recoloured" not in repairs:
        repairs.append("recoloured")
    if converted is not None:
        return converted
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def convert_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB; None if it is so already or the profile is no good."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if picture.mode == "RGB" and ImageCms.getProfileDescription(source).startswith("sRGB"):
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a broken profile must not cost a good picture
        return None


def fitting_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size, made smaller in proportion if a side is longer than `longest`."""
    long_side = max(size)
    if long_side <= longest:
        return size
    width, height = ((side * longest * 2 + long_side) // (long_side * 2) for side in size)
    return max(1, width), max(1, height)


def resize(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def encode_within(
    task: Task, picture: Image.Image, repairs: list[str]
) -> tuple[Image.Image, bytes]:
    """Encode, first a little coarser and then a little smaller, until it fits into its bytes."""
    photo = encode(picture, task.quality)
    if len(photo) <= task.max_photo_bytes:
        return picture, photo
    repairs.append("shrunk_bytes")
    for quality in LOWER_QUALITIES:
        photo = encode(picture, quality)
        if len(photo) <= task.max_photo_bytes:
            return picture, photo
    while len(photo) > task.max_photo_bytes:
        factor = max(SHRINK_FACTOR, task.min_side_px / min(picture.size))
        if factor >= 1:
            raise Refused("too_many_bytes", bytes=len(photo), limit=task.max_photo_bytes)
        picture = resize(picture, fitting_size(picture.size, int(max(picture.size) * factor)))
        photo = encode(picture, LOWER_QUALITIES[-1])
    return picture, photo


def encode(picture: Image.Image, quality: int) -> bytes:
    """A JPEG of the pixels and nothing else."""
    picture.info = {}  # else a comment would be written again
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


if __name__ == "__main__":
    main()
