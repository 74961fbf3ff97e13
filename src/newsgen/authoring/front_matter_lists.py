"""Editing of a list that is typed with one item a line: items that stay, and comments between items, keep their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from newsgen.authoring.front_matter_values import Attachment, forms_of, meaning, reads_as, without_places
from newsgen.content.frontmatter.entries import read_entries
from newsgen.content.frontmatter.keys import ARTICLE, Key
from newsgen.core.scalars import parse_list
from newsgen.core.text import clean
from newsgen.core.yaml.nodes import Mapping, Scalar
from newsgen.core.yaml.nodes import Sequence as NodeList

_BULLET = re.compile(r"([ \t\u3000\xa0]*)([-－–—•·])")


class _EntryItem(NamedTuple):
    """An item as typed, with the comments and blank lines above it; `says` is its meaning, to compare items by."""

    above: Sequence[str]
    lines: Sequence[str]
    says: str


def edited_list(
    lines: Sequence[str], key: Key, value: str | tuple[Attachment, ...], line_end: str, is_chinese: bool
) -> list[str] | None:
    """The lines of an entry with the items of `value`; None if it is no list with one item a line below its key.

    `lines` have their ends. `is_chinese`: new attachments get Chinese names for their parts.
    """
    old = _items(lines, key)
    bullet = _BULLET.match(old[0].lines[0]) if old else None
    if not old or bullet is None:
        return None
    new, known = _wanted(old, key, value), {item.says: item.lines for item in old}
    wanted = list(new)
    found = [lines[0]]
    codes = SequenceMatcher(None, [item.says for item in old], wanted, autojunk=False).get_opcodes()
    for _, start, end, first, last in codes:
        for index in range(max(end - start, last - first)):
            if start + index < end:
                found += old[start + index].above
            if first + index < last:
                said = wanted[first + index]
                made = (bullet[1] + line + line_end for line in item_lines(new[said], key, is_chinese))
                found += known.get(said, made)
    return found


def _items(lines: Sequence[str], key: Key) -> list[_EntryItem]:
    """The items of an entry; an empty list if they are not typed one a line below its key."""
    entries, _ = read_entries([clean(line.rstrip("\r\n")) for line in lines], 1, ARTICLE)
    node = entries[0].node if len(entries) == 1 else None
    if not isinstance(node, NodeList) or not all(isinstance(item, Scalar | Mapping) for item in node.items):
        return []
    starts = [item.line - 1 for item in node.items]
    if (
        not starts
        or starts[0] < 1
        or starts != sorted(set(starts))
        or not all(_BULLET.match(lines[start]) for start in starts)
    ):
        return []
    found, above = [], 1
    for item, start, following in zip(node.items, starts, [*starts[1:], len(lines)], strict=True):
        end = following
        while end > start + 1 and following < len(lines) and _is_apart(lines[end - 1]):
            end -= 1
        value, errors = key.convert("", NodeList((item,), item.line, item.column))
        if errors:
            return []
        found.append(_EntryItem(lines[above:start], lines[start:end], repr(without_places(value))))
        above = end
    return found


def _is_apart(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _wanted(old: Sequence[_EntryItem], key: Key, value: str | tuple[Attachment, ...]) -> dict[str, str | Attachment]:
    """The wanted items by their meaning, in order. Names typed together as one item remain one if all of them stay."""
    typed: Sequence[str | Attachment] = value if isinstance(value, tuple) else parse_list(value)
    known = {item.says for item in old}
    found: dict[str, str | Attachment] = {}
    index = 0
    while index < len(typed):
        item = typed[index]
        width = 1
        if isinstance(item, str):
            widths = (
                size
                for size in range(len(typed) - index, 1, -1)
                if _says(key, _joined(typed[index : index + size])) in known
            )
            width = next(widths, 1)
            item = _joined(typed[index : index + width])
        found[_says(key, item)] = item
        index += width
    return found


def _joined(texts: Sequence[str | Attachment]) -> str:
    return "、".join(text for text in texts if isinstance(text, str))


def _says(key: Key, item: str | Attachment) -> str:
    return repr(meaning(key, item if isinstance(item, str) else (item,)))


def item_lines(item: str | Attachment, key: Key, is_chinese: bool) -> Iterator[str]:
    """The lines of one item, without indent and line end."""
    if isinstance(item, str):
        yield f"- {_form(item, key, ['- {}'], meaning(key, item))}"
        return
    file, name = item
    words = ("文件", "名称") if is_chinese else ("file", "name")
    if name is None:
        yield f"- {_form(file, key, ['- {}'], meaning(key, (item,)))}"
        return
    yield f"- {words[0]}: {_form(file, key, ['- file: {}'], meaning(key, ((file, None),)))}"
    yield f"  {words[1]}: {_form(name, key, ['- file: a.pdf', '  name: {}'], meaning(key, (('a.pdf', name),)))}"


def _form(text: str, key: Key, lines: Sequence[str], meant: object) -> str:
    """The plainest form of a text that reads as it is meant in these lines; the text itself if no form does."""
    for form in forms_of(text):
        if reads_as([f"{key.name}:", *(f"  {line}".replace("{}", form) for line in lines)], key, meant):
            return form
    return text
