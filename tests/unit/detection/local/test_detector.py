from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.local import LocalDetector, engine
from emojicheck.detection.local.engine import View
from emojicheck.detection.local.sightings import Mesh, Pixels, Region
from emojicheck.detection.verdicts import Accepted, Answer, BBox, Reason, Rejected, Subject
from tests import portraits

SAMPLES = Path("static/samples")

GOOD = ["portrait", "upright", "dim", "in_grey"]
FAULTS = {
    "two_people": Reason.SEVERAL_PEOPLE,
    "cut_off": Reason.FACE_CUT_OFF,
    "too_close": Reason.FACE_TOO_LARGE,
    "far_away": Reason.FACE_TOO_SMALL,
    "dark": Reason.TOO_DARK,
    "blurred": Reason.TOO_BLURRED,
    "masked": Reason.FACE_COVERED,
    "in_dark_glasses": Reason.FACE_COVERED,
    "nobody": Reason.NO_PERSON,
}


def picture(name: str) -> Pixels:
    made: Pixels = getattr(portraits, name)()
    return made


def reason(answer: Answer) -> Reason | None:
    return answer.verdict.reason if isinstance(answer.verdict, Rejected) else None


@pytest.mark.parametrize("name", GOOD)
def test_good_portrait_is_accepted(detector: LocalDetector, name: str) -> None:
    answer = detector.detect(portraits.subject(picture(name)))

    assert isinstance(answer.verdict, Accepted)
    assert all(m.passed for m in answer.measurements)
    assert answer.spots == ()


@pytest.mark.parametrize(("name", "expected"), FAULTS.items())
def test_fault_is_told_by_its_name(detector: LocalDetector, name: str, expected: Reason) -> None:
    answer = detector.detect(portraits.subject(picture(name)))

    assert reason(answer) == expected
    assert not all(m.passed for m in answer.measurements)


@pytest.mark.parametrize("degrees", [-45, -30, 30, 60, 180])
def test_tilted_head_is_told_with_its_angle(detector: LocalDetector, degrees: int) -> None:
    level = detector.detect(portraits.subject(portraits.portrait()))
    answer = detector.detect(portraits.subject(portraits.tilted(degrees)))

    assert reason(answer) == Reason.HEAD_TILTED
    (line,) = answer.spots
    assert line.kind == "line"
    own = next(m.value for m in level.measurements if m.id == "roll")
    assert line.value is not None
    assert own is not None
    assert (line.value - own - degrees + 180) % 360 - 180 == pytest.approx(0, abs=3)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.jpg")), ids=lambda path: path.stem)
def test_drawn_sample_gets_the_verdict_in_its_name(detector: LocalDetector, sample: Path) -> None:
    subject = Subject(
        open=lambda: sample.open("rb"), width=0, height=0, model="emoji-detect-v1", ratio="1:1"
    )

    told = reason(detector.detect(subject)) or "ok"

    assert sample.stem.replace("-", "_").startswith(told)


def test_boxes_are_in_pixels_of_the_stored_photo(detector: LocalDetector) -> None:
    small = portraits.portrait()
    large = np.asarray(Image.fromarray(small).resize((2400, 2400), Image.Resampling.BICUBIC))

    one = detector.detect(portraits.subject(small)).verdict
    other = detector.detect(portraits.subject(large)).verdict

    assert isinstance(one, Accepted)
    assert isinstance(other, Accepted)
    assert other.face == pytest.approx([3 * corner for corner in one.face], abs=15)
    assert other.extended == pytest.approx([3 * corner for corner in one.extended], abs=30)


def test_spots_are_in_pixels_of_the_stored_photo(detector: LocalDetector) -> None:
    small = portraits.tilted(30)
    size = (small.shape[1] * 2, small.shape[0] * 2)
    large = np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))

    (one,) = detector.detect(portraits.subject(small)).spots
    (other,) = detector.detect(portraits.subject(large)).spots

    assert np.array(other.points) == pytest.approx(2 * np.array(one.points), abs=10)


@pytest.mark.parametrize(
    ("model", "ratio", "aspect"),
    [("emoji-detect-v1", "1:1", 1), ("emo-detect-v1", "1:1", 1), ("emo-detect-v1", "3:4", 0.75)],
)
def test_extended_box_has_the_asked_ratio(
    detector: LocalDetector, model: str, ratio: str, aspect: float
) -> None:
    asked = portraits.subject(portraits.portrait(), model=model, ratio=ratio)

    verdict = detector.detect(asked).verdict

    assert isinstance(verdict, Accepted)
    assert verdict.extended.width / verdict.extended.height == pytest.approx(aspect, abs=0.01)


def test_rejection_shows_the_face_it_is_about(detector: LocalDetector) -> None:
    tilted = detector.detect(portraits.subject(portraits.tilted(30))).verdict
    nobody = detector.detect(portraits.subject(portraits.nobody())).verdict

    assert isinstance(tilted, Rejected)
    assert isinstance(tilted.face, BBox)
    assert isinstance(nobody, Rejected)
    assert nobody.face is None
    assert nobody.certain


def test_every_rule_is_measured_on_a_clear_face(detector: LocalDetector) -> None:
    answer = detector.detect(portraits.subject(portraits.portrait()))

    assert len(answer.measurements) == 15
    assert {m.source for m in answer.measurements} == {"local"}
    assert answer.billed_images == 0


def test_threads_do_not_mix_up_their_photos(detector: LocalDetector) -> None:
    pictures = [portraits.portrait(), portraits.upright(), portraits.tilted(30)] * 4
    subjects = [portraits.subject(rgb) for rgb in pictures]
    alone = [detector.detect(subject) for subject in subjects[:3]]

    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(detector.detect, subjects))

    assert together == alone * 4


def test_another_process_gives_the_same_answer(detector: LocalDetector, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(portraits.jpeg(portraits.masked()))
    code = (
        "import sys, pathlib\n"
        "from emojicheck.detection.local import LocalDetector\n"
        "from emojicheck.detection.verdicts import Subject\n"
        "photo = pathlib.Path(sys.argv[1])\n"
        "print(LocalDetector().detect(Subject(open=lambda: photo.open('rb'), width=800,"
        " height=800, model='emoji-detect-v1', ratio='1:1')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(photo)], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == str(detector.detect(portraits.subject(portraits.masked())))
    assert run.stderr == ""


def test_importing_the_package_loads_no_model() -> None:
    code = (
        "import sys\n"
        "import emojicheck.detection.local\n"
        "assert 'mediapipe' not in sys.modules and 'cv2' not in sys.modules\n"
        "from emojicheck.detection.local import LocalDetector\n"
        "LocalDetector()\n"
        "assert 'mediapipe' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_name_is_an_attribute_error() -> None:
    from emojicheck.detection import local

    with pytest.raises(AttributeError, match="no attribute 'Remote'"):
        local.Remote  # noqa: B018


def test_unreadable_photo_is_a_detection_error(detector: LocalDetector) -> None:
    subject = replace(portraits.subject(portraits.portrait()), open=lambda: BytesIO(b"no picture"))

    with pytest.raises(DetectionError, match="cannot be decoded"):
        detector.detect(subject)


def test_failing_model_is_a_detection_error(
    detector: LocalDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_view: View, _region: Region) -> Mesh:
        raise RuntimeError("graph has errors")

    monkeypatch.setattr(engine.View, "mesh", fail)

    with pytest.raises(DetectionError, match="graph has errors"):
        detector.detect(portraits.subject(portraits.portrait()))


def test_thread_starts_afresh_after_a_failing_model(
    detector: LocalDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.thread_engine()
    run = engine.Graph.run
    with monkeypatch.context() as patched:
        patched.setattr(
            engine.Graph,
            "run",
            lambda graph, **packets: {} if "region" in packets else run(graph, **packets),
        )
        with pytest.raises(DetectionError, match="gave no answer"):
            detector.detect(portraits.subject(portraits.portrait()))

    answer = detector.detect(portraits.subject(portraits.portrait()))

    assert isinstance(answer.verdict, Accepted)
    assert engine.thread_engine() is not before
