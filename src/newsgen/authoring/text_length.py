"""The length of a text as readers see it: one count for the list of versions, for imports, and for deleted reports."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    r"<!--(?s:.*?)-->|</?[A-Za-z][^<>]*>"  # comments and tags
    r"|^[ \t]*(?:```|~~~).*$"  # fences
    r"|^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+.*$|^[ \t]*(?:[-*_][ \t]*){3,}$"  # the line below a table's head, rules
    r"|^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t])|^[ \t]*>[ \t>]*"  # what begins a heading, an entry of a list, a quotation
    r"|^\[\^[^\]\s]+\]:|\[\^[^\]\s]+\]"  # the marks of notes
    r"|(?<=\])\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:[ \t]+\"[^\"\n]*\")?\)"  # addresses, file names
    r"|\*\*|~~|!(?=\[)|(?<!\\)[\[\]|`]|\\(?=[!-/:-@\[-`{-~])",
    re.MULTILINE,
)
"""What stands in Markdown and not on the page."""


def text_length(markdown: str) -> int:
    """The characters of a body that readers see, marks of punctuation with them; blanks, Markdown and file names are none."""
    return len("".join(_UNSEEN.sub("", markdown).split()))
