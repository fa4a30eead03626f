"""Writes Python source as ruff and black format it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["INDENT", "WIDTH", "call", "docstring", "literal", "value_lines"]

WIDTH = 88
INDENT = "    "


def literal(text: str) -> str:
    """Write text as a Python literal, in double quotes where that costs no escape.

    >>> print(literal("it's"), literal('a "b"'))
    "it's" 'a "b"'
    """
    plain = repr(text)
    if plain[0] == "'" and '"' not in plain:
        return f'"{plain[1:-1]}"'
    if plain[0] == "'" and text.count('"') <= text.count("'"):
        inner = plain[1:-1].replace("\\'", "'").replace('"', '\\"')
        return f'"{inner}"'
    return plain


def docstring(text: str) -> str:
    """Write a docstring of one line: what fits of a text, with a full stop.

    >>> docstring("An order  was paid").strip('"')
    'An order was paid.'
    """
    line = " ".join(text.split())
    room = WIDTH - len(INDENT) - len('"""."""')
    if len(line) > room:
        line = line[: room - 1].rsplit(" ", 1)[0] + "…"
    safe = literal(line)[1:-1].replace('\\"', '"').replace("\\'", "'")
    safe = safe.replace('"""', "'''")
    space = " " if safe.startswith('"') else ""
    return f'"""{space}{safe}{"" if safe[-1:] in ".!?…" else "."}"""'


def call(
    start: str,
    arguments: Sequence[str],
    keywords: Mapping[str, str],
    ending: str = "",
) -> Iterator[str]:
    """Write a call: in one line if it fits, on a second one, or an argument a line.

    Args:
        start: What stands before the parenthesis, with its indent.
        arguments: Source of the positional arguments.
        keywords: Source of the keyword arguments.
        ending: What stands after the parenthesis.
    """
    parts = [*arguments, *(f"{name}={value}" for name, value in keywords.items())]
    inner = ", ".join(parts)
    indent = start[: len(start) - len(start.lstrip())]
    if len(start) + len(inner) + 2 + len(ending) <= WIDTH:
        yield f"{start}({inner}){ending}"
        return
    yield f"{start}("
    if len(indent) + len(INDENT) + len(inner) <= WIDTH:
        yield f"{indent}{INDENT}{inner}"
    else:
        yield from (f"{indent}{INDENT}{part}," for part in parts)
    yield f"{indent}){ending}"


def value_lines(start: str, value: object, indent: str) -> Iterator[str]:
    """Write a value of JSON behind ``start``, spread over lines where it is long.

    Args:
        start: What stands before the value, without its indent.
        value: The value: dicts and lists of what JSON has.
        indent: What stands before every line.
    """
    whole = f"{indent}{start}{source(value)},"
    if len(whole) <= WIDTH or not isinstance(value, (Mapping, list)) or not value:
        yield whole
    elif isinstance(value, Mapping):
        yield f"{indent}{start}{{"
        for key, item in value.items():
            yield from value_lines(f"{source(key)}: ", item, indent + INDENT)
        yield f"{indent}}},"
    else:
        yield f"{indent}{start}["
        for item in value:
            yield from value_lines("", item, indent + INDENT)
        yield f"{indent}],"


def source(value: object) -> str:
    """Write a value of JSON in one line of Python."""
    if isinstance(value, Mapping):
        pairs = (f"{source(key)}: {source(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(source, value))}]"
    return literal(value) if isinstance(value, str) else repr(value)
