"""``mixpanel-slack-report init``: a folder that is ready, but for the secrets."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["init"]


@click.command()
@click.argument("kind", type=click.Choice(["azure", "github", "cron", "report"]))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over files that are there.")
def init(*, kind: str, folder: Path, force: bool) -> int:
    """Write a folder that is ready to use: for azure, github or cron, or a report file.

    azure is a function app to publish, github a workflow, cron a crontab. report asks
    Mixpanel which events the project has, in one or two calls, and writes a
    report.toml of them.

    \b
    Examples:
      mixpanel-slack-report init azure my-reports
      mixpanel-slack-report init github .
      mixpanel-slack-report init report .
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.deploy.folder import write_folder

    if folder.suffix == ".toml":
        message = f"{folder} is named like a file; name a folder for it, such as ."
        raise click.BadParameter(message, param_hint="FOLDER")
    files = files_of(kind)
    write_folder(folder, files, force=force)
    for name in files:
        click.echo(f"Wrote {folder / name}")
    if kind == "report":
        path = folder / "report.toml"
        click.echo(f"Next: set REPORT_FILE={path}, in .env or in the environment.")
    else:
        readme = next(name for name in files if name.endswith(".md"))
        click.echo(f"Next: go on with {folder / readme}.")
    return 0


def files_of(kind: str) -> dict[str, str]:
    """Return the files of a folder by their paths in it."""
    if kind == "report":
        return {"report.toml": report_file_of_project()}
    from mixpanel_slack_report.deploy.ready_folders import folder_files

    return folder_files(kind)


def report_file_of_project() -> str:
    """Ask Mixpanel for the project's events, and write a report file of them."""
    from mixpanel_slack_report.deploy.report_toml import report_toml
    from mixpanel_slack_report.runs.connection import ask_project
    from mixpanel_slack_report.runs.job import own_environment
    from mixpanel_slack_report.settings import read_settings

    facts = ask_project(read_settings(own_environment(), to_send=False))
    return report_toml(facts.names, timezone=facts.timezone)
