from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

COMPLETED = "Links to posts that came later were completed in {} posts."


class Line(NamedTuple):
    """What is to be said about one post."""

    name: str
    text: str


class Section(NamedTuple):
    """A list in the report."""

    title: str
    lines: list[str]


@dataclass
class Report:
    """What an import did, or would do."""

    imported: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Line] = field(default_factory=list)
    attention: list[Line] = field(default_factory=list)
    new_topics: list[str] = field(default_factory=list)
    relinked: int = 0
    comments: int = 0
    is_dry_run: bool = False
    is_complete: bool = True

    @property
    def looked_at(self) -> int:
        """How many posts were looked at."""
        return len(self.imported) + len(self.updated) + self.unchanged + len(self.skipped)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The figures at its top."""
        return [
            ("To import" if self.is_dry_run else "Imported", len(self.imported)),
            ("To update" if self.is_dry_run else "Updated", len(self.updated)),
            ("Unchanged", self.unchanged),
            ("Skipped", len(self.skipped)),
            ("Notes for you to look at", len(self.attention)),
            ("Comments to keep" if self.is_dry_run else "Comments kept", self.comments),
        ]

    @property
    def sections(self) -> list[Section]:
        """The lists below them, without the empty ones."""
        sections = [
            Section(self.counts[0][0], self.imported),
            Section(self.counts[1][0], self.updated),
            Section("New topics", self.new_topics),
            Section("Skipped", [f"{name}: {text}" for name, text in self.skipped]),
            Section("Needing attention", [f"{name}: {text}" for name, text in self.attention]),
            Section("Links", [COMPLETED.format(self.relinked)] if self.relinked else []),
        ]
        return [section for section in sections if section.lines]

    def as_text(self) -> Iterator[str]:
        """Write the report for a terminal, line by line."""
        if self.is_dry_run:
            yield "Nothing was written: this is what an import would do."
        for name, count in self.counts:
            yield f"{name}: {count}"
        for section in self.sections:
            yield ""
            yield f"{section.title}:"
            yield from (f"  {line}" for line in section.lines)
