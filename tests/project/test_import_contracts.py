"""That no library is imported without a contract on who may import it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_imports(node: ast.AST) -> Iterator[str]:
    """Name what a module imports when it runs, wherever in it."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    for child in ast.iter_child_nodes(node):
        yield from run_imports(child)


def test_every_library_has_a_contract() -> None:
    """``imports.toml`` says of each library which modules may import it."""
    imported = {
        name.partition(".")[0]
        for path in ROOT.glob("packages/*/src/**/*.py")
        for name in run_imports(ast.parse(path.read_text("utf-8")))
    }
    libraries = {
        name
        for name in imported - sys.stdlib_module_names
        if not name.startswith("mixpanel_")
    }
    contracts = (ROOT / "imports.toml").read_text("utf-8")
    lists = re.findall(r"^forbidden_modules = \[(.*)\]$", contracts, re.MULTILINE)

    assert "httpx" in libraries
    assert libraries - set(re.findall(r'"(\w+)"', " ".join(lists))) == set()
