"""``mixpanel-slack-report check``: what is well, and how to mend what is not."""

from __future__ import annotations

import click

__all__ = ["check"]


@click.command()
@click.option("--post", is_flag=True, help="Post a test message to every channel.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show it.",
)
def check(*, post: bool, form: str) -> int:
    """Look at the settings, at Mixpanel and at Slack; nothing is posted.

    Each line says what is well, or how to mend it. Mixpanel is asked two questions,
    or one more for each region if it refuses the credentials.

    Exit codes: 0 all is well; 1 something is to be mended.

    \b
    Examples:
      mixpanel-slack-report check
      mixpanel-slack-report check --post
      mixpanel-slack-report check --format json
    """  # noqa: D301 - click reads the sign itself
    import json
    import os
    import sys
    from pathlib import Path
    from shutil import get_terminal_size

    from mixpanel_slack_report.checks.everything import check_everything
    from mixpanel_slack_report.checks.findings import (
        findings_document,
        findings_text,
        is_well,
    )
    from mixpanel_slack_report.command.options import write_output

    findings = check_everything(os.environ, Path.cwd(), post=post)
    if form == "json":
        write_output(json.dumps(findings_document(findings), indent=2) + "\n", None)
    else:
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        width = get_terminal_size().columns if is_terminal else None
        write_output(findings_text(findings, width=width), None)
    return 0 if is_well(findings) else 1
