"""Findings for programs: JSON, SARIF 2.1.0 (OASIS) for code hosts and editors, GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from newsgen import __version__
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule

_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Findings as they stand in `check --json`."""
    keys = ("path", "line", "column", "length", "code", "severity", "message", "hint", "found", "correction")
    return [{key: getattr(finding, key) for key in keys} for finding in findings]


def as_sarif(findings: Sequence[Finding], rules: Sequence[Rule]) -> dict[str, object]:
    """A SARIF log with one run."""
    codes = sorted({finding.code for finding in findings} | {rule.code for rule in rules})
    by_code = {rule.code: rule for rule in rules}
    driver = {
        "name": "newsgen",
        "version": __version__,
        "rules": [_descriptor(code, by_code.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(code: str, rule: Rule | None) -> dict[str, object]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.reason},
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int) -> dict[str, object]:
    region: dict[str, object] = {"startLine": finding.line, "startColumn": finding.column}
    if finding.found:
        region["endColumn"] = finding.column + finding.length
    location = {"physicalLocation": {"artifactLocation": {"uri": quote(finding.path)}, "region": region}}
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": f"{finding.message}。{finding.hint}" if finding.hint else finding.message},
        "locations": [location],
    }
    if finding.correction is not None:
        replacement = {"deletedRegion": region, "insertedContent": {"text": finding.correction}}
        change = {"artifactLocation": {"uri": quote(finding.path)}, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": finding.hint or finding.message}, "artifactChanges": [change]}]
    return result


def as_github(findings: Sequence[Finding]) -> Iterator[str]:
    """Workflow commands, a line each: `::warning file=…,line=…::…`."""
    for finding in findings:
        place = f"file={_property(finding.path)},line={finding.line},col={finding.column}"
        if finding.found:
            place += f",endColumn={finding.column + finding.length}"
        title = _property(finding.code)
        text = _data(f"{finding.message}\n{finding.hint}" if finding.hint else finding.message)
        yield f"::{_GITHUB_LEVELS[finding.severity]} {place},title={title}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
