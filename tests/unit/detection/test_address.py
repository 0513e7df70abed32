"""Where requests go, and what a key may look like."""

from __future__ import annotations

import pytest

from emojicheck.detection.address import api_root, authorization


@pytest.mark.parametrize(
    ("base_url", "root"),
    [
        ("https://dashscope.aliyuncs.com", "https://dashscope.aliyuncs.com"),
        ("https://dashscope.aliyuncs.com/", "https://dashscope.aliyuncs.com"),
        ("https://dashscope.aliyuncs.com/api/v1", "https://dashscope.aliyuncs.com"),
        ("https://dashscope.aliyuncs.com/api/v1/", "https://dashscope.aliyuncs.com"),
        (" https://dashscope.aliyuncs.com/api/v1// ", "https://dashscope.aliyuncs.com"),
        ("https://relay.example/qwen", "https://relay.example/qwen"),
        ("https://relay.example/qwen/api/v1", "https://relay.example/qwen"),
        ("https://relay.example/a/b/c/", "https://relay.example/a/b/c"),
        ("http://10.0.0.7:8080/qwen", "http://10.0.0.7:8080/qwen"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("HTTPS://Relay.Example", "https://Relay.Example"),
    ],
)
def test_api_root_takes_any_host_and_prefix(base_url: str, root: str) -> None:
    assert api_root(base_url) == root


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "dashscope.aliyuncs.com",
        "ftp://dashscope.aliyuncs.com",
        "file:///etc/passwd",
        "https://",
        "https:///api/v1",
        "https://user:password@relay.example",
        "https://relay.example?key=1",
        "https://relay.example#here",
        "https://relay.example/a b",
        "https://relay.example/\r\nX: y",
        "https://中文.example",
        "https://relay.example:0",
        "https://relay.example:99999",
        "https://relay.example:port",
        "https://[::1",
    ],
)
def test_api_root_refuses_what_cannot_be_called(base_url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (some of the words are urllib's)
        api_root(base_url)


def test_key_goes_into_one_header() -> None:
    assert authorization(" sk-1 ") == {"Authorization": "Bearer sk-1"}


@pytest.mark.parametrize("key", ["", " ", "sk 1", "sk-1\r\nX: y", "sk-中", "sk-\x00"])
def test_key_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        authorization(key)
