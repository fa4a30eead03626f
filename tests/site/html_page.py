"""What a built page says of itself: its anchors, its links, what it loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["HtmlPage", "read_page"]

# What a browser fetches by itself.
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src"}


@dataclass
class HtmlPage(HTMLParser):
    """One page of the site.

    Attributes:
        path: Its file.
        anchors: What may stand behind ``#`` in its address.
        links: Where readers may go from it.
        loads: What it needs to be shown.
        text: The words of its article, outside of code.
    """

    path: Path
    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.depths = {"article": 0, "pre": 0, "code": 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what a tag has."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in LOADED and LOADED[tag] in values:
            self.loads.append(values[LOADED[tag]])
        if tag in self.depths:
            self.depths[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag."""
        if tag in self.depths:
            self.depths[tag] -= 1

    def handle_data(self, data: str) -> None:
        """Take down the words of the article."""
        if self.depths["article"] and not self.depths["pre"] + self.depths["code"]:
            self.text += data


def read_page(path: Path) -> HtmlPage:
    """Read a built page."""
    page = HtmlPage(path)
    page.feed(path.read_text(encoding="utf-8"))
    return page
