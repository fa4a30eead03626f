"""docs/reference/errors.md has every error, and what it quotes is what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.reference.error_page import (
    CLASSES,
    PAGE,
    REFUSALS,
    errors_page,
    heading_of,
    section_of,
)
from tests.reference.log_lines import logged
from tests.reference.pages import page, rows, section

TEXT = page(PAGE)
# Their own message is that of the first class below them that is raised.
NEVER_RAISED = {"RefusedError"}


def test_the_page_says_what_the_errors_say(tmp_path: Path) -> None:
    """Whoever changes one writes the page anew; error_page.py says how."""
    assert errors_page(tmp_path) == TEXT


def test_each_public_error_has_a_heading_of_its_own() -> None:
    """And each heading that is the name of an error is one that there is."""
    headings = re.findall(
        r"^### (\w+(?:Error|Exception)(?: of .+)?)$", TEXT, re.MULTILINE
    )

    assert sorted(headings) == sorted(map(heading_of, CLASSES))


@pytest.mark.parametrize("kind", CLASSES, ids=heading_of)
def test_each_public_error_has_a_message_on_the_page(kind: type[Exception]) -> None:
    """One that the code produces, with what to do."""
    mine = [refusal for refusal in REFUSALS if refusal.kind is kind]

    assert mine != []
    assert all(refusal.remedy for refusal in mine)
    assert len(rows(section(TEXT, heading_of(kind)))) == len(mine)


def test_a_changed_message_is_noticed(tmp_path: Path) -> None:
    """What stands on the page is compared with what an error says now."""
    kind = CLASSES[0]
    (message, _), *_ = rows(section_of(kind, tmp_path))

    assert message in TEXT
    assert message.replace("catalogue", "list") not in TEXT


def test_the_page_has_the_lines_of_the_log() -> None:
    """Each line that is a warning, or worse, with its level; and no other."""
    told = {(row[0], row[1].strip("`")) for row in rows(section(TEXT, "Log lines"))}

    assert told == logged("mixpanel_pyramid")


def test_other_packages_log_next_to_nothing() -> None:
    """The page is silent about what a function app logs of one slash command."""
    assert logged("mixpanel_schema") == set()
    assert logged("mixpanel_query") == set()
    assert logged("mixpanel_slack_report") == {("ERROR", "slash command: …")}
