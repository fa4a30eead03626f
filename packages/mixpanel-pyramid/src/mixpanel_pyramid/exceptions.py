"""Errors of mixpanel-pyramid.

MixpanelPyramidError
├ MixpanelSettingsError     settings that cannot work; raised at start-up, all at once
│                           (also pyramid's ConfigurationError, and ValueError)
├ DistinctIdMissingError    tracked before it was known who did it (also AttributeError)
├ MissingExtraError         an extra is not installed (also ImportError)
└ OutboxUnusableError       the file of an outbox cannot be used; never raised to an app

A name outside the tracking plan is refused with mixpanel_schema's UndeclaredNameError,
a value that is not JSON with its InvalidValueError; both are ValueErrors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.exceptions import ConfigurationError  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DistinctIdMissingError",
    "MissingExtraError",
    "MixpanelPyramidError",
    "MixpanelSettingsError",
    "OutboxUnusableError",
]


class MixpanelPyramidError(Exception):
    """Anything that mixpanel-pyramid refuses."""


class MixpanelSettingsError(
    MixpanelPyramidError,
    ConfigurationError,  # type: ignore[misc]  # pyramid has no type hints
    ValueError,
):
    """Settings that cannot work.

    It is raised where the configuration is committed, such as by
    ``config.make_wsgi_app()``.

    Attributes:
        problems: What is wrong and how to mend it, one text a problem.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class DistinctIdMissingError(MixpanelPyramidError, AttributeError):
    """Something was tracked before it was known who did it."""

    def __init__(self) -> None:
        super().__init__(
            "distinct_id must be set before you can send events or set properties"
        )


class MissingExtraError(MixpanelPyramidError, ImportError):
    """Something needs a library that is installed as an extra, and is not there.

    Args:
        what: What needs it.
        extra: The extra that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs a library that is not installed; "
            f"install mixpanel-pyramid[{extra}]"
        )


class OutboxUnusableError(MixpanelPyramidError):
    """The file of an outbox is none, or one that a newer version made."""
