"""Run the stand-in by hand: `python -m tests.standin --help`."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from . import StandIn, steps
from .server import DEFAULT_KEY

if TYPE_CHECKING:
    from .service import Call

POINTING = """\
The stand-in listens at {base_url}

Point the site at it:

    DETECTOR=dashscope DASHSCOPE_API_KEY={key} \\
    DASHSCOPE_HTTP_BASE_URL={base_url} PHOTO_DELIVERY={delivery} make run

Press Ctrl+C to stop.
"""


def main() -> None:
    arguments = _parser().parse_args()
    try:
        script = [steps.named(text) for text in arguments.fault]
    except ValueError as error:
        sys.exit(str(error))
    standin = StandIn(
        prefix=arguments.prefix,
        key=arguments.key,
        limit=not arguments.no_limit,
        allow_private=not arguments.refuse_private,
        host=arguments.host,
        port=arguments.port,
        watch=_tell,
    )
    if script:
        standin.script(*script[:-1])
        standin.script(script[-1], times=arguments.times)
    with standin:
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standin",
        description="A stand-in for the service that judges portraits.",
        epilog=f"Faults: {', '.join(steps.NAMED)}. Boxes: {', '.join(steps.BOX_ODDITIES)}.",
    )
    parser.add_argument("--port", type=int, default=8901, help="default: %(default)s")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--prefix", default="", help="path in front of /api/v1, such as /qwen")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the only API key it accepts")
    parser.add_argument("--no-limit", action="store_true", help="no 429 for too many calls")
    parser.add_argument(
        "--refuse-private",
        action="store_true",
        help="refuse pictures on private addresses, which the real service cannot reach",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:ARGUMENT…]",
        help="do this instead of accepting, such as rejected:InvalidFile.FacePose:top_400; "
        "several are taken in turn and the last one stays",
    )
    parser.add_argument(
        "--times", type=int, default=None, help="how many calls the last fault serves (all)"
    )
    return parser


def _tell(call: Call) -> None:
    sys.stdout.flush()


if __name__ == "__main__":
    main()
