"""HTML comments are taken out of the lines before anything else is made of them, also those that are typed wrong:
`<!-- 批注 -- >`, `<!- 批注 ->`, `<!—批注—>`, `<！-- 批注 -->`, `<!-- 批注`. Code keeps its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsgen.content.markdown.preprocess import code_and_html
from newsgen.content.markdown.preprocess.lines import Line, read_line
from newsgen.core.model import Diagnostic
from newsgen.core.patterns import lazy_pattern

_OPEN = lazy_pattern(r"(?<!\\)<[ \t]?[!！][ \t]?[-—–－]+")
_STRONG = r"(?:--+|[—–－]+)[ \t]*[!！]?[ \t]*[>＞》]"
_WEAK = r"-[ \t]*[>＞》]"
_STRONG_END = lazy_pattern(_STRONG)
"""What is meant for `-->` and hardly for anything else; `->` may be an arrow."""
_WEAK_END = lazy_pattern(rf"{_STRONG}|{_WEAK}")
_FAR_END = lazy_pattern(r"^[ \t]*-->|-->(?![ \t]+\S)", re.MULTILINE)
"""The end of a comment on a later line: `A --> B` is an arrow."""
_FAR_WRONG_END = lazy_pattern(rf"(?:{_STRONG}|{_WEAK})[ \t]*$", re.MULTILINE)


class _Comment(NamedTuple):
    """A comment: where it begins and ends in the text; whether it is typed as it should be; whether it ends at all."""

    start: int
    end: int
    is_sound: bool
    is_closed: bool = True


def without_comments(lines: Sequence[Line]) -> tuple[list[Line], list[Diagnostic]]:
    """The lines without comments, and what is typed wrong in them. A line that is nothing but comment is left out."""
    if not any("<" in line.raw and _OPEN.search(line.raw) for line in lines):
        return list(lines), []
    text = "\n".join(code_and_html.code_filled(lines))
    comments = deque(_comments(text))
    diagnostics = [_diagnostic(lines, text, comment) for comment in comments if not comment.is_sound]
    kept: list[Line] = []
    position = 0
    for line in lines:
        rest = _rest(line, position, comments)
        if rest is not None:
            kept.append(rest)
        position += len(line.raw) + 1
    return kept, diagnostics


def _comments(text: str) -> Iterator[_Comment]:
    opening = _OPEN.search(text)
    while opening:
        following = _OPEN.search(text, opening.end())
        comment = _comment(text, opening, following.start() if following else len(text))
        yield comment
        opening = _OPEN.search(text, comment.end)


def _comment(text: str, opening: re.Match[str], limit: int) -> _Comment:
    """The comment that begins at `opening` and ends before the next one, at `limit`."""
    start, line_end = opening.start(), text.find("\n", opening.end())
    line_end = len(text) if line_end < 0 else line_end
    here, exact = min(line_end, limit), opening[0].startswith("<!--")
    end = text.find("-->", start + 2, here) if exact else -1
    if end >= 0:
        return _Comment(start, end + 3, True)
    wrong = (_STRONG_END if exact else _WEAK_END).search(text, opening.end(), here)
    far = _FAR_END.search(text, here, limit) if exact and not wrong else None
    if far:
        return _Comment(start, far.end(), True)
    wrong = wrong or _WEAK_END.search(text, opening.end(), here) or _FAR_WRONG_END.search(text, here, limit)
    return _Comment(start, wrong.end(), False) if wrong else _Comment(start, here, False, False)


def _rest(line: Line, position: int, comments: deque[_Comment]) -> Line | None:
    """The rest of a line that begins at `position` of the text; None where nothing is left."""
    end, done, pieces = position + len(line.raw), position, []
    while comments and comments[0].start < end:
        pieces.append(line.raw[done - position : max(comments[0].start, done) - position])
        done = min(comments[0].end, end)
        if comments[0].end > end:
            break
        comments.popleft()
    if not pieces:
        return line
    rest = line.raw[done - position :]
    before = "".join(pieces)
    if before.strip():
        return read_line(line.number, before + rest)
    return read_line(line.number, rest, 1 + done - position) if rest.strip() else None


def _diagnostic(lines: Sequence[Line], text: str, comment: _Comment) -> Diagnostic:
    line = lines[text.count("\n", 0, comment.start)]
    column = comment.start - (text.rfind("\n", 0, comment.start) + 1)
    typed = " ".join(text[comment.start : comment.end].split())
    shown = typed if len(typed) <= 40 else f"{typed[:39]}…"
    if not comment.is_closed:
        message = f"注释没有结束，从这里到行末都没有显示：{shown}"
        hint = "在注释的末尾写 -->；要显示这几个字，就把 < 写成 &lt;"
    else:
        message = f"注释的写法不对，已经去掉：{shown}"
        hint = f"写成：{_corrected(typed)}"
    return Diagnostic("markdown.comment", "warning", message, hint, "", line.number, column + 1)


def _corrected(typed: str) -> str:
    """A comment as it should be typed."""
    inside = _OPEN.sub("", typed, count=1)
    ends = list(_WEAK_END.finditer(inside))
    words = inside[: ends[-1].start()].strip()
    return f"<!-- {words.replace('--', '—')} -->" if len(words) <= 40 else "<!-- … -->"
