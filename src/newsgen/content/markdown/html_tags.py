"""Tags: which `<` opens HTML. `若a<b且c>d` and `<p值>` are text: read as tags, they would vanish from the page."""

from __future__ import annotations

import re

from newsgen.content.markdown.preprocess.lines import FILLER

_NAME = r"[a-zA-Z][a-zA-Z0-9-]*(?::[a-zA-Z][a-zA-Z0-9]*)?"
_BLANK = r"[ \t\n]"


def _attributes(quoted: str) -> str:
    """Attributes with ASCII names; only quoted values, addresses and words for readers may be Chinese."""
    equals = rf"{_BLANK}*={_BLANK}*"
    shown = rf"(?i:src|href|poster|alt|title|id|class){equals}[^\s\"'=<>`]+"
    plain = r"[!#-&(-;?-_a-~]+"
    return rf"(?:{_BLANK}+(?:{shown}|[a-zA-Z_:@][a-zA-Z0-9_.:@-]*(?:{equals}(?:{quoted}|{plain}))?))*"


_IN_BLOCK = _attributes(r"\"[^\"]*\"|'[^']*'")
_IN_TEXT = _attributes(r"\"[^\"<>]*\"|'[^'<>]*'")
"""Python-Markdown ends a tag in a paragraph at the first `>`, quoted or not."""

TAG = re.compile(rf"<({_NAME})({_IN_BLOCK}){_BLANK}*/?>")
"""A whole opening tag: its name and its attributes."""

ATTRIBUTE = re.compile(r"(?P<name>[^\s\"'=<>/]+)(?P<value>\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?")
"""An attribute as browsers read it."""

_DESTINATION = re.compile(r"(?<=\]\()<[^<>]*>|(?<=\]:)[ \t]*<[^<>\s]*>|\\<")

_CLOSING = rf"</{_NAME}{_BLANK}*>"
_BLOCK = re.compile(
    rf"{_CLOSING}|<{_NAME}{_IN_BLOCK}{_BLANK}*/?>"
    r"|<!--.*?-->|<\?[^>]{0,2000}>|<!\[CDATA\[.{0,2000}?\]\]>|<![A-Za-z][^>]{0,2000}>|(?P<open><)",
    re.DOTALL,
)
"""Longer instructions are text: thousands that never end would take a time that grows with the square."""
_INLINE = re.compile(
    r"\\<|(?<![`\\])(?P<code>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=code)(?!`)"
    r"|(?<=\]\()<[^<>\n]*>|(?<=\]:)[ \t]*<[^<>\s]*>(?=[ \t]*(?:[\n\"'(]|\Z))"
    r"|<(?:(?i:ht|f)(?i:tps?)://[^<>]*|[^<>\s!]+@[^@<>\s]+)>|<!--(?:(?!<!--|-->).)*-->"
    rf"|{_CLOSING}|<{_NAME}{_IN_TEXT}{_BLANK}*/?>|(?P<open><)",
    re.DOTALL,
)


def without_destinations(text: str) -> str:
    """`text` with addresses in angle brackets and `\\<` filled in, so that columns stay."""
    return _DESTINATION.sub(lambda match: FILLER * len(match[0]), text) if "<" in text else text


def escaped(text: str) -> str:
    """Prepared Markdown with `&lt;` for each `<` that opens no tag, comment or address; code spans stay."""
    return _INLINE.sub(_visible, text) if "<" in text else text


def escaped_html(text: str) -> str:
    """Raw HTML with `&lt;` for each `<` that opens no whole tag: it would swallow what follows."""
    return _BLOCK.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    return "&lt;" if match["open"] else match[0]
