"""The block between two lines of `---`, however it was typed: found, read entry by entry, each value mended or reported.

This reads any block; what fast_path.py reads, it reads the same.

1. split     text    -> block and body
2. entries   block   -> entries, each with its node            (entries.py, repair.py)
3. values    entries -> typed values                           (keys.py, converters.py)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newsgen.content.frontmatter.entries import TypedEntry, looks_like_entry, normalise_key, read_entries, split_head
from newsgen.content.frontmatter.examples import example
from newsgen.content.frontmatter.fast_path import PlainBlock
from newsgen.content.frontmatter.keys import ARTICLE, Keys
from newsgen.core.model import Diagnostic, Record
from newsgen.core.text import SOFT_BREAK, join_lines
from newsgen.core.yaml.nodes import Scalar

_DASH = "-—–―─－"
_OPENING = re.compile(r"---[ \t]*")
# A closing line: three hyphens or dots; what WPS and Chinese input make of hyphens is taken too.
_CLOSING = re.compile(rf"^(?:[{_DASH}]+|\.\.\.)[ \t\u3000\xa0]*$", re.MULTILINE)


class FrontMatterBlock(Record, frozen=True):
    """A file cut in two: `lines` stand between the delimiters, the first of them at `first_line`."""

    lines: tuple[str, ...]
    first_line: int
    body: str
    first_body_line: int
    diagnostics: tuple[Diagnostic, ...] = ()


def without_soft_breaks(text: str, keys: Keys) -> str:
    """`text` without Word's soft returns in its front matter; the body keeps its own.

    One before a key or a delimiter ends its line; one within a value parts nothing: the title of two lines is one title.
    """
    pieces = re.split(f"([\n{SOFT_BREAK}])", text)
    lines, breaks = pieces[::2], pieces[1::2]
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    end = next((index for index in range(start + 1, len(lines)) if _CLOSING.match(lines[index])), None)
    if end is None or not _is_delimiter(lines[start].strip()):
        return text
    block = lines[start]
    for line, mark in zip(lines[start + 1 : end + 1], breaks[start:end], strict=True):
        block = f"{block}\n{line}" if mark == "\n" or starts_line(line, keys) else _joined(block, line)
    before, after = pieces[: 2 * start], pieces[2 * end + 1 :]
    return "".join((*before, block, *(("\n", *after[1:]) if after else ())))


def starts_line(line: str, keys: Keys) -> bool:
    """Whether what stands behind a soft return is a line of its own: a key that is known, or a delimiter."""
    head = split_head(line)
    return bool(_CLOSING.match(line)) or (head is not None and normalise_key(head.name) in keys)


def _joined(block: str, line: str) -> str:
    above, _, last = block.rpartition("\n")
    return f"{above}\n{join_lines((last, line))}"


def split(text: str, title: str) -> FrontMatterBlock | Diagnostic:
    """The block and the body of a file's text, or the error `front-matter.missing` or `front-matter.unclosed`.

    `title` is what an example shows where there is no block, and no line that may be a title.
    """
    blank = len(text) - len(text.lstrip())
    start = text.rfind("\n", 0, blank) + 1
    end = _line_end(text, start)
    opening = text[start:end].strip()
    line = text.count("\n", 0, start) + 1
    if not _is_delimiter(opening):
        return _missing(text, opening, line, title)
    closing = next((match for match in _CLOSING.finditer(text, end + 1) if _closes(match[0])), None)
    lines = text[end + 1 : closing.start() if closing else None].split("\n")
    if closing:
        lines.pop()
    foreign = [index for index, typed in enumerate(lines) if not looks_like_entry(typed)]
    if closing is None or _holds_body(lines, foreign):
        return _unclosed(lines, line, foreign[0] if foreign else None)
    after = _line_end(text, closing.start())
    diagnostics = (*_delimiter(text[start:end], line), *_delimiter(closing[0], line + len(lines) + 1))
    return FrontMatterBlock(tuple(lines), line + 1, text[after + 1 :], line + len(lines) + 2, diagnostics)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _is_delimiter(line: str) -> bool:
    """Whether a line is three hyphens or more, or dashes that an input method made of two or more of them."""
    width = sum(1 if character == "-" else 2 for character in line if character in _DASH)
    return width >= 2 and not line.strip(_DASH)


def _closes(line: str) -> bool:
    return line.startswith("...") or _is_delimiter(line.strip())


def _delimiter(line: str, number: int) -> Iterator[Diagnostic]:
    if not _OPENING.fullmatch(line) and not line.startswith("..."):
        message = f"这一行「{line.strip()[:20]}」应当是三个英文减号"
        yield Diagnostic("front-matter.delimiter", "warning", message, "改成：---", line=number)


def _holds_body(lines: list[str], foreign: list[int]) -> bool:
    """Whether the closing line that was found is a rule in the body, since running text stands above it."""
    return len(foreign) > 3 or bool(foreign and foreign[0] and not lines[foreign[0] - 1].strip())


def _missing(text: str, first: str, line: int, title: str) -> Diagnostic:
    head = split_head(first)
    block = example("" if head else text, title)
    if head and any(_closes(match[0]) for match in _CLOSING.finditer(text)):
        message, hint = "文件开头缺少一行 ---", f"在「{first[:30]}」上面加一行：---"
    elif head and normalise_key(head.name) in ARTICLE:
        message, hint = (
            "标题、时间等信息要放在两行 --- 中间",
            f"在这几行的上面和下面各加一行 ---，{block.replace('加上', '写成')}",
        )
    elif first.startswith("+++"):
        message, hint = "文件信息要放在两行 --- 中间，不是 +++", block
    else:
        message, hint = "文件开头没有标题、时间等信息", block
    return Diagnostic("front-matter.missing", "error", message, hint, line=line)


def _unclosed(lines: list[str], opening: int, stop: int | None) -> Diagnostic:
    """The error about a block without an end, which names the last line that can belong to it."""
    end = len(lines) if stop is None else stop
    heads = [index for index in range(end) if split_head(lines[index]) is not None]
    blank = next((index for index in range(end) if not lines[index].strip()), end)
    last = max((index for index in heads if index < blank), default=-1)
    last = blank - 1 if last >= 0 else last
    number = opening + 1 + last
    shown = f"（{lines[last].strip()[:30]}）" if last >= 0 else ""
    message = "开头的信息没有结束：缺少第二行 ---"
    return Diagnostic("front-matter.unclosed", "error", message, f"在第 {number} 行{shown}后面加一行：---", line=number)


def read_block(text: str, keys: Keys, title: str) -> PlainBlock | Diagnostic:
    """The values of a file's front matter with all that is to be said about them, or why there is no such block."""
    block = split(text, title)
    if isinstance(block, Diagnostic):
        return block
    entries, diagnostics = read_entries(block.lines, block.first_line, keys)
    values, of_values = _typed(entries)
    lines = {entry.key.name: entry.line for entry in entries}
    return PlainBlock(values, lines, block.body, block.first_body_line, (*block.diagnostics, *diagnostics, *of_values))


def _typed(entries: tuple[TypedEntry, ...]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The values by field; a key that failed is there as None, one with nothing behind it is left out."""
    values: dict[str, Any] = {}
    diagnostics: list[Diagnostic] = []
    for entry in entries:
        node = entry.node
        if isinstance(node, Scalar) and (not node.text or _is_absent(node)):
            continue
        value, found = entry.key.convert(f"front-matter.{entry.key.name}", node) if node else (None, ())
        diagnostics += found
        if value != "" and value != ():
            values[entry.key.name] = value
    return values, diagnostics


def _is_absent(node: Scalar) -> bool:
    return not node.text.strip() or (not node.quoted and node.text in ("~", "null"))
