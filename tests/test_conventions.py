"""What holds for the project as a whole and no other tool looks after."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "emojicheck"
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
VAGUE = {"utils", "util", "helpers", "common", "core", "services", "manager", "misc"}


def text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def variables_read() -> set[str]:
    """The environment variables that settings.py asks for."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(text("emojicheck", "settings.py")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def variables_in(file: str) -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text(file), re.MULTILINE))


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_example_file_names_every_variable() -> None:
    assert variables_in(".env.example") == variables_read() - {"ENV_FILE"}


def test_production_example_names_real_variables() -> None:
    assert variables_in(".env.production.example") - variables_read() == set()


def test_docs_name_every_variable() -> None:
    cells = [
        row.split("|")[1] for row in text("docs", "settings.md").splitlines() if row[:3] == "| `"
    ]
    documented = {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}

    assert documented == variables_read()


def test_every_start_up_check_is_documented_and_tested() -> None:
    def ids(*parts: str) -> set[str]:
        return set(re.findall(r"emojicheck\.[EW]\d{3}", text(*parts)))

    existing = ids("emojicheck", "checks.py")

    assert ids("docs", "settings.md") == existing
    assert ids("tests", "unit", "test_checks.py") == existing


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_docs_name_real_commands_and_targets(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    commands = set(re.findall(r"manage\.py ([a-z_]+)", words))
    targets = set(re.findall(r"(?:`|^)make ([a-z-]+)", words, re.MULTILINE))
    existing = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))

    assert commands - set(get_commands()) == set()
    assert targets - existing == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_links_between_docs_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_modules_tell_their_one_job_by_name_and_first_line() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    silent = [path for path in modules if path.stat().st_size and not first_line(path)]

    assert (
        VAGUE
        & {part for path in modules for part in path.relative_to(PACKAGE).with_suffix("").parts}
        == set()
    )
    assert silent == []


def first_line(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_requirement_has_a_reason() -> None:
    lines = [*text("requirements.in").splitlines(), *text("requirements-dev.in").splitlines()]
    packages = [line for line in lines if re.match(r"[a-z]", line)]

    assert [line for line in packages if not re.search(r"\s#\s\w+", line)] == []


def test_every_imported_package_is_required_by_name() -> None:
    """What another package brings along today may be gone tomorrow."""
    distributions = {
        package: {name.lower().replace("_", "-") for name in names}
        for package, names in packages_distributions().items()
    }
    imported = {name for path in PACKAGE.rglob("*.py") for name in top_level_imports(path)}
    foreign = imported - set(sys.stdlib_module_names) - {"emojicheck", "_typeshed"}
    required = set(re.findall(r"^[a-z][a-z0-9-]*", text("requirements.in"), re.MULTILINE))

    missing = {name for name in foreign if not required & distributions[name]}

    assert missing == set()


def top_level_imports(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = {
        str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    }
    return {name.partition(".")[0] for name in plain | froms}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_pins_every_package_by_hash_and_names_no_index(lock: str) -> None:
    lines = text(lock).splitlines()
    packages = [number for number, line in enumerate(lines) if re.match(r"[a-z]", line)]

    assert len(packages) > 20
    assert [lines[n] for n in packages if not re.match(r"\S+==\S+ ", lines[n])] == []
    assert [lines[n] for n in packages if "--hash=sha256:" not in lines[n + 1]] == []
    assert re.findall(r"https?://|--(?:extra-)?index|--find-links", "\n".join(lines)) == []


@pytest.mark.parametrize(
    ("package", "floor"),
    [
        ("pillow", (13, 0, 0)),  # earlier ones can be overrun by a crafted JPEG
        ("django", (5, 2, 19)),
        ("waitress", (3, 0, 1)),  # request smuggling
        ("protobuf", (4, 25, 8)),  # endless recursion
    ],
)
def test_lock_keeps_out_versions_with_known_holes(package: str, floor: tuple[int, ...]) -> None:
    [version] = re.findall(rf"^{package}==([\d.]+)", text("requirements.txt"), re.MULTILINE)

    assert tuple(int(part) for part in version.split(".")) >= floor


def test_ci_runs_what_a_person_runs() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in text(".ci", "run")


def test_tools_are_configured_in_one_place() -> None:
    tools = tomllib.loads(text("pyproject.toml"))

    assert list(tools) == ["tool"]
    strays = ["setup.cfg", "tox.ini", "mypy.ini", ".coveragerc", "pytest.ini", "ruff.toml"]
    assert [name for name in strays if (ROOT / name).exists()] == []
