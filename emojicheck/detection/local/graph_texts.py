"""The graphs, in MediaPipe's own language. The sub-graphs they name are registered in the wheel."""

from __future__ import annotations

MIN_SCORE = 0.2
"""Detectors report from here on; every rule sets its own, higher limit."""

DETECTION = f"""
input_stream: "image"
node {{
  calculator: "FaceDetectionFullRangeCpu"
  input_stream: "IMAGE:image"
  output_stream: "DETECTIONS:full"
  node_options: {{ [type.googleapis.com/mediapipe.FaceDetectionOptions] {{
    min_score_thresh: {MIN_SCORE} }} }}
}}
node {{
  calculator: "FaceDetectionShortRangeCpu"
  input_stream: "IMAGE:image"
  output_stream: "DETECTIONS:short"
  node_options: {{ [type.googleapis.com/mediapipe.FaceDetectionOptions] {{
    min_score_thresh: {MIN_SCORE} }} }}
}}
"""

MESH = """
input_stream: "image"
input_stream: "region"
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:with_attention"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {
    packet { bool_value: true } } }
}
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:points"
}
"""

_HEAVY_HAND_MODEL = """
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:complexity"
  node_options: { [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] {
    packet { int_value: 1 } } }
}
"""

PALMS = f"""
input_stream: "image"
{_HEAVY_HAND_MODEL}
node {{
  calculator: "PalmDetectionCpu"
  input_stream: "IMAGE:image"
  input_side_packet: "MODEL_COMPLEXITY:complexity"
  output_stream: "DETECTIONS:palms"
}}
"""

HAND = f"""
input_stream: "image"
input_stream: "region"
{_HEAVY_HAND_MODEL}
node {{
  calculator: "HandLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  input_side_packet: "MODEL_COMPLEXITY:complexity"
  output_stream: "LANDMARKS:points"
}}
"""
