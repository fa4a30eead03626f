"""Spellings: which differences make no other word."""

import pytest

from mixpanel_schema.spellings import american, misspelt


@pytest.mark.parametrize(
    ("british", "spelt"),
    [
        ("colours", "colors"),
        ("theatre", "theater"),
        ("dialogue", "dialog"),
        ("licence", "license"),
        ("enrolment", "enrollment"),
        ("cancelled", "canceled"),
        ("judgement", "judgment"),
        ("programmes", "programs"),
        ("organisation", "organization"),
        ("analysed", "analyzed"),
        ("hour", "hour"),
        ("filling", "filling"),
        ("enrolled", "enrolled"),
        ("our", "our"),
    ],
)
def test_british_words_are_spelt_as_american_ones(british: str, spelt: str) -> None:
    """Only where the rule is sure: "hour" keeps its letters."""
    assert american(british) == spelt


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("received", "recieved"),
        ("transferred", "transfered"),
        ("registration", "registraton"),
    ],
)
def test_a_misspelling_is_told(word: str, other: str) -> None:
    """Swapped, doubled and missing letters, from both sides."""
    assert misspelt(word, other)
    assert misspelt(other, word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("mediation", "medication"),
        ("contacted", "contracted"),
        ("received", "received"),
        ("immigration", "emigration"),
        ("subscriber", "subscribers"),
        ("complement", "compliment"),
        ("conversation", "conversion"),
        ("registration", "restoration"),
    ],
)
def test_another_word_is_no_misspelling(word: str, other: str) -> None:
    """A letter may make another word, and the last one another form."""
    assert not misspelt(word, other)
