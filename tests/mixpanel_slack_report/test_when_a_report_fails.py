"""The page for whoever has a message of a command and wonders what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/slack-report/when-a-report-fails.md").read_text("utf-8")
SOURCES = [
    path
    for package in ("mixpanel-slack-report", "mixpanel-query")
    for path in (ROOT / "packages" / package / "src").rglob("*.py")
]


def quoted_messages() -> list[str]:
    """Return what the first column of the first table quotes."""
    table = PAGE.partition("## What a command says")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    return [row.split("`")[1] for row in rows]


@pytest.mark.parametrize("message", quoted_messages())
def test_a_message_on_the_page_is_one_that_is_printed(message: str) -> None:
    """Somebody searches the page for what stands on the terminal."""
    # A message may be folded over several lines of the source.
    texts = (path.read_text("utf-8").replace('"\n', "\n") for path in SOURCES)
    joined = (" ".join(text.split()) for text in texts)

    assert any(message.strip() in text.replace(' "', " ") for text in joined)


def test_every_row_of_the_page_is_read() -> None:
    """A table that is written otherwise would be tested no more."""
    assert len(quoted_messages()) == 12
