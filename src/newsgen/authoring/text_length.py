"""The length of a text as readers see it: one count for the list of versions, for imports, and for deleted reports."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    r"<!--(?s:.*?)-->|</?[A-Za-z][^<>]*>"  # comments and tags
    r"|^[ \t]*(?:```|~~~).*$"  # fences
    r"|^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+.*$|^[ \t]*(?:[-*_][ \t]*){3,}$"  # the line below a table's head, rules
    r"|^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t])|^[ \t]*>[ \t>]*"  # beginnings of headings, list items, quotations
    r"|^\[\^[^\]\s]+\]:|\[\^[^\]\s]+\]"  # the marks of notes
    r"|(?<=\])\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:[ \t]+\"[^\"\n]*\")?\)"  # addresses, file names
    r"|\*\*|~~|!(?=\[)|(?<!\\)[\[\]|`]|\\(?=[!-/:-@\[-`{-~])",
    re.MULTILINE,
)
"""The parts of Markdown that are not shown on the page."""


def text_length(markdown: str) -> int:
    """The number of characters of a body that readers see, punctuation included, without blanks and Markdown."""
    return len("".join(_UNSEEN.sub("", markdown).split()))
