"""A tag that is typed over several lines is put on one: `<video controls`, `src="…"`, `width="600">`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsgen.content.markdown.html_tags import ATTRIBUTE, TAG
from newsgen.content.markdown.preprocess import code_and_html
from newsgen.content.markdown.preprocess.lines import Line, read_line
from newsgen.content.markdown.sanitize import ELEMENTS, REMOVED_WHOLE, words
from newsgen.core.model import Diagnostic

_MOST_LINES = 20
_OPEN = re.compile(r"(?<!\\)<(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s(?:[^<>\"']|\"[^\"]*(?:\"|$)|'[^']*(?:'|$))*+)?$")
_QUOTE = re.compile(r"[>\s]*")
_NAMES = (
    ELEMENTS
    | REMOVED_WHOLE
    | words("embed form input button label font center picture image marquee main nav header footer")
)
_WITHOUT_VALUE = words(
    "controls autoplay loop muted playsinline allowfullscreen download hidden open reversed default nowrap"
)
"""What stands in a tag without a value; other words are those of a sentence: `若a<b`, `c>d`."""


def with_whole_tags(lines: Sequence[Line]) -> tuple[list[Line], list[Diagnostic]]:
    """The lines, with each tag on one line, and what is to be said about that."""
    if not any("<" in line.raw and _OPEN.search(line.raw) for line in lines):
        return list(lines), []
    seen = list(code_and_html.code_filled(lines))
    whole: list[Line] = []
    diagnostics: list[Diagnostic] = []
    index = 0
    while index < len(lines):
        line, text, after = lines[index], seen[index], index + 1
        while (opening := _OPEN.search(text)) and (end := _end(lines, seen, after, text[opening.start() :])):
            parts = [_continued(lines[index], raw) for raw in (item.raw for item in lines[after:end])]
            line = read_line(line.number, " ".join([line.raw.rstrip(), *parts]))
            text, after = line.raw, end
            diagnostics.extend(_diagnostics(line, opening))
        whole.append(line)
        index = after
    return whole, diagnostics


def _end(lines: Sequence[Line], seen: Sequence[str], after: int, text: str) -> int:
    """The index after the line in which the tag ends that `text` begins; 0 where it is none. `after` is the next line."""
    if text[1:].split(maxsplit=1)[0].lower() not in _NAMES:
        return 0
    for index in range(after, min(len(lines), after + _MOST_LINES)):
        if not lines[index].text:
            return 0
        text = f"{text.rstrip()} {_continued(lines[after - 1], seen[index])}"
        tag = TAG.match(text) if ">" in text else None
        if tag:
            attributes = ATTRIBUTE.finditer(tag[2])
            return (
                index + 1
                if all(found["value"] or found["name"].lower() in _WITHOUT_VALUE for found in attributes)
                else 0
            )
    return 0


def _continued(above: Line, raw: str) -> str:
    """A further line of a tag, without the marks of the quotation that it stands in."""
    return _QUOTE.sub("", raw, count=1).rstrip() if above.text.startswith(">") else raw.strip()


def _diagnostics(line: Line, opening: re.Match[str]) -> Iterator[Diagnostic]:
    """The diagnostic on a tag that was put on one line; none for one that does not come to the page."""
    tag, name = TAG.match(line.raw, opening.start()), opening["name"].lower()
    if tag and name in ELEMENTS:
        message = f"<{name}> 标记分成了几行，已经放在一行里"
        hint = f"写成：{tag[0]}" if len(tag[0]) <= 200 else "把它写在同一行里"
        yield Diagnostic("markdown.html-lines", "info", message, hint, "", line.number, opening.start() + 1)
