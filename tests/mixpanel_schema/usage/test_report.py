"""How findings are written down."""

from __future__ import annotations

from mixpanel_schema.usage import Place, UsageFinding, UsageReport

REPORT = UsageReport(
    findings=(
        UsageFinding("undeclared-event", "a|b", "not in the plan", "app.py", 3),
        UsageFinding("never-tracked", "Order Placed", "never tracked"),
    ),
    tracked={"a|b": (Place("app.py", 3),)},
    unresolved=(Place("app.py", 9),),
    files=1,
)


def test_text_has_a_line_for_each_finding() -> None:
    """A place comes first, so that editors can jump to it."""
    assert REPORT.to_text() == (
        "app.py:3: 'a|b': not in the plan (undeclared-event)\n"
        "'Order Placed': never tracked (never-tracked)\n"
        "app.py:9: event only known at run time\n"
        "1 file scanned, 2 findings"
    )


def test_markdown_is_a_table_that_names_cannot_break() -> None:
    """A bar in a name stays in its cell."""
    assert REPORT.to_markdown() == (
        "**1 file scanned, 2 findings**\n"
        "\n"
        "| Where | Name | Finding |\n"
        "| --- | --- | --- |\n"
        "| app.py:3 | `a\\|b` | not in the plan |\n"
        "|  | `Order Placed` | never tracked |"
    )


def test_json_holds_everything() -> None:
    """Places are written as file:line where they are lists."""
    assert REPORT.to_json() == {
        "files": 1,
        "findings": [
            {
                "kind": "undeclared-event",
                "name": "a|b",
                "message": "not in the plan",
                "path": "app.py",
                "line": 3,
            },
            {
                "kind": "never-tracked",
                "name": "Order Placed",
                "message": "never tracked",
                "path": "",
                "line": 0,
            },
        ],
        "tracked": {"a|b": ["app.py:3"]},
        "unresolved": ["app.py:9"],
    }


def test_a_report_without_findings_is_false() -> None:
    """A command can ask it for its exit code."""
    empty = UsageReport(findings=(), tracked={}, unresolved=(), files=2)

    assert REPORT
    assert not empty
    assert empty.to_text() == "2 files scanned, no findings"
    assert empty.to_markdown() == "**2 files scanned, no findings**"
