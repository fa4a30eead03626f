"""What a Markdown page asks its reader to do: files to write, commands to run.

The page is written so that a site and GitHub show it as it is:

* a block with a title, as in ``python title="shop/names.py"``, is a file;
* a ``console`` block has commands, each after ``$ ``, and below each what it prints;
  a line after ``> `` continues the command above;
* a block with ``>>>`` is for doctest, and ``DISPLAYED`` languages are only shown.

Nothing else is allowed, so that no code on a page goes untested.
"""

from __future__ import annotations

import re
import socket
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from tests.tutorials.page_error import PageError

DISPLAYED = {"text", "ini", "toml", "json", "yaml", "sql", "html", "js", "ts", "diff"}
FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
TITLE = re.compile(r'\btitle="(?P<title>[^"]*)"')
PORT = re.compile(
    r"(?:127\.0\.0\.1:|localhost:|--port[ =]|port ?= ?)(?P<port>\d{4,5})\b"
)


@dataclass(frozen=True)
class WrittenFile:
    """A file that the reader writes, or replaces."""

    line: int
    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """What the reader types, and sees then.

    Attributes:
        line: Where it is on the page.
        text: The command, without the prompt.
        output: What the page says that it prints.
        may_fail: Whether the page shows its exit code, by ``echo $?`` as what follows.
    """

    line: int
    text: str
    output: str
    may_fail: bool = False

    @property
    def is_in_background(self) -> bool:
        """Whether the shell goes on before the command has ended."""
        return self.text.endswith("&") and not self.text.endswith("&&")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    line: int
    language: str
    title: str | None
    lines: tuple[str, ...]


def fenced_blocks(page: str) -> Iterator[Block]:
    """Find the fenced blocks of a page, in its order."""
    lines = iter(enumerate(page.splitlines(), start=1))
    for number, line in lines:
        if (fence := FENCE.match(line)) is None:
            continue
        content = []
        for _, inner in lines:
            if inner.strip() == fence["ticks"]:
                break
            content.append(inner)
        else:
            raise PageError(number, "the block has no end: close its fence")
        language = (fence["info"].split() or [""])[0]
        title = TITLE.search(fence["info"])
        text = textwrap.dedent("\n".join([fence["indent"] + "|", *content]))
        kept = tuple(text.split("\n")[1:])
        yield Block(number, language, title["title"] if title else None, kept)


def page_steps(page: str) -> list[WrittenFile | Command]:
    """List what the page asks to do, in its order.

    Raises:
        PageError: If a block is no file, no command, no doctest and not display only.
    """
    steps: list[WrittenFile | Command] = []
    for block in fenced_blocks(page):
        if block.title is not None:
            steps.append(written_file(block))
        elif block.language == "console":
            steps += commands(block)
        elif block.language not in DISPLAYED and not is_doctest(block):
            problem = (
                f"a block of {block.language or 'no language'} would go untested: "
                'give it a title="file", write console, or >>>, or one of '
                f"{sorted(DISPLAYED)}"
            )
            raise PageError(block.line, problem)
    return with_shown_codes(steps)


def is_doctest(block: Block) -> bool:
    """Tell whether doctest looks after a block."""
    is_python = block.language in {"python", "pycon"}
    return is_python and any(line.startswith(">>> ") for line in block.lines)


def written_file(block: Block) -> WrittenFile:
    """Read a block with a title."""
    path = PurePosixPath(block.title or "")
    if not path.name or path.is_absolute() or ".." in path.parts:
        problem = f"the title {block.title!r} is no file of the reader's folder"
        raise PageError(block.line, problem)
    return WrittenFile(block.line, str(path), "\n".join([*block.lines, ""]))


def commands(block: Block) -> list[Command]:
    """Read a block of commands and what they print."""
    found: list[Command] = []
    continues = False
    for number, line in enumerate(block.lines, start=block.line + 1):
        if line.startswith("$ "):
            found.append(Command(number, line[2:].rstrip(), ""))
            continues = True
        elif not found:
            raise PageError(number, "a console block begins with a command after '$ '")
        elif continues and line.startswith("> "):
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{line[2:]}")
        else:
            found[-1] = replace(found[-1], output=f"{found[-1].output}{line}\n")
            continues = False
    if not found:
        raise PageError(block.line, "a console block begins with a command after '$ '")
    return found


def with_shown_codes(
    steps: list[WrittenFile | Command],
) -> list[WrittenFile | Command]:
    """Let commands fail that the page goes on from with ``echo $?``."""
    shown = [
        isinstance(after, Command) and after.text == "echo $?" for after in steps[1:]
    ]
    return [
        replace(step, may_fail=is_shown) if isinstance(step, Command) else step
        for step, is_shown in zip(steps, [*shown, False], strict=True)
    ]


def with_free_ports(page: str) -> str:
    """Put a free port in place of each that the page names, everywhere."""
    named = sorted({found["port"] for found in PORT.finditer(page)})
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in named]
    free = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    ports = dict(zip(named, free, strict=True))
    if not ports:
        return page
    pattern = re.compile(rf"(?<!\d)(?:{'|'.join(named)})(?!\d)")
    return pattern.sub(lambda found: ports[found[0]], page)
