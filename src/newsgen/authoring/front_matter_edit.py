"""Keys of front matter, set and removed: only their own lines of the file change.

The changed text is read again: the key must have its new value and everything else its old one. Otherwise the change is
refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsgen.authoring.front_matter_lists import edited_list, item_lines
from newsgen.authoring.front_matter_values import (
    KEYS,
    Attachment,
    RefusedValue,
    Typed,
    forms_of,
    meaning,
    reads_as,
    tidy,
    values_in,
    without_places,
)
from newsgen.authoring.text_lines import as_read, end_of, file_text, head_lines, joined, parts_of, usual_line_end
from newsgen.content.frontmatter.block import read_block, split
from newsgen.content.frontmatter.entries import EntrySpan, entry_spans, normalise_key, split_head
from newsgen.content.frontmatter.examples import TITLE
from newsgen.content.frontmatter.keys import ARTICLE, ARTICLE_KEYS, Key
from newsgen.core.model import ArticleKind, Diagnostic, changed
from newsgen.core.text import clean

_TEMPLATE = (
    "---\ntitle:\ndate:\nauthor:\n# 需要时去掉下面行首的 #，填在冒号后面\n"
    "# source: 供稿单位\n# photographer: 摄影\n# tags: 标签一、标签二\n# branch: 支部名称\n# draft: 是\n---\n\n"
)
"""The front matter of a new report: the keys that every report needs, and the others as comments."""
_KINDS = {"notice": "通知", "announcement": "公示", "reprint": "转载", "page": "page"}
_COMMENTED = re.compile(r"[ \t]*#+[ \t]*")
_BLOCK_SCALAR = re.compile(r"[|>]")
_ORDER = [key.name for key in ARTICLE_KEYS]


def with_values(path: str, data: bytes, values: Mapping[str, Typed]) -> bytes:
    """The bytes of a file with new values for these keys (canonical names); None and "" remove a key.

    A value that the key has already stays as it was typed. A report without front matter gets one.
    Raises RefusedValue for a value that its key does not take, and if the place of the change is unclear;
    ContentError for a file that cannot be edited.
    """
    file = file_text(data, path)
    text = file.text
    shown = values_in(text)
    for name in values:
        if name not in KEYS:
            raise RefusedValue(name, "文件头里没有这一项", "检查这一项的名称", path)
    for name in sorted(values, key=_ORDER.index):
        key, value = KEYS[name], tidy(KEYS[name], values[name])
        if value == shown.values.get(name, "" if isinstance(value, str) else ()):
            continue
        if name in shown.locked or name == "approvals":
            raise _not_written(path, key, shown.locked.get(name, ""))
        text = _with_value(path, text, key, value)
    return data if text == file.text else file.encoded(text, path)


def new_text(kind: ArticleKind, values: Mapping[str, Typed], body: str) -> str:
    """The text of a new report: its front matter, with the keys that most reports need as comments, and its body.

    Raises RefusedValue.
    """
    given: dict[str, Typed] = {"kind": _KINDS.get(kind)}
    data = _TEMPLATE.replace("date:\n", "" if kind == "page" else "date:\n")
    text = with_values("", data.encode(), given | dict(values)).decode()
    return text + body if not body or body.endswith("\n") else f"{text}{body}\n"


def _with_value(path: str, text: str, key: Key, value: str | tuple[Attachment, ...]) -> str:
    meant = meaning(key, value, path) if value else ()
    block = _block(path, text, key)
    before = _BlockReading.of(block.text)
    if before is None:
        raise _not_written(path, key)
    for lines in _removed(block, key) if meant in ((), "") else _set(block, key, value, meant):
        after = joined(lines)
        if before.becomes(_BlockReading.of(after), key, meant):
            return after
    raise _not_written(path, key)


def _not_written(path: str, key: Key, why: str = "") -> RefusedValue:
    name = next(iter(key.aliases), key.name)
    message = why or f"看不出「{name}」应写在文件头的哪里，文件没有改动"
    hint = (
        "用记事本打开这个文件，直接修改"
        if why
        else "先照提示改好文件头里别的错误；不行的话，用记事本打开这个文件，直接修改"
    )
    return RefusedValue(key.name, message, hint, path)


# ---------------------------------------------------------------- what stands in a file


class _BlockReading(NamedTuple):
    """A text as it is read: its values, how many diagnostics it has by code, and its body."""

    values: dict[str, object]
    codes: Counter[str]
    body: str

    @classmethod
    def of(cls, text: str) -> _BlockReading | None:
        block = read_block(as_read(text), ARTICLE, TITLE)
        if isinstance(block, Diagnostic):
            return None
        values = {name: without_places(value) for name, value in block.values.items()}
        return cls(values, Counter(item.code for item in block.diagnostics), block.body)

    def becomes(self, after: _BlockReading | None, key: Key, meant: object) -> bool:
        """Whether `after` differs only in what the key means, and has no new diagnostics but the key's own."""
        if after is None or after.body != self.body:
            return False
        values = {name: value for name, value in self.values.items() if name != key.name}
        added = after.codes - self.codes
        added.pop(f"front-matter.{key.name}", None)
        return after.values == (values | {key.name: meant} if meant not in ((), "") else values) and not added


class _TypedBlock(NamedTuple):
    """Front matter as typed: `lines` with their ends, of which the last is the whole body.

    `first` and `last` are the indices of its first entry line and of its closing delimiter; `spans` are its entries, as
    ranges of `lines`.
    """

    text: str
    lines: list[str]
    first: int
    last: int
    spans: tuple[EntrySpan, ...]
    line_end: str

    def of(self, key: Key) -> list[EntrySpan]:
        return [span for span in self.spans if span.key and span.key.name == key.name]

    @property
    def is_chinese(self) -> bool:
        """Whether most of the keys are typed in Chinese."""
        typed = [span.head.shown.isascii() for span in self.spans if span.key and span.key.aliases]
        return typed.count(False) > typed.count(True)


def _block(path: str, text: str, key: Key) -> _TypedBlock:
    """The front matter of a text in which `key` is to change; an empty one is added if there is none.

    Raises RefusedValue if it cannot be told from the body, as without a closing delimiter.
    """
    line_end = usual_line_end(text)
    found = split(as_read(text), "")
    if isinstance(found, Diagnostic):
        first = next((line for line in clean(text).split("\n") if line.strip()), "")
        head = split_head(first)
        if found.code != "front-matter.missing" or (head and normalise_key(head.name) in ARTICLE):
            raise RefusedValue(key.name, found.message, found.hint, path)
        text = f"---{line_end}---{line_end}{text}"
        found = split(as_read(text), "")
    if isinstance(found, Diagnostic):
        raise RefusedValue(key.name, found.message, found.hint, path)
    parts = parts_of(text)
    first_line = found.first_line - 1
    spans = (changed(s, start=s.start + first_line, end=s.end + first_line) for s in entry_spans(found.lines, ARTICLE))
    lines = [*head_lines(parts.head), parts.body]
    return _TypedBlock(text, lines, first_line, first_line + len(found.lines), tuple(spans), line_end)


# ---------------------------------------------------------------- removed


def _removed(block: _TypedBlock, key: Key) -> Iterator[list[str]]:
    """Candidates for the lines without a key: first with its bare name, if a comment follows its value; then without it."""
    spans = block.of(key)
    if len(spans) == 1:
        comment = _comment(spans[0])
        if comment:
            yield _replaced(block, spans[0], [_head(spans[0]).rstrip() + comment])
    gone = {
        index for span in spans for index in range(span.start, span.end) if index not in _inner_comments(block, span)
    }
    yield [line for index, line in enumerate(block.lines) if index not in gone]


# ---------------------------------------------------------------- set


def _set(block: _TypedBlock, key: Key, value: str | tuple[Attachment, ...], meant: object) -> Iterator[list[str]]:
    """Candidates for the lines with a value, one for each form in which it may be typed."""
    spans = block.of(key)
    if spans:
        span, comment = spans[0], _comment(spans[0])
        listed = _listed(block, span, key, value)
        if listed:
            yield [*block.lines[: span.start], *listed, *block.lines[span.end :]]
        for first, *more in _written(key, value, meant, comment, block.is_chinese):
            yield _replaced(block, span, [(_head(span) + first).rstrip(" "), *more])
        return
    place, name, replaced = _place(block, key)
    for first, *more in _written(key, value, meant, "", block.is_chinese):
        lines = [line + block.line_end for line in (f"{name}: {first}" if first else f"{name}:", *more)]
        yield [*block.lines[:place], *lines, *block.lines[place + replaced :]]


def _listed(block: _TypedBlock, span: EntrySpan, key: Key, value: str | tuple[Attachment, ...]) -> list[str] | None:
    """The lines of a list typed with one item a line, with the new items; None for any other entry."""
    if key.shape != "list" and key.name != "attachments":
        return None
    return edited_list(block.lines[span.start : span.end], key, value, block.line_end, block.is_chinese)


def _written(
    key: Key, value: str | tuple[Attachment, ...], meant: object, comment: str, is_chinese: bool
) -> Iterator[list[str]]:
    """Candidates for a value: the text after the colon, and the lines below. `comment` stays after the colon's text.

    A text is offered only if it reads as it is meant when it stands alone.
    """
    name = key.name
    one = value if isinstance(value, str) else value[0][0] if len(value) == 1 and value[0][1] is None else None
    for form in forms_of(one) if one is not None else ():
        if reads_as([f"{name}: {form}{comment}"], key, meant):
            yield [form + comment]
    if isinstance(value, tuple):
        lines = (line for item in value for line in item_lines(item, key, is_chinese))
        yield [comment.lstrip(), *(f"  {line}" for line in lines)]


def _replaced(block: _TypedBlock, span: EntrySpan, written: Sequence[str]) -> list[str]:
    """The lines with an entry rewritten; comments on lines of their own stay."""
    own = _inner_comments(block, span)
    end = end_of(block.lines[span.end - 1]) or block.line_end
    lines = [line + end for line in written]
    kept = [block.lines[index] for index in own]
    return [*block.lines[: span.start], *lines, *kept, *block.lines[span.end :]]


def _inner_comments(block: _TypedBlock, span: EntrySpan) -> list[int]:
    """The indices of comments on lines of their own within an entry."""
    if _BLOCK_SCALAR.match(span.head.value):
        return []
    return [index for index in range(span.start + 1, span.end) if block.lines[index].lstrip().startswith("#")]


def _head(span: EntrySpan) -> str:
    """Name, colon and gap of an entry as typed; a missing gap is added if it is needed."""
    head = span.head
    gap = head.gap or ("" if head.colon == "：" or head.value else " ")
    return f"{head.indent}{head.name}{head.before}{head.colon}{gap}"


def _comment(span: EntrySpan) -> str:
    """The comment after a value of one line, with the blanks before it; "" if there is none."""
    value, key = span.head.value, span.key
    if key is None or span.end != span.start + 1:
        return ""
    whole = _alone(key, value)
    for match in re.finditer(r"(?:^|\s+)#", value):
        if whole is not None and _alone(key, value[: match.start()]) == whole:
            return value[match.start() :] if match.start() else f"{span.head.gap or ' '}{value}"
    return ""


def _alone(key: Key, value: str) -> tuple[object, ...] | None:
    """The meaning of a value alone, without the rest of the file; None if it cannot be read."""
    block = read_block(f"---\n{key.name}: {value}\n---\n", ARTICLE, TITLE)
    if isinstance(block, Diagnostic) or any(item.severity == "error" for item in block.diagnostics):
        return None
    return tuple(without_places(found) for found in block.values.values())


def _place(block: _TypedBlock, key: Key) -> tuple[int, str, int]:
    """The place of a new key: its line index, the name to type, and how many lines it replaces.

    A line of the template, `# source: …`, is uncommented. Otherwise the key follows the nearest key before it in the table.
    """
    inside = {index for span in block.spans for index in range(span.start, span.end)}
    for index in range(block.first, block.last):
        comment = _COMMENTED.match(block.lines[index])
        head = split_head(clean(block.lines[index][comment.end() :].rstrip("\r\n"))) if comment else None
        if head and index not in inside and ARTICLE.get(normalise_key(head.name)) == key:
            return index, head.shown, 1
    order = {name: place for place, name in enumerate(_ORDER)}
    above = [span for span in block.spans if span.key and order[span.key.name] < order[key.name]]
    last = max(above, key=lambda span: order[span.key.name] if span.key else -1, default=None)
    name = key.aliases[0] if block.is_chinese and key.aliases else key.name
    return (last.end if last else block.first), name, 0
