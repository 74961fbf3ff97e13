"""HTML -> the plain text of its paragraphs, for summaries and search."""

from __future__ import annotations

import html as entities
import re

from newsgen.core.text import join_lines

_LEFT_OUT = re.compile(
    r"<(h[1-6]|figure|table|pre|video|audio|rt|rp)\b[^>]*>.*?</\1>"
    r"|<p class=\"signoff\">.*?</p>|<sup id=\"fnref.*?</sup>|<div class=\"footnote\".*",
    re.DOTALL,
)
_BREAK = re.compile(r"<br>|</?(?:p|li|blockquote|div|dt|dd|ul|ol|details|summary|section)\b[^>]*>|\n")
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")


def plain_text(html: str) -> str:
    """The text of paragraphs, list items and quotes in one line; no headings, captions, tables, footnotes, 落款.

    `html` is sanitised, so that `<` stands only before tags.
    """
    return join_lines(visible_lines(html))


def visible_lines(html: str) -> list[str]:
    """The lines that plain_text() joins."""
    kept = _LEFT_OUT.sub("\n", html)
    lines = entities.unescape(_TAG.sub("", _BREAK.sub("\n", kept))).split("\n")
    return [_BLANKS.sub(" ", line) for line in lines]


def inline_text(html: str) -> str:
    """The text of one element's inside, such as a heading's."""
    return _BLANKS.sub(" ", entities.unescape(_TAG.sub("", _LEFT_OUT.sub("", html)))).strip()
