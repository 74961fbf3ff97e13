"""The lines of a front-matter block, entry by entry.

Authors write `标题：[通知] 开会`, which YAML refuses or reads otherwise. So the block is cut into its top-level
entries and each is read by itself: all faults show at once, each at its line, and an entry whose meaning is beyond
doubt is taken with a warning that shows the corrected line. A plain line needs no YAML at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from newsgen.content.frontmatter.keys import Key, Keys
from newsgen.content.frontmatter.repair import RawValue, read_value
from newsgen.core.date_hints import days_of_notice
from newsgen.core.model import Diagnostic, Record
from newsgen.core.text import did_you_mean
from newsgen.core.yaml.nodes import Node


class TypedEntry(Record, frozen=True):
    """One known key with what was typed for it; `node` is None when that could not be read (and was reported)."""

    key: Key
    name: str
    line: int
    node: Node | None


class EntryLine(Record, frozen=True):
    """A line `name: value` taken apart; `before` and `gap` are the spaces on either side of the colon."""

    indent: str
    name: str
    before: str
    colon: str
    gap: str
    value: str

    @property
    def column(self) -> int:
        """The column of the value, from 1."""
        return len(self.indent) + len(self.name) + len(self.before) + len(self.gap) + 2

    @property
    def shown(self) -> str:
        """The name without quotes."""
        return self.name.strip(_QUOTES)


class EntrySpan(Record, frozen=True):
    """The place of an entry: its lines from index `start` up to `end`. `key` is None where the name is unknown."""

    start: int
    end: int
    head: EntryLine
    key: Key | None


_SPACES = " \t\u3000\xa0"
_QUOTES = "\"'“”‘’ "
_MAX_HEAD = 60
_MAX_OPEN_LINES = 200
_PLAIN_HEAD = re.compile(r"[^\W\d][\w-]*: +\S")
# A sentence, a clock time, an address or a list item that happens to hold a colon is no key.
_NO_NAME = re.compile(r"[#\[\]{}，。；、！？《》（]|^\d+$|[^\x00-\x7f] +[^\x00-\x7f]|^[-－–—•·]")
_CONTINUES = re.compile(rf"[{_SPACES}#]|-(?!-)|[－–—•·]\S|$")


def read_entries(
    lines: Sequence[str], first_line: int, keys: Keys
) -> tuple[tuple[TypedEntry, ...], tuple[Diagnostic, ...]]:
    """The entries with a known key as typed, and all that is to be said about the block's lines.

    Of a key that stands twice the first counts; the second is an error.
    """
    diagnostics: list[Diagnostic] = []
    entries: dict[str, TypedEntry] = {}
    index = 0
    while index < len(lines):
        index, entry = _entry(lines, index, first_line, keys, diagnostics)
        if entry and entries.setdefault(entry.key.name, entry) is not entry:
            diagnostics.append(_duplicate(entries[entry.key.name], entry))
    return tuple(entries.values()), tuple(diagnostics)


def _entry(
    lines: Sequence[str], index: int, first_line: int, keys: Keys, diagnostics: list[Diagnostic]
) -> tuple[int, TypedEntry | None]:
    """The index of the next entry, and the entry at `index`: None for a comment, a blank line, a fault."""
    line, number = lines[index], first_line + index
    if not line.strip() or line.lstrip(_SPACES).startswith("#"):
        return index + 1, None
    head = split_head(line)
    if head is None:
        diagnostics.append(_stray(line, number, keys))
        return index + 1, None
    key = keys.get(normalise_key(head.name))
    end = _end(lines, index, head, keys)
    if key is None:
        diagnostics.append(_unknown(head, number, keys))
        return end, None
    found, more = _read(head, key, number, _trimmed(head, lines[index + 1 : end]))
    diagnostics += more
    return end, found


def entry_spans(lines: Sequence[str], keys: Keys) -> Iterator[EntrySpan]:
    """The places of a block's entries, as read_entries() reads them; strays, comments and blank lines between are left out."""
    index = 0
    while index < len(lines):
        line = lines[index]
        head = None if line.lstrip(_SPACES).startswith("#") else split_head(line)
        if head is None:
            index += 1
            continue
        end = _end(lines, index, head, keys)
        last = index + 1 + len(_trimmed(head, lines[index + 1 : end]))
        yield EntrySpan(index, last, head, keys.get(normalise_key(head.name)))
        index = end


def split_head(line: str) -> EntryLine | None:
    """The parts of a line that reads `name: value` or `name：value`; None for any other line."""
    colon = min((index for index in (line.find(":"), line.find("：")) if index >= 0), default=-1)
    if not 0 < colon <= _MAX_HEAD:
        return None
    left, right = line[:colon], line[colon + 1 :]
    name, value = left.strip(_SPACES), right.strip(_SPACES)
    indent = left[: len(left) - len(left.lstrip(_SPACES))]
    gap = right[: len(right) - len(right.lstrip(_SPACES))]
    head = EntryLine(indent, name, left[len(indent) + len(name) :], line[colon], gap, value)
    named = 0 < len(head.shown) <= 20 and not _NO_NAME.search(head.shown)
    return head if named and not right.startswith("//") else None


def looks_like_entry(line: str) -> bool:
    """Whether a line may stand in a front-matter block: an entry, what continues one, a comment, nothing."""
    return bool(_PLAIN_HEAD.match(line) or _CONTINUES.match(line) or split_head(line))


def normalise_key(name: str) -> str:
    """A key as the tables have it: any case and width, `-` for `_`, with or without quotes."""
    return re.sub(r"[-\s]+", "_", unicodedata.normalize("NFKC", name).strip(_QUOTES)).casefold()


def _end(lines: Sequence[str], start: int, head: EntryLine, keys: Keys) -> int:
    """The index of the first line that does not continue the entry at `start`."""
    end = start + 1
    while end < len(lines) and _belongs(lines, start, end, head, keys):
        end += 1
    return end


def _belongs(lines: Sequence[str], start: int, index: int, head: EntryLine, keys: Keys) -> bool:
    """Whether the line at `index` continues the entry that starts with `head` at `start`."""
    line = lines[index]
    if not _CONTINUES.match(line):
        waits = index - start <= _MAX_OPEN_LINES and _is_open(head.value, lines[start:index])
        return waits and split_head(line) is None
    if not line.strip() or line[0] not in _SPACES:
        return True
    indented = split_head(line)
    return indented is None or normalise_key(indented.name) not in keys or _keeps(head, indented, keys)


def _keeps(head: EntryLine, indented: EntryLine, keys: Keys) -> bool:
    """Items have parts such as 时间, and a block scalar any text: there an indented key is no key of ours."""
    if len(indented.indent) <= len(head.indent):
        return False
    key = keys.get(normalise_key(head.name))
    return head.value[:1] in ("|", ">") or (not head.value and (key is None or key.shape == "items"))


def _is_open(value: str, above: Sequence[str]) -> bool:
    """Whether a bracket or quote that opened the value waits for its other half."""
    text = "\n".join(above)
    if value[:1] in ("[", "{"):
        return text.count(value[0]) > text.count("]" if value[0] == "[" else "}")
    return value[:1] in ("'", '"') and text.count(value[0]) % 2 == 1


def _trimmed(head: EntryLine, tail: Sequence[str]) -> tuple[str, ...]:
    """Without the blank lines and comments at the end; in a block scalar an indented `#` is text."""
    end = len(tail)
    indents = "" if head.value[:1] in ("|", ">") else _SPACES
    while end and (not tail[end - 1].strip() or tail[end - 1].lstrip(indents).startswith("#")):
        end -= 1
    return tuple(tail[:end])


def _read(head: EntryLine, key: Key, line: int, tail: tuple[str, ...]) -> tuple[TypedEntry, Iterator[Diagnostic]]:
    reading = read_value(RawValue(head.value, tail, line, head.column), key)
    corrections = (*_head_corrections(head), *reading.corrections)
    return TypedEntry(key, head.shown, line, reading.node), _diagnostics(
        head, line, corrections, reading.shown, reading.diagnostics
    )


def _diagnostics(
    head: EntryLine, line: int, corrections: tuple[tuple[str, str], ...], shown: str, more: tuple[Diagnostic, ...]
) -> Iterator[Diagnostic]:
    """One warning for all that is odd about a line, with the line as it should be."""
    if corrections:
        message = f"「{head.shown}」这一行：{'；'.join(words for _, words in corrections)}"
        hint = f"改成：{head.shown}: {shown}".rstrip()
        code = corrections[0][0]
        column = head.column if code in ("quotes", "lines") and head.name[0] not in _QUOTES else len(head.indent) + 1
        yield Diagnostic(f"front-matter.{code}", "warning", message, hint, "", line, column)
    yield from more


def _head_corrections(head: EntryLine) -> Iterator[tuple[str, str]]:
    """The corrections of a name and its colon, as (code, words)."""
    if head.indent:
        yield "space", "前面多了空格"
    if head.name[0] in "“‘":
        yield "quotes", "名称不用加引号"
    if head.before.strip(" ") or "\u3000" in head.gap or "\xa0" in head.gap:
        yield "space", "冒号旁边有全角空格或特殊空格"
    if "\t" in head.gap:
        yield "tab", "冒号后面是制表符（Tab），要用空格"
    if head.colon == "：":
        yield "colon", "冒号要用英文的“:”，后面空一格"
    elif head.value and not head.gap:
        yield "colon", "冒号后面要空一格"


def _stray(line: str, number: int, keys: Keys) -> Diagnostic:
    text = line.strip(_SPACES)
    message = f"这一行看不出是哪一项：「{text[:40]}」"
    name, _, value = text.replace("\u3000", " ").partition(" ")
    hint = "写成“名称: 值”，冒号用英文的；是上一行没写完的话，接在上一行后面写成一行"
    if normalise_key(name) in keys and value.strip():
        hint = f"改成：{name}: {value.strip()}"
    return Diagnostic("front-matter.line", "error", message, hint, line=number)


def _unknown(head: EntryLine, number: int, keys: Keys) -> Diagnostic:
    guess = did_you_mean(head.shown, keys)
    hint = f"是不是「{guess}」？不需要的话，删掉这一行" if guess else f"可以写：{'、'.join(_chinese(keys))}"
    if head.name == "公示期" and "expires" in keys:
        hint = days_of_notice(head.value)
    column = len(head.indent) + 1
    return Diagnostic(
        "front-matter.unknown-key", "warning", f"没有「{head.shown}」这一项，已忽略", hint, "", number, column
    )


def _chinese(keys: Keys) -> list[str]:
    """One Chinese name for each key that has one."""
    names = {key.name: next((name for name in key.aliases), None) for key in keys.values()}
    return [name for name in names.values() if name]


def _duplicate(first: TypedEntry, second: TypedEntry) -> Diagnostic:
    same = "" if first.name == second.name else f"（和第 {first.line} 行的「{first.name}」是同一项）"
    message = f"「{second.name}」写了两次{same}，第一次在第 {first.line} 行"
    return Diagnostic("front-matter.duplicate-key", "error", message, "两行只留一行", line=second.line)
