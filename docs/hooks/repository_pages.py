"""Pages of the site that the repository keeps elsewhere, and links that lead out.

READMEs, changelogs and the pages about this repository stay where readers of the
repository look for them; the site shows them too. Links between all of them are
written as they work in the repository, and are turned here. So are drawings: in the
repository a page shows them as images, on the site they are a part of the page.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
SHORT = ("schema", "pyramid", "query", "slack-report")
# Page of the site: its file in the repository.
PAGES = {
    **{f"{name}/package.md": f"packages/mixpanel-{name}/README.md" for name in SHORT},
    **{
        f"{name}/changes.md": f"packages/mixpanel-{name}/CHANGELOG.md" for name in SHORT
    },
    "repository/contributing.md": "CONTRIBUTING.md",
    "repository/releasing.md": "RELEASING.md",
    "repository/security-policy.md": "SECURITY.md",
}
SHOWN = {source: uri for uri, source in PAGES.items()} | {"README.md": "index.md"}
PICTURE = re.compile(r"!\[([^\]]+)\]\((\S+\.svg)\)")
# A page that a README names by its path, because on PyPI no link would lead there.
NAMED = re.compile(r"(?<!\[)`((?:docs/[\w/-]+|packages/[a-z-]+/CHANGELOG)\.md)`(?!\])")
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])+)\]\(([^)\s]+)\)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are not in docs."""
    for uri, source in PAGES.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(
    markdown: str, *, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Turn a page's links, and mark what was typed at Python's prompt."""
    return "\n".join(site_lines(markdown, page.file.src_uri))


def site_lines(markdown: str, uri: str) -> Iterator[str]:
    """Give the lines of a page as the site needs them."""
    lines = markdown.split("\n")
    fence = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        mark = re.match(r"\s*(`{3,})", line)
        if mark and not fence:
            fence = mark[1]
            is_prompt = following.lstrip().startswith(">>>")
            yield line.replace("```python", "```pycon") if is_prompt else line
        elif fence:
            fence = "" if line.strip() == fence else fence
            yield line
        else:
            picture = PICTURE.fullmatch(line)
            yield drawn(picture, uri) if picture else turned_line(line, uri)


def turned_line(line: str, uri: str) -> str:
    """Turn what a line of text has of links, and of pages named by their path."""
    line = NAMED.sub(lambda page: linked(page, uri), line)
    return LINK.sub(lambda link: turned(link, uri), line)


def linked(page: re.Match[str], uri: str) -> str:
    """Turn a page's path into a link to the page."""
    up = "../" * PAGES.get(uri, f"docs/{uri}").count("/")
    return f"[{page[0]}]({up}{page[1]})"


def drawn(picture: re.Match[str], uri: str) -> str:
    """Put a drawing into its page, where it has the colours of the page's text."""
    text, target = picture.groups()
    path = ROOT / "docs" / dirname(uri) / target
    lines = path.read_text(encoding="utf-8").split("\n")
    opening = lines[0].replace("<svg ", f'<svg role="img" aria-label="{escape(text)}" ')
    return "\n".join(['<div class="picture">', opening, *lines[1:], "</div>"])


def turned(link: re.Match[str], uri: str) -> str:
    """Write a link as it works on the site."""
    text, target = link.groups()
    path, mark, anchor = target.partition("#")
    if not path or ":" in path:
        return link[0]
    source = PAGES.get(uri, f"docs/{uri}")
    found = normpath(join(dirname(source), path))
    shown = SHOWN.get(found, found.removeprefix("docs/"))
    if found != shown:
        return f"[{text}]({relpath(shown, dirname(uri) or '.')}{mark}{anchor})"
    # What the site does not show is named; what is not there, MkDocs complains about.
    is_there = (ROOT / found).exists()
    return f"{text} (`{found}` in the repository)" if is_there else link[0]
