"""The functions of ``_`` in the engine itself, and those of Underscore beside them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import quickjs

from mixpanel_query.local.javascript.runtime_files import runtime_for

Evaluate: TypeAlias = Callable[[str], Any]

# The version whose behaviour https://underscorejs.org documents.
ORIGINAL = "1.13.8"

# Evaluates an expression, and writes what it gives as JSON with a text for each value
# that JSON does not have.
SHOW = """
globalThis.show = (text) => {
  const say = (name, value) => {
    if (typeof value === "function" || value === undefined) return `<${typeof value}>`;
    if (Object.is(value, -0)) return "<-0>";
    const isOdd = typeof value === "number" && !Number.isFinite(value);
    return isOdd ? `<${value}>` : value;
  };
  try {
    return JSON.stringify((0, eval)(`(${text})`), say);
  } catch (error) {
    return JSON.stringify(`<error> ${error.message}`);
  }
};
"""

# Answers each line, which holds an expression as JSON, with a line.
NODE = f"""
globalThis._ = require(process.argv[1]);
{SHOW}
require("readline").createInterface({{input: process.stdin}}).on(
  "line", (line) => process.stdout.write(show(JSON.parse(line)) + "\\n"));
"""


@pytest.fixture(scope="session")
def evaluate() -> Evaluate:
    """Give the function that evaluates an expression with ``_`` in the engine."""
    context = quickjs.Context()
    context.eval(runtime_for("_"))
    context.eval(SHOW)
    show = context.get("show")

    return lambda expression: json.loads(show(expression))


@pytest.fixture(scope="session")
def evaluate_original(
    npm_package: Callable[[str, str], Path],
) -> Iterator[Evaluate]:
    """Give the function that evaluates an expression with Underscore, in node."""
    library = npm_package("underscore", ORIGINAL).parent / "underscore"
    with subprocess.Popen(
        [shutil.which("node") or "node", "-e", NODE, str(library)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        source, target = process.stdout, process.stdin

        def ask(expression: str) -> object:
            target.write(json.dumps(expression) + "\n")
            target.flush()
            answer: object = json.loads(source.readline())
            return answer

        yield ask
        target.close()
