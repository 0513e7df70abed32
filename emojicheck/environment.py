"""Typed reading of environment variables; a bad value stops the start and names the variable."""

from __future__ import annotations

import os
import secrets
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

ENV = environ.Env()

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def read_file(path: Path) -> None:
    """Take variables from a file of NAME=value lines; what is set already stays as it is."""
    if path.is_file():
        ENV.read_env(str(path))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}: expected true or false, not {value!r}.")


def number(name: str, default: float, *, low: float = 0, high: float = 1e9) -> float:
    value = text(name) or str(default)
    try:
        parsed = float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}: expected a number, not {value!r}.") from None
    if not low <= parsed <= high:
        raise ImproperlyConfigured(f"{name}: {value} is outside {low:g} to {high:g}.")
    return parsed


def whole(name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
    value = number(name, default, low=low, high=high)
    if value != int(value):
        raise ImproperlyConfigured(f"{name}: expected a whole number, not {value}.")
    return int(value)


def money(name: str, default: str) -> Decimal:
    value = text(name) or default
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name}: expected an amount, not {value!r}.") from None
    if not (amount.is_finite() and amount >= 0):
        raise ImproperlyConfigured(f"{name}: {value} is not an amount of zero or more.")
    return amount


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}: {value!r} is none of {', '.join(allowed)}.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def key(name: str) -> str:
    """A key as services hand them out; empty when there is none."""
    value = text(name)
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise ImproperlyConfigured(f"{name}: not a key: it has spaces or odd characters.")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name) or default
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ImproperlyConfigured(
            f"{name}: {value!r} is not a time zone such as Asia/Shanghai."
        ) from None
    return value


def web_address(name: str, default: str) -> str:
    """An http(s) address without query, fragment, credentials or trailing slash."""
    value = (text(name) or default).rstrip("/")
    try:
        parts = urlsplit(value)
        valid = (
            value.isascii()
            and parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and (parts.port or 1) > 0
        )
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(
            f"{name}: {value!r} is not an address such as https://example.com."
        )
    return value


def proxy(name: str) -> str:
    """The address of an HTTP proxy, with a password or without; empty when there is none."""
    value = text(name)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        valid = parts.scheme == "http" and bool(parts.hostname) and (parts.port or 0) > 0
    except ValueError:
        valid = False
    if not (valid and value.isascii() and value.isprintable() and parts.path in {"", "/"}):
        # Not repeated: it may hold a password.
        raise ImproperlyConfigured(f"{name}: expected http://[user:password@]host:port.")
    return value.rstrip("/")


def database(name: str, default: Path) -> dict[str, object]:
    """Database settings from an address; SQLite in `default` when there is none."""
    value = text(name)
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
    try:
        config: dict[str, object] = dict(ENV.db_url_config(value))
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: not a database address.") from error
    if config.get("ENGINE") not in {
        "django.db.backends.sqlite3",
        "django.db.backends.postgresql",
    }:
        raise ImproperlyConfigured(f"{name}: only sqlite:// and postgres:// addresses work.")
    return config


def secret(name: str, keep_in: Path) -> str:
    """A secret from the environment, or one made once and kept in a file only we can read."""
    if value := text(name):
        return value
    try:
        return keep_in.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {keep_in} cannot be read ({error}).") from error
    draft = keep_in.with_name(f"{keep_in.name}.{secrets.token_hex(4)}")
    try:
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(draft, keep_in)  # never overwrites what another process made meanwhile
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: not set, and {keep_in} cannot be written ({error})."
        ) from error
    return keep_in.read_text(encoding="ascii").strip()
