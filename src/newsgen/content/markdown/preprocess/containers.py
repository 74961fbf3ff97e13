"""Blocks that hold other blocks: lists, quotes, footnote definitions. Each runs the line pass on its inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.content.markdown.preprocess.lines import BlockContext, Line, PreparedBlock, next_text
from newsgen.core.model import Diagnostic

_BLANKS = r"(?:[ \t\u00a0\u2002-\u200a\u202f\u3000]|&(?:nbsp|e[mn]sp|thinsp|#12288|#160);)+"
BULLET = re.compile(rf"[-+*](?:{_BLANKS}|$)")
NUMBER = re.compile(rf"(\d{{1,3}})\.(?:{_BLANKS}|$)")
"""Three digits at most: `2024. …` is a year."""
FOOTNOTE = re.compile(r"\[\^([^\]]+)\]([ \t]{0,3}[:：])[ \t]*")

_INDENT = "    "
SPACELESS = re.compile(r"[-+*](?![-+*\s\d=.])(?!.*\*)")
"""`*甲`: an item whose mark has no space behind it; `-5` and `*斜*` are none."""


def bullet_list(context: BlockContext, start: int) -> PreparedBlock:
    """A list with `-`, `*` or `+`."""
    return _list(context, start, BULLET)


def numbered_list(context: BlockContext, start: int) -> PreparedBlock:
    """A list with `1.`; it begins with the number that was typed."""
    return _list(context, start, NUMBER)


def _list(context: BlockContext, start: int, marker: re.Pattern[str]) -> PreparedBlock:
    out: list[str] = []
    index, base = start, context.lines[start].indent
    while True:
        after, body = _item(context, index, marker, base)
        number = NUMBER.match(context.lines[index].text) if marker is NUMBER else None
        inside = context.inside(body, "item")
        out += _hang(f"{int(number[1])}. " if number else "- ", inside)
        following = next_text(context.lines, after)
        if following is None or not _is_sibling(context.lines[following], marker):
            context.state.diagnostics.extend(_without_space(context, after))
            return PreparedBlock(out, after, tight=True)
        if following > after or "" in inside:
            out.append("")
        index, base = following, min(base, context.lines[following].indent)


def _is_sibling(line: Line, marker: re.Pattern[str]) -> bool:
    return bool(marker.match(line.text)) and not is_rule(line.text)


def _without_space(context: BlockContext, index: int) -> Iterator[Diagnostic]:
    """A warning where the line right below a list looks like an item but for the space behind its mark."""
    if index >= len(context.lines) or not SPACELESS.match(context.lines[index].text):
        return
    line = context.lines[index]
    message = f"列表的 {line.text[0]} 后面少一个空格，这一行不在列表里"
    hint = f"写成：{line.text[0]} {line.text[1:]}"
    yield line.warning("markdown.list-space", message, hint)


def is_rule(text: str) -> bool:
    """Whether a line is `---`, `***`, `___`, `===`, with or without spaces between."""
    marks = text.replace(" ", "")
    return len(marks) >= 3 and marks[0] in "-*_=" and not marks.strip(marks[0])


def _hang(marker: str, lines: list[str]) -> list[str]:
    """The lines of an item behind its marker, as deep as Python-Markdown wants them."""
    if not lines:
        return [marker + " "]
    return [marker + lines[0]] + [_INDENT + line if line else "" for line in lines[1:]]


def _item(context: BlockContext, start: int, marker: re.Pattern[str], base: int) -> tuple[int, list[Line]]:
    """The index after the item at `start` and the lines of its inside."""
    first = context.lines[start]
    match = marker.match(first.text)
    assert match is not None
    after = _end_of_item(context, start, base + 2)
    body = context.lines[start + 1 : after]
    deepest = base + match.end()
    hang = min([line.indent for line in body if line.text and line.indent >= base + 2], default=deepest)
    width = min(deepest, hang)
    return after, [first.after(match.end()), *(line.dedented(width) for line in body)]


def _end_of_item(context: BlockContext, start: int, inside: int) -> int:
    """The index after the last line that belongs to the item: indented by `inside`, or lazily following its text.

    What stands apart (a signature that blanks push to the right) belongs to no item.
    """
    lines, index = context.lines, start + 1
    while index < len(lines):
        line = lines[index]
        if not line.text:
            following = next_text(lines, index)
            if following is None or lines[following].indent < inside:
                return index
            index = following
        elif line.number in context.nesting.classes:
            return index
        elif line.indent >= inside or is_lazy(context, index):
            index += 1
        else:
            return index
    return index


def is_lazy(context: BlockContext, index: int) -> bool:
    """Whether a line without indent or `>` goes on with the item or quote above it.

    Where one Enter is one paragraph, only after a line break or inside a tag; else text right below text.
    """
    line, above = context.lines[index], context.lines[index - 1]
    if not above.text or SPACELESS.match(line.text) or not context.is_text(index):
        return False
    if context.nesting.one_line:
        return above.hard
    return not line.foreign and not above.text.startswith(("#", "＃", "```", "~~~", "|"))


def quote(context: BlockContext, start: int) -> PreparedBlock:
    """Lines that begin with `>`, and text that goes on right below them."""
    lines: list[Line] = []
    index = start
    while index < len(context.lines):
        line = context.lines[index]
        if line.text.startswith(">"):
            lines.append(line.after(2 if line.text[1:2] == " " else 1))
        elif line.text and lines[-1].text and is_lazy(context, index):
            lines.append(line)
        else:
            break
        index += 1
    return PreparedBlock([f"> {line}" if line else ">" for line in context.inside(lines, "quote")], index)


def as_id(name: str) -> str:
    """A footnote's name as it stands in ids: without blanks, which no id may hold."""
    return "-".join(name.split())


def _defined_twice(name: str, earlier: Line, line: Line) -> Diagnostic:
    message = f"脚注 [^{name}] 在第 {earlier.number} 行已经写过，两处的文字放进了同一条注释"
    hint = f"这一条换一个编号，例如 [^{name}-2]: …，正文里相应的地方也写 [^{name}-2]"
    return line.warning("markdown.footnote-twice", message, hint)


def footnote(context: BlockContext, start: int) -> PreparedBlock:
    """`[^1]: 说明` with the indented lines that belong to it."""
    first = context.lines[start]
    match = FOOTNOTE.match(first.text)
    assert match is not None
    earlier = context.state.notes.setdefault(match[1], first)
    if earlier is not first:
        context.state.diagnostics.append(_defined_twice(match[1], earlier, first))
    if match[2] != ":":
        corrected = f"[^{match[1]}]: {first.text[match.end() :]}"
        message = "脚注的冒号应当用半角" if "：" in match[2] else "脚注的 ] 和冒号之间有空格"
        context.state.diagnostics.append(first.warning("markdown.footnote-colon", message, f"写成：{corrected}"))
    after = start + 1
    while after < len(context.lines):
        following = next_text(context.lines, after)
        if following is None or context.lines[following].indent < 2:
            break
        after = following + 1
    body = [first.after(match.end()), *(line.dedented(4) for line in context.lines[start + 1 : after])]
    return PreparedBlock(_hang(f"[^{match[1]}]: ", context.inside(body, "footnote")), after)
