"""From the text of a setting to its value; each refusal says how to mend it."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TypeVar
from urllib.parse import urlsplit

from pyramid.path import DottedNameResolver  # type: ignore[import-untyped]

from mixpanel_schema import TypedEvent
from mixpanel_schema.catalogues import Catalogue

__all__ = [
    "CONSUMERS",
    "REGIONS",
    "catalogue_of",
    "consumer_class",
    "dotted_callable",
    "file_path",
    "header_attributes",
    "is_loopback",
    "one_of",
    "project_token",
    "region_host",
    "seconds",
    "secret_text",
    "service_url",
    "truth",
    "typed_event_classes",
    "whole_number",
]

# https://docs.mixpanel.com/docs/privacy/eu-residency
REGIONS = {
    "us": "https://api.mixpanel.com",
    "eu": "https://api-eu.mixpanel.com",
    "in": "https://api-in.mixpanel.com",
}
OFF_WORDS = frozenset({"false", "off", "no", "0", "none"})
ON_WORDS = frozenset({"true", "on", "yes", "1"})
CONSUMERS = ("background", "buffered", "celery")

CatalogueT = TypeVar("CatalogueT", bound=Catalogue)


def project_token(value: object) -> str | None:
    """Read a project token; None where an off word says to record only.

    >>> project_token("Off") is None
    True
    """
    if isinstance(value, (bool, int)) and not value:
        return None
    if not isinstance(value, str):
        message = f"is a {type(value).__name__}; give the project token, or false"
        raise ValueError(message)
    token = value.strip()
    if token.lower() in OFF_WORDS:
        return None
    if not token:
        message = "is empty; give the project token, or false to record only"
        raise ValueError(message)
    return token


def region_host(value: object) -> str:
    """Read a data residency region and give its host.

    >>> region_host("EU")
    'https://api-eu.mixpanel.com'
    """
    try:
        return REGIONS[str(value).strip().lower()]
    except KeyError:
        message = f"is {value!r}; give one of {', '.join(REGIONS)}"
        raise ValueError(message) from None


def service_url(value: object) -> str:
    """Read the address of a service, without a slash at its end.

    >>> service_url("http://127.0.0.1:8080/")
    'http://127.0.0.1:8080'
    """
    text = str(value).strip().rstrip("/")
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_address = False
    if not is_address:
        message = "is no address of a service; give one like https://mixpanel.example"
        raise ValueError(message)
    if parts.username or parts.password or parts.query or parts.fragment:
        message = "has more than a host, port and path; give those alone"
        raise ValueError(message)
    return text


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def whole_number(value: object) -> int:
    """Read a whole number of at least 1."""
    try:
        number = int(str(value).strip())
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"is {value!r}; give a whole number of at least 1")
    return number


def seconds(value: object) -> float:
    """Read a positive number of seconds."""
    try:
        number = float(str(value).strip())
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"is {value!r}; give a number of seconds above 0")
    return number


def resolved(value: object) -> object:
    """Import what an absolute dotted name names."""
    if not isinstance(value, str):
        message = f"dotted_name must be a string, but it is: {type(value).__name__}"
        raise ValueError(message)  # a ValueError since pyramid_mixpanel
    name = value.strip()
    if name.startswith((".", ":")):
        message = f"is {name!r}, a relative name; give an absolute one like myapp.names"
        raise ValueError(message)
    try:
        return DottedNameResolver(None).resolve(name)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"is {name!r}, which cannot be imported ({error}); correct the name"
        raise ValueError(message) from error


def catalogue_of(base: type[CatalogueT]) -> Callable[[object], CatalogueT]:
    """Make a converter for the dotted name of a catalogue, class or instance.

    Args:
        base: What the catalogue has to be based on.
    """

    def convert(value: object) -> CatalogueT:
        found = resolved(value) if value else base
        if isinstance(found, base):
            return found
        if isinstance(found, type) and issubclass(found, base):
            return found()
        message = (
            "class in dotted_name needs to be based on "
            f"pyramid_mixpanel.{base.__name__}, today mixpanel_pyramid.{base.__name__}"
            f", but it is {value!r}; name such a class"
        )
        raise ValueError(message)

    return convert


def typed_event_classes(value: object) -> tuple[type[TypedEvent], ...]:
    """Import typed events by the dotted name of a module, a class, a list or a tuple.

    Of a module all typed events count that it has by name, but not the classes
    without ``event_name``, which are only bases of others.
    """
    found = resolved(value) if value else ()
    if isinstance(found, ModuleType):
        found = [each for each in vars(found).values() if has_event_name(each)]
    classes: list[type[TypedEvent]] = []
    for each in found if isinstance(found, Iterable) else [found]:
        if not (isinstance(each, type) and issubclass(each, TypedEvent)):
            message = (
                f"is {value!r}, which holds {each!r}; name a module, or classes based "
                "on mixpanel_pyramid.TypedEvent, alone or in a list or tuple"
            )
            raise ValueError(message)
        classes.append(each)
    if value and not classes:
        message = f"is {value!r}, which has no typed events; name where they are"
        raise ValueError(message)
    return tuple(dict.fromkeys(classes))


def has_event_name(found: object) -> bool:
    """Tell whether something is the class of a typed event, and not only a base."""
    if not (isinstance(found, type) and issubclass(found, TypedEvent)):
        return False
    return getattr(vars(found).get("__event__"), "name", None) is not None


def dotted_callable(value: object) -> Callable[[object], object]:
    """Import a callable by its absolute dotted name."""
    found = resolved(value)
    if not callable(found):
        message = f"is {value!r}, which cannot be called; name a callable(request)"
        raise ValueError(message)
    return found


def consumer_class(value: object) -> object:
    """Read the short name of a consumer, or import a class by its dotted name.

    Anything that can be called without arguments, and has ``send``, makes a consumer.

    >>> consumer_class("Buffered")
    'buffered'
    """
    name = str(value).strip().lower()
    if not name or name in CONSUMERS:
        return name or CONSUMERS[0]
    if isinstance(value, str) and not {".", ":"}.intersection(name):
        known = ", ".join(CONSUMERS)
        raise ValueError(f"is {value!r}; give one of {known}, or a class's dotted name")
    found = resolved(value)
    if callable(found) and callable(getattr(found, "send", None)):
        return found
    raise ValueError(
        "class in dotted_name needs to be based on mixpanel.(Buffered)Consumer, or to "
        f"have send(endpoint, json_message), but it is {value!r}; name such a class, "
        f"or one of {', '.join(CONSUMERS)}"
    )


def one_of(*words: str) -> Callable[[object], str]:
    """Make a converter that takes one of these words, in any case."""

    def convert(value: object) -> str:
        word = str(value).strip().lower()
        if word not in words:
            raise ValueError(f"is {value!r}; give one of {', '.join(words)}")
        return word

    return convert


def truth(value: object) -> bool:
    """Read yes or no.

    >>> truth("On"), truth("false")
    (True, False)
    """
    word = str(value).strip().lower()
    if word in ON_WORDS or word in OFF_WORDS or not word:
        return word in ON_WORDS
    raise ValueError(f"is {value!r}; give true or false")


def secret_text(value: object) -> str | None:
    """Read a credential, which no message repeats; None where it is empty."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise ValueError(f"is a {type(value).__name__}; give text")
    return str(value).strip() or None


def file_path(value: object) -> Path | None:
    """Read the path of a file, made absolute now; None where it is empty."""
    text = str(value).strip()
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if path.is_dir():
        raise ValueError(f"is {text!r}, a folder; give the path of a file in it")
    if not path.parent.is_dir():
        message = f"is {text!r}, but there is no folder {str(path.parent)!r}; make it"
        raise ValueError(message)
    return path


def header_attributes(value: object) -> frozenset[str]:
    """Read which attributes headers may set; ``*`` among them for the usual ones.

    >>> sorted(header_attributes("title, path"))
    ['path', 'title']
    """
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if not (isinstance(value, Iterable) and all(isinstance(v, str) for v in value)):
        message = f"is {value!r}; give *, none, or attributes of your EventProperties"
        raise ValueError(message)
    words = frozenset(value)
    if len(words) == 1 and next(iter(words)).lower() in OFF_WORDS:
        return frozenset()
    return words
