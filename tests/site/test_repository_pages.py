"""How text of the repository becomes text of the site."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

HOOKS = str(Path(__file__).parents[2] / "docs" / "hooks")
Turn = Callable[[str, str], str]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Imports a hook of the site by its name."""
    pytest.importorskip("mkdocs", reason="needs mkdocs")
    monkeypatch.syspath_prepend(HOOKS)
    known = {*sys.modules}
    yield import_module
    for name in {*sys.modules} - known:
        del sys.modules[name]


@pytest.fixture
def turn(hook: Callable[[str], ModuleType]) -> Turn:
    """Turns Markdown of a page of the site."""
    lines = hook("repository_pages").site_lines
    return lambda markdown, uri: "\n".join(lines(markdown, uri))


@pytest.mark.parametrize(
    ("uri", "written", "shown"),
    [
        (
            "query/jql.md",
            "[a](../../packages/mixpanel-query/README.md#settings)",
            "[a](package.md#settings)",
        ),
        ("query/package.md", "[a](CHANGELOG.md)", "[a](changes.md)"),
        (
            "repository/security-policy.md",
            "[a](docs/security.md)",
            "[a](../security.md)",
        ),
        ("index.md", "[a](../CONTRIBUTING.md)", "[a](repository/contributing.md)"),
        ("query/jql.md", "[a](budget.md#waiting)", "[a](budget.md#waiting)"),
        (
            "query/jql.md",
            "[a](https://example.com/b.md)",
            "[a](https://example.com/b.md)",
        ),
        ("index.md", "[a](../LICENSE)", "a (`LICENSE` in the repository)"),
        ("index.md", "[a](../GONE.md)", "[a](../GONE.md)"),
    ],
    ids=[
        *["README", "changelog", "out of docs", "into the repository", "neighbour"],
        *["web", "not on the site", "nowhere"],
    ],
)
def test_a_link_works_on_the_site(
    turn: Turn, uri: str, written: str, shown: str
) -> None:
    """It leads to where the site has what it leads to; else that is named."""
    assert turn(written, uri) == shown


def test_a_page_that_a_readme_names_is_linked(turn: Turn) -> None:
    """Readers of the site need no copy of the repository to find it."""
    shown = turn("See `docs/query/jql.md` of it.", "query/package.md")

    assert shown == "See [`docs/query/jql.md`](jql.md) of it."


def test_code_is_left_alone_but_for_prompts(turn: Turn) -> None:
    """Only the language of a block changes, where it was typed at a prompt."""
    written = "```python\n>>> a[0](../LICENSE)\n```\n```python\nb\n```"

    assert turn(written, "index.md") == written.replace("python", "pycon", 1)


def test_an_example_in_a_docstring_becomes_code(
    hook: Callable[[str], ModuleType],
) -> None:
    """Its lines stand between fences, and those around it do not."""
    docstring = "Count.\n\n>>> count()\n1\n\n>>> count()\n2\n\nMore."
    shown = "Count.\n\n```pycon\n>>> count()\n1\n\n>>> count()\n2\n```\n\nMore."

    assert hook("docstring_examples").fenced(docstring) == shown


def test_ready_made_names_have_a_table(hook: Callable[[str], ModuleType]) -> None:
    """A line for each attribute says its name and its meaning, and what is personal."""
    lines = list(hook("ready_made_names").table("ProfileProperties"))

    assert lines[0] == "| attribute | name in Mixpanel | meaning |"
    assert [line for line in lines if "`$email`" in line] == [
        "| `dollar_email` | `$email` | The user's e-mail address. Personal data. |"
    ]
