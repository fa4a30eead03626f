"""The settings of an app, read from its ini file without importing the app."""

from __future__ import annotations

from configparser import ConfigParser, Error
from pathlib import Path

import click

__all__ = ["read_ini"]

APP = ("app:", "application:")


def read_ini(path: Path, section: str) -> dict[str, str]:
    """Read the section of an app, as PasteDeploy does.

    A section may build upon another one with ``use = other`` or
    ``use = config:other.ini``: https://docs.pylonsproject.org/projects/pastedeploy/

    Args:
        path: The file.
        section: Such as ``app:main``.

    Raises:
        click.UsageError: If there is no such file or section, or it cannot be read.
    """
    return dict(chain(path.absolute(), section, seen=[]))


def chain(path: Path, section: str, seen: list[tuple[Path, str]]) -> dict[str, str]:
    """Read a section, and before it those that it builds upon."""
    if (path, section) in seen:
        raise click.UsageError(f"[{section}] of {path} builds upon itself; mend it")
    values = section_of(path, section)
    base: dict[str, str] = {}
    used = values.pop("use", "")
    kind, colon, name = used.partition(":")
    if kind == "config" and colon:
        file, _, named = name.partition("#")
        base = chain(
            path.parent / file.strip(),
            f"app:{named.strip() or 'main'}",
            [*seen, (path, section)],
        )
    elif used and not colon:
        base = chain(path, f"app:{used}", [*seen, (path, section)])
    return base | {
        name.removeprefix("set ").strip(): value for name, value in values.items()
    }


def section_of(path: Path, section: str) -> dict[str, str]:
    """Read one section."""
    here = {"here": str(path.parent), "__file__": str(path)}
    parser = ConfigParser(
        {name: value.replace("%", "%%") for name, value in here.items()},
        strict=False,
        delimiters=("=", ":"),
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as documented
    try:
        with path.open(encoding="utf-8") as lines:
            parser.read_file(lines)
        if parser.has_section(section):
            return dict(parser.items(section))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        problem = f"{path} cannot be read: {reason}; name the app's ini file"
        raise click.UsageError(problem) from error
    except Error as error:
        text = " ".join(str(error).split())
        raise click.UsageError(f"{path} cannot be read: {text}; mend it") from error
    apps = [name for name in parser.sections() if name.startswith(APP)]
    known = f"; it has {', '.join(apps)}: see --section" if apps else ""
    raise click.UsageError(f"{path} has no [{section}]{known}")
