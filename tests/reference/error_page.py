"""The sections of docs/reference/errors.md that are made of the errors themselves.

``python -m tests.reference.error_page`` writes what stands under the heading of each
class anew; all else on the page is written by hand.
"""

from __future__ import annotations

import inspect
import re
import tempfile
from importlib import import_module
from pathlib import Path

from tests.reference.pages import REFERENCE, page, section
from tests.reference.refusals.local import LOCAL
from tests.reference.refusals.pyramid import IN_A_VIEW, PYRAMID
from tests.reference.refusals.query import QUERY
from tests.reference.refusals.refusal import Refusal, message_of
from tests.reference.refusals.report import REPORT
from tests.reference.refusals.schema import SCHEMA

__all__ = ["CLASSES", "PAGE", "errors_page", "heading_of", "section_of"]

PAGE = "errors.md"
MODULES = (
    "mixpanel_schema.exceptions",
    "mixpanel_pyramid.exceptions",
    "mixpanel_query.exceptions",
    "mixpanel_query.local.exceptions",
    "mixpanel_slack_report.exceptions",
)
REFUSALS = [*SCHEMA, *IN_A_VIEW, *PYRAMID, *QUERY, *LOCAL, *REPORT]


def classes_of(module: str) -> list[type[Exception]]:
    """List the public classes of a module, in the order in which it has them."""
    found = import_module(module)
    return [each for name, each in vars(found).items() if name in found.__all__]


CLASSES = [each for module in MODULES for each in classes_of(module)]
NAMES = [each.__name__ for each in CLASSES]


def heading_of(kind: type[Exception]) -> str:
    """Return the heading of a class; two classes have one name."""
    where = ""
    if NAMES.count(kind.__name__) > 1:
        is_local = ".local." in kind.__module__
        where = " of a local project" if is_local else " of HTTP requests"
    return kind.__name__ + where


def section_of(kind: type[Exception], folder: Path) -> str:
    """Write what the page says of a class.

    Args:
        kind: The class.
        folder: A folder, in which another one is made for each refusal.
    """
    bases = [each for each in kind.__bases__ if each is not Exception]
    told = " and ".join(f"`{each.__name__}`" for each in bases)
    also = f", which is also {told}" if told else ""
    lines = [f"\n`{kind.__module__}.{kind.__name__}`{also}.", ""]
    lines += paragraphs(inspect.getdoc(kind) or "")
    rows = [
        row_of(refusal, Path(tempfile.mkdtemp(dir=folder)))
        for refusal in REFUSALS
        if refusal.kind is kind
    ]
    if rows:
        lines += ["| message | why, and what to do |", "| --- | --- |", *rows, ""]
    return "\n".join(lines) + "\n"


def paragraphs(doc: str) -> list[str]:
    """Write what a class says of itself, and the facts that it has."""
    told, _, facts = re.split("\nArgs:", doc)[0].partition("\nAttributes:\n")
    text = re.sub(r"(?<=[.;]) (?=[A-Z`])", "\n", " ".join(told.split()))
    lines = [marked(text), ""]
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", facts, re.MULTILINE)
    items = [f"- `.{name}`: {marked(' '.join(said.split()))}" for name, said in entries]
    return [*lines, *items, ""] if items else lines


def marked(text: str) -> str:
    """Write what is code in a docstring as Markdown has it."""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def row_of(refusal: Refusal, folder: Path) -> str:
    """Write a row of the table of messages."""
    message = message_of(refusal, folder).replace("|", r"\|")
    return f"| `{message}` | {refusal.remedy} |"


def errors_page(folder: Path) -> str:
    """Return the text of the page, with what the classes say now."""
    text = page(PAGE)
    for kind in CLASSES:
        heading = heading_of(kind)
        before = f"### {heading}\n" + section(text, heading)
        text = text.replace(before, f"### {heading}\n" + section_of(kind, folder))
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        written = errors_page(Path(made))
    (REFERENCE / PAGE).write_text(written, encoding="utf-8")
