"""docs/reference/settings.md has what the system tells, and each name has an anchor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.reference.pages import anchors, rows, section
from tests.reference.settings_tables import (
    APP,
    LOCAL,
    OUTBOX,
    PAGE,
    PLUGINS,
    QUERY,
    SLACK,
    SYSTEM,
    TOML,
    names_in,
)

ROOT = Path(__file__).parents[2]
# What httpx reads: https://www.python-httpx.org/environment_variables/
PROXIES = {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
# Handed on to a program that is started.
NO_SETTINGS = {"SYSTEMROOT"}
PREFIXES = {
    APP: "pyramid",
    OUTBOX: "outbox",
    QUERY: "query",
    LOCAL: "local",
    PLUGINS: "pytest",
    SLACK: "report",
    TOML: "toml",
    SYSTEM: "system",
}


def variables_in(source: Path) -> Iterator[str]:
    """Yield the names that a file reads from something called an environment."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("environ.get", "environment.get", "environment().get", "getenv")
        ):
            yield from constants(node.args[:1])
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(
            "environ"
        ):
            yield from constants([node.slice])


def constants(nodes: list[ast.expr]) -> Iterator[str]:
    """Yield the texts among some expressions."""
    for node in nodes:
        if isinstance(node, ast.Constant):
            yield str(node.value)


def test_every_variable_that_is_read_is_on_the_page() -> None:
    """What a request of WSGI calls its parts is none."""
    sources = [
        source
        for source in ROOT.glob("packages/*/src/**/*.py")
        # They read what WSGI calls a request.
        if source.name not in {"wsgi.py", "header_properties.py"}
    ]
    read = {
        name
        for source in sources
        for name in variables_in(source)
        if re.fullmatch(r"[A-Z][A-Za-z_]+", name)
    }
    told = {*names_in(QUERY), *names_in(SLACK), *names_in(SYSTEM)}

    assert "XDG_STATE_HOME" in read
    assert read - told - NO_SETTINGS == set()


def test_the_variables_of_the_system_are_read() -> None:
    """By the code, or by httpx, which reads the proxies."""
    text = "".join(
        source.read_text(encoding="utf-8")
        for source in ROOT.glob("packages/*/src/**/*.py")
    )
    told = set(names_in(SYSTEM))

    assert told >= PROXIES
    assert [name for name in told - PROXIES if f'"{name}"' not in text] == []


def test_every_setting_can_be_linked_to() -> None:
    """Each row has an anchor of its own, made of its section and its name."""
    told = [rows(section(PAGE, heading)) for heading in PREFIXES]
    wanted = [
        f"{prefix}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
        for heading, prefix in PREFIXES.items()
        for name in names_in(heading)
    ]

    assert sum(map(len, told)) == len(wanted)
    assert anchors(PAGE) == wanted
    assert len(set(wanted)) == len(wanted)
