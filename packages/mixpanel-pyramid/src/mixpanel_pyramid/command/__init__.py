"""The command ``mixpanel-outbox``.

This module imports nothing that an installation without the extra ``[cli]`` lacks,
because the console script is there in any case.
"""

from __future__ import annotations

import sys
import warnings

__all__ = ["main"]

INTERRUPTED = 130


def main() -> None:
    """Run the command and leave with its exit code."""
    # Pyramid imports it, and whoever runs this can do nothing about that.
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning)
    try:
        from mixpanel_pyramid.command.program import run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        remedy = "pip install 'mixpanel-pyramid[cli]'"
        sys.exit(f"Error: the command mixpanel-outbox needs click; {remedy}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(run())
