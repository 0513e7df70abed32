"""Where the service is and who we are to it."""

from __future__ import annotations

from urllib.parse import urlsplit

DEFAULT_BASE_URL = "https://dashscope.aliyuncs.com"
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0

API_SUFFIX = "/api/v1"


def api_root(base_url: str) -> str:
    """The address that `/api/v1/...` is appended to.

    Takes any host and prefix, with or without `/api/v1` and slashes at the end. Raises ValueError
    for anything but a plain http or https address.
    """
    address = base_url.strip()
    if not address.isascii() or not address.isprintable() or " " in address:
        raise ValueError("must be plain ASCII without spaces")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must start with http:// or https:// and name a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must hold no user name, query or fragment")
    if parts.port == 0:
        raise ValueError("must not name port 0")
    path = parts.path.rstrip("/").removesuffix(API_SUFFIX).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def authorization(api_key: str) -> dict[str, str]:
    """The header that carries the key. Raises ValueError for a key no header can carry."""
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("the API key is empty or holds characters no key has")
    return {"Authorization": f"Bearer {key}"}
