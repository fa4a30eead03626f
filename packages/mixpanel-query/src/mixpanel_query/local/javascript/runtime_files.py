"""The files in JavaScript that scripts find in place: Mixpanel's words, and ``_``.

The functions of ``_`` do what https://underscorejs.org documents.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

__all__ = ["runtime_for"]

FOLDER = Path(__file__).with_name("runtime")

# In this order; each may use what comes before it.
PARTS = (
    "accessors",
    "buckets",
    "keys",
    "reducers",
    "grouping",
    "collections",
    "sources",
    "program",
)


UNDERSCORE_PARTS = (
    "underscore/iteratees",
    "underscore/collections",
    "underscore/arrays",
    "underscore/objects",
    "underscore/kinds",
    "underscore/functions",
    "underscore/wrapping",
)
UNDERSCORE = re.compile(r"(?<![\w$])_(?![\w$])|\\u")


def runtime_for(script: str) -> str:
    r"""Return the runtime of a script; ``_`` is in it only if the script names it.

    A name may be written with escapes (``\u005f``), so a script with any has it too.
    """
    if UNDERSCORE.search(script) is None:
        return one_function(PARTS)
    return f"{one_function(UNDERSCORE_PARTS)};\n{one_function(PARTS)}"


@cache
def one_function(parts: tuple[str, ...]) -> str:
    """Return files as a call of one function, so that scripts do not see its names."""
    text = "\n".join((FOLDER / f"{part}.js").read_text("utf-8") for part in parts)
    return f'(function () {{ "use strict";\n{text}\n}})()'
