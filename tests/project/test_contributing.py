"""That CONTRIBUTING.md names what there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOTS = (ROOT, *ROOT.glob("packages/*/src"))
QUOTED = re.findall(r"`([^`\n]+)`", PAGE)


def test_every_path_is_there() -> None:
    """Paths are those of the repository, or of a package below its ``src``."""
    paths = {
        text
        for text in QUOTED
        if re.fullmatch(r"[\w./-]+", text)
        and ("/" in text or text.endswith((".toml", ".yml")))
        and not text.startswith(".nox/")
        and text not in {"report.toml"}  # a user's
    }

    assert len(paths) > 30
    assert [p for p in sorted(paths) if not any((r / p).exists() for r in ROOTS)] == []


def test_every_program_is_there() -> None:
    """What ``python -m`` runs can be found."""
    modules = re.findall(r"`python -m ([\w.]+)`", PAGE)

    assert len(modules) == 2
    assert [
        module
        for module in modules
        if not (ROOT / f"{module.replace('.', '/')}.py").exists()
    ] == []


def sessions_of_nox() -> set[str]:
    """Name the sessions of the noxfile."""
    noxfile = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    return {
        node.name
        for node in noxfile.body
        if isinstance(node, ast.FunctionDef)
        and any("'session'" in ast.dump(mark) for mark in node.decorator_list)
    }


def test_every_session_of_nox_has_its_row() -> None:
    """The table of sessions has those of the noxfile, and no other."""
    rows = re.findall(r'^\| `nox -s "?(\w+)', PAGE, re.MULTILINE)

    assert len(rows) == len(set(rows))
    assert set(rows) == sessions_of_nox()


def test_every_session_that_a_page_names_is_there() -> None:
    """Who types what a page says gets no "Sessions not found"."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/*.md")]
    named = {
        (page.name, session)
        for page in pages
        for session in re.findall(r"""nox -s ["']?(\w+)""", page.read_text("utf-8"))
    }

    assert len(named) > 25
    assert {each for each in named if each[1] not in sessions_of_nox()} == set()


def test_what_plain_nox_leaves_out_is_said() -> None:
    """Rows of the sessions that are not run by default say so, and no others."""
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    (listed,) = re.findall(r"^nox\.options\.sessions = \[(.*?)\]", noxfile, re.M | re.S)
    usual = set(re.findall(r'"(\w+)"', listed))
    rows = re.findall(r'^\| `nox -s "?(\w+)[^`]*` \| (.*) \|$', PAGE, re.MULTILINE)

    assert {name for name, does in rows if "not part of plain" not in does} == usual
