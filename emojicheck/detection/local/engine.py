"""MediaPipe's bundled models as plain calls: RGB pixels in, points and scores out.

The models are driven as small graphs of our own instead of through `mediapipe.solutions`: that
yields the presence scores of faces and hands, which the ready-made classes hide, and lets us choose
the region a landmark model looks at.

One engine belongs to one thread. Two threads on one graph get each other's answers, silently; ask
`thread_engine()` for yours. Importing this module does not import MediaPipe; building an engine
does.
"""

from __future__ import annotations

import math
import os
import threading
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from . import graph_texts
from .graphs import Graph, picture_packet, region_packet
from .quiet import quiet_stderr
from .sightings import Detection, Hand, Mesh, Palm, Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .sightings import Pixels, Points

_EVERYTHING = {"threshold": -1.0}
"""Let every landmark answer through, so that the score itself can be judged."""

_FACE_PRESENCE = "facelandmarkcpu__face_presence_score"
_HAND_PRESENCE = "handlandmarkcpu__hand_presence_score"


class Engine:
    """The models of one thread, built once and kept warm."""

    def __init__(self) -> None:
        # One judgement is one core's work; workers are what runs side by side.
        cv2.setNumThreads(1)
        # Read by the native library while it loads; an operator's own choice wins.
        os.environ.setdefault("GLOG_minloglevel", "3")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with quiet_stderr():
            self._detection = Graph(graph_texts.DETECTION, outputs=("full", "short"))
            self._mesh = Graph(
                graph_texts.MESH,
                outputs=("points", _FACE_PRESENCE),
                options={"facelandmarkcpu__ThresholdingCalculator": _EVERYTHING},
            )
            self._palms = Graph(
                graph_texts.PALMS,
                outputs=("palms",),
                options={
                    "palmdetectioncpu__TensorsToDetectionsCalculator": {
                        "min_score_thresh": graph_texts.MIN_SCORE
                    }
                },
            )
            self._hand = Graph(
                graph_texts.HAND,
                outputs=("points", _HAND_PRESENCE),
                options={"handlandmarkcpu__ThresholdingCalculator": _EVERYTHING},
            )
            self._first_run()

    def _first_run(self) -> None:
        """Load the weights now: the first run is slow and prints what no setting silences."""
        view = self.view(np.zeros((64, 64, 3), np.uint8))
        region = Region(x=32, y=32, side=64, angle=0)
        view.faces()
        view.palms()
        view.mesh(region)
        view.hand(region)

    def view(self, rgb: Pixels) -> View:
        """Prepare one picture for any number of questions."""
        return View(self, rgb)


class View:
    """One picture before one engine. All results are in pixels of this picture."""

    def __init__(self, engine: Engine, rgb: Pixels) -> None:
        self.rgb = rgb
        self.height, self.width = rgb.shape[:2]
        self._engine = engine
        self._picture = picture_packet(np.ascontiguousarray(rgb))

    def faces(self) -> list[Detection]:
        """What either detector found, each on its own; the same face may be there twice."""
        seen = self._engine._detection.run(image=self._picture)
        return [
            self._detection(found, source)
            for source in ("full", "short")
            for found in _protos(seen.get(source))
        ]

    def mesh(self, region: Region) -> Mesh:
        """The 478 points of the attention model in a region."""
        seen = self._ask(self._engine._mesh, region)
        return Mesh(points=self._points(seen["points"]), presence=_number(seen[_FACE_PRESENCE]))

    def palms(self) -> list[Palm]:
        seen = self._engine._palms.run(image=self._picture)
        return [self._palm(found) for found in _protos(seen.get("palms"))]

    def hand(self, region: Region) -> Hand:
        seen = self._ask(self._engine._hand, region)
        return Hand(points=self._points(seen["points"]), presence=_number(seen[_HAND_PRESENCE]))

    def _ask(self, graph: Graph, region: Region) -> dict[str, Any]:
        packet = region_packet(region, width=self.width, height=self.height)
        seen = graph.run(image=self._picture, region=packet)
        if "points" not in seen:
            raise RuntimeError("a landmark model gave no answer")
        return seen

    def _points(self, packet: Any) -> Points:
        from mediapipe.python import packet_getter

        points = packet_getter.get_proto(packet).landmark
        # Depth comes in fractions of the width, like x.
        scale = (self.width, self.height, self.width)
        return np.array([(p.x, p.y, p.z) for p in points], np.float64) * scale

    def _detection(self, found: Any, source: str) -> Detection:
        box = found.location_data.relative_bounding_box
        keypoints = [(p.x, p.y) for p in found.location_data.relative_keypoints]
        score = float(found.score[0])
        return Detection(
            left=box.xmin * self.width,
            top=box.ymin * self.height,
            width=box.width * self.width,
            height=box.height * self.height,
            keypoints=np.array(keypoints, np.float64) * (self.width, self.height),
            full=score if source == "full" else 0.0,
            short=score if source == "short" else 0.0,
        )

    def _palm(self, found: Any) -> Palm:
        """The region MediaPipe itself derives from a palm: fingers up, 2.6 palms wide."""
        box = found.location_data.relative_bounding_box
        wrist, _, middle = found.location_data.relative_keypoints[:3]
        width, height = box.width * self.width, box.height * self.height
        towards = math.atan2((middle.y - wrist.y) * self.height, (middle.x - wrist.x) * self.width)
        upright = Region(
            x=box.xmin * self.width + width / 2,
            y=box.ymin * self.height + height / 2,
            side=height,
            angle=towards + math.pi / 2,
        ).moved(down=-0.5)
        region = Region(
            x=upright.x, y=upright.y, side=2.6 * max(width, height), angle=upright.angle
        )
        return Palm(score=float(found.score[0]), region=region)


def _protos(packet: Any) -> Iterable[Any]:
    from mediapipe.python import packet_getter

    return packet_getter.get_proto_list(packet) if packet is not None else ()


def _number(packet: Any) -> float:
    from mediapipe.python import packet_getter

    return float(packet_getter.get_float(packet))


_of_this_thread = threading.local()


def thread_engine() -> Engine:
    """The calling thread's engine, built on first use (about 0.3 s, once 0.6 s for the import)."""
    engine: Engine | None = getattr(_of_this_thread, "engine", None)
    if engine is None:
        engine = _of_this_thread.engine = Engine()
    return engine


def forget_thread_engine() -> None:
    """Drop the calling thread's engine: a graph that failed once never works again."""
    _of_this_thread.engine = None
