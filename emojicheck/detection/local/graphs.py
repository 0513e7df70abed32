"""Runs one MediaPipe graph on still pictures.

`mediapipe.python.solution_base` does the same with more: it guesses types, keeps only the last
packet of a stream, and copies the picture for every call.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .sightings import Pixels, Region

_TICK_MICROSECONDS = 1_000_000
"""Every call gets a later timestamp. Its size says nothing: no graph here remembers anything."""


def picture_packet(rgb: Pixels) -> Any:
    """Wrap pixels for the graphs; one packet serves any number of them."""
    from mediapipe.python import packet_creator
    from mediapipe.python._framework_bindings import image_frame

    return packet_creator.create_image_frame(rgb, image_format=image_frame.ImageFormat.SRGB)


def region_packet(region: Region, *, width: int, height: int) -> Any:
    """A region in fractions of the picture. It is square in pixels, hence not in fractions."""
    side = max(region.side, 1.0)  # nothing comes out for a region without extent
    from mediapipe.framework.formats import rect_pb2
    from mediapipe.python import packet_creator

    return packet_creator.create_proto(
        rect_pb2.NormalizedRect(
            x_center=region.x / width,
            y_center=region.y / height,
            width=side / width,
            height=side / height,
            rotation=region.angle,
        )
    )


class Graph:
    """One running graph. For one thread only."""

    def __init__(
        self,
        text: str,
        *,
        outputs: Sequence[str],
        options: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        """Start the graph written in `text`.

        `outputs` may name any stream, inner ones too. `options` sets fields of inner calculators,
        by their full name after sub-graphs are unfolded.
        """
        import mediapipe
        from mediapipe.framework import calculator_pb2
        from mediapipe.python._framework_bindings import (
            calculator_graph,
            resource_util,
            validated_graph_config,
        )

        resource_util.set_resource_dir(str(Path(mediapipe.__file__).parent.parent))
        validated = validated_graph_config.ValidatedGraphConfig()
        validated.initialize(graph_config=text)
        config = calculator_pb2.CalculatorGraphConfig.FromString(validated.binary_config)
        _set_options(config, options or {})
        self._graph = calculator_graph.CalculatorGraph(graph_config=config)
        self._seen: dict[str, Any] = {}
        self._now = 0
        for name in outputs:
            self._graph.observe_output_stream(name, self._seen.__setitem__)
        self._graph.start_run({})

    def run(self, **packets: Any) -> dict[str, Any]:
        """Push one packet into each input stream; the packets that came out, by stream."""
        self._seen.clear()
        self._now += _TICK_MICROSECONDS
        for name, packet in packets.items():
            self._graph.add_packet_to_input_stream(stream=name, packet=packet.at(self._now))
        self._graph.wait_until_idle()
        return {name: packet for name, packet in self._seen.items() if not packet.is_empty()}

    def close(self) -> None:
        self._graph.close()


def _set_options(config: Any, options: Mapping[str, Mapping[str, float]]) -> None:
    from mediapipe.calculators.tensor import tensors_to_detections_calculator_pb2 as detections
    from mediapipe.calculators.util import thresholding_calculator_pb2 as thresholding

    kinds = {
        "TensorsToDetectionsCalculator": detections.TensorsToDetectionsCalculatorOptions,
        "ThresholdingCalculator": thresholding.ThresholdingCalculatorOptions,
    }
    nodes = {node.name: node for node in config.node}
    for name, fields in options.items():
        node = nodes[name]
        extension = node.options.Extensions[kinds[node.calculator].ext]
        for field, value in fields.items():
            setattr(extension, field, value)
