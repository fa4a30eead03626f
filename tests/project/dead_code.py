"""Print what no line of the repository uses, of what the packages define.

Run as ``python tests/project/dead_code.py``, where vulture is installed. What only
tests and examples use counts as used: callers may use it too. Fails when something is
unused that `CALLED_FROM_OUTSIDE` does not name, or when that names something for
nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from vulture import Vulture  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
READERS = ("packages", "tests", "examples", "benchmarks", "releasing")
# Catalogues, whose members are there for those who track.
CATALOGUES = "packages/mixpanel-schema/src/mixpanel_schema/special_*.py"
# Names that a library or Python itself looks for, by who does.
CALLED_FROM_OUTSIDE = {
    "Python": ("__dir__", "instance", "showwarning"),
    "click": ("format_commands", "list_"),
    "configparser": ("optionxform",),
    "http.server": ("close_connection", "do_POST", "log_message"),
    "httpx's dictionaries of arguments": ("follow_redirects", "trace"),
    "mako's templates": ("is_masked",),
    "pyramid": ("action_info", "introspector", "Veto"),
    "pyramid_debugtoolbar": (
        *("has_content", "nav_subtitle", "nav_subtitle_style", "nav_title"),
        "render_content",
    ),
    "celery, by the name of the task": ("deliver_once",),
    "quickjs, which must not be freed": ("_context",),
    "requests and the customerio library": ("setup_base_url", "trust_env"),
    "slack_sdk": (
        *("next_attempt_requested", "prepare_for_next_attempt"),
        "_perform_http_request_internal",
    ),
    "starlette": ("redirect_slashes", "regex", "to_string"),
    "transaction": ("tpc_begin", "tpc_vote"),
    "uvicorn": ("should_exit",),
    "readers of an answer or of a manifest": ("custom_event_id", "local_timezone"),
}


def unused() -> dict[str, list[str]]:
    """List where names of the packages are defined that nothing uses, by name."""
    vulture = Vulture()
    vulture.scavenge([str(ROOT / folder) for folder in READERS])
    found: dict[str, list[str]] = {}
    for item in vulture.get_unused_code(min_confidence=60):
        path = item.filename.relative_to(ROOT)
        if path.parts[0] == "packages" and not path.match(CATALOGUES):
            line = f"{path}:{item.first_lineno}: unused {item.typ} {item.name!r}"
            found.setdefault(item.name, []).append(line)
    return found


def main() -> int:
    """Print each line of dead code, and each excuse that excuses nothing."""
    found = unused()
    excused = {name for names in CALLED_FROM_OUTSIDE.values() for name in names}
    for name in sorted(found.keys() - excused):
        print(*found[name], sep="\n")
    for name in sorted(excused - found.keys()):
        print(f"{name!r} is used: take it out of {Path(__file__).name}")
    return 1 if found.keys() ^ excused else 0


if __name__ == "__main__":
    sys.exit(main())
