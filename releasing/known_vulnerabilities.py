"""Ask whether installed packages have known vulnerabilities, and be sure of an answer.

Run as ``python -m releasing.known_vulnerabilities INSTALLED``, where INSTALLED is what
``releasing.installed`` wrote; ``nox -s audit`` does both. `pip-audit
<https://github.com/pypa/pip-audit>`_ ends well where its service knows no package at
all. So a release with holes that everybody knows is asked about first, and a package
that was not looked at is a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["answers", "ask", "findings", "main"]

# CVE-2018-18074 and others since, https://osv.dev/vulnerability/PYSEC-2018-28.
CANARY = "requests==2.19.0"
SERVICES = ("pypi", "osv")
Report = list[dict[str, Any]]


def ask(service: str, requirements: Path) -> Report | str:
    """Ask one service about pinned packages; a text says why there is no answer."""
    options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]
    asked = [f"--vulnerability-service={service}", f"--requirement={requirements}"]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *options, *asked],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: Report = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        words = done.stderr.strip().splitlines() or ["it printed nothing"]
        return f"pip-audit ended with {done.returncode}: {words[-1][:200]}"
    return report


def answers(canary: Report | str) -> str | None:
    """Say why a service's answer about the canary shows that it does not look."""
    if isinstance(canary, str):
        return canary
    for found in canary:
        if "skip_reason" in found:
            return str(found["skip_reason"])
        if found.get("vulns"):
            return None
    return f"it knows nothing of {CANARY}, which has known vulnerabilities"


def findings(report: Report, asked: list[str]) -> list[str]:
    """List what is wrong with the packages: holes, and which were not looked at."""
    found, looked_at = [], set()
    for entry in report:
        if "vulns" not in entry:
            continue
        pin = f"{entry['name']}=={entry['version']}"
        looked_at.add(pin.lower())
        for hole in entry["vulns"]:
            fixed = ", ".join(hole["fix_versions"]) or "no release yet"
            found.append(f"{pin} has {hole['id']}; fixed in {fixed}")
    missed = [pin for pin in asked if pin.lower() not in looked_at]
    return found + [f"{pin} was not looked at" for pin in missed]


def main(installed: str) -> int:
    """Print what is known of the installed packages; tell whether all were well."""
    asked = Path(installed).read_text().split()
    if not asked:
        print("NOT CHECKED: the list of installed packages is empty")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text(f"{CANARY}\n")
        for service in SERVICES:
            problem = answers(ask(service, canary))
            if problem is None:
                return tell(service, ask(service, Path(installed)), asked)
            print(f"{service} cannot be asked: {problem}")
    print(f"NOT CHECKED: 0 of {len(asked)} packages; no service answers from here")
    return 1


def tell(service: str, report: Report | str, asked: list[str]) -> int:
    """Print what a service said of the packages; tell whether all were well."""
    found = [report] if isinstance(report, str) else findings(report, asked)
    for line in found:
        print(line)
    if not found:
        print(f"CHECKED: {len(asked)} packages, no known vulnerability, by {service}")
        return 0
    print(f"NOT CLEAN: {len(found)} findings in {len(asked)} packages, by {service}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
