"""The line pass: what members type -> lines that Python-Markdown reads as they meant them.

One function per kind of block, in the table `BLOCKS`; `kind_of` says which kind begins at a line. Each block is
set off by blank lines, so that nothing depends on whether the author typed one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from newsgen.content.markdown import photo_marks
from newsgen.content.markdown.headings import chinese_heading, hash_heading
from newsgen.content.markdown.lint import literal_stars
from newsgen.content.markdown.preprocess import code_and_html, containers, tables
from newsgen.content.markdown.preprocess.lines import (
    BREAK,
    EMPTY,
    MARK,
    BlockContext,
    Line,
    Nesting,
    ParseState,
    PreparedBlock,
)
from newsgen.core.model import Diagnostic

_OPENERS = frozenset("`~<#＃>-*+_=[0123456789")
"""The characters that can open a block other than text, a table or a Chinese heading."""

_APART = ("quote", "table", "tabbed")
"""Kinds of block that Python-Markdown does not read right behind the marker of an item."""

_DEFINITION = re.compile(r"\[([^\[\]^][^\[\]]*)\]:[ \t]*(\S+)(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?$")
_ADDRESS = re.compile(r"^(?:[./\\#<]|[A-Za-z][A-Za-z0-9+.-]*:)|\.[A-Za-z][A-Za-z0-9]{1,4}(?:[?#].*)?$")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])")
_FIGURE = re.compile(
    rf"(?:{_IMAGE.pattern}|\[{_IMAGE.pattern}\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]))(?:\{{[^{{}}]*\}})?"
)
_ATTRIBUTES = re.compile(r"\{:[^{}]*\}")
_NAMELESS = re.compile(r"(?P<hashes>[#＃]{1,6})(?:\s+[#＃]+)?")
_HOST_ADDRESS = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#:].*)?")
_LONG_NUMBER = re.compile(r"(\d{4,})\.(?=\s)")


def prepare(lines: Sequence[Line], nesting: Nesting, state: ParseState) -> list[str]:
    """The lines for Python-Markdown. Raises RecursionError where lists and quotes stand too deep in one another."""
    context = BlockContext(lines, nesting, state, prepare, is_text)
    out: list[str] = []
    index, blank, above = 0, False, ""
    while index < len(lines):
        if not lines[index].text:
            index, blank = index + 1, True
            continue
        kind = kind_of(context, index)
        block = BLOCKS[kind](context, index)
        if nesting.container == "item" and not out and kind in _APART:
            out.append(EMPTY)
        touches = block.tight and nesting.container == "item" and above == "text" and not blank
        out += block.lines if touches or not out else ["", *block.lines]
        # Python-Markdown finds a list right below text only where that text opens the item.
        above, index, blank = ("" if above else kind), block.after, False
    return out


def kind_of(context: BlockContext, index: int) -> str:
    """The kind of block that begins at this line."""
    text = context.lines[index].text
    if text[0] in _OPENERS:
        kind = _opened_kind(context, index, text)
        if kind:
            return kind
    if tables.begins_table(context, index):
        return "table"
    if tables.begins_tabbed(context, index):
        return "tabbed"
    if _is_chinese_heading(context, context.lines[index]):
        return "chinese"
    if context.nesting.depth:
        return "text"
    if photo_marks.as_image(text):
        return "photo"
    return "figure" if "](" in text and _FIGURE.fullmatch(text) else "text"


def _is_chinese_heading(context: BlockContext, line: Line) -> bool:
    nesting = context.nesting
    return nesting.depth == 0 and line.number not in nesting.enumerated and chinese_heading(line.text) is not None


def _opened_kind(context: BlockContext, index: int, text: str) -> str | None:
    """The kind that the first character announces, if the rest of the line keeps the promise."""
    first = text[0]
    if first in "`~":
        return "fence" if code_and_html.FENCE.match(text) else None
    if first == "<":
        return "html" if code_and_html.is_html_block(context, index) else None
    if first in "#＃":
        return "hash" if hash_heading(text) else "nameless" if _NAMELESS.fullmatch(text) else None
    if first == ">":
        return "quote"
    if first == "[":
        return _bracket_kind(text)
    if first in "-*_=" and containers.is_rule(text):
        return "rule"
    if first in "-+*":
        return "bullets" if containers.BULLET.match(text) and text != first else None
    return "numbers" if containers.NUMBER.match(text) else None


def _bracket_kind(text: str) -> str | None:
    if containers.FOOTNOTE.match(text):
        return "footnote"
    return "definition" if is_definition(text) else None


def is_definition(text: str) -> bool:
    """Whether a line is `[名]: 地址`. `[注意]:请大家` and `[注]: <p值>小` are not: their text would vanish."""
    match = _DEFINITION.match(text)
    return bool(match and _ADDRESS.search(match[2]) and (match[2][0] != "<" or match[2].find(">") == len(match[2]) - 1))


def is_text(context: BlockContext, index: int) -> bool:
    """Whether this line is plain text of a paragraph."""
    return kind_of(context, index) == "text"


def _text(context: BlockContext, start: int) -> PreparedBlock:
    """A paragraph: one line in Chinese mode, all lines up to another block by Markdown's rule."""
    index, alone = start, not _goes_on(context, start + 1)
    pieces = [context.lines[start].verse_indent if context.nesting.container == "quote" else ""]
    while True:
        line = context.lines[index]
        context.state.prose.append(line)
        context.state.diagnostics.extend(_without_scheme(line))
        pieces.append(_escaped(literal_stars(line.text) if alone else line.text))
        index += 1
        if not _goes_on(context, index):
            break
        pieces.append(f"{BREAK}\n{context.lines[index].verse_indent}" if _breaks(context, line) else "\n")
    if index < len(context.lines) and _ATTRIBUTES.fullmatch(context.lines[index].text):
        pieces.append(f"\n{context.lines[index].text}")
        index += 1
    out = "".join(pieces)
    if index > start + 1:
        context.state.shared.update(line.number for line in context.lines[start:index])
    name = context.nesting.classes.get(context.lines[start].number)
    return PreparedBlock(((MARK % f"p.{name}" if name else "") + out).split("\n"), index)


def _goes_on(context: BlockContext, index: int) -> bool:
    """Whether the line at `index` belongs to the paragraph above it."""
    if index >= len(context.lines) or not context.lines[index].text:
        return False
    above, line = context.lines[index - 1], context.lines[index]
    if (context.nesting.one_line or (line.foreign and context.nesting.depth == 0)) and not _breaks(context, above):
        return False
    return is_text(context, index) and not _ATTRIBUTES.fullmatch(line.text)


def _breaks(context: BlockContext, line: Line) -> bool:
    """Whether a line ends with a line break: the next one is in the same paragraph."""
    return line.hard or (line.spaced and not context.nesting.one_line)


def _escaped(text: str) -> str:
    """Text that Python-Markdown would take for a list (`2024. `) or a definition, made safe."""
    if text[0].isdigit():
        return _LONG_NUMBER.sub(r"\1\\.", text, count=1)
    return "\\" + text if text[0] == "[" and _DEFINITION.match(text) else text


def _without_scheme(line: Line) -> Iterator[Diagnostic]:
    """A warning for `[页]: a.com/x`, which is text: its address is neither complete nor a file's."""
    match = _DEFINITION.match(line.text) if line.text[0] == "[" else None
    if match and _HOST_ADDRESS.fullmatch(match[2]):
        message = f"网址 {match[2]} 少了开头的 https://，这一行会原样显示"
        hint = f"写成：[{match[1]}]: https://{match[2]}"
        yield line.warning("link.scheme", message, hint, match.start(2))


def _hash(context: BlockContext, start: int) -> PreparedBlock:
    line = context.lines[start]
    heading = hash_heading(line.text)
    assert heading is not None
    context.state.prose.append(line)
    if heading.corrected:
        code = "markdown.full-width-hash" if heading.full_width else "markdown.heading-space"
        message = "小标题的 # 用了全角" if heading.full_width else "小标题的 # 后面少一个空格"
        context.state.diagnostics.append(line.warning(code, message, f"写成：{heading.corrected}"))
    return PreparedBlock([MARK % f"h{heading.level}" + literal_stars(heading.title)], start + 1)


def _nameless(context: BlockContext, start: int) -> PreparedBlock:
    """`####` with nothing behind it: a heading without words, which is left out."""
    line = context.lines[start]
    match = _NAMELESS.fullmatch(line.text)
    assert match is not None
    message = f"{line.text} 后面没有字，这一行不显示"
    hint = f"写成：{match['hashes'].replace('＃', '#')} 小标题；不要就删去这一行"
    context.state.diagnostics.append(line.warning("markdown.heading-empty", message, hint))
    return PreparedBlock([], start + 1)


def _chinese(context: BlockContext, start: int) -> PreparedBlock:
    heading = chinese_heading(context.lines[start].text)
    assert heading is not None
    context.state.prose.append(
        context.lines[start].narrowed(heading[1])
    )  # what is bold as a whole: `**一、标题 **` is right
    return PreparedBlock([MARK % f"h{heading[0]}" + literal_stars(heading[1])], start + 1)


def _rule(context: BlockContext, start: int) -> PreparedBlock:
    return PreparedBlock(["---"], start + 1)


def _one_line(context: BlockContext, start: int) -> PreparedBlock:
    context.state.prose.append(context.lines[start])
    return PreparedBlock([context.lines[start].text], start + 1)


def _photo(context: BlockContext, start: int) -> PreparedBlock:
    """`【图1】`: the image that it stands for."""
    context.state.prose.append(context.lines[start])
    return PreparedBlock([photo_marks.as_image(context.lines[start].text) or ""], start + 1)


BLOCKS: Mapping[str, Callable[[BlockContext, int], PreparedBlock]] = {
    "fence": code_and_html.fence,
    "html": code_and_html.html_block,
    "hash": _hash,
    "nameless": _nameless,
    "chinese": _chinese,
    "rule": _rule,
    "quote": containers.quote,
    "bullets": containers.bullet_list,
    "numbers": containers.numbered_list,
    "footnote": containers.footnote,
    "definition": _one_line,
    "table": tables.table,
    "tabbed": tables.tabbed,
    "figure": _one_line,
    "photo": _photo,
    "text": _text,
}
"""All kinds of block, in the words of `kind_of`."""
