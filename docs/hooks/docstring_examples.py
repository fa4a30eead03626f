"""Examples at Python's prompt in docstrings become blocks of code.

A docstring ends with lines that begin with ``>>>``; Markdown would take them for
quotations.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

__all__ = ["PromptBlocks"]

EXAMPLE = re.compile(
    r"^>>> .*(?:\n(?!\s*\n).+)*(?:\n\n>>> .*(?:\n(?!\s*\n).+)*)*", re.M
)


class PromptBlocks(griffe.Extension):
    """Puts the examples of every docstring that is read between fences."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:  # noqa: ANN401  # griffe's own
        """Change the docstring of an object, if it has one."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(docstring: str) -> str:
    """Put each run of examples that stands at the margin between fences."""
    return EXAMPLE.sub(lambda found: f"```pycon\n{found[0]}\n```", docstring)
