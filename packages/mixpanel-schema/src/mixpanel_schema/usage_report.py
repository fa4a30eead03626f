"""What a usage scan found, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from mixpanel_schema.usage_declarations import Place

__all__ = ["KINDS", "UsageFinding", "UsageReport"]

KINDS: Mapping[str, str] = {
    "unreadable-file": "A file that does not parse; what it uses is missing.",
    "undeclared-event": "An event that is tracked and not in the plan.",
    "undeclared-property": "A property given by its name that is not in the plan.",
    "never-tracked": "An event of the plan that no code tracks.",
    "never-set": "A property of the plan that no code sets.",
}


@dataclass(frozen=True, slots=True)
class UsageFinding:
    """One thing in which code and plan differ.

    Attributes:
        kind: What was found, one of ``KINDS``.
        name: The event or property, or the file that was not read.
        message: What is wrong, and what to do.
        path: The file; empty where a name was declared in no scanned file.
        line: The line, counted from 1; 0 where it is not known.
    """

    kind: str
    name: str
    message: str
    path: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """The file and line, ``file:line``; empty where no file is known."""
        if not self.line:
            return self.path
        return str(Place(self.path, self.line))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.name!r}: {self.message} ({self.kind})"

    def to_json(self) -> dict[str, str | int]:
        """Give the finding as a JSON-ready dict."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Everything that a usage scan found; false when code and plan agree.

    Attributes:
        findings: Where code and plan differ.
        tracked: Where each event is tracked, those beside the plan included.
        unresolved: Tracking calls whose event is only known at run time; a note, no
            finding.
        files: How many files were scanned.
    """

    findings: tuple[UsageFinding, ...]
    tracked: Mapping[str, tuple[Place, ...]]
    unresolved: tuple[Place, ...]
    files: int

    def __bool__(self) -> bool:
        return bool(self.findings)

    def to_text(self) -> str:
        """Write a line for each finding, then the notes and the counts."""
        notes = [f"{place}: event only known at run time" for place in self.unresolved]
        return "\n".join([*map(str, self.findings), *notes, summary(self)])

    def to_markdown(self) -> str:
        """Write a table of the findings."""
        lines = [f"**{summary(self)}**"]
        if self.findings:
            lines += ["", "| Where | Name | Finding |", "| --- | --- | --- |"]
        for finding in self.findings:
            cells = (finding.place, f"`{finding.name}`", finding.message)
            lines.append(f"| {' | '.join(map(cell, cells))} |")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """Give the report as a JSON-ready dict."""
        return {
            "files": self.files,
            "findings": [finding.to_json() for finding in self.findings],
            "tracked": {
                name: [str(place) for place in places]
                for name, places in self.tracked.items()
            },
            "unresolved": [str(place) for place in self.unresolved],
        }


def cell(text: str) -> str:
    """Write a text so that it stays in one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def summary(report: UsageReport) -> str:
    """Count files, events and findings."""
    files = "1 file" if report.files == 1 else f"{report.files} files"
    count = len(report.findings)
    findings = "1 finding" if count == 1 else f"{count or 'no'} findings"
    return f"{files} scanned, {findings}"
