"""Rules about links: those that lead out of the site, asked with `--external`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from newsgen.check.external_links import LinkAnswer
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?#][!-'*-;=?-Z\\^-~]*(?:\([!-'*-;=?-~]*\)[!-'*-;=?-~]*)*)?")
_TRAILING = ".,;:!?'\"*_"


class TypedLink(NamedTuple):
    """A complete address as it stands in a file."""

    path: str
    line: int
    column: int
    address: str


def links_in(path: str, text: str) -> Iterator[TypedLink]:
    """The complete http(s) addresses in the text of a file."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _ADDRESS.finditer(line) if "://" in line else ():
            yield TypedLink(path, number, match.start() + 1, match[0].rstrip(_TRAILING))


def is_asked(link: TypedLink, own: str, allowed: Sequence[str]) -> bool:
    """Whether an address is asked: none of the site's own, and none whose host is believed unseen."""
    return not link.address.startswith(own) and (urlsplit(link.address).hostname or "") not in allowed


def link_findings(links: Sequence[TypedLink], answers: Mapping[str, LinkAnswer]) -> Iterator[Finding]:
    """What is wrong with links by the answers that came."""
    for link in links:
        answer = answers.get(link.address)
        if answer and answer.problem:
            message = f"链接打不开：{answer.problem}"
            yield _finding("links.external", link, message, "打开看看；换了网址就改，没有了就删去链接")
        elif answer and answer.better:
            yield _finding("links.moved", link, "这个网址已经永久搬走", f"改成：{answer.better}", answer.better)


def _finding(code: str, link: TypedLink, message: str, hint: str, correction: str | None = None) -> Finding:
    severity = next(rule.severity for rule in RULES if rule.code == code)
    return Finding(code, severity, message, hint, link.path, link.line, link.column, link.address, correction)


RULES = (
    Rule(
        "links.external",
        "warning",
        "打不开的外部链接",
        "只在写了 --external 时才查：逐个打开外部的网址，一个星期内查过的不再查。",
        "见[通知](https://www.example.edu.cn/404.htm)",
        "见[通知](https://www.example.edu.cn/)",
    ),
    Rule(
        "links.moved",
        "info",
        "搬走了的外部链接",
        "只在写了 --external 时才查：对方说网址已经永久改变，比如从 http 改到了 https。",
        "http://www.example.edu.cn/",
        "https://www.example.edu.cn/",
    ),
)
