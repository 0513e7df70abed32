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
        delivery = "temporary" if arguments.refuse_private else "public"
        _say(POINTING.format(base_url=standin.base_url, key=standin.key, delivery=delivery))
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
        _say(f"{len(standin.calls)} calls, {len(standin.paid_calls)} of them paid")


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
    asked, paid = call.question, "paid" if call.paid else "free"
    _say(f"{call.status} {paid} {asked.model} {asked.ratio} {call.image_url} {call.problem}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
