"""What a test skips for is named, so that CI can tell that it is not there."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for top in ("tests", "examples") for path in ROOT.glob(f"{top}/**/*.py")]
SKIPPED = {
    "file": 'pytest.importorskip("absent_library", reason="needs absent_library")',
    "fixture": (
        "@pytest.fixture(autouse=True)\n"
        "def absent():\n"
        '    pytest.importorskip("absent_library", reason="needs absent_library")'
    ),
    "mark": 'pytestmark = pytest.mark.skipif(True, reason="needs absent_library")',
}


def imports(path: Path) -> list[ast.Call]:
    """Find where a file skips for want of a library."""
    text = path.read_text("utf-8")
    tree = ast.parse(text if "importorskip" in text else "")
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if "importorskip" in ast.unparse(call.func)]


def reason_of(call: ast.Call) -> str:
    """Return the text that a call gives as its reason; the fixed part of it."""
    for keyword in call.keywords:
        if keyword.arg == "reason":
            return ast.unparse(keyword.value).removeprefix("f")[1:-1]
    return ""


def test_each_library_that_may_be_absent_is_named() -> None:
    """All reasons begin with "needs", unless it is Python itself that is too old."""
    found = [
        (f"{path.relative_to(ROOT)}:{call.lineno}", reason_of(call))
        for path in FILES
        for call in imports(path)
    ]

    assert len(found) > 20
    assert [
        where
        for where, reason in found
        if not reason.startswith(("needs ", "Python 3.10 "))
    ] == []


@pytest.mark.parametrize("in_ci", ["true", ""], ids=["CI", "here"])
def test_what_is_absent_fails_in_ci(in_ci: str, tmp_path: Path) -> None:
    """So does a file that is skipped as a whole; elsewhere all of it is skipped."""
    conftest = (ROOT / "tests/conftest.py").read_text("utf-8")
    (tmp_path / "conftest.py").write_text(conftest, "utf-8")
    for name, skips in SKIPPED.items():
        text = f"import pytest\n{skips}\ndef test_it(): pass\n"
        (tmp_path / f"test_{name}.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--continue-on-collection-errors"],
        cwd=tmp_path,
        env={**os.environ, "CI": in_ci},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("skipped, which CI does not allow" in done.stdout) is bool(in_ci)
    assert ("3 errors" if in_ci else "3 skipped") in done.stdout.splitlines()[-1]
    assert done.returncode == (1 if in_ci else 0)
