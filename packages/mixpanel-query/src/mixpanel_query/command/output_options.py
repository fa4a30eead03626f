"""``--format`` and ``-o``: how an answer is written, and where to."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

__all__ = ["chosen_shape", "format_option", "note_answer", "output_file", "replacing"]

SHAPES: Final = ("table", "json", "jsonl", "csv", "parquet")
# Where a command finds the file that its answer goes to.
OUTPUT: Final = "mixpanel_query.output"
# Where it is noted that it has one; a dry run has none, and changes no file.
ANSWERED: Final = "mixpanel_query.answered"


def format_option(command: Callable[..., Any]) -> Any:  # noqa: ANN401 - as click
    """Add ``--format``, which the command gets as ``shape``, and ``-o``.

    With ``-o`` all that the command prints goes to the file, which appears once the
    command has succeeded; a command that has no answer leaves the file alone.
    """

    @wraps(command)
    def run(*values: object, shape: str, output: Path | None, **options: object) -> Any:  # noqa: ANN401 - as the command
        context = click.get_current_context()
        shape = chosen_shape(context, shape, output)
        if output is None or str(output) == "-":
            return command(*values, shape=shape, **options)
        context.meta[OUTPUT] = output
        printed = io.StringIO(newline="")
        with contextlib.redirect_stdout(printed):
            result = command(*values, shape=shape, **options)
        text = printed.getvalue()
        if OUTPUT in context.meta and (text or ANSWERED in context.meta):
            write_text(context, text, shape=shape)
        return result

    named = click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        metavar="FILE|-",
        help="File to write, which appears when it is whole; its ending is the format "
        "if that is not given. - prints, as without it.",
    )(run)
    return click.option(
        "--format",
        "shape",
        type=click.Choice(SHAPES),
        default="table",
        show_default=True,
        help="How to write the answer; parquet needs -o.",
    )(named)


def chosen_shape(context: click.Context, shape: str, output: Path | None) -> str:
    """Return the format: what was given, or what the file's ending says.

    Raises:
        click.ClickException: If Parquet has no file, or no library.
    """
    given = context.get_parameter_source("shape") is not ParameterSource.DEFAULT
    if output is not None and not given and output.suffix[1:] in SHAPES:
        shape = output.suffix[1:]
    if shape == "parquet":
        if output is None or str(output) == "-":
            problem = "--format parquet is no text to print"
            raise click.UsageError(f"{problem}; name a file with -o", context)
        if find_spec("pyarrow") is None:
            remedy = "pip install 'mixpanel-query[parquet]'"
            raise click.ClickException(f"pyarrow is not installed; {remedy}")
    return shape


def write_text(context: click.Context, text: str, *, shape: str) -> None:
    """Write what a command printed to the file that ``-o`` names.

    Raises:
        click.ClickException: If a table was wanted, or the file cannot be written.
    """
    if shape == "parquet":
        problem = "this answer is no table"
        raise click.UsageError(f"{problem}; choose another format", context)
    with replacing(output_file(context)) as path:
        path.write_bytes(text.encode("utf-8", "backslashreplace"))


def note_answer() -> None:
    """Note that there is an answer, which may be empty, and not only talk."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta[ANSWERED] = True


def output_file(context: click.Context) -> Path:
    """Return the file that ``-o`` names, once."""
    file: Path = context.meta.pop(OUTPUT)
    return file


@contextlib.contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Give a path to write to, whose file takes the place of ``output`` in the end.

    What is no file of its own, such as /dev/stdout or a pipe, is written to directly.

    Raises:
        click.ClickException: If it cannot be written.
    """
    try:
        if output.exists() and not output.is_file():
            yield output
            return
        target = output.resolve()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            yield part
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        problem = f"{str(output)!r} cannot be written: {error.strerror or error}"
        raise click.ClickException(f"{problem}; choose another place") from error
