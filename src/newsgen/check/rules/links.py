"""Rules about links: hidden ones, imitations of others and, with `--external`, broken or moved links to other sites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from newsgen.check.article_text import ArticleText
from newsgen.check.external_links import LinkAnswer
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, in_line, over_article
from newsgen.core.patterns import lazy_pattern

_ADDRESS = lazy_pattern(r"https?://[A-Za-z0-9.:\[\]-]+(?:[/?#][!-'*-;=?-Z\\^-~]*(?:\([!-'*-;=?-~]*\)[!-'*-;=?-~]*)*)?")
_TRAILING = ".,;:!?'\"*_"


class TypedLink(NamedTuple):
    """An absolute URL as typed in a file."""

    path: str
    line: int
    column: int
    address: str


def links_in(path: str, text: str) -> Iterator[TypedLink]:
    """The absolute http(s) URLs in the text of a file."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _ADDRESS.finditer(line) if "://" in line else ():
            yield TypedLink(path, number, match.start() + 1, match[0].rstrip(_TRAILING))


def is_asked(link: TypedLink, own: str) -> bool:
    """Whether an address is requested: it has a host, and is not one of the site's own."""
    return not link.address.startswith(own) and _host(link.address) != ""


def link_findings(links: Sequence[TypedLink], answers: Mapping[str, LinkAnswer]) -> Iterator[Finding]:
    """The findings about links, by the answers of their servers."""
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


_LINK = lazy_pattern(r"(?<!!)\[(?P<words>[^\[\]]*)\]\((?P<address>https?://[^()\s]+)")
_STYLE = r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|(?:left|top|text-indent)\s*:\s*-\d{3,}|(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?(?![.\d%\w])"
_WHITE = r"(?<![-\w])color\s*[:=]\s*[\"']?(?:#fff(?:fff)?|white)\b"
_HIDDEN = lazy_pattern(
    rf"<[A-Za-z][^<>]*(?:{_STYLE})[^<>]*>"
    r"|<img(?=[^<>]*\bwidth\s*=\s*[\"']?[01](?:px)?\b)(?=[^<>]*\bheight\s*=\s*[\"']?[01](?:px)?\b)[^<>]*>"
    r"|<!--(?:(?!-->|<!--).){0,2000}?https?://(?:(?!-->).){0,2000}-->|<i?frame\b[^<>]*>|<marquee\b[^<>]*>|<[A-Za-z]+\b[^<>]*\shidden(?=[\s=>])[^<>]*>|<a\b[^<>]*\bhref\b[^<>]*>\s*</a>"
    rf"|<[A-Za-z](?![^<>]*background)[^<>]*(?:{_WHITE})[^<>]*>",
    re.IGNORECASE,
)
_NO_WORDS = lazy_pattern(r"[\s\u200b-\u200f\u2060\ufeff.。,，、·|_-]*")
_SHOWN_HOST = lazy_pattern(r"(?:https?://)?(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#].*)?", re.IGNORECASE)
_LOOK_ALIKE = lazy_pattern(
    r"(?:^|[.-])(?:gov|edu)[.-]cn\.(?!$)|(?:^|\.)(?:g0v|gow|qov|9ov|edv|ebu)\.cn$|(?:^|\.)(?:gov|edu)\.(?:cm|cn\.com|co|con)$|xn--"
)


def _hidden(article: ArticleText) -> Iterator[Finding]:
    for number, line in article.lines_with("<"):
        for match in _HIDDEN.finditer(line):
            message, hint = "这里有读者看不见的内容", "是从别处带来的代码，整段删去；网站被篡改时常有这样的暗链"
            yield in_line(number, match.start(), match[0], message, hint)
    for number, line in article.lines_with("]("):
        for match in _LINK.finditer(line):
            if _NO_WORDS.fullmatch(match["words"]):
                message, hint = "链接的文字看不见", f"删去，或者写上文字：[网页的名称]({match['address']})"
                yield in_line(number, match.start(), match[0], message, hint)


def _look_alike(article: ArticleText) -> Iterator[Finding]:
    for number, line in article.lines_with("://"):
        for match in _LINK.finditer(line):
            shown, host = _SHOWN_HOST.fullmatch(match["words"].strip()), _host(match["address"])
            if shown and host and host.removeprefix("www.") != shown["host"].lower().removeprefix("www."):
                message = f"写的是 {shown['host']}，点开却是 {host}"
                yield in_line(number, match.start(), match[0], message, "核对网址；不是要去的网站就删去链接")
        for match in _ANY_HOST.finditer(line):
            host = match["host"].lower()
            if _LOOK_ALIKE.search(host) or not host.isascii():
                yield in_line(
                    number,
                    match.start("host"),
                    match["host"],
                    f"{host} 像是仿冒的网址",
                    "核对网址，照官方网站重新复制一次",
                )


_ANY_HOST = lazy_pattern(r"https?://(?P<host>[^\s/?#:()<>\"'“”‘’\u3000-\u9fff\uff00-\uffef]+)")
"""A host ends before the first Chinese character, as the link on the page does."""


def _host(address: str) -> str:
    """The host of an address; "" for an invalid address such as https://[x]/."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


RULES = (
    Rule(
        "links.hidden",
        "warning",
        "看不见的链接和代码",
        "用样式藏起来的内容、一个像素的图片、注释里的网址，多是从别处带来的，或者是暗链。",
        '<span style="display:none">[彩票](https://example.com/)</span>',
        "[校历](https://www.example.edu.cn/calendar)",
        over_article(_hidden),
    ),
    Rule(
        "links.look-alike",
        "warning",
        "像是仿冒的网址",
        "写的和点开的不是一个网站，或者网址模仿 .gov.cn、.edu.cn。",
        "见[www.gov.cn](https://www.gov.cn.example.com/)",
        "见[www.gov.cn](https://www.gov.cn/zhengce/)",
        over_article(_look_alike),
    ),
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
