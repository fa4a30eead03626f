"""What docs/security.md says of the sources and tests is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
# exec, pickle, marshal, eval, shells: https://docs.astral.sh/ruff/rules/#flake8-bandit-s
NEVER = {"S102", "S301", "S302", "S307", "S602", "S604", "S605"}


def test_the_tests_that_the_page_names_are_there() -> None:
    """Each is a file, or a folder, with tests."""
    named = re.findall(r"`((?:tests|examples)/[^`]+)`", PAGE.read_text())

    assert len(named) > 30
    for name in named:
        path = ROOT / name
        files = [path] if path.is_file() else list(path.rglob("test_*.py"))
        assert any("def test_" in file.read_text() for file in files), name


def test_no_source_lets_a_dangerous_call_pass() -> None:
    """Lint finds eval, shells and pickle, and nobody tells it not to."""
    excused = {
        rule
        for path in ROOT.glob("packages/*/src/**/*.py")
        for words in re.findall(r"noqa: ([A-Z]+\d+(?:, [A-Z]+\d+)*)", path.read_text())
        for rule in words.split(", ")
    }
    assert "S603" in excused
    assert not excused & NEVER


def test_lint_looks_for_dangerous_calls() -> None:
    """In all packages: no line of its settings takes these rules away."""
    settings = (ROOT / "pyproject.toml").read_text()

    assert re.search(r'^select = \[[^]]*"S",', settings, re.MULTILINE)
    assert not any(f'"{rule}"' in settings for rule in NEVER)
