"""Corrections that are beyond doubt, written into files without changing any other byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from newsgen.check.article_check import findings_of, with_settings
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule
from newsgen.check.rules.registry import RULES
from newsgen.check.selection import CheckRequest, files_to_look_at, selected
from newsgen.config.check_section import CheckSettings
from newsgen.config.site_yaml import checking, read
from newsgen.content.scan import MOST_READ, ScannedFile
from newsgen.core.errors import HostError
from newsgen.core.files import FileChanged, read_file, write_whole
from newsgen.core.model import Progress
from newsgen.core.platform import reason
from newsgen.core.text import clean, decode_exactly

MOST_TURNS = 5
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


class Correction(NamedTuple):
    """A file before and after; `findings` are those that were corrected."""

    path: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]

    def difference(self) -> Iterator[str]:
        """The changed lines, as `diff -u` shows them."""
        old, new = decode_exactly(self.before)[0], decode_exactly(self.after)[0]
        lines = (old.replace("\r\n", "\n").splitlines(), new.replace("\r\n", "\n").splitlines())
        return difflib.unified_diff(*lines, self.path, self.path, n=0, lineterm="")


def corrected(path: str, data: bytes, findings: Iterable[Finding], rules: Sequence[Rule]) -> Correction:
    """The file with the corrections of rules that have `fixes`. Of overlapping ones the later is made, the other is
    left to the next call.
    """
    fixable = {rule.code for rule in rules if rule.fixes}
    chosen = [finding for finding in findings if finding.code in fixable and finding.correction is not None]
    text, encoding, mark = decode_exactly(data)
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
            continue  # decoding dropped characters, so that columns are wrong: left to a person
        lines[finding.line - 1] = line[:start] + (finding.correction or "") + line[end:]
        taken[finding.line] = start
        done.append(finding)
    is_exact = mark + text.encode(encoding) == data  # GB18030 encodes some characters in more than one way
    after = mark + "".join(lines).encode(encoding) if done and is_exact else data
    done = done if is_exact else []
    return Correction(path, data, after, tuple(sorted(done, key=lambda item: (item.line, item.column))))


def corrections_of(request: CheckRequest, progress: Progress) -> list[Correction]:
    """The corrections beyond doubt in the articles of the request. Raises UsageError, ConfigError, HostError."""
    settings = checking(read(request.root))
    chosen = selected(request, [item for item in files_to_look_at(request).found if item.is_text])
    found = []
    with progress("检查", len(chosen)) as step:
        for item in chosen:
            try:
                data = read_file(request.root / item.real, MOST_READ)
            except OSError as error:
                raise HostError(f"读不了 {item.path}：{reason(error)}", "检查文件的权限", path=item.path) from None
            correction = _corrected_throughout(item, data, settings)
            found += [correction] if correction.findings else []
            step(item.path)
    return found


def _corrected_throughout(item: ScannedFile, data: bytes, settings: CheckSettings) -> Correction:
    """The file with its corrections, repeated up to MOST_TURNS times, since a correction may make others possible."""
    done, now = list[Finding](), data
    for _ in range(MOST_TURNS):
        findings = with_settings(findings_of(item.path, now, RULES), settings)
        turn = corrected(item.real, now, tuple(findings), RULES)
        if not turn.findings:
            break
        done, now = [*done, *turn.findings], turn.after
    return Correction(item.real, data, now, tuple(done))


def write_corrections(root: Path, corrections: Iterable[Correction]) -> None:
    """Write corrected files, each whole or not at all. Raises HostError if one was edited meanwhile or is read-only."""
    for item in corrections:
        path = (root / item.path).resolve()
        try:
            write_whole(path, item.after, instead_of=item.before)
        except FileChanged:
            hint = "再运行一次 newsgen fix"
            raise HostError(f"{item.path} 刚刚被别的程序改过，没有动它", hint, path=item.path) from None
        except OSError as error:
            hint = "检查文件是不是只读、是不是正开着"
            raise HostError(f"写不了 {item.path}：{reason(error)}", hint, path=item.path) from None
