"""Where this process says what is to happen when it forks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

__all__ = ["at_fork"]

# As os.register_at_fork, which is missing where processes do not fork: on Windows.
at_fork: Final[Callable[..., None]] = getattr(
    os, "register_at_fork", lambda **hooks: None
)
