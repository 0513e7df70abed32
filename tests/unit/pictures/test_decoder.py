"""What the site makes of a decoder that misbehaves, as one that was taken over might."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emojicheck.pictures import DecoderUnavailable, Limits, PictureCode, PictureError, decoder
from emojicheck.pictures.formats import Format
from tests.pictures import insert_segment, make_picture

if TYPE_CHECKING:
    from collections.abc import Callable

    Decode = Callable[..., decoder.Decoded]

REAL_CHILD = decoder.CHILD
LIMITS = Limits()
HASTY = Limits(wall_seconds=0.7)
PHOTO = make_picture(640, 480)
THUMBNAIL = make_picture(320, 240)


@pytest.fixture
def misbehave(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Decode]:
    """Put another script in the decoder's place."""

    def replace(script: str) -> Decode:
        path = tmp_path / "child.py"
        path.write_text(textwrap.dedent(script))
        monkeypatch.setattr(decoder, "CHILD", path)
        return lambda limits=LIMITS: decoder.decode(b"file", Format.PNG, limits)

    return replace


@pytest.fixture
def answer(misbehave: Callable[[str], Decode]) -> Callable[..., Decode]:
    """A decoder that ends well and says exactly this."""

    def say(head: object, body: bytes = b"", *, magic: bytes = b"PICTURE\0") -> Decode:
        text = json.dumps(head).encode()
        framed = magic + len(text).to_bytes(4) + text + body
        return misbehave(f"import sys; sys.stdout.buffer.write({framed!r})")

    return say


def head(**changes: object) -> dict[str, object]:
    return {
        "width": 640,
        "height": 480,
        "repairs": [],
        "photo_bytes": len(PHOTO),
        "thumbnail_bytes": len(THUMBNAIL),
        **changes,
    }


def test_answer_in_order_is_taken(answer: Callable[..., Decode]) -> None:
    decode = answer(head(repairs=["flattened", "turned"]), PHOTO + THUMBNAIL)

    assert decode() == decoder.Decoded(
        photo=PHOTO,
        thumbnail=THUMBNAIL,
        width=640,
        height=480,
        repairs=(decoder.Repair.FLATTENED, decoder.Repair.TURNED),
    )


# The file's fault


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)",
        "print('hello')",
        "",
        "import sys; sys.stdout.buffer.write(bytes(20_000_000))",
        "import sys; sys.stdout.buffer.write(b'PICTURE\\0' + b'\\xff' * 100)",
        "import sys; sys.stdout.buffer.write(b'PICTURE\\0\\0\\0\\0\\2{')",
    ],
    ids=["abort", "crash", "cpu", "chatter", "silence", "flood", "huge head", "half a head"],
)
def test_decoder_brought_down_is_blamed_on_the_file(
    misbehave: Callable[[str], Decode], script: str
) -> None:
    decode = misbehave(script)

    with pytest.raises(PictureError) as raised:
        decode()

    assert raised.value.code is PictureCode.DECODER_FAILED
    assert raised.value.facts == {"found": "PNG"}


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, b""),
        ({}, PHOTO + THUMBNAIL + b"more"),
        ({"photo_bytes": len(PHOTO) + 1, "thumbnail_bytes": len(THUMBNAIL) - 1}, PHOTO + THUMBNAIL),
        ({"photo_bytes": -1}, PHOTO + THUMBNAIL),
        ({"photo_bytes": "many"}, PHOTO + THUMBNAIL),
        ({"width": 641}, PHOTO + THUMBNAIL),
        ({"repairs": ["beautified"]}, PHOTO + THUMBNAIL),
        ({"repairs": None}, PHOTO + THUMBNAIL),
        ({"thumbnail_bytes": len(PHOTO)}, PHOTO + PHOTO),
        (
            {"width": 320, "height": 240, "photo_bytes": len(THUMBNAIL)},
            THUMBNAIL + THUMBNAIL,
        ),
        (
            {"photo_bytes": len(PHOTO) + 11},
            insert_segment(PHOTO, 0xFE, b"comment") + THUMBNAIL,
        ),
    ],
    ids=[
        "no pictures",
        "more than announced",
        "moved border",
        "negative length",
        "no number",
        "another size",
        "unknown repair",
        "no repairs",
        "large thumbnail",
        "small photo",
        "comment",
    ],
)
def test_answer_that_does_not_hold_is_not_believed(
    answer: Callable[..., Decode], changes: dict[str, object], body: bytes
) -> None:
    decode = answer(head(**changes), body)

    with pytest.raises(PictureError) as raised:
        decode()

    assert raised.value.code is PictureCode.DECODER_FAILED


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        None,
        {"error": "too_ugly", "facts": {}, "detail": ""},
        {"error": "damaged", "facts": {"found": ["PNG"]}, "detail": ""},
        {"error": "damaged", "facts": "none", "detail": ""},
    ],
)
def test_nonsense_is_not_believed(answer: Callable[..., Decode], said: object) -> None:
    decode = answer(said)

    with pytest.raises(PictureError) as raised:
        decode()

    assert raised.value.code is PictureCode.DECODER_FAILED


def test_what_the_decoder_says_fits_on_a_line_of_the_log(answer: Callable[..., Decode]) -> None:
    decode = answer({"error": "damaged", "facts": {}, "detail": "cut\r\nINFO\x1b[2J" + "a" * 999})

    with pytest.raises(PictureError) as raised:
        decode()

    assert raised.value.detail.startswith("cut  INFO [2Jaaa")
    assert len(raised.value.detail) == 400


def test_refusal_is_passed_on(answer: Callable[..., Decode]) -> None:
    decode = answer({"error": "damaged", "facts": {"found": "PNG"}, "detail": "OSError: cut"})

    with pytest.raises(PictureError) as raised:
        decode()

    assert (raised.value.code, raised.value.facts) == (PictureCode.DAMAGED, {"found": "PNG"})
    assert str(raised.value) == "damaged: OSError: cut"


# Ours


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import os, time; os.close(1); time.sleep(60)",
        "while True: pass",
    ],
    ids=["sleeps", "closes and sleeps", "spins"],
)
def test_decoder_that_hangs_is_not_the_photos_fault(
    misbehave: Callable[[str], Decode], monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(decoder, "EXIT_SECONDS", 0.5)
    decode = misbehave(script)

    with pytest.raises(DecoderUnavailable, match="out of time"):
        decode(HASTY)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended with -9"),
        ("import no_such_library", "No module named 'no_such_library'"),
    ],
    ids=["killed", "cannot start"],
)
def test_decoder_without_an_answer_is_not_the_photos_fault(
    misbehave: Callable[[str], Decode], script: str, words: str
) -> None:
    decode = misbehave(script)

    with pytest.raises(DecoderUnavailable, match=words):
        decode()


def test_decoder_that_cannot_be_started_is_not_the_photos_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    with pytest.raises(DecoderUnavailable, match="could not be started"):
        decoder.decode(PHOTO, Format.JPEG, LIMITS)


def test_lack_of_memory_is_passed_on(answer: Callable[..., Decode]) -> None:
    decode = answer({"unavailable": "out of memory"})

    with pytest.raises(DecoderUnavailable, match="out of memory"):
        decode()


def test_nobody_is_left_behind(misbehave: Callable[[str], Decode], tmp_path: Path) -> None:
    decode = misbehave(
        f"""
        import os, pathlib, time
        if os.fork() == 0:
            pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
        time.sleep(60)
        """
    )

    with pytest.raises(DecoderUnavailable):
        decode(HASTY)

    assert has_ended(int((tmp_path / "pid").read_text()))


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits only to be counted."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_next_picture_is_decoded_after_a_failure(
    misbehave: Callable[[str], Decode], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PictureError):
        misbehave("import os; os.abort()")()

    monkeypatch.setattr(decoder, "CHILD", REAL_CHILD)

    assert decoder.decode(PHOTO, Format.JPEG, LIMITS).width == 640


# What the process is given


def test_decoder_knows_nothing_of_our_environment(
    misbehave: Callable[[str], Decode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    decode = misbehave("import os, sys; sys.exit(repr((dict(os.environ), os.getcwd())))")

    with pytest.raises(DecoderUnavailable) as raised:
        decode()

    assert "secret" not in str(raised.value)
    assert "'LD_LIBRARY_PATH': '/opt/lib'" in str(raised.value)
    assert str(raised.value).endswith("'/')")


def confined(then: str) -> str:
    """A script that gives everything up as the real one does, and then does something."""
    return f"""
        import json, runpy, sys
        real = runpy.run_path({str(REAL_CHILD)!r})
        real["confine"](real["Task"](**json.loads(sys.argv[1])))
        {then}
        """


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("bytearray(2_000_000_000)", "MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", "Too many open files"),
    ],
    ids=["memory", "files"],
)
def test_decoder_is_confined(misbehave: Callable[[str], Decode], then: str, words: str) -> None:
    decode = misbehave(confined(then))

    with pytest.raises(DecoderUnavailable, match=words):
        decode()


def test_decoder_cannot_fill_the_disk(misbehave: Callable[[str], Decode], tmp_path: Path) -> None:
    path = tmp_path / "flood"
    decode = misbehave(confined(f"open({str(path)!r}, 'wb', buffering=0).write(bytes(1_000_000))"))

    with pytest.raises(PictureError):
        decode()

    assert path.stat().st_size <= 16_384


def test_file_that_takes_for_ever_is_blamed(
    misbehave: Callable[[str], Decode], monkeypatch: pytest.MonkeyPatch
) -> None:
    misbehave(confined("while True: pass"))
    limits = Limits(cpu_seconds=1, wall_seconds=20)

    with pytest.raises(PictureError) as raised:
        decoder.decode(PHOTO, Format.JPEG, limits)

    assert raised.value.code is PictureCode.DECODER_FAILED
    assert raised.value.detail == "ended by SIGXCPU"


def test_scratch_file_has_no_name_even_without_memory_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert decoder.decode(PHOTO, Format.JPEG, LIMITS).width == 640
    assert list(tmp_path.iterdir()) == []
