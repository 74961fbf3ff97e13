"""The value of one front-matter entry: plain text at once, else YAML, else mended text.

Free text never fails on punctuation. What YAML refuses or would cut short (`[通知] 开会`, `A: B`, `#1 教学楼`,
`"第一议题"学习会`) is taken as typed, with a fault that its owner turns into a warning.
"""

from __future__ import annotations

import re

from newsgen.content.frontmatter.keys import Key, Shape
from newsgen.core.escapes import with_slashes
from newsgen.core.model import Diagnostic, Record, changed
from newsgen.core.text import join_lines
from newsgen.core.yaml.nodes import (
    INDICATORS,
    ForbiddenCharacters,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlError,
    plain,
    quoted,
)


class RawValue(Record, frozen=True):
    """The value after a key's colon, stripped, at `line` and `column`, and the lines that continue it."""

    value: str
    tail: tuple[str, ...]
    line: int
    column: int


class ParsedValue(Record, frozen=True):
    """The value that was read. `node` is None after an error; `shown` is the value as it should be typed on one line.

    `corrections` are (code, words) about the first line, for a warning that shows the corrected line.
    """

    node: Node | None
    shown: str
    corrections: tuple[tuple[str, str], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


# Anchors, aliases and tags written on purpose: they are refused, and no text but a title begins like that.
_MACHINERY = re.compile(r"(?:^|[\[,]\s*)[&*!][!\w:/.-]+", re.ASCII)
_HASH_WORD = re.compile(r"#[^\s#]")


_MAX_FORBIDDEN = 100
"""Lines with control characters that are corrected in one value, at most: each is read anew."""


def read_value(typed: RawValue, key: Key) -> ParsedValue:
    """The node that was typed, mended where its meaning is beyond doubt."""
    current = _with_slashes(typed) if key.is_path else typed
    corrections = [("quotes", "双引号里的反斜杠有特殊含义，路径里用 /")] if current.value != typed.value else []
    diagnostics = [_corrected(typed.line + n, new) for n, new, old in _differing(current.tail, typed.tail)]
    for _ in range(_MAX_FORBIDDEN):
        try:
            reading = _read(current, key)
        except ForbiddenCharacters as error:
            current = _without_forbidden(current, error)
            if error.line == typed.line:
                corrections.append(("control", error.message))
            else:
                diagnostics = [diagnostic for diagnostic in diagnostics if diagnostic.line != error.line]
                diagnostics.append(_diagnostic("control", error.message, error.hint, error.line, error.column))
            continue
        return changed(
            reading, corrections=(*corrections, *reading.corrections), diagnostics=(*diagnostics, *reading.diagnostics)
        )
    return _failed(YamlError("这里有很多看不见的控制字符", typed.line, typed.column, "请把这一项重新输入一遍"))


def _with_slashes(typed: RawValue) -> RawValue:
    if '"' not in typed.value and not typed.tail:
        return typed
    return changed(typed, value=with_slashes(typed.value), tail=tuple(map(with_slashes, typed.tail)))


def _differing(new: tuple[str, ...], old: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """The lines that differ, counted from 1, as they should be and as they were typed."""
    return [(number, a, b) for number, (a, b) in enumerate(zip(new, old, strict=True), 1) if a != b]


def _without_forbidden(typed: RawValue, error: ForbiddenCharacters) -> RawValue:
    """The value with the line that holds forbidden escapes as it should have been typed."""
    offset = error.line - typed.line
    if offset == 0:
        return changed(typed, value=error.corrected[_width(typed) :])
    tail = list(typed.tail)
    tail[offset - 1] = error.corrected
    return changed(typed, tail=tuple(tail))


def _read(typed: RawValue, key: Key) -> ParsedValue:
    """Raises ForbiddenCharacters."""
    if typed.tail:
        return _many_lines(typed, key)
    if not typed.value or plain(typed.value):
        return ParsedValue(Scalar(typed.value, typed.line, typed.column), typed.value)
    return _one_line(typed, key.shape)


# ---------------------------------------------------------------- one line


def _one_line(typed: RawValue, shape: Shape) -> ParsedValue:
    if _hides_text(typed.value, shape):
        return _as_text(typed, typed.value, "“#”后面会被当作注释")
    try:
        node = _composed(typed, typed.tail)
    except YamlError as error:
        return _mended(typed, shape, error)
    if isinstance(node, Scalar) or shape == "items" or (shape == "list" and isinstance(node, Sequence)):
        return ParsedValue(node, typed.value)
    return _as_text(typed, typed.value, "以括号开头的文字要用引号括起来")


def _hides_text(value: str, shape: Shape) -> bool:
    """Whether YAML would drop as a comment what was meant as text: `#1 教学楼`, `走访 #1 教学楼`."""
    if value[0] == "#":
        return _HASH_WORD.match(value) is not None
    if " #" not in value or value[0] in "\"'[{":
        return False
    return shape == "text" or (shape == "list" and _HASH_WORD.search(value) is not None)


def _composed(typed: RawValue, tail: tuple[str, ...]) -> Node:
    """The value as YAML has it. The key is replaced by one of the width that keeps columns true."""
    text = "\n".join(("k" * (_width(typed) - 2) + ": " + typed.value, *tail))
    root = _parsed(text, typed.line)
    if isinstance(root, Mapping) and len(root.entries) == 1:
        return root.entries[0][1]
    raise YamlError("这几行的写法看不懂", typed.line, typed.column, "每一项单独写一行，例如“  - 内容”")


def _width(typed: RawValue) -> int:
    """The number of characters before the value, at least that of the shortest key."""
    return max(typed.column - 1, 3)


def _parsed(text: str, first_line: int = 1) -> Node:
    from newsgen.core.yaml.parser import parse

    return parse(text, first_line)


def _mended(typed: RawValue, shape: Shape, error: YamlError) -> ParsedValue:
    value = typed.value
    inner = value.strip("[] ")
    if shape != "text" and _MACHINERY.search(value):
        return _failed(error)
    if shape in ("list", "items") and value[0] == "[" and inner and not set(value[1:-1]) & set("[]{}"):
        node = Scalar(inner, typed.line, typed.column + 1)
        return ParsedValue(node, inner, (("quotes", "方括号没有配对，或里面有特殊符号"),))
    if shape in ("list", "items") and (
        value[0] == "{" or value.startswith("[[") or (shape == "items" and inner != value)
    ):
        return _failed(error)
    if value[0] in "\"'" and value.count(value[0]) == 1 and value[1:].strip():
        return _as_text(typed, value[1:], "引号只有前一半")
    if value[0] in "\"'" and value[-1] == value[0] and value.count(value[0]) == 2:
        return _as_text(typed, value[1:-1], "引号里的特殊符号要换一种引号")
    return _as_text(typed, value, f"{_why(value)}，要用引号括起来")


def _why(value: str) -> str:
    if value[0] in INDICATORS:
        return f"值以 {value[0]} 开头"
    return "值里有英文冒号" if ": " in value or value[-1] == ":" else "值里有特殊符号"


def _as_text(typed: RawValue, text: str, words: str) -> ParsedValue:
    text = text.strip()
    return ParsedValue(Scalar(text, typed.line, typed.column), quoted(text), (("quotes", words),))


def _failed(error: YamlError, diagnostics: tuple[Diagnostic, ...] = ()) -> ParsedValue:
    found = Diagnostic("front-matter.yaml", "error", error.message, error.hint, line=error.line, column=error.column)
    return ParsedValue(None, "", (), (*diagnostics, found))


# ---------------------------------------------------------------- several lines


def _many_lines(typed: RawValue, key: Key) -> ParsedValue:
    if key.shape in ("text", "value"):
        return _running_text(typed)
    tail = typed.tail if typed.value else tuple(_mended_line(line, key) for line in typed.tail)
    diagnostics = tuple(_corrected(typed.line + offset, new) for offset, new, _ in _differing(tail, typed.tail))
    try:
        node = _composed(typed, tail)
    except YamlError as error:
        return _failed(error, diagnostics)
    if isinstance(node, Scalar) and not node.quoted:
        if any(line.lstrip().startswith("- ") for line in tail):
            hint = "第一项也另起一行，写成“  - 内容”"
            return _failed(YamlError("冒号后面已经有内容，下面又是一个列表", typed.line, typed.column, hint))
        node = Scalar(_joined(typed.value, tail), node.line, node.column)
    return ParsedValue(node, typed.value, (), diagnostics)


def _running_text(typed: RawValue) -> ParsedValue:
    """Text over several lines; Chinese lines are joined without the space that YAML puts between them."""
    value = "|" + typed.value[1:] if typed.value[:1] == ">" else typed.value
    joined = _joined(typed.value, typed.tail)
    try:
        node = _composed(RawValue(value, typed.tail, typed.line, typed.column), typed.tail)
    except YamlError:
        return ParsedValue(
            Scalar(joined, typed.line, typed.column), quoted(joined), (("lines", "分成了几行，请写成一行"),)
        )
    if isinstance(node, Scalar) and not node.quoted:
        node = Scalar(joined, node.line, node.column)
    return ParsedValue(node, typed.value)


def _joined(value: str, tail: tuple[str, ...]) -> str:
    return join_lines(line for line in (value, *tail) if not line.lstrip().startswith("# "))


def _corrected(line: int, shown: str) -> Diagnostic:
    return _diagnostic("yaml", "这一行的写法不规范，已按改正后的意思处理", f"改成：{shown}", line)


def _diagnostic(code: str, message: str, hint: str, line: int, column: int = 1) -> Diagnostic:
    return Diagnostic(f"front-matter.{code}", "warning", message, hint, "", line, column)


_INDENT = re.compile(r"[ \t\u3000\xa0]*")
_BULLET = re.compile(r"(?:-|[－–—•·])(?=[^\s－–—•·-])|[－–—•·]\s+")
_OPENED = re.compile(r"\"[^\"]*|'[^']*|\[[^\]]*|\{[^}]*")
_ITEM_START = re.compile(r" *(?:- +)?")


def _mended_line(line: str, key: Key) -> str:
    """A line of a list or of items with spaces, bullet, colon and quotes as YAML wants them."""
    if not line.strip() or line.lstrip().startswith("#"):
        return line
    indent = _INDENT.match(line)
    spaces = indent[0] if indent else ""
    rest = line[len(spaces) :].rstrip(" \t\u3000\xa0")
    rest = _BULLET.sub("- ", rest, count=1) if _BULLET.match(rest) else rest
    start = _ITEM_START.match(rest)
    bullet = start[0] if start else ""
    name, value = _part(rest[len(bullet) :], key)
    if (bullet.strip() or name) and value and not plain(value) and not _reads(value, key.shape, bool(name)):
        value = quoted(value)
    mended = re.sub(r"[\t\u3000\xa0]", "  ", spaces) + bullet + name + value
    return line if mended == line.rstrip() else mended


def _part(text: str, key: Key) -> tuple[str, str]:
    """A known part with its colon put right, and the rest; the name is empty where none is known."""
    match = re.fullmatch(r"([^:：\s]+)\s*([:：])\s*(.*)", text)
    if match and match[1].casefold() in dict(key.parts):
        return f"{match[1]}: " if match[3] else f"{match[1]}:", match[3]
    return "", text


def _reads(value: str, shape: Shape, has_name: bool) -> bool:
    """Whether YAML takes the value of one item as it is, and nothing is lost as a comment."""
    if _hides_text(value, "list"):
        return False
    try:
        node = _parsed(value if not has_name else f"k: {value}")
    except YamlError:
        return _OPENED.fullmatch(value) is not None  # may go on in the next line
    except ForbiddenCharacters:  # reported when the whole is read
        return True
    if has_name:
        return isinstance(node, Mapping) and isinstance(node.entries[0][1], Scalar)
    return not isinstance(node, Mapping) or shape == "items"
