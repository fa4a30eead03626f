"""Which version a release may have, by what changed and what the changelog says."""

import pytest
from releasing import changelog
from releasing.changelog import Section, newest_section
from releasing.versions import Change, least_next, problem_of, read_version


@pytest.mark.parametrize(
    ("last", "change", "least"),
    [
        ("0.1.3", Change.FIX, "0.1.4"),
        ("0.1.3", Change.FEATURE, "0.1.4"),
        ("0.1.3", Change.BREAK, "0.2.0"),
        ("1.4.2", Change.FIX, "1.4.3"),
        ("1.4.2", Change.FEATURE, "1.5.0"),
        ("1.4.2", Change.BREAK, "2.0.0"),
    ],
)
def test_a_change_decides_the_least_version(
    last: str, change: Change, least: str
) -> None:
    """Below 1.0 only a break raises more than the patch."""
    assert str(least_next(read_version(last), change)) == least


@pytest.mark.parametrize(
    ("version", "last", "change", "problem"),
    [
        ("0.1.0", None, Change.BREAK, None),
        ("0.1.4", "0.1.3", Change.FEATURE, None),
        ("0.2.0", "0.1.3", Change.FIX, None),
        ("1.0.0", "0.9.12", Change.FIX, None),
        ("0.1.3", "0.1.3", Change.FIX, "version 0.1.3 is not above 0.1.3"),
        ("0.1.9", "0.1.10", Change.FIX, "version 0.1.9 is not above 0.1.10"),
        ("0.1.4", "0.1.3", Change.BREAK, "0.1.3 is a break, and asks for 0.2.0"),
        ("1.4.3", "1.4.2", Change.FEATURE, "1.4.2 is a feature, and asks for 1.5.0"),
        ("0.1.5", "0.1.3", Change.FIX, "after 0.1.3 come 0.1.4, 0.2.0, 1.0.0"),
        ("1.6.0", "1.4.2", Change.FEATURE, "after 1.4.2 come 1.5.0, 2.0.0"),
    ],
)
def test_a_version_has_to_follow_the_last_release(
    version: str, last: str | None, change: Change, problem: str | None
) -> None:
    """It is high enough for what changed, and no number is left out."""
    before = None if last is None else read_version(last)
    found = problem_of(read_version(version), before, change)

    assert found is None if problem is None else found is not None and problem in found


@pytest.mark.parametrize("text", ["1.0", "1.0.0rc1", "v1.0.0", "01.0.0", "1.0.0\n", ""])
def test_anything_else_is_no_version(text: str) -> None:
    """A release has three plain numbers."""
    with pytest.raises(ValueError, match=r"is not MAJOR\.MINOR\.PATCH"):
        read_version(text)


def test_the_newest_section_ends_where_the_next_one_begins() -> None:
    """What was released before is no part of it."""
    text = "# Changelog\n\n## Unreleased\n\n* now\n\n## 0.1.0 - 2027-01-31\n\n* then\n"

    assert newest_section(text) == Section("Unreleased", "\n\n* now\n\n")
    assert newest_section("# Changelog\n") is None


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("### Fixed\n\n* a slip\n", Change.FIX),
        ("### Fixed\n\n* a slip\n\n### Added\n\n* a call\n", Change.FEATURE),
        ("### Removed\n\n* a call\n\n### Fixed\n\n* a slip\n", Change.BREAK),
        ("### Fixed\n\n* **Breaking:** days count from 1\n", Change.BREAK),
        ("### Sundries\n\n* something\n", Change.FEATURE),
        ("* a slip\n", Change.FIX),
    ],
)
def test_headings_tell_what_changed(text: str, change: Change) -> None:
    """The largest change among them counts; so does a line that says Breaking."""
    assert Section("Unreleased", text).change is change


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("## 0.2.0 - 2027-01-31\n\n* a call\n", None),
        ("## Unreleased\n\n* a call\n", "make it '## 0.2.0 - YYYY-MM-DD'"),
        ("## 0.2.0\n\n* a call\n", "make it '## 0.2.0 - YYYY-MM-DD'"),
        ("## 0.2.1 - 2027-01-31\n\n* a call\n", "make it '## 0.2.0 - YYYY-MM-DD'"),
        ("## 0.2.0 - 2027-01-31\n\n### Added\n", "says nothing below"),
        ("# Changelog\n", "has no section"),
    ],
)
def test_the_changelog_has_to_describe_the_release(
    text: str, problem: str | None
) -> None:
    """It begins with the version and a day, and says something."""
    found = changelog.problem_of(newest_section(text), read_version("0.2.0"))

    assert found is None if problem is None else found is not None and problem in found
