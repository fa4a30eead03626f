"""What the tests of every question share: the table, the clients, the servers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).parent


def load(name: str) -> ModuleType:
    """Import a module of this folder, which is no package."""
    full_name = f"every_question_{name}"
    if full_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(full_name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module  # dataclasses look for it there
        spec.loader.exec_module(module)
    return sys.modules[full_name]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a question with each of them."""
    if "question" in metafunc.fixturenames:
        questions = load("table").QUESTIONS
        metafunc.parametrize("question", questions, ids=map(str, questions))


@pytest.fixture(scope="session", name="load")
def load_module() -> Callable[[str], ModuleType]:
    """Import a module of this folder."""
    return load


@pytest.fixture
def questions() -> list[Any]:
    """All questions."""
    found: list[Any] = load("table").QUESTIONS
    return found


@pytest.fixture
def no_questions() -> set[str]:
    """Public names of the clients that ask nothing."""
    names: set[str] = load("table").NO_QUESTIONS
    return names


@pytest.fixture(params=["ask_and_wait", "ask_and_await"], ids=["sync", "async"])
def outcomes(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Ask several questions of one client, once through each client."""
    ask: Callable[..., Any] = getattr(load("asking"), request.param)
    return ask


@pytest.fixture
def recording() -> Callable[..., Any]:
    """Start a server that keeps every request."""
    start: Callable[..., Any] = load("recording").recording
    return start
