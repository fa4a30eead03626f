"""How the page looks: its contrast by arithmetic, light and dark."""

from __future__ import annotations

import re

import pytest

from mixpanel_query.local.page.page_files import FOLDER

STYLE = (FOLDER / "page.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
    for part in STYLE.split("@media (prefers-color-scheme: dark)")
)
STATES = ("kept", "changed", "ignored", "refused", "plan")


def luminance(colour: str) -> float:
    """Reckon how bright a colour is: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Reckon the contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_defined() -> None:
    """Black on white has 21, a colour on itself 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "quiet", "link", *STATES])
def test_words_can_be_read(colours: dict[str, str], name: str) -> None:
    """4.5 is what WCAG asks for: https://www.w3.org/TR/WCAG21/#contrast-minimum."""
    assert contrast(colours[name], colours["paper"]) >= 4.5
    assert contrast(colours[name], colours["shade"]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "back"),
    [*((state, f"{state}-back") for state in STATES), ("on-link", "link")],
)
def test_badges_can_be_read(colours: dict[str, str], words: str, back: str) -> None:
    """Each colour of words on the one behind it."""
    assert contrast(colours[words], colours[back]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["edge", "link"])
def test_edges_can_be_seen(colours: dict[str, str], name: str) -> None:
    """3 is what WCAG asks for: https://www.w3.org/TR/WCAG21/#non-text-contrast."""
    assert contrast(colours[name], colours["paper"]) >= 3
    assert contrast(colours[name], colours["shade"]) >= 3


def test_both_have_every_colour() -> None:
    """Nothing stays light in the dark."""
    assert set(LIGHT) == set(DARK)
