"""``mixpanel-schema generate``."""

from __future__ import annotations

from pathlib import Path

import click

from mixpanel_schema.command.output import output_option, write
from mixpanel_schema.command.plans import load_document

__all__ = ["generate"]


@click.command()
@click.argument("document", type=click.Path(path_type=Path), metavar="LEXICON.json")
@output_option
def generate(*, document: Path, output: Path) -> None:
    """Write Python that declares what a Lexicon document describes.

    The document is what is uploaded to Lexicon, or its answer to a list request. An
    event whose properties it lists becomes a class, any other a catalogue's member.

    \b
    Examples:
      mixpanel-schema generate lexicon.json -o shop/tracking.py
      mixpanel-schema generate lexicon.json | less
    """  # noqa: D301  # click reads the sign itself
    from mixpanel_schema.python_module import generate_module

    write(generate_module(load_document(document)), output)
