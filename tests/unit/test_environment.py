"""Reading the environment: typed, and every bad value is named."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from emojicheck import environment as env

NAME = "EMOJICHECK_TEST_VALUE"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "Yes", "on", " on "])
def test_boolean_reads_every_usual_yes(given: Callable[[str], None], value: str) -> None:
    given(value)

    assert env.boolean(NAME, default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", "OFF", ""])
def test_boolean_reads_every_usual_no(given: Callable[[str], None], value: str) -> None:
    given(value)

    assert env.boolean(NAME, default=True) is False


@pytest.mark.parametrize("default", [True, False])
def test_boolean_that_is_not_set_is_its_default(default: bool) -> None:  # noqa: FBT001
    assert env.boolean(NAME, default=default) is default


@pytest.mark.parametrize("value", ["0.5", "5", "1e1", " 7 "])
def test_number_reads_what_is_within_its_limits(given: Callable[[str], None], value: str) -> None:
    given(value)

    assert env.number(NAME, 1, low=0.5, high=10) == float(value)


def test_empty_value_is_the_default(given: Callable[[str], None]) -> None:
    given("  ")

    assert env.number(NAME, 3) == 3
    assert env.whole(NAME, 4) == 4
    assert env.money(NAME, "0.5") == Decimal("0.5")
    assert env.choice(NAME, "a", ("a", "b")) == "a"
    assert env.web_address(NAME, "http://x.test") == "http://x.test"
    assert env.words(NAME) == []


def test_money_is_exact(given: Callable[[str], None]) -> None:
    given("0.004")

    assert env.money(NAME, "0") == Decimal("0.004")


def test_key_loses_the_blanks_around_it(given: Callable[[str], None]) -> None:
    given(" sk-0123\n")

    assert env.key(NAME) == "sk-0123"


def test_time_zone_is_known_by_its_name(given: Callable[[str], None]) -> None:
    given("Asia/Shanghai")

    assert env.time_zone(NAME, "UTC") == "Asia/Shanghai"


def test_words_are_separated_by_commas(given: Callable[[str], None]) -> None:
    given("a.example.com, b.example.com,,")

    assert env.words(NAME) == ["a.example.com", "b.example.com"]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", ""),
        ("http://10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("http://us:p%40ss@proxy.internal:4750/", "http://us:p%40ss@proxy.internal:4750"),
        ("http://[::1]:4750", "http://[::1]:4750"),
    ],
)
def test_proxy_is_an_address_with_a_port(
    given: Callable[[str], None], value: str, address: str
) -> None:
    given(value)

    assert env.proxy(NAME) == address


@pytest.mark.parametrize(
    "value",
    [
        "socks5://us:secret@proxy:1",
        "us:secret@proxy:3128",
        "http://us:secret@proxy",
        "http://us:secret@:3128",
        "http://us:secret@proxy:0",
        "http://us:secret@proxy:99999",
        "http://us:secret@proxy:3128/path",
        "http://us:secret@pröxy:3128",
    ],
)
def test_bad_proxy_does_not_tell_its_password(given: Callable[[str], None], value: str) -> None:
    given(value)

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: expected http://") as told:
        env.proxy(NAME)

    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/relay/api/v1/", "http://[::1]:8000/relay/api/v1"),
    ],
)
def test_web_address_loses_its_last_slash(
    given: Callable[[str], None], value: str, address: str
) -> None:
    given(value)

    assert env.web_address(NAME, "") == address


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.boolean(NAME, default=False), "maybe"),
        (lambda: env.number(NAME, 1), "many"),
        (lambda: env.number(NAME, 1), "nan"),
        (lambda: env.number(NAME, 1, high=5), "inf"),
        (lambda: env.number(NAME, 1, low=1), "0.9"),
        (lambda: env.whole(NAME, 1), "1.5"),
        (lambda: env.money(NAME, "1"), "ten"),
        (lambda: env.money(NAME, "1"), "-1"),
        (lambda: env.money(NAME, "1"), "NaN"),
        (lambda: env.money(NAME, "1"), "Infinity"),
        (lambda: env.choice(NAME, "a", ("a", "b")), "c"),
        (lambda: env.key(NAME), "two words"),
        (lambda: env.key(NAME), "sk-ключ"),
        (lambda: env.key(NAME), "sk-\x07"),
        (lambda: env.time_zone(NAME, "UTC"), "Mars/Olympus"),
        (lambda: env.time_zone(NAME, "UTC"), "../../etc/passwd"),
        (lambda: env.time_zone(NAME, "UTC"), "Europe"),
        (lambda: env.web_address(NAME, ""), ""),
        (lambda: env.web_address(NAME, ""), "example.com"),
        (lambda: env.web_address(NAME, ""), "ftp://example.com"),
        (lambda: env.web_address(NAME, ""), "https://"),
        (lambda: env.web_address(NAME, ""), "https://example.com:port"),
        (lambda: env.web_address(NAME, ""), "https://example.com:99999"),
        (lambda: env.web_address(NAME, ""), "https://me:secret@example.com"),
        (lambda: env.web_address(NAME, ""), "https://example.com?x=1"),
        (lambda: env.web_address(NAME, ""), "https://example.com#x"),
        (lambda: env.database(NAME, Path("x")), "mysql://me@127.0.0.1/x"),
        (lambda: env.database(NAME, Path("x")), "emojicheck.sqlite3"),
        (lambda: env.database(NAME, Path("x")), "postgres://me@127.0.0.1:port/x"),
    ],
)
def test_bad_value_stops_the_start_and_names_the_variable(
    given: Callable[[str], None], read: Callable[[], object], value: str
) -> None:
    given(value)

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: "):
        read()


def test_bad_database_address_does_not_tell_its_password(given: Callable[[str], None]) -> None:
    given("mysql://me:hunter2@127.0.0.1/x")

    with pytest.raises(ImproperlyConfigured) as caught:
        env.database(NAME, Path("x"))

    assert "hunter2" not in str(caught.value)


def test_database_is_a_file_unless_told_otherwise(tmp_path: Path) -> None:
    assert env.database(NAME, tmp_path / "db") == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "db"),
    }


def test_database_address_may_have_awkward_passwords(given: Callable[[str], None]) -> None:
    given("postgres://me:p%40ss%23word@db.example.com:5433/emojicheck")

    database = env.database(NAME, Path("x"))

    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("me", "p@ss#word")
    assert (database["HOST"], database["PORT"]) == ("db.example.com", 5433)
    assert database["NAME"] == "emojicheck"


def test_secret_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    place = tmp_path / "data" / "secret_key"

    first, second = env.secret(NAME, place), env.secret(NAME, place)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["secret_key"]


def test_secret_is_the_same_for_processes_that_start_together(tmp_path: Path) -> None:
    seen: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        seen.append(env.secret(NAME, tmp_path / "secret_key"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_secret_from_the_environment_leaves_no_file(
    given: Callable[[str], None], tmp_path: Path
) -> None:
    given("mine")

    assert env.secret(NAME, tmp_path / "secret_key") == "mine"
    assert list(tmp_path.iterdir()) == []


def test_secret_that_cannot_be_kept_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: not set, and .* cannot be written"):
        env.secret(NAME, Path("/proc/emojicheck/secret_key"))


def test_secret_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: .* cannot be read"):
        env.secret(NAME, tmp_path)


def test_file_does_not_overrule_what_is_set(
    given: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given("from outside")
    monkeypatch.delenv(f"{NAME}_2", raising=False)
    (tmp_path / ".env").write_text(f"{NAME}=from the file\n{NAME}_2='also, the file'\n")

    env.read_file(tmp_path / ".env")
    second = os.environ.pop(f"{NAME}_2")

    assert (env.text(NAME), second) == ("from outside", "also, the file")


def test_file_that_does_not_exist_is_no_trouble(tmp_path: Path) -> None:
    env.read_file(tmp_path / ".env")
