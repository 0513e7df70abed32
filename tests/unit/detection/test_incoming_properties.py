"""Whatever comes off the wire, receiving it ends in a reply or in a DetectionError."""

from __future__ import annotations

import contextlib
import socket
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.incoming import receive

lines = st.one_of(
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 100 Continue",
            b"HTTP/1.1 302 Found",
            b"Content-Length: 5",
            b"Content-Length: -1",
            b"Content-Length: 9" + b"9" * 30,
            b"Transfer-Encoding: chunked",
            b"Location: /\xff",
            b"5;x=y",
            b"0",
            b"-5",
            b"ffffffffffffffffff",
            b"hello",
            b"",
        ]
    ),
    st.binary(max_size=20),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines, max_size=12), st.binary(max_size=20))
def test_any_bytes_end_in_a_reply_or_a_detection_error(said: list[bytes], tail: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\r\n".join(said) + tail)
        theirs.shutdown(socket.SHUT_WR)
        with contextlib.suppress(DetectionError):
            _, headers, body = receive(ours, "POST", deadline=time.monotonic() + 5, max_bytes=100)
            assert len(body) <= 100
            assert all(name == name.lower() for name in headers)
