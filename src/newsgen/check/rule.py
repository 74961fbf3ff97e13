"""A rule: its code, severity, reason, and a wrong and a right example. The registry is rules/registry.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from newsgen.check.article_text import ArticleText, Passage
from newsgen.check.finding import Finding
from newsgen.check.vocabulary import Vocabulary
from newsgen.core.model import Record, Severity

Find = Callable[[ArticleText, Vocabulary], Iterator[Finding]]


BLANKS = " \u00a0\u3000"


class Rule(Record, frozen=True):
    """A rule over one article.

    `code` is stable (`punctuation.half-width`); `severity` is that of its findings unless site.yaml sets another.
    `name` is the fault in Chinese, `reason` why it is one; `wrong` and `right` are one-line examples. `find` is None
    for a rule over files or the site, which is called elsewhere. `fixes`: its corrections are beyond doubt, and
    `newsgen fix` makes them. `only_by_site`: articles cannot switch it off, only site.yaml can.
    """

    code: str
    severity: Severity
    name: str
    reason: str
    wrong: str
    right: str
    find: Find | None = None
    fixes: bool = False
    only_by_site: bool = False


def at(passage: Passage, start: int, end: int, message: str, hint: str = "", correction: str | None = None) -> Finding:
    """A finding about `passage.text[start:end]`. The correction is dropped if marks of Markdown stand in between."""
    column, typed = passage.place(start, end)
    if typed != passage.text[start:end]:
        correction = None
    return Finding("", "info", message, hint, "", passage.line, column, typed, correction)


def in_line(number: int, start: int, typed: str, message: str, hint: str) -> Finding:
    """A finding about `typed`, which begins at index `start` of the line `number` as typed."""
    return Finding("", "info", message, hint, "", number, start + 1, typed, None)


def instead(correction: str) -> str:
    """The hint for a correction."""
    if not correction:
        return "删去"
    is_clear = any(letter.isalnum() or letter in "“”‘’" for letter in correction)
    return f"改成：{correction}" if is_clear else f"改成“{correction}”"


def finding_by(rules: Iterable[Rule], code: str, message: str, hint: str, path: str, line: int = 1) -> Finding:
    """A finding by the rule `code` that concerns no passage."""
    severity = next(rule.severity for rule in rules if rule.code == code)
    return Finding(code, severity, message, hint, path, line)


def over_passages(find: Callable[[Passage], Iterator[Finding]], needed: str | re.Pattern[str]) -> Find:
    """A `find` for a rule that reads each passage by itself.

    Only passages with one of the characters `needed`, or a match of the pattern `needed`, are read. For speed the
    pattern should begin with a rare character; it must not look beyond its line.
    """
    signs, form = (needed, re.compile(f"[{re.escape(needed)}]")) if isinstance(needed, str) else ("", needed)

    def find_all(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
        if signs and not any(sign in article.text for sign in signs):  # a tenth of the pattern's time
            return
        for passage in article.holding(form):
            yield from find(passage)

    return find_all


def over_article(find: Callable[[ArticleText], Iterator[Finding]]) -> Find:
    """A `find` for a rule that needs no vocabulary."""
    return lambda article, vocabulary: find(article)
