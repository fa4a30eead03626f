"""The blocks of a message as HTML, each as Slack would show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from re import sub
from typing import Any

from mixpanel_slack_report.views.html_chart import render_chart

__all__ = ["render_block"]

Json = dict[str, Any]


def render_block(block: Json) -> str:
    """Write one Block Kit block as HTML."""
    renderers: dict[str, Callable[[Json], str]] = {
        "header": lambda block: f"<h1>{escape(block['text']['text'])}</h1>",
        "divider": lambda block: "<hr>",
        "context": render_context,
        "data_table": render_table,
        "data_visualization": render_chart,
        "rich_text": render_rich_text,
    }
    return renderers[block["type"]](block)


def render_context(block: Json) -> str:
    """Write a line of small text."""
    spans = (f"<span>{escape(element['text'])}</span>" for element in block["elements"])
    return f'<div class="context">{"".join(spans)}</div>'


def render_rich_text(block: Json) -> str:
    """Write paragraphs and lists."""
    return "\n".join(map(render_passage, block["elements"]))


def render_passage(element: Json) -> str:
    """Write a paragraph or a list of rich text."""
    if element["type"] == "rich_text_section":
        return f"<p>{render_pieces(element['elements'])}</p>"
    tag = "ol" if element["style"] == "ordered" else "ul"
    items = (render_pieces(item["elements"]) for item in element["elements"])
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def render_pieces(elements: Iterable[Json]) -> str:
    """Write the pieces of a line."""
    return "".join(map(render_piece, elements))


def render_piece(element: Json) -> str:
    """Write a text, a link, or somebody who is mentioned."""
    if element["type"] == "link":
        return f'<a href="{escape(element["url"])}">{escape(element["text"])}</a>'
    if element["type"] == "text":
        text = shown(element["text"])
        bold = element.get("style", {}).get("bold")
        return f"<strong>{text}</strong>" if bold else text
    whom = element.get("user_id") or element.get("usergroup_id") or element["range"]
    return f'<span class="mention">@{escape(whom)}</span>'


def render_table(block: Json) -> str:
    """Write a table; numbers stand at the right."""
    first, *rest = block["rows"]
    numeric = [
        any(row[column]["type"] == "raw_number" for row in rest)
        for column in range(len(first))
    ]
    names = block["row_header_column_index"]
    heads = "".join(
        cell("th", head, attributes=' scope="col"' + as_number(is_number))
        for head, is_number in zip(first, numeric, strict=True)
    )
    rows = (
        "".join(
            cell("th", each, attributes=' scope="row"')
            if column == names
            else cell("td", each, attributes=as_number(numeric[column]))
            for column, each in enumerate(row)
        )
        for row in rest
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"""<div class="table"><table>
<caption>{escape(block["caption"])}</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
{body}
</tbody>
</table></div>"""


def cell(tag: str, given: Json, *, attributes: str) -> str:
    """Write a cell."""
    return f"<{tag}{attributes}>{shown(given['text'])}</{tag}>"


def shown(text: str) -> str:
    """Escape a text in which no number is parted from the sign for percent behind it.

    >>> shown("up 3 (+20.0 %)")
    'up 3 (+20.0&nbsp;%)'
    """
    return sub(r"(?<=[0-9]) %", "&nbsp;%", escape(text))


def as_number(is_number: bool) -> str:
    """Return the attribute of a cell in a column of numbers."""
    return ' class="number"' if is_number else ""
