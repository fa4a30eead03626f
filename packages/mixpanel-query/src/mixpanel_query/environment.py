"""Where to ask and in whose name, as the environment says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mixpanel_query.credentials import (
    ServiceAccount,
    checked_project_id,
    checked_text,
    checked_username,
)
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.regions import checked_base_url, checked_region

__all__ = ["VARIABLES", "Connection", "Variable", "read_environment"]


@dataclass(frozen=True, slots=True)
class Connection:
    """Where to ask, and in whose name.

    Attributes:
        credentials: The service account.
        region: ``us``, ``eu`` or ``in``.
        base_url: Address that replaces every host, or None.
        workspace_id: Number of the data view to ask through, or None.
    """

    credentials: ServiceAccount
    region: str
    base_url: str | None
    workspace_id: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment.

    Attributes:
        name: Its name.
        check: Function that raises `InvalidQueryError` for a value that cannot be.
        help: What it is and where Mixpanel shows it, to stand after "give the".
        default: What counts when it is missing or empty; None makes it required.
    """

    name: str
    check: Callable[[str], object]
    help: str
    default: str | None = None


ACCOUNTS: Final = "Organization Settings > Service Accounts"

VARIABLES: Final = (
    Variable(
        "MIXPANEL_USERNAME",
        checked_username,
        f"username of a Mixpanel service account ({ACCOUNTS})",
    ),
    Variable(
        "MIXPANEL_SECRET",
        lambda value: checked_text("secret", value),
        "secret of that service account, shown once when it is made",
    ),
    Variable(
        "MIXPANEL_PROJECT_ID",
        checked_project_id,
        "number of the project (Project Settings > Overview), not its token",
    ),
    Variable("MIXPANEL_REGION", checked_region, "region: us, eu or in", "us"),
    Variable(
        "MIXPANEL_BASE_URL",
        lambda value: value and checked_base_url(value),
        "address that replaces Mixpanel's",
        "",
    ),
    Variable(
        "MIXPANEL_WORKSPACE_ID",
        lambda value: value and checked_workspace_id(value),
        "number of the data view to ask through",
        "",
    ),
)


def checked_workspace_id(value: str) -> int:
    """Return the number of a data view that was given as text.

    Raises:
        InvalidQueryError: If it is no whole number above 0.
    """
    if value.isascii() and value.isdecimal() and len(value) <= 18 and int(value) > 0:
        return int(value)
    problem = f"workspace id {value[:50]!r} is not a number above 0"
    raise InvalidQueryError(f"{problem}; leave it out, or give a data view's number")


def read_environment(
    environ: Mapping[str, str], *, label: Callable[[str], str] = str
) -> Connection:
    """Read where to ask and in whose name; an empty variable counts as missing.

    Args:
        environ: The variables.
        label: Says how errors name a variable.

    Raises:
        InvalidQueryError: If anything is missing or cannot be right; one line names
            all of it, and where in Mixpanel to find what is needed.

    >>> connection = read_environment({
    ...     "MIXPANEL_USERNAME": "reports.1a2b3c", "MIXPANEL_SECRET": "s3cret",
    ...     "MIXPANEL_PROJECT_ID": "12345", "MIXPANEL_REGION": "eu",
    ... })
    >>> connection.credentials, connection.region
    (ServiceAccount(username='reports.1a2b3c', project_id=12345), 'eu')
    """
    values, problems = {}, []
    for variable in VARIABLES:
        value = environ.get(variable.name, "").strip() or variable.default
        if value is None:
            problems.append(
                f"{label(variable.name)} is not set; give the {variable.help}"
            )
            continue
        try:
            variable.check(value)
        except InvalidQueryError as error:
            problems.append(f"{label(variable.name)}: {error}")
        values[variable.name] = value
    if problems:
        raise InvalidQueryError("; ".join(problems))
    credentials = ServiceAccount(
        values["MIXPANEL_USERNAME"],
        values["MIXPANEL_SECRET"],
        values["MIXPANEL_PROJECT_ID"],
    )
    base_url = values["MIXPANEL_BASE_URL"] or None
    workspace = values["MIXPANEL_WORKSPACE_ID"]
    return Connection(
        credentials,
        values["MIXPANEL_REGION"].lower(),
        base_url,
        checked_workspace_id(workspace) if workspace else None,
    )
