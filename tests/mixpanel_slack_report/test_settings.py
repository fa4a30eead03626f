"""Settings from the environment and ``.env``."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.settings import (
    SETTINGS,
    read_environment,
    read_settings,
)

NEEDED = {
    "MIXPANEL_USERNAME": "reports.1a2b3c",
    "MIXPANEL_SECRET": "s3cret-of-the-account",
    "MIXPANEL_PROJECT_ID": "12345",
}
WEBHOOK = "https://hooks.slack.com/services/T1/B2/xyz"


def test_all_settings_are_taken() -> None:
    """Every variable ends in its field, converted."""
    settings = read_settings(
        {
            **NEEDED,
            "MIXPANEL_REGION": "EU",
            "MIXPANEL_BASE_URL": "http://127.0.0.1:8000",
            "MIXPANEL_ATTEMPTS": "2",
            "MIXPANEL_MAX_WAIT": "2.5",
            "SLACK_WEBHOOK_URL": WEBHOOK,
            "COMPANY_NAME": "Acme",
            "TIMEZONE": "Europe/London",
            "REPORT_FILE": "report.toml",
        },
        to_send=True,
    )

    assert (settings.username, settings.secret) == (
        "reports.1a2b3c",
        "s3cret-of-the-account",
    )
    assert (settings.project_id, settings.region) == (12345, "eu")
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.attempts, settings.max_wait) == (2, 2.5)
    assert settings.webhook() == settings.webhook_url == WEBHOOK
    assert (settings.company_name, settings.timezone) == ("Acme", "Europe/London")
    assert settings.report_file == Path("report.toml")


def test_what_may_be_left_out_has_a_default() -> None:
    """Three variables are enough to preview."""
    settings = read_settings(NEEDED, to_send=False)

    assert (settings.region, settings.company_name) == ("us", "")
    assert settings.base_url is settings.webhook_url is settings.timezone is None
    assert settings.report_file is None


def test_everything_missing_is_named_together() -> None:
    """One error names every variable that is not set."""
    with pytest.raises(SettingsError) as refusal:
        read_settings({"MIXPANEL_SECRET": "  "}, to_send=True)

    assert [problem.split(";")[0] for problem in refusal.value.problems] == [
        "MIXPANEL_USERNAME is not set",
        "MIXPANEL_SECRET is not set",
        "MIXPANEL_PROJECT_ID is not set",
        "SLACK_WEBHOOK_URL is not set",
    ]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            "MIXPANEL_PROJECT_ID",
            "0a1b2c",
            "MIXPANEL_PROJECT_ID is not usable; give the numeric Project ID "
            "(Project Settings > Overview), not the token",
        ),
        (
            "MIXPANEL_REGION",
            "mars",
            "MIXPANEL_REGION is 'mars'; give one of us, eu, in",
        ),
        (
            "TIMEZONE",
            "../etc",
            "TIMEZONE is '../etc'; use an IANA name such as Europe/London",
        ),
        (
            "MIXPANEL_ATTEMPTS",
            "0",
            "MIXPANEL_ATTEMPTS is '0'; give a whole number, at least 1",
        ),
        (
            "MIXPANEL_MAX_WAIT",
            "a minute",
            "MIXPANEL_MAX_WAIT is 'a minute'; give a number of seconds, such as 60",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(
    name: str, value: str, problem: str
) -> None:
    """The line names the variable and the remedy."""
    with pytest.raises(SettingsError) as refusal:
        read_settings({**NEEDED, name: value}, to_send=False)

    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    "address",
    [
        "hooks.slack.com/services/T1/B2/xyz",
        "https://",
        "https://a b/xyz",
        "ftp://host/xyz",
        "https://host:none/xyz",
        "https://[/xyz",
        "https://a..b/xyz",
        f"https://{'a' * 80}.example/xyz",
    ],
)
def test_a_webhook_that_is_no_address_is_refused_without_showing_it(
    address: str,
) -> None:
    """Part of the address may be the secret."""
    with pytest.raises(SettingsError) as refusal:
        read_settings({**NEEDED, "SLACK_WEBHOOK_URL": address}, to_send=True)

    assert str(refusal.value) == (
        "SLACK_WEBHOOK_URL is not usable; "
        "give an address that starts with https:// and names a host"
    )


def test_secrets_are_not_in_the_repr() -> None:
    """No account, address, token or key shows in logs."""
    storage = "https://acme.blob.core.windows.net/ledger?sig=s3cret-of-the-storage"
    settings = read_settings(
        {
            **NEEDED,
            "SLACK_WEBHOOK_URL": WEBHOOK,
            "SLACK_BOT_TOKEN": "xoxb-s3cret-of-the-bot",
            "SLACK_CHANNEL": "#analytics",
            "SLACK_SIGNING_SECRET": "s3cret-of-slack",
            "REPORT_KEY": "s3cret-key-of-reports",
            "REPORT_LEDGER": storage,
        },
        to_send=True,
    )

    assert settings.ledger == storage
    for hidden in ("s3cret", "hooks.slack.com", "reports.1a2b3c"):
        assert hidden not in repr(settings)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """What the shell sets is not replaced by .env."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("TIMEZONE=Europe/London\nCOMPANY_NAME=Acme\nEMPTY=\n")

    values = read_environment({"TIMEZONE": "UTC"}, dotenv)

    assert values == {"TIMEZONE": "UTC", "COMPANY_NAME": "Acme"}


def test_values_of_the_file_are_taken_as_they_are(tmp_path: Path) -> None:
    """A secret may hold signs that shells expand."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("MIXPANEL_SECRET='a${HOME}b'\n")

    assert read_environment({}, dotenv) == {"MIXPANEL_SECRET": "a${HOME}b"}


def test_without_a_file_the_environment_is_enough(tmp_path: Path) -> None:
    """A missing .env is no error."""
    assert read_environment({"A": "1"}, tmp_path / ".env") == {"A": "1"}


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A .env in another encoding gives a line, no traceback."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"COMPANY_NAME=\xff\n")

    with pytest.raises(SettingsError, match=r"\.env: cannot be read: .*UTF-8"):
        read_environment({}, dotenv)


def test_every_setting_has_help() -> None:
    """The table can be printed for users."""
    assert all(setting.help for setting in SETTINGS)


def test_a_webhook_that_is_not_set_cannot_be_posted_to() -> None:
    """Whoever asks for its address is told which variable has it."""
    settings = read_settings(NEEDED, to_send=False)

    with pytest.raises(SettingsError, match=r"^SLACK_WEBHOOK_URL is not set; give"):
        settings.webhook()
