"""The folders that need nothing but secrets: for Azure, GitHub and cron."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files

__all__ = ["FOLDERS", "folder_files"]

# The files of each, and the templates they are made from: a dot would hide a template
# from tools, and .yml would have GitHub's linters read one.
FOLDERS: dict[str, dict[str, str]] = {
    "azure": {
        "function_app.py": "function_app.py.txt",
        "host.json": "host.json",
        "local.settings.json.example": "local.settings.json.example",
        "requirements.txt": "requirements.txt",
        ".funcignore": "funcignore.txt",
        ".gitignore": "gitignore.txt",
        "README.md": "README.md",
    },
    "github": {
        ".github/workflows/mixpanel-report.yml": "mixpanel-report.yml.txt",
        # The repository that the folder is has a README of its own.
        ".github/mixpanel-report.md": "README.md",
    },
    "cron": {
        "mixpanel-report.crontab": "mixpanel-report.crontab",
        ".env.example": "env.example",
        "README.md": "README.md",
    },
}


def folder_files(kind: str) -> dict[str, str]:
    """Return the files of a folder, which is a key of ``FOLDERS``, by their paths.

    >>> sorted(folder_files("cron"))
    ['.env.example', 'README.md', 'mixpanel-report.crontab']
    """
    templates = files("mixpanel_slack_report.deploy") / "templates" / kind
    release = compatible_release(version("mixpanel-slack-report"))
    return {
        path: (templates / name).read_text("utf-8").replace("@release@", release)
        for path, name in FOLDERS[kind].items()
    }


def compatible_release(installed: str) -> str:
    """Return what pip takes for "this version, and mended ones".

    >>> compatible_release("0.1.0")
    '~=0.1.0'
    """
    return f"~={'.'.join(installed.split('.')[:3])}"
