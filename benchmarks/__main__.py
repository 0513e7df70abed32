"""Speed and memory of the local detector.

How often it is right: `python -m benchmarks.local_detector FOLDER`.
"""

from __future__ import annotations

from .local_detector import speed

if __name__ == "__main__":
    print("\n".join(speed.report()))
