"""What nobody foresaw, for the log."""

from __future__ import annotations

import traceback
from pathlib import Path

from mixpanel_slack_report.wording import readable

__all__ = ["mishap_line"]


def mishap_line(error: Exception) -> str:
    r"""Say in one line what went wrong, and where; it may hold secrets.

    >>> mishap_line(ValueError("two\nlines"))
    'went wrong somewhere: ValueError: two lines'
    """
    frames = traceback.extract_tb(error.__traceback__)
    last = f"at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    said = f"{type(error).__name__}: {error}"
    return f"went wrong {last or 'somewhere'}: {readable(said, longest=400)}"
