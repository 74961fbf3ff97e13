"""The bytes of a file, and the text of a browser's text area, which knows one line end: LF.

An edit comes back as the whole text. Its unchanged parts keep their bytes: line ends, blanks at the end of a line,
invisible characters, the encoding, and the byte order mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from newsgen.content.frontmatter.block import split, starts_line, without_soft_breaks
from newsgen.content.frontmatter.keys import ARTICLE
from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic, changed
from newsgen.core.text import SOFT_BREAK, clean, decode_exactly, unreadable
from newsgen.core.text_diff import Opcode, opcodes

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end; the last may have none."""
_END = re.compile(r"\r\n|\r|\n")
_BREAKS = "\r\n\x0b\x0c\x85\u2028\u2029"
_BREAK = re.compile(rf"\r\n|[{_BREAKS}]")
"""The line breaks: clean() turns each into one line feed or one soft break."""


class FileText(NamedTuple):
    """The text of a file with its own line ends, and how it is encoded."""

    text: str
    encoding: str
    mark: bytes

    def encoded(self, text: str, path: str = "") -> bytes:
        """The bytes of the file with another text; in UTF-8 if its own encoding would be read as another text.

        Raises ContentError for a text that could not be read again.
        """
        data = self.mark + text.encode(self.encoding)
        if self.encoding != "utf-8" and (unreadable(data) or decode_exactly(data)[0] != text):
            data = text.encode()
        error = unreadable(data)
        if error:
            raise ContentError([changed(error, path=path)])
        return data


def file_text(data: bytes, path: str = "") -> FileText:
    """The text of a file of content/; encoded again, it gives exactly the same bytes.

    Raises ContentError for a file that is no text newsgen can read.
    """
    error = unreadable(data)
    if error:
        raise ContentError([changed(error, path=path)])
    return FileText(*decode_exactly(data))


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its own line end."""
    return LINE.findall(text)


def joined(lines: Iterable[str]) -> str:
    """Lines joined, each with its end. An empty line after CR gets CR, too: CR and LF would be read as one line end."""
    found: list[str] = []
    for line in filter(None, lines):
        meets = found and found[-1].endswith("\r") and line.startswith("\n")
        found.append("\r" + line[1:] if meets else line)
    return "".join(found)


def usual_line_end(text: str) -> str:
    """The most frequent line end of a text; LF if it has none."""
    return max(Counter(_END.findall(text)).items(), key=lambda item: item[1], default=("\n", 0))[0]


def with_line_feeds(text: str) -> str:
    """A text as a text area has it. A lone surrogate, which no file can hold, becomes U+FFFD, as in browsers."""
    text = _END.sub("\n", text)
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def head_lines(head: str) -> list[str]:
    """The lines of front matter with their ends, split as in as_read(): also at soft returns before a key or delimiter."""
    found: list[str] = []
    start = 0
    for match in _BREAK.finditer(head):
        following = _BREAK.split(head[match.end() :], maxsplit=1)[0]
        if match[0] in ("\n", "\r", "\r\n") or starts_line(clean(following), ARTICLE):
            found.append(head[start : match.end()])
            start = match.end()
    return [*found, head[start:]] if start < len(head) else found


def end_of(line: str) -> str:
    """The line end of a line; "" if it has none."""
    found = _BREAK.search(line, len(line.rstrip(_BREAKS)))
    return found[0] if found else ""


class FileParts(NamedTuple):
    """A text in two: `head` is the front matter with its delimiters; `line` is the first line of the body, from 1."""

    head: str
    body: str
    line: int


def as_read(text: str) -> str:
    """A file's text as newsgen reads it: clean, and without Word's soft returns in front matter."""
    plain = clean(text, SOFT_BREAK)
    return without_soft_breaks(plain, ARTICLE) if SOFT_BREAK in plain else plain


def parts_of(text: str) -> FileParts:
    """Front matter and body of a file's text. Where front matter is missing or has no end, all of it is body."""
    plain = as_read(text)
    block = split(plain, "")
    if isinstance(block, Diagnostic):
        return FileParts("", text, 1)
    if plain.count("\n") + 1 < block.first_body_line:  # the text ends with the closing delimiter, without a line end
        return FileParts(text, "", block.first_body_line)
    behind = block.body.count("\n") + block.body.count(SOFT_BREAK)
    start = [match.end() for match in _BREAK.finditer(text)][-behind - 1]
    return FileParts(text[:start], text[start:], block.first_body_line)


def body_of(data: bytes, path: str = "") -> tuple[str, int]:
    """The body of a report with LF alone, for a text area, and the line of the file at which it begins.

    A file whose front matter is missing or lacks its closing delimiter is all body, from line 1, so that its author can
    add what is missing. Raises ContentError, with the reason, for a file that cannot be edited.
    """
    parts = parts_of(file_text(data, path).text)
    return _END.sub("\n", parts.body), parts.line


def edited(data: bytes, body: str, path: str = "") -> bytes:
    """The bytes of a file with another body, which an author made of the one that body_of() returned.

    An unchanged line keeps its bytes, a changed line its line end; a new line gets the file's most frequent line end.
    Raises ContentError for a file that cannot be edited, or would be too large.
    """
    file = file_text(data, path)
    head, old, _ = parts_of(file.text)
    typed = with_line_feeds(body)
    if typed == _END.sub("\n", old):
        return data
    line_end = usual_line_end(file.text)
    if head and typed and not head.endswith(("\r", "\n")) and not _BREAK.fullmatch(head[-1]):
        head += line_end
    return file.encoded(joined([head, *_merged(lines_of(old), lines_of(typed), line_end)]), path)


def _merged(old: Sequence[str], new: Sequence[str], line_end: str) -> Iterator[str]:
    """The new lines, which end in LF, with the bytes of the old lines that they equal."""
    for kind, start, end, first, last in matching(_END.sub("\n", "".join(old)), "".join(new)):
        if kind == "equal":
            yield from old[start:end]
            continue
        for index, line in enumerate(new[first:last], start):
            replaced = _END.search(old[index]) if index < end else None
            yield line[:-1] + (replaced[0] if replaced else line_end) if line.endswith("\n") else line


def matching(old: str, new: str) -> list[Opcode]:
    """The differences between two texts by lines that end in LF, as opcodes of difflib."""
    return opcodes(lines_of(old), lines_of(new))
