"""What docs/reference/commands.md says of each command, made of what its help says.

``python -m tests.reference.command_page`` writes the page anew, from its first heading
of a program on; what stands before is written by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import click
from tests.reference.commands import PROGRAMS, commands_of, options_in
from tests.reference.pages import REFERENCE, page

__all__ = ["PAGE", "commands_page", "example_of"]

PAGE = "commands.md"
FIRST = "\n## mixpanel-schema\n"
# An option that so many commands of a program have alike is described once.
SHARED = 3
UNWRAPPED = "\b"


def commands_page() -> str:
    """Return the text of the page: what it says first, and all commands."""
    opening = page(PAGE).partition(FIRST)[0]
    parts = (part for name in PROGRAMS for part in parts_of_program(name))
    return opening + "".join(f"\n{part}\n" for part in parts)


def parts_of_program(name: str) -> Iterator[str]:
    """Yield the paragraphs about a program and its commands."""
    commands = list(commands_of(PROGRAMS[name], name))
    shared = shared_options([command for _, command in commands])
    for names, command in commands:
        yield "#" * min(len(names) + 1, 3) + f" {' '.join(names)}"
        yield from parts_of_command(names, command, shared)
        if len(names) == 1 and shared:
            yield f"#### Options of several commands of {name}"
            yield "\n".join(shared)
        if isinstance(command, click.Group):
            yield f"#### Commands of {' '.join(names)}"
            yield "\n".join(linked(names, command))


def shared_options(commands: list[click.Command]) -> list[str]:
    """List the options that several commands have alike, each name at most once."""
    described = Counter(
        (option.opts[0], description_of(option))
        for command in commands
        for option in options_in(command)
    )
    commonest: dict[str, str] = {}
    for (name, text), number in described.most_common():
        if number >= SHARED:
            commonest.setdefault(name, text)
    return [text for name, text in described if commonest.get(name) == text]


def linked(names: tuple[str, ...], group: click.Group) -> Iterator[str]:
    """Yield a line with a link for each command of a group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        does = (command.help or "").strip().partition("\n")[0]
        yield f"- [{name}](#{'-'.join((*names, name))}): {does}"


def parts_of_command(
    names: tuple[str, ...], command: click.Command, shared: list[str]
) -> Iterator[str]:
    """Yield what a command does, how it is typed, its options, and an example."""
    yield from told(command.help or "")
    words = [*names, *command.collect_usage_pieces(click.Context(command))]
    yield f"Usage: `{' '.join(' '.join(words).replace('|', ' | ').split())}`"
    options = options_in(command)
    own = [text for o in options if (text := description_of(o)) not in shared]
    if own:
        yield "\n".join(own)
    others = [f"`{o.opts[0]}`" for o in options if description_of(o) in shared]
    if others:
        where = f"#options-of-several-commands-of-{names[0]}"
        yield f"And [options of several commands]({where}): {', '.join(others)}."
    if not isinstance(command, click.Group):
        yield f"```console\n$ {example_of(names, command)}\n```"


def told(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help with a sentence on each line; no examples."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.strip(" \n").splitlines()]
        if lines[0] == UNWRAPPED:
            if not lines[1].endswith(":"):
                yield "\n".join(map(listed, lines[1:]))
        elif not lines[0].startswith("Completion"):
            yield re.sub(r"(?<=[.]) (?=[A-Z])", "\n", " ".join(lines))


def listed(line: str) -> str:
    """Write a line of two columns as an item of a list."""
    name, _, meaning = line.partition("  ")
    return f"- `{name}`: {meaning.strip()}"


def description_of(option: click.Option) -> str:
    """Write an option, what it takes, what it does, and what counts without it."""
    facts = option.to_info_dict()
    names = ", ".join((*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else option.make_metavar(click.Context(NOBODY))
    # So that a line can break, and in words that are no programmer's.
    value = re.sub(r"INTEGER( RANGE)?|FLOAT RANGE", "NUMBER", value.replace("|", " | "))
    told = [f"- `{f'{names} {value}'.strip()}`: {option.help}"]
    if option.show_default and facts["default"] is not None:
        told.append(f"Default: `{shown_default(option, facts['default'])}`.")
    if option.required:
        told.append("Needed.")
    if option.multiple and not re.search("several|twice|repeated", option.help or ""):
        told.append("May be repeated.")
    if option.envvar:
        told.append(f"Variable: `{option.envvar}`.")
    return " ".join(told)


NOBODY = click.Command("nobody")


def shown_default(option: click.Option, default: object) -> object:
    """Return a default as it is typed."""
    if option.is_flag:
        return (option.opts if default else option.secondary_opts)[0]
    return ", ".join(map(str, default)) if isinstance(default, list) else default


def example_of(names: tuple[str, ...], command: click.Command) -> str:
    r"""Return the first example that a help has, on as many lines as there.

    Where a command asks before it does something, it is one that says yes.
    """
    line = rf"^ *({' '.join(names)}(?: .*)?$(?:(?<=\\)\n.*$)*)"
    found = re.findall(line, command.help or "", re.MULTILINE)
    assert found, f"{' '.join(names)} has no example in its help"
    chosen = next((each for each in found if "--yes" in each), found[0])
    return re.sub(r"\n\s+", "\n    ", chosen)


if __name__ == "__main__":
    (REFERENCE / PAGE).write_text(commands_page(), encoding="utf-8")
