"""Portraits judged from the shell. No test here may touch a database, and none is marked for it."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.verdicts import Accepted, Answer, BBox, Measurement, Subject
from emojicheck.management.checking import check
from emojicheck.pictures import DecoderUnavailable, FetchPolicy
from tests.standin import StandIn, steps

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
FIELDS = [
    "input",
    "state",
    "reason",
    "certain",
    "code",
    "message",
    "face",
    "extended",
    "measurements",
    "detector",
    "took_ms",
]


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a face, the same face tilted, nobody, something too small and a broken file."""
    spec = importlib.util.find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations
    astronaut = Path(spec.submodule_search_locations[0], "data", "astronaut.png")
    folder = tmp_path_factory.mktemp("portraits")
    with Image.open(astronaut) as face:
        face.convert("RGB").save(folder / "a-face.png")
        face.rotate(35, Image.Resampling.BICUBIC, fillcolor="#888").save(folder / "b-tilted.jpg")
        face.resize((300, 300)).save(folder / "d-small.webp")
    Image.new("RGB", (500, 500), "#8899aa").save(folder / "c-nobody.jpg")
    (folder / "e-broken.jpg").write_bytes((folder / "b-tilted.jpg").read_bytes()[:2000])
    (folder / "notes.txt").write_text("not for judging")
    return folder


def run(*arguments: Any) -> tuple[int, str]:
    """Exit status and output of the command, with the local detector unless told otherwise."""
    output = io.StringIO()
    detector = [] if "--detector" in arguments else ["--detector", "local"]
    try:
        call_command("check_portrait", *detector, *map(str, arguments), stdout=output)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue()
    return 0, output.getvalue()


def answers(*arguments: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("--json", *arguments)[1].splitlines()]


def start(*arguments: Any, stderr: Any = subprocess.PIPE, **variables: str) -> Any:
    """The command as a process of its own, where the database is out of reach."""
    return subprocess.Popen(
        [
            sys.executable,
            str(MANAGE),
            "check_portrait",
            "--detector",
            "local",
            *map(str, arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"} | variables,
        # Whoever runs the tests in the background has Ctrl-C ignored, and so would the command.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


# What comes out


def test_each_kind_of_input_gets_its_state_and_reason(portraits) -> None:
    found = answers(portraits, portraits / "missing.jpg")

    assert [
        (Path(a["input"]).name, a["state"], a["reason"], a["code"], a["detector"]) for a in found
    ] == [
        ("a-face.png", "accepted", "", "", "local"),
        ("b-tilted.jpg", "rejected", "head_tilted", "", "local"),
        ("c-nobody.jpg", "rejected", "no_person", "", "local"),
        ("d-small.webp", "rejected", "wrong_dimensions", "too_small", "local"),
        ("e-broken.jpg", "rejected", "unreadable_file", "damaged", "local"),
        ("missing.jpg", "failed", "", "", "local"),
    ]


def test_json_has_exactly_the_promised_fields(portraits) -> None:
    found = answers(portraits, portraits / "missing.jpg")

    assert [list(answer) for answer in found] == [FIELDS] * 6


def test_accepted_portrait_has_both_boxes_and_its_measurements(portraits) -> None:
    (answer,) = answers(portraits / "a-face.png")

    face, extended = BBox(*answer["face"]), BBox(*answer["extended"])
    assert abs(face.width - face.height) <= 1
    assert extended.x1 <= face.x1 < face.x2 <= extended.x2 <= 512
    assert {m["id"]: m["passed"] for m in answer["measurements"]}["faces"] is True
    assert answer["took_ms"] > 0


def test_refused_file_is_a_certain_rejection_with_words(portraits) -> None:
    (answer,) = answers(portraits / "d-small.webp")

    assert answer["certain"] is True
    assert answer["message"] == "Your photo is 300 × 300 pixels; each side needs at least 400."
    assert (answer["face"], answer["extended"], answer["measurements"]) == (None, None, [])


def test_table_tells_verdict_time_and_reason_in_plain_words(portraits) -> None:
    _, output = run(portraits / "a-face.png", portraits / "c-nobody.jpg", "/nowhere.jpg")

    heads, accepted, rejected, failed = output.splitlines()
    assert heads.split() == ["input", "verdict", "ms", "reason"]
    assert accepted.split()[1] == "accepted"
    assert accepted.split()[-1].isdigit()
    assert rejected.endswith("No face found")
    assert failed.endswith("Not read: No such file or directory.")


def test_table_tells_why_a_file_was_refused(portraits) -> None:
    _, output = run(portraits / "e-broken.jpg")

    assert output.rstrip().endswith("The file is damaged or was not copied to its end.")


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["a-face.png"], 0),
        (["a-face.png", "b-tilted.jpg"], 1),
        (["a-face.png", "missing.jpg"], 2),
        (["b-tilted.jpg", "missing.jpg", "a-face.png"], 2),
    ],
)
def test_exit_status_tells_the_worst_that_happened(portraits, names, status) -> None:
    assert run(*(portraits / name for name in names))[0] == status


# What goes in


def test_folders_are_searched_for_pictures_in_order(portraits, tmp_path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("inner/z.JPG", "b.png", "b-annotated.png", "labels.tsv"):
        (tmp_path / name).write_bytes(b"")

    found = [answer["input"] for answer in answers(tmp_path, portraits / "notes.txt")]

    assert found == [
        str(tmp_path / "b.png"),
        str(tmp_path / "inner/z.JPG"),
        str(portraits / "notes.txt"),
    ]


def test_answers_come_in_the_order_of_the_inputs(portraits) -> None:
    inputs = [portraits / name for name in ("c-nobody.jpg", "/gone", "d-small.webp", "/gone")] * 3

    assert [answer["input"] for answer in answers(*inputs)] == [str(name) for name in inputs]


def test_folder_without_pictures_is_an_error(tmp_path) -> None:
    with pytest.raises(CommandError, match="There is no picture in there") as error:
        run(tmp_path)

    assert error.value.returncode == 2


def test_ratio_that_the_model_does_not_know_is_an_error(portraits) -> None:
    with pytest.raises(CommandError, match="can be asked for 1:1, not 3:4") as error:
        run(portraits, "--ratio", "3:4")

    assert error.value.returncode == 2


def test_model_and_ratio_shape_the_extended_box(portraits) -> None:
    (tall,) = answers(portraits / "a-face.png", "--model", "emo-detect-v1", "--ratio", "3:4")
    (square,) = answers(portraits / "a-face.png")

    assert tall["face"] == square["face"]
    assert tall["extended"] != square["extended"]


def test_strange_names_neither_break_json_nor_command_the_terminal(tmp_path) -> None:
    name = os.fsdecode(str(tmp_path).encode() + b"/\xff\x1b[2J\n.jpg")

    (answer,) = answers(name)
    _, output = run(name)

    assert (answer["input"], answer["state"]) == (name, "failed")
    assert "\x1b" not in output
    assert len(output.splitlines()) == 2
    output.encode()


def test_endless_file_is_refused_after_its_limit() -> None:
    (answer,) = answers("/dev/zero")

    assert (answer["state"], answer["code"]) == ("rejected", "not_a_picture")


# Links


@pytest.fixture
def reachable(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Lets downloads reach the stand-in, which is not a public host."""
    port = urlsplit(standin.origin).port
    assert port
    policy = FetchPolicy(allow=(ip_network("127.0.0.0/8"),), ports=frozenset({port}))
    monkeypatch.setattr("emojicheck.management.checking.fetch_policy", lambda: policy)
    return standin


def test_link_is_downloaded_and_judged(reachable, portraits) -> None:
    url = reachable.show((portraits / "a-face.png").read_bytes(), content_type="image/png")

    (answer,) = answers(url)

    assert (answer["input"], answer["state"]) == (url, "accepted")


def test_link_that_is_not_public_has_no_verdict(standin, portraits) -> None:
    url = standin.show((portraits / "a-face.png").read_bytes())

    (answer,) = answers(url)

    assert (answer["state"], answer["code"]) == ("failed", "bad_url")
    assert answer["message"]


# The service


@pytest.fixture
def service(reachable: StandIn, settings: Any) -> StandIn:
    settings.DASHSCOPE_API_KEY = reachable.key
    settings.DASHSCOPE_BASE_URL = reachable.base_url
    settings.CALLS_PER_SECOND = {"emoji-detect-v1": 1000, "emo-detect-v1": 1000}
    return reachable


def test_file_goes_to_the_service_through_its_own_storage(service, portraits) -> None:
    (answer,) = answers("--detector", "dashscope", portraits / "c-nobody.jpg")

    (call,) = service.paid_calls
    assert call.image_url.startswith("oss://")
    assert (answer["state"], answer["detector"]) == ("accepted", "dashscope")
    assert len(answer["face"]) == len(answer["extended"]) == 4


def test_link_goes_to_the_service_as_it_is(service, portraits) -> None:
    url = service.show((portraits / "c-nobody.jpg").read_bytes())

    (answer,) = answers("--detector", "dashscope", url)

    assert [call.image_url for call in service.paid_calls] == [url]
    assert answer["state"] == "accepted"


def test_rejection_by_the_service_carries_its_code_and_words(service, portraits) -> None:
    service.script(steps.rejected("InvalidFile.NoHuman"))

    (answer,) = answers("--detector", "dashscope", portraits / "c-nobody.jpg")

    assert (answer["state"], answer["reason"]) == ("rejected", "no_person")
    assert (answer["code"], answer["certain"]) == ("InvalidFile.NoHuman", False)
    assert answer["message"]


def test_trouble_with_the_service_fails_one_photo_and_not_the_rest(service, portraits) -> None:
    service.script(steps.failed("InternalError"))
    photos = [portraits / "c-nobody.jpg", portraits / "c-nobody.jpg"]

    first, second = answers("--detector", "dashscope", *photos)

    assert (first["state"], first["reason"], second["state"]) == ("failed", "", "accepted")
    assert first["message"]


def test_service_is_not_asked_about_files_that_it_would_refuse(service, portraits) -> None:
    answers("--detector", "dashscope", portraits / "d-small.webp", portraits / "e-broken.jpg")

    assert service.calls == []


def test_service_is_asked_at_the_pace_it_allows(service, portraits, settings) -> None:
    settings.CALLS_PER_SECOND = {"emoji-detect-v1": 2}

    answers("--detector", "dashscope", *[portraits / "c-nobody.jpg"] * 3)

    first, second, third = (call.at for call in service.calls)
    # Half a second apart when sent; on a busy machine one may arrive a little late.
    assert second - first > 0.4
    assert third - second > 0.4


def test_service_without_a_key_is_an_error_that_names_the_variable(portraits, settings) -> None:
    settings.DASHSCOPE_API_KEY = ""

    with pytest.raises(CommandError, match="DASHSCOPE_API_KEY"):
        run("--detector", "dashscope", portraits)


# Annotated photos


def test_accepted_photo_is_annotated_with_both_boxes(portraits, tmp_path) -> None:
    run(portraits / "a-face.png", "--annotate", tmp_path / "new" / "folder")

    with Image.open(tmp_path / "new" / "folder" / "a-face-annotated.png") as image:
        colours = {colour for _, colour in image.getcolors(512 * 512) or ()}
        assert (image.format, image.size) == ("PNG", (512, 512))
    assert {(255, 197, 61), (255, 255, 255)} <= colours


def test_rejected_photo_is_annotated_with_its_spot(portraits, tmp_path) -> None:
    run(portraits / "b-tilted.jpg", "--annotate", tmp_path)

    with Image.open(tmp_path / "b-tilted-annotated.png") as image:
        colours = {colour for _, colour in image.getcolors(512 * 512) or ()}
    assert (210, 55, 26) in colours
    assert (255, 197, 61) not in colours


def test_what_could_not_be_read_is_not_annotated(portraits, tmp_path) -> None:
    run(portraits / "e-broken.jpg", "/nowhere.jpg", "--annotate", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_inputs_of_one_name_do_not_overwrite_each_other(portraits, tmp_path) -> None:
    nobody = (portraits / "c-nobody.jpg").read_bytes()
    for name in ("a.jpg", "b/a.jpg", "c/a.png", "a-2.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(nobody)
    out = tmp_path / "out"

    run(*(tmp_path / n for n in ("a.jpg", "b/a.jpg", "c/a.png", "a-2.jpg")), "--annotate", out)

    assert sorted(path.name for path in out.iterdir()) == [
        "a-2-2-annotated.png",
        "a-2-annotated.png",
        "a-3-annotated.png",
        "a-annotated.png",
    ]


def test_inputs_themselves_are_never_overwritten(portraits, tmp_path) -> None:
    nobody = (portraits / "c-nobody.jpg").read_bytes()
    for name in ("a.jpg", "a-annotated.png"):
        (tmp_path / name).write_bytes(nobody)

    run(tmp_path / "a.jpg", tmp_path / "a-annotated.png", "--annotate", tmp_path)

    assert (tmp_path / "a-annotated.png").read_bytes() == nobody
    assert sorted(path.name for path in tmp_path.glob("*-annotated.png")) == [
        "a-2-annotated.png",
        "a-annotated-annotated.png",
        "a-annotated.png",
    ]


def test_link_lends_its_annotated_photo_a_harmless_name(reachable, portraits, tmp_path) -> None:
    url = reachable.show((portraits / "c-nobody.jpg").read_bytes())
    path = urlsplit(url).path
    evil = url.replace(path, "/..%2F..%2Fetc%2Fme%3A.jpg?x=/y.png")
    shown = reachable.pictures["GET", path]
    reachable.pictures["GET", "/..%2F..%2Fetc%2Fme%3A.jpg"] = shown

    run(evil, "--annotate", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["me--annotated.png"]


def test_folder_that_cannot_be_made_is_an_error(portraits) -> None:
    with pytest.raises(CommandError, match=r"notes\.txt") as error:
        run(portraits / "c-nobody.jpg", "--annotate", portraits / "notes.txt")

    assert error.value.returncode == 2


# Detectors with odd manners


class Odd:
    """A detector that answers, or fails, as it is told."""

    name = "odd"
    needs_url = False

    def __init__(self, *turns: Answer | Exception) -> None:
        self.turns = list(turns)

    def warm_up(self) -> None:
        pass

    def detect(self, _subject: Subject) -> Answer:
        turn = self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        return turn


BOXES = Accepted(face=BBox(1, 1, 2, 2), extended=BBox(0, 0, 3, 3))


def test_unexpected_trouble_with_one_photo_does_not_stop_the_rest(portraits, caplog) -> None:
    detector = Odd(
        RuntimeError("model burst"), DetectionError("no", code="X"), Answer(verdict=BOXES)
    )

    found = list(
        check(
            [str(portraits / "c-nobody.jpg")] * 3,
            detector=detector,
            model="emoji-detect-v1",
            ratio="1:1",
            address=lambda *_: "",
        )
    )

    assert [(c.state.value, c.code, c.message) for c in found] == [
        ("failed", "", "Unexpected trouble: RuntimeError: model burst"),
        ("failed", "X", "no"),
        ("accepted", "", ""),
    ]
    assert "c-nobody.jpg: unexpected trouble" in caplog.text


def test_decoder_trouble_is_a_failure_and_not_the_photos_fault(portraits, monkeypatch) -> None:
    def unavailable(_data: bytes) -> Any:
        raise DecoderUnavailable("out of memory")

    monkeypatch.setattr("emojicheck.management.checking.read_picture", unavailable)

    (answer,) = answers(portraits / "a-face.png")

    assert (answer["state"], answer["message"]) == (
        "failed",
        "The decoder is not available: out of memory.",
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_know_become_null(portraits, monkeypatch, value) -> None:
    odd = Measurement(id="odd", value=value, passed=True)
    monkeypatch.setattr(
        "emojicheck.management.commands.check_portrait.LocalDetector",
        lambda: Odd(Answer(verdict=BOXES, measurements=(odd,))),
    )

    _, output = run("--json", portraits / "c-nobody.jpg")

    fields = json.loads(output, parse_constant=lambda name: pytest.fail(name))
    assert fields["measurements"][0]["value"] is None


# As a process


def test_process_needs_no_database_and_shows_no_bar_in_a_pipe(portraits) -> None:
    process = start("--json", portraits / "a-face.png", portraits / "b-tilted.jpg")

    output, errors = process.communicate(timeout=60)

    assert [json.loads(line)["state"] for line in output.splitlines()] == ["accepted", "rejected"]
    assert process.returncode == 1
    assert "photo" not in errors
    assert "Traceback" not in errors


def test_terminal_shows_a_progress_bar_beside_clean_output(portraits) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = start("--json", *[portraits / "c-nobody.jpg"] * 3, stderr=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal is gone with its last process
        while True:
            shown += os.read(ours, 10_000)
    os.close(ours)
    output, _ = process.communicate(timeout=60)

    assert [json.loads(line)["state"] for line in output.splitlines()] == ["rejected"] * 3
    assert b"3/3" in shown


def test_interrupt_ends_quietly_with_what_was_done(portraits) -> None:
    process = start("--json", *[portraits / "a-face.png"] * 200)
    process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Stopped after" in errors
    assert "Traceback" not in errors


def test_reader_that_leaves_early_ends_it_quietly(portraits) -> None:
    process = start("--json", *[portraits / "a-face.png"] * 200)
    process.stdout.readline()

    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()

    assert process.wait(60) == 141
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
