"""The week that the tests ask for, and the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCRIPT = str(Path(sys.executable).with_name("mixpanel-query"))
WEEK = ["--from", "2026-11-09", "--to", "2026-11-15"]
Make = Callable[..., Any]


def start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Start the installed command."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MIXPANEL_")}
    return subprocess.Popen(
        [SCRIPT, *arguments],
        env={**kept, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
