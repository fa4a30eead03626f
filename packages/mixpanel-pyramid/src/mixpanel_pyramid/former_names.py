"""What ``pyramid_mixpanel.track`` has beside the tracker, for those who import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_schema import Property

__all__ = [
    "PropertiesType",
    "SettingsType",
    "distinct_id_is_required",
    "mixpanel_flush",
]

SettingsType = Mapping[str, object]
PropertiesType = Mapping[Property, object]

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class Tracker(Protocol):
    """Something that knows whose messages it keeps, or not yet."""

    @property
    def distinct_id(self) -> object:
        """Whose messages these are."""


TrackerT = TypeVar("TrackerT", bound=Tracker)


def distinct_id_is_required(
    function: Callable[Concatenate[TrackerT, Arguments], Answer],
) -> Callable[Concatenate[TrackerT, Arguments], Answer]:
    """Let a method of a tracker raise while it is not known whose messages these are.

    The tracker's own methods see to it by themselves; this is for those of subclasses.
    """

    @wraps(function)
    def wrapper(
        self: TrackerT, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Answer:
        if not self.distinct_id:
            raise DistinctIdMissingError
        return function(self, *args, **kwargs)

    return wrapper


def mixpanel_flush(event: object) -> None:
    """Do nothing: requests see by themselves to what was tracked."""
