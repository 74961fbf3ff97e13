"""Corrections that are beyond doubt, written into files without touching another byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from newsgen.check.finding import Finding
from newsgen.check.rule import Rule
from newsgen.core.text import clean

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


class Correction(NamedTuple):
    """A file before and after; `findings` are those that were corrected."""

    path: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]

    def difference(self) -> Iterator[str]:
        """The changed lines, as `diff -u` shows them."""
        old, new = _decoded(self.before)[0], _decoded(self.after)[0]
        lines = (old.replace("\r\n", "\n").splitlines(), new.replace("\r\n", "\n").splitlines())
        return difflib.unified_diff(*lines, self.path, self.path, n=0, lineterm="")


def corrected(path: str, data: bytes, findings: Iterable[Finding], rules: Sequence[Rule]) -> Correction:
    """The file with the corrections of those rules whose corrections are beyond doubt; overlapping ones wait for the next run."""
    fixable = {rule.code for rule in rules if rule.fixes}
    chosen = [finding for finding in findings if finding.code in fixable and finding.correction is not None]
    text, encoding, mark = _decoded(data)
    lines = [match[0] for match in _LINE.finditer(text)]
    done: list[Finding] = []
    taken: dict[int, int] = {}
    for finding in sorted(chosen, key=lambda item: (item.line, -item.column)):
        start = finding.column - 1
        end = start + finding.length
        line = lines[finding.line - 1] if finding.line <= len(lines) else ""
        if (
            end > taken.get(finding.line, len(line))
            or line[start:end] != finding.found
            or clean(line) not in (line, line.replace("\r\n", "\n"), line.replace("\r", "\n"))
        ):
            continue  # what decoding dropped has moved the columns: a person must look
        lines[finding.line - 1] = line[:start] + (finding.correction or "") + line[end:]
        taken[finding.line] = start
        done.append(finding)
    is_exact = mark + text.encode(encoding) == data  # GB18030 has bytes that another file would have otherwise
    after = mark + "".join(lines).encode(encoding) if done and is_exact else data
    done = done if is_exact else []
    return Correction(path, data, after, tuple(sorted(done, key=lambda item: (item.line, item.column))))


def _decoded(data: bytes) -> tuple[str, str, bytes]:
    """Text, encoding and byte order mark of a file, as core.text.decode() reads it."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        return data[len(mark) :].decode(), "utf-8", mark
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030", b""
