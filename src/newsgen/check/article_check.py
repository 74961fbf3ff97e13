"""The check of one article by all rules: the bytes of a file and the vocabulary -> findings, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from newsgen.check.article_text import ArticleText, read_text
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule
from newsgen.check.vocabulary import NONE, Vocabulary
from newsgen.config.check_section import CheckSettings
from newsgen.core.model import FrontMatter, Severity, changed
from newsgen.core.text import did_you_mean

_IGNORED = re.compile(r"<!--\s*(?:忽略|check\s*:?\s*ignore)\s*[:：]?\s*([a-z.,，、\s-]+?)\s*-->")
UNKNOWN = "check.unknown-rule"


def findings_of(path: str, data: bytes, rules: Sequence[Rule], vocabulary: Vocabulary = NONE) -> tuple[Finding, ...]:
    """The findings of the rules in a Markdown file, in the order of the text, without those that the author switched off."""
    article = read_text(path, data)
    if article is None:
        return ()
    off, ignored = _switched_off(article), _ignored_lines(article)
    found = [
        changed(finding, code=rule.code, severity=_severity(finding, rule), path=path)
        for rule in rules
        if rule.find and (rule.only_by_site or rule.code not in off)
        for finding in rule.find(article, vocabulary)
        if rule.only_by_site or rule.code not in ignored.get(finding.line, ())
    ]
    known = {rule.code for rule in rules}
    found += (changed(finding, path=path) for finding in _unknown(article, ignored, known))
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.code)))


def _severity(finding: Finding, rule: Rule) -> Severity:
    """The severity of the rule, unless the finding has one from an entry of the lexicon."""
    return rule.severity if finding.severity == "info" else finding.severity


def _switched_off(article: ArticleText) -> frozenset[str]:
    matter = article.matter
    return frozenset(item.text for item in matter.unchecked) if isinstance(matter, FrontMatter) else frozenset()


def _ignored_lines(article: ArticleText) -> dict[int, frozenset[str]]:
    """The codes of rules that a comment switches off, by line: its own or, if it stands alone, the next with text."""
    found: dict[int, frozenset[str]] = {}
    lines = article.lines if "<!--" in article.typed else ()
    for number, line in enumerate(lines, 1):
        match = _IGNORED.search(line) if "<!--" in line else None
        if match:
            codes = frozenset(re.split(r"[,，、\s]+", match[1]))
            is_alone = line.replace(match[0], "").strip() == ""
            target = next((n for n in range(number + 1, len(lines) + 1) if lines[n - 1].strip()), number)
            found[target if is_alone else number] = codes
    return found


def _unknown(article: ArticleText, ignored: Mapping[int, frozenset[str]], known: set[str]) -> Iterator[Finding]:
    """The findings about unknown codes in front matter and comments that switch rules off."""
    matter = article.matter
    if isinstance(matter, FrontMatter):
        for item in matter.unchecked:
            if item.text not in known:
                yield changed(unknown_rule(item.text, known), line=item.line, column=item.column, found=item.text)
    for line, codes in ignored.items():
        for code in sorted(codes - known):
            yield changed(unknown_rule(code, known), line=line)


def unknown_rule(code: str, known: set[str]) -> Finding:
    """The finding about a code that no rule has."""
    guess = did_you_mean(code, known)
    hint = f"是不是「{guess}」？" if guess else ""
    return Finding(UNKNOWN, "warning", f"没有代码是「{code}」的规则", f"{hint}newsgen check --list 列出全部规则")


def with_settings(findings: Sequence[Finding], settings: CheckSettings) -> Iterator[Finding]:
    """The findings with the severities of site.yaml, without those that it switches off."""
    excepted = {(item.path.text, code) for item in settings.exceptions for code in item.codes}
    for finding in findings:
        setting = settings.rules.get(finding.code)
        if (finding.path, finding.code) in excepted:
            continue
        if setting is None:
            yield finding
        elif setting.severity is not None:
            yield changed(finding, severity=setting.severity)
