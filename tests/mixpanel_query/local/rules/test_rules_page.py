"""docs/query/local-project-rules.md shows the table of rules.

``python tests/mixpanel_query/local/rules/test_rules_page.py`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from mixpanel_query.local.rules.table import PARTS, Rule

PAGE = Path(__file__).parents[4] / "docs/query/local-project-rules.md"

# Where the page begins to show the table.
FIRST = "\n## "


def rules_page() -> str:
    """Return the text of the page: what it says first, and the parts of the table."""
    opening = PAGE.read_text(encoding="utf-8").partition(FIRST)[0]
    parts = [
        f"{FIRST}{title}\n\n| rule | grade | behaviour | source |\n"
        "| --- | --- | --- | --- |\n" + "".join(map(row_of, rules))
        for title, rules in PARTS.items()
    ]
    return opening + "".join(parts)


def row_of(rule: Rule) -> str:
    """Return the row of a rule."""
    cells = (f"`{rule.rule_id}`", rule.grade, rule.behaviour, rule.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def test_page_shows_the_table() -> None:
    """Whoever changes a rule writes the page anew; the docstring above says how."""
    assert PAGE.read_text(encoding="utf-8") == rules_page()


if __name__ == "__main__":
    PAGE.write_text(rules_page(), encoding="utf-8")
