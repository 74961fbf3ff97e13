"""A rule: what it looks for, how sure it is, and an example of each kind. The registry is rules/registry.py."""

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

    `code` is stable (`punctuation.half-width`), `severity` the one that its findings have where site.yaml says nothing else.
    `find` is None for a rule over files or the site, which has its own place. `name` says in Chinese what the rule looks for, `reason` why; `wrong` and `right` are one line each. `fixes` says that its corrections
    are beyond doubt, so that `newsgen fix` applies them. `only_by_site` says that no article switches it off: site.yaml does,
    with a reason.
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
    """A finding about `passage.text[start:end]`; there is no correction where marks of Markdown stand in between."""
    column, typed = passage.place(start, end)
    if typed != passage.text[start:end]:
        correction = None
    return Finding("", "info", message, hint, "", passage.line, column, typed, correction)


def in_line(number: int, start: int, typed: str, message: str, hint: str) -> Finding:
    """A finding about `typed`, which stands at index `start` of a line as it was typed."""
    return Finding("", "info", message, hint, "", number, start + 1, typed, None)


def instead(correction: str) -> str:
    """The hint that goes with exactly one correction."""
    if not correction:
        return "删去"
    is_clear = any(letter.isalnum() or letter in "“”‘’" for letter in correction)
    return f"改成：{correction}" if is_clear else f"改成“{correction}”"


def finding_by(rules: Iterable[Rule], code: str, message: str, hint: str, path: str, line: int = 1) -> Finding:
    """A finding by the rule `code`, which has no passage."""
    severity = next(rule.severity for rule in rules if rule.code == code)
    return Finding(code, severity, message, hint, path, line)


def over_passages(find: Callable[[Passage], Iterator[Finding]], needed: str | re.Pattern[str]) -> Find:
    """A rule's `find` that looks at each passage by itself.

    Only passages with one of the characters `needed`, or a match of the pattern `needed`, are looked at. A pattern begins with what
    is rare, and looks at nothing before or behind a line.
    """
    signs, form = (needed, re.compile(f"[{re.escape(needed)}]")) if isinstance(needed, str) else ("", needed)

    def find_all(article: ArticleText, vocabulary: Vocabulary) -> Iterator[Finding]:
        if signs and not any(sign in article.text for sign in signs):  # a tenth of the pattern's time
            return
        for passage in article.holding(form):
            yield from find(passage)

    return find_all


def over_article(find: Callable[[ArticleText], Iterator[Finding]]) -> Find:
    """A rule's `find` that needs no vocabulary."""
    return lambda article, vocabulary: find(article)
