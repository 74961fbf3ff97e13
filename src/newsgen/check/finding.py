"""A finding of a rule at a place in a file, with its words and, if there is exactly one, their correction."""

from __future__ import annotations

from newsgen.core.model import Diagnostic, Record, Severity


class Finding(Record, frozen=True):
    """A fault that a rule found.

    `line` and `column` count from 1, in characters of the file on disk. `found` are the characters there, "" for a
    finding about the whole file. `correction` replaces them ("" deletes them); None if there is not exactly one.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: str = ""
    line: int = 1
    column: int = 1
    found: str = ""
    correction: str | None = None

    @property
    def length(self) -> int:
        """The number of characters that the finding covers."""
        return len(self.found)

    @property
    def diagnostic(self) -> Diagnostic:
        """The finding as the diagnostic that a terminal shows."""
        return Diagnostic(self.code, self.severity, self.message, self.hint, self.path, self.line, self.column)


def finding_of(item: Diagnostic) -> Finding:
    """The finding for a diagnostic of a build."""
    return Finding(item.code, item.severity, item.message, item.hint, item.path, item.line, item.column)
