"""Decisions of reviewers, inserted into front matter without changing any other byte of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsgen.authoring.text_lines import as_read, file_text, lines_of, usual_line_end
from newsgen.content.document import parse
from newsgen.content.frontmatter.approvals import as_line
from newsgen.content.frontmatter.block import read_block, split
from newsgen.content.frontmatter.entries import entry_spans
from newsgen.content.frontmatter.examples import TITLE
from newsgen.content.frontmatter.keys import ARTICLE
from newsgen.core.errors import ContentError
from newsgen.core.model import Decision, Diagnostic, FrontMatter, Markdown, changed
from newsgen.core.text import clean

KEY = "审签"
_CONTINUES = re.compile(r"[ \t#\]-]|\s*$")


def with_decision(path: str, data: bytes, decision: Decision) -> bytes:
    """The bytes of an article with one more decision. Raises ContentError if the place for it is unclear."""
    file = file_text(data, path)
    lines = lines_of(file.text)
    before = _matter(data)
    where = _place(file.text, lines, before)
    if where is None:
        raise _not_written(path)
    index, column, inserted = where
    words = inserted.replace("\n", usual_line_end(file.text)).replace("{}", as_line(decision)[2:])
    lines[index] = lines[index][:column] + words + lines[index][column:]
    after = file.encoded("".join(lines), path)
    if not _is_as_meant(before, _matter(after), decision):
        raise _not_written(path)
    return after


def decisions_in(data: bytes, path: str = "") -> tuple[Decision, ...]:
    """The decisions in a file, without their line numbers, even if the rest of its front matter is faulty.

    Raises ContentError for an entry that is no decision, and for a file that is no text.
    """
    found = _read(file_text(data, path).text)
    if found is None:
        raise _not_written(path)
    return found


def with_decisions(path: str, data: bytes, decisions: Sequence[Decision]) -> bytes:
    """The bytes of an article with these decisions in place of its own; no other line changes.

    Raises ContentError if the place for them is unclear.
    """
    if _read(file_text(data, path).text) == tuple(decisions):
        return data
    without = _without_decisions(path, data)
    for decision in decisions:
        without = with_decision(path, without, decision)
    return without


def _read(text: str) -> tuple[Decision, ...] | None:
    """The decisions in a text; None if they cannot be read. Faults in other keys do not matter: the decisions count again
    as soon as these are corrected."""
    block = read_block(as_read(text), ARTICLE, TITLE)
    found = () if isinstance(block, Diagnostic) else block.values.get("approvals", ())
    return None if found is None else tuple(changed(item, line=0) for item in found)


def _without_decisions(path: str, data: bytes) -> bytes:
    file = file_text(data, path)
    lines = lines_of(file.text)
    block = split(as_read(file.text), "")
    if isinstance(block, Diagnostic):
        return data
    first = block.first_line - 1
    for span in reversed([*entry_spans(block.lines, ARTICLE)]):
        if span.key and span.key.name == "approvals":
            start = first + span.start
            del lines[start : _end_of_entry(lines, start, first + len(block.lines))]
    found = file.encoded("".join(lines), path)
    if decisions_in(found, path):
        raise _not_written(path)
    return found


def _end_of_entry(lines: Sequence[str], start: int, closing: int) -> int:
    """The index after the entry that begins at `start`; blank lines and comments below the entry are not part of it."""
    end = start + 1
    while end < closing and _CONTINUES.match(lines[end]):
        end += 1
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return end


def _matter(data: bytes) -> FrontMatter | None:
    matter = parse(data, Markdown()).document.matter
    return matter if isinstance(matter, FrontMatter) else None


def _place(text: str, lines: Sequence[str], matter: FrontMatter | None) -> tuple[int, int, str] | None:
    """The line index, the column, and the text to insert there (`{}` for the decision); None if the place is unclear."""
    block = split(clean(text), "")
    if matter is None or isinstance(block, Diagnostic):
        return None
    closing = block.first_line - 1 + len(block.lines)
    if closing >= len(lines):
        return None
    if "approvals" not in dict(matter.lines):
        return closing, 0, f"{KEY}:\n  - {{}}\n"
    start = matter.line("approvals") - 1
    end = _end_of_entry(lines, start, closing)
    value = re.sub(r"^[^:：]*[:：]\s*", "", lines[start].strip())
    if value.startswith("["):
        bracket = lines[end - 1].rfind("]")
        return (end - 1, bracket, ", {}") if bracket >= 0 else None
    indents = [re.match(r"[ \t]*", line) for line in lines[start + 1 : end] if line.lstrip().startswith("-")]
    if value or not indents or not indents[-1]:
        return None
    return end, 0, f"{indents[-1][0]}- {{}}\n"


def _is_as_meant(before: FrontMatter | None, after: FrontMatter | None, decision: Decision) -> bool:
    """Whether the only difference between two versions of front matter is the decision at the end."""
    if before is None or after is None or not after.approvals:
        return False
    *known, last = after.approvals
    lines = {"lines": ()}
    same = changed(before, approvals=(), **lines) == changed(after, approvals=(), **lines)
    is_kept = [changed(item, line=0) for item in known] == [changed(item, line=0) for item in before.approvals]
    return same and is_kept and changed(last, line=0) == changed(decision, line=0)


def _not_written(path: str) -> ContentError:
    message = "看不出审签应写在文件头的哪里，文件没有改动"
    hint = f"先运行 newsgen check {path}，照提示改好文件头；审签写成一项一行，以减号开头"
    return ContentError([Diagnostic("review.unclear", "error", message, hint, path)])
