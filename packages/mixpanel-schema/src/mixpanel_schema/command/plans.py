"""Finds the plan that a command names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from mixpanel_schema.catalogues import Catalogue, nearest
from mixpanel_schema.exceptions import MixpanelSchemaError
from mixpanel_schema.tracking_plan import TrackingPlan

if TYPE_CHECKING:
    from mixpanel_schema.json_values import Json

__all__ = [
    "CannotRunError",
    "catalogues_beside",
    "is_document",
    "load_document",
    "load_plan",
]


class CannotRunError(click.ClickException):
    """What a command was given cannot be used; not to be taken for a finding."""

    exit_code = 2


def is_document(given: str) -> bool:
    """Tell whether a plan is given as a Lexicon document."""
    return given.endswith(".json")


def load_plan(given: str) -> TrackingPlan:
    """Give the plan that is named ``module:attribute``, or by a Lexicon document.

    Raises:
        CannotRunError: If there is no such plan.
    """
    if is_document(given):
        return document_plan(Path(given))
    module_name, path = parts(given)
    found: object = load_module(module_name, given)
    for attribute in path.split("."):
        if not hasattr(found, attribute):
            hint = nearest(attribute, dir(found))
            raise CannotRunError(f"{module_name} has no {path!r}{hint}")
        found = getattr(found, attribute)
    if callable(found) and not isinstance(found, TrackingPlan):
        with causes_in_a_line(given):
            found = found()
    if not isinstance(found, TrackingPlan):
        kind = type(found).__name__
        remedy = "name a TrackingPlan, or a function without arguments that makes one"
        raise CannotRunError(f"{given} is a {kind}, not a tracking plan; {remedy}")
    return found


def document_plan(path: Path) -> TrackingPlan:
    """Give the plan that a Lexicon document holds.

    Raises:
        CannotRunError: If there is no such document.
    """
    from mixpanel_schema.lexicon import from_lexicon

    try:
        return from_lexicon(load_document(path))
    except MixpanelSchemaError as error:
        raise CannotRunError(f"{path}: {error}") from error


def load_document(path: Path) -> dict[str, Json]:
    """Read a Lexicon document.

    Raises:
        CannotRunError: If the file cannot be read, or is not JSON.
    """
    import json

    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}; name a Lexicon document"
        raise CannotRunError(message) from error
    except ValueError as error:
        message = f"{path} is not JSON: {error}; give a Lexicon document"
        raise CannotRunError(message) from error
    if not isinstance(found, dict):
        message = f"{path} holds a {type(found).__name__}; give a Lexicon document"
        raise CannotRunError(message)
    return found


def catalogues_beside(given: str) -> list[type[Catalogue]]:
    """List the catalogues that the plan's module knows by name."""
    if is_document(given):
        return []
    names = vars(load_module(parts(given)[0], given))
    return [
        value
        for value in names.values()
        if isinstance(value, type) and issubclass(value, Catalogue)
    ]


def parts(given: str) -> tuple[str, str]:
    """Part ``module:attribute``."""
    module_name, colon, path = given.partition(":")
    if not (module_name and colon and path):
        message = (
            f"{given!r} names no plan; write module:attribute, such as "
            "shop.tracking:plan, or a Lexicon document that ends in .json"
        )
        raise CannotRunError(message)
    return module_name, path


def load_module(name: str, given: str) -> ModuleType:
    """Import a module, from the current folder too."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    with causes_in_a_line(given, missing=name):
        return import_module(name)


@contextmanager
def causes_in_a_line(given: str, missing: str = "") -> Iterator[None]:
    """Say in one line why the app's own code fails; what it prints is no output.

    Args:
        given: The plan's name.
        missing: The module that is looked for.
    """
    try:
        with redirect_stdout(sys.stderr):
            yield
    except (Exception, SystemExit) as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent and f"{missing}.".startswith(f"{absent}."):
            problem = f"there is no module {absent!r}, here or installed"
            message = f"{problem}; go to the folder that has it, or install it"
        else:
            message = f"{given} cannot be loaded: {cause(error)}"
        raise CannotRunError(message) from error


def cause(error: BaseException) -> str:
    """Write an exception, and where it was raised, in one line."""
    import traceback

    kind, said = type(error).__name__, " ".join(str(error).split())
    text = f"{kind}: {said}" if said else kind
    if isinstance(error, SyntaxError):
        return text  # it names file and line itself
    ours = str(Path(__file__).parents[1])
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((ours, "<frozen importlib"))
        and Path(frame.filename).parts[-2:] != ("importlib", "__init__.py")
    ]
    return f"{text} ({frames[-1].filename}:{frames[-1].lineno})" if frames else text
