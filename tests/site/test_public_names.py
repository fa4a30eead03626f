"""Every name that callers may import is on the pages."""

import ast
from pathlib import Path

import pytest
from html_page import read_page
from releasing.public_api import PUBLIC

ROOT = Path(__file__).parents[2]
# The public modules, each after its package.
MODULES = [
    f"{package}.{module}".removesuffix(".")
    for package, modules in PUBLIC.items()
    for module in ["", *sorted(modules)]
]

# Rooms whose names their package offers as well.
SHARED = ("exceptions", "reserved")


def public_names(module: str) -> list[str]:
    """Read the names in a module's ``__all__``, without importing it."""
    package = module.partition(".")[0].replace("_", "-")
    path = ROOT / "packages" / package / "src" / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and (
            ast.unparse(statement.targets[0]) == "__all__"
        ):
            names: list[str] = ast.literal_eval(statement.value)
            return names
    return []


@pytest.fixture(scope="module")
def anchors(built_site: Path) -> set[str]:
    """The anchors of all pages of the API."""
    pages = (built_site / "api").glob("*.html")
    return {anchor for page in pages for anchor in read_page(page).anchors}


def test_a_modules_names_are_read() -> None:
    """The test below looks for something."""
    assert public_names("mixpanel_query.local") == ["LocalProject", "LocalProjectError"]


def places(module: str, name: str) -> set[str]:
    """List where a name may stand: a module that shares it may have it instead."""
    package, _, room = module.partition(".")
    others = [package] if room in SHARED else []
    others += [f"{package}.{shared}" for shared in SHARED] if not room else []
    return {f"{other}.{name}" for other in [module, *others]}


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_an_anchor(module: str, anchors: set[str]) -> None:
    """A link to a name of the ``__all__`` of a public module leads to it."""
    names = public_names(module)
    missing = [name for name in names if not places(module, name) & anchors]

    assert len(names) > 0
    assert missing == []
