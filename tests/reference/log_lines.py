"""The lines that packages log, as their sources have them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["logged"]

SOURCES = Path(__file__).parents[2] / "packages"
LEVELS = {"warning": "WARNING", "error": "ERROR", "exception": "ERROR"}
# What ``logger.log`` logs is a warning, but for what was told a thousand times.
LEVELS["log"] = "WARNING"


def logged(package: str) -> set[tuple[str, str]]:
    """Return level and text of each line that a package logs as a warning, or worse.

    What is filled in is written as ``…``. A line that is only handed on is left out.
    """
    folder = SOURCES / package.replace("_", "-") / "src" / package
    found = set()
    for source in folder.rglob("*.py"):
        for function in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found |= set(lines_of(function))
    return {(level, text) for level, text in found if text not in {"…", "… …"}}


def lines_of(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield level and text of each line that a function logs."""
    assigned = [
        (node.lineno, node.targets[0].id, template)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        for template in templates(node.value, {})
    ]
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = ast.unparse(node.func.value)
        if owner.lower() in {"logger", "log"} and node.func.attr in LEVELS:
            before = sorted(each for each in assigned if each[0] < node.lineno)
            texts = {name: template for _, name, template in before}
            for template in templates(node.args[node.func.attr == "log"], texts):
                yield LEVELS[node.func.attr], re.sub(r"%\w", "…", template)


def templates(node: ast.expr, texts: dict[str, str]) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in texts:
        yield texts[node.id]
    elif isinstance(node, ast.IfExp):
        yield from templates(node.body, texts)
        yield from templates(node.orelse, texts)
