"""A report as one HTML page that shows the message as Slack would.

The page is made from the very blocks that are posted. It needs nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.blocks import build_message, title

__all__ = ["render_html", "write_html"]

STYLE = """
:root { color-scheme: light dark; --ink: #1d1c1d; --quiet: #616061; --paper: #fff;
  --line: #ddd; --badge: #4a154b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d1d2d3; --quiet: #ababad; --paper: #1a1d21; --line: #35373b;
    --badge: #8d4a8f; } }
body { margin: 2rem auto; max-width: 44rem; padding: 0 1rem; color: var(--ink);
  background: var(--paper); font: 15px/1.47 Lato, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; }
article { display: grid; grid-template-columns: 36px 1fr; gap: 8px; }
.badge { width: 36px; height: 36px; border-radius: 6px; background: var(--badge);
  color: #fff; font-weight: 900; display: grid; place-items: center; }
.sender { font-weight: 900; }
.app { font-size: 10px; padding: 1px 4px; border-radius: 2px; background: var(--line);
  vertical-align: 2px; }
.time, .context { color: var(--quiet); font-size: 13px; font-weight: 400; }
.context span + span::before { content: " · "; }
h1 { font-size: 18px; margin: 8px 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 12px 0; }
p { margin: 8px 0 0; } ul, ol { margin: 4px 0 8px; padding-left: 1.7rem; }
"""


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


def render_block(block: dict[str, Any]) -> str:
    """Write one Block Kit block as HTML."""
    kind = block["type"]
    if kind == "header":
        return f"<h1>{escape(block['text']['text'])}</h1>"
    if kind == "divider":
        return "<hr>"
    if kind == "context":
        spans = (f"<span>{escape(e['text'])}</span>" for e in block["elements"])
        return f'<div class="context">{"".join(spans)}</div>'
    return "\n".join(render_rich_text(element) for element in block["elements"])


def render_rich_text(element: dict[str, Any]) -> str:
    """Write a paragraph or a list of rich text as HTML."""
    if element["type"] == "rich_text_section":
        return f"<p>{render_texts(element['elements'])}</p>"
    tag = "ol" if element["style"] == "ordered" else "ul"
    items = (render_texts(item["elements"]) for item in element["elements"])
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def render_texts(elements: Iterable[dict[str, Any]]) -> str:
    """Write texts, bold ones bold."""
    return "".join(
        f"<strong>{escape(element['text'])}</strong>"
        if element.get("style", {}).get("bold")
        else escape(element["text"])
        for element in elements
    )
