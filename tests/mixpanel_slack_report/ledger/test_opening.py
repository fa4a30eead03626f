"""Which ledger the settings mean, and what is said of those that are none."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.settings import Settings, read_settings

CONNECTION = (
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=c2VjcmV0;"
    "EndpointSuffix=core.windows.net"
)


@pytest.fixture
def settings() -> Settings:
    """Settings that name no ledger."""
    environ = {
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
    }
    return read_settings(environ, to_send=False)


def test_a_path_is_a_sqlite_file(settings: Settings, tmp_path: Path) -> None:
    """The file is not made yet."""
    path = tmp_path / "reports.db"

    ledger = open_ledger(replace(settings, ledger=str(path)), {})

    assert isinstance(ledger, SqliteLedger)
    assert ledger.path == path
    assert not path.exists()


def test_a_relative_path_is_that_of_the_folder_of_the_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that goes elsewhere later keeps its ledger."""
    monkeypatch.chdir(tmp_path)
    ledger = open_ledger(replace(settings, ledger="reports.db"), {})
    monkeypatch.chdir("/")

    assert isinstance(ledger, SqliteLedger)
    assert ledger.path == tmp_path / "reports.db"


def test_by_default_it_is_in_the_folder_for_state(settings: Settings) -> None:
    """The user's processes share it."""
    ledger = open_ledger(settings, {"XDG_STATE_HOME": "/home/ada/state"})

    assert isinstance(ledger, SqliteLedger)
    assert ledger.path == Path("/home/ada/state/mixpanel-slack-report/ledger.sqlite")


def test_without_a_home_folder_the_path_has_to_be_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a user of a container who is in no list of users."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)

    with pytest.raises(SettingsError) as refused:
        open_ledger(settings, {})

    assert str(refused.value) == (
        "there is no home folder; name the ledger's file in REPORT_LEDGER"
    )


@pytest.mark.parametrize("named", [CONNECTION, "ftp://host/ledger", "AccountKey=c2Vj"])
def test_what_is_no_path_is_not_made_a_file(settings: Settings, named: str) -> None:
    """A connection string that is pasted there is a secret, and is not shown."""
    with pytest.raises(SettingsError) as refused:
        open_ledger(replace(settings, ledger=named), {})

    assert str(refused.value) == (
        "REPORT_LEDGER is not usable; give the path of a SQLite file, "
        "azure-blob:CONTAINER, or the https:// address of a blob container"
    )


def test_a_container_needs_a_connection(settings: Settings) -> None:
    """The line names the variable."""
    with pytest.raises(SettingsError) as refused:
        open_ledger(replace(settings, ledger="azure-blob:report-ledger"), {})

    assert str(refused.value) == (
        "AzureWebJobsStorage is not set; give the connection string of the storage "
        "account that has the container of REPORT_LEDGER"
    )


@pytest.mark.parametrize("name", ["", "ab", "Reports", "a--b", "-ab", "a_b"])
def test_a_name_that_no_container_has_is_refused(settings: Settings, name: str) -> None:
    """Azure's rules are in the line."""
    with pytest.raises(SettingsError, match="3 to 63 small letters, digits and single"):
        open_ledger(
            replace(settings, ledger=f"azure-blob:{name}"),
            {"AzureWebJobsStorage": CONNECTION},
        )


def test_a_connection_that_is_none_is_not_shown(settings: Settings) -> None:
    """It may have a key in it."""
    pytest.importorskip("azure.storage.blob", reason="needs the extra azure")
    with pytest.raises(SettingsError) as refused:
        open_ledger(
            replace(settings, ledger="azure-blob:report-ledger"),
            {"AzureWebJobsStorage": "AccountKey=c2VjcmV0"},
        )

    assert "AzureWebJobsStorage or REPORT_LEDGER is not usable" in str(refused.value)
    assert "c2VjcmV0" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_has_to_be_installed_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, the line says which."""
    monkeypatch.setitem(sys.modules, "azure.core", None)
    monkeypatch.delitem(
        sys.modules, "mixpanel_slack_report.ledger.blob_container", raising=False
    )
    monkeypatch.delitem(
        sys.modules, "mixpanel_slack_report.ledger.blob_ledger", raising=False
    )

    with pytest.raises(SettingsError) as refused:
        open_ledger(
            replace(settings, ledger="azure-blob:report-ledger"),
            {"AzureWebJobsStorage": CONNECTION},
        )

    assert str(refused.value) == (
        "REPORT_LEDGER names a blob container, which needs azure.core, which is not "
        "installed; run pip install 'mixpanel-slack-report[azure]'"
    )
