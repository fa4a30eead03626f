"""A report as one HTML page that shows the message as Slack would.

The page is made from the very blocks that are posted. It needs nothing but itself.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.blocks import build_message
from mixpanel_slack_report.slack.report_lines import title
from mixpanel_slack_report.views.html_blocks import render_block
from mixpanel_slack_report.views.html_style import STYLE

__all__ = ["render_html", "write_html"]


def render_html(report: Report) -> str:
    """Write a report as an HTML document, light or dark as the reader has it."""
    message = build_message(report)
    body = "\n".join(render_block(block) for block in message.blocks)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title(report))}</title>
<style>{STYLE}</style>
</head>
<body>
<article>
<div class="badge" aria-hidden="true">A</div>
<main>
<div class="sender">Analytics <span class="app">APP</span>
<time class="time">{report.generated_at:%H:%M}</time></div>
{body}
</main>
</article>
</body>
</html>
"""


def write_html(report: Report, path: Path) -> None:
    """Write a report as an HTML file, over one that is there.

    Raises:
        OSError: If the file cannot be written.
    """
    path.write_text(render_html(report), encoding="utf-8")
