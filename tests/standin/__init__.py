"""A stand-in for the service: its documented contract on loopback, and all that can go wrong.

with StandIn(limit=False) as standin:
    standin.script(steps.rejected("InvalidFile.FacePose", "top_400"))
    ...
    assert len(standin.paid_calls) == 0

It shares no code with what it is used to test.
"""

from __future__ import annotations

from . import steps
from .server import StandIn
from .service import Call

__all__ = ["Call", "StandIn", "steps"]
