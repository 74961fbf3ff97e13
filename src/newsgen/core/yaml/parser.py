"""YAML read as text: every scalar is what was typed, never YAML's guess.

This is the only module that imports the yaml package. That takes as long as reading four hundred reports, so this
module is imported where a text first needs it.

Explicit tags, anchors, aliases, several documents and deep nesting are refused: no setting of ours needs them, and
YAML bombs are made of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from newsgen.core.escapes import all_without_forbidden, without_forbidden
from newsgen.core.model import Record
from newsgen.core.text import clean, is_clean
from newsgen.core.yaml.nodes import ForbiddenCharacters, Mapping, Node, Scalar, Sequence, YamlError, quoted

MAX_DEPTH = 50
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The C parser is ten times as fast; a PyYAML built without it still works."""


def parse(text: str, first_line: int = 1) -> Node:
    """The one document in `text`; an empty one is an empty Scalar. Lines count from `first_line`.

    Raises YamlError, and ForbiddenCharacters where an escape stands for what no page may hold.
    """
    source = _SourceText(text.encode("utf-8", "replace").decode("utf-8"), first_line)
    try:
        return _document(source)
    except yaml.MarkedYAMLError as error:
        if "escape code" in (error.problem or ""):  # half of a surrogate pair, or more than Unicode has
            line, column = source.place(error.problem_mark)
            start = source.line(line).rfind('"', 0, column - 1)
            _refuse_escapes(source.line(line), max(start, 0), len(source.line(line)), line)
        raise _translated(error, source) from error
    except yaml.YAMLError as error:
        raise YamlError("这里有看不见的特殊字符", first_line, 1, "请把这几行重新输入一遍") from error


class _SourceText(Record, frozen=True):
    text: str
    first_line: int

    def line(self, number: int) -> str:
        """The line with this number as the author counts, or nothing past the end."""
        lines = self.text.split("\n")
        index = number - self.first_line
        return lines[index] if 0 <= index < len(lines) else ""

    def place(self, mark: yaml.Mark | yaml._yaml.Mark | None) -> tuple[int, int]:
        return (mark.line + self.first_line, mark.column + 1) if mark else (self.first_line, 1)


def _document(source: _SourceText) -> Node:
    events = yaml.parse(source.text, Loader=_LOADER)
    node: Node = Scalar("", source.first_line, 1)
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                line, column = source.place(event.start_mark)
                raise YamlError("设置中间多了一行 ---", line, column, "删掉这一行 ---")
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, events, source, 1)
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], source: _SourceText, depth: int) -> Node:
    line, column = source.place(event.start_mark)
    _refuse(event, line, column, depth)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, source)
    if isinstance(event, yaml.SequenceStartEvent):
        items = tuple(_node(item, events, source, depth + 1) for item in _until(events, yaml.SequenceEndEvent))
        return Sequence(items, line, column)
    entries = tuple(
        (_key(key, source), _node(next(events), events, source, depth + 1))
        for key in _until(events, yaml.MappingEndEvent)
    )
    return Mapping(entries, line, column)


def _until(events: Iterator[yaml.Event], end: type[yaml.Event]) -> Iterator[yaml.Event]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _key(event: yaml.Event, source: _SourceText) -> Scalar:
    line, column = source.place(event.start_mark)
    _refuse(event, line, column, 1)
    if not isinstance(event, yaml.ScalarEvent):
        raise YamlError("冒号前面应当是一个名称，这里却是一个列表或一组设置", line, column, "写成“名称: 值”")
    return _scalar(event, source)


def _scalar(event: yaml.ScalarEvent, source: _SourceText) -> Scalar:
    """The value as text. Raises ForbiddenCharacters."""
    line, column = source.place(event.start_mark)
    if not is_clean(event.value):
        last, end = source.place(event.end_mark)
        for number in range(line, last + 1):
            typed = source.line(number)
            start = column - 1 if number == line else 0
            _refuse_escapes(typed, start, end - 1 if number == last else len(typed), number)
    return Scalar(clean(event.value), line, column, bool(event.style))


def _refuse_escapes(typed: str, start: int, end: int, line: int) -> None:
    corrected = without_forbidden(typed[start:end])
    if corrected:
        message = f"英文双引号里的 {corrected.escape} 是看不见的控制字符，网页里不能有"
        whole = typed[:start] + corrected.text + all_without_forbidden(typed[end:])
        raise ForbiddenCharacters(message, line, start + corrected.offset + 1, whole)


def _refuse(event: yaml.Event, line: int, column: int, depth: int) -> None:
    if not isinstance(event, yaml.NodeEvent):
        return
    if isinstance(event, yaml.AliasEvent):
        raise YamlError("值以 * 开头，会被当作引用", line, column, f'给整个值加上英文双引号："*{event.anchor}"')
    if event.anchor:
        raise YamlError("值以 & 开头，会被当作记号", line, column, f'给整个值加上英文双引号："&{event.anchor} …"')
    if getattr(event, "tag", None):
        raise YamlError(
            "值以叹号开头，会被当作类型标记", line, column, "给整个值加上英文双引号，或删掉叹号和它后面的标记"
        )
    if depth > MAX_DEPTH:
        raise YamlError(f"括号或缩进套了 {MAX_DEPTH} 层以上", line, column, "检查是否多打了 [ 或 {")


_QUOTE = "给冒号后面的整个值加上英文双引号"
_UNCLOSED = ("unexpected end of stream", "',' or ']'", "',' or '}'", "simple key")
_STARTS = {
    "\t": ("这里有制表符（Tab），只能用空格", "把制表符换成两个空格"),
    "@": ("值不能以 @ 开头", _QUOTE),
    "`": ("值不能以 ` 开头", _QUOTE),
    "%": ("值不能以 % 开头", _QUOTE),
}
_TRANSLATIONS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "值里又出现了“冒号加空格”，看不出哪里是值", _QUOTE),
    ("tab character", "行首有制表符（Tab），缩进只能用空格", "把制表符换成两个空格"),
    ("',' or ']'", "方括号 [ 后面没有对应的 ]，或者 ] 后面还有字", "补上 ]；本来就是文字的，" + _QUOTE),
    ("',' or '}'", "花括号 { 后面没有对应的 }，或者 } 后面还有字", "补上 }；本来就是文字的，" + _QUOTE),
    ("unexpected end of stream", "引号或括号只有前一半", "补上后一半"),
    ("escape", "英文双引号里的反斜杠 \\ 有特殊含义", "把双引号换成英文单引号"),
    ("quoted scalar", "引号只有前一半", "补上后一半引号"),
    ("alias", "值以 * 开头，会被当作引用", _QUOTE),
    ("anchor", "值以 & 开头，会被当作记号", _QUOTE),
    ("tag", "值以叹号开头，会被当作类型标记", _QUOTE),
    ("sequence entries", "减号加空格是列表，列表的每一项要另起一行", "每一项单独写一行“  - 内容”"),
    ("line break", "值以 | 或 > 开头时，文字要从下一行写起", "另起一行并缩进两个空格；本来就是文字的，" + _QUOTE),
    ("mapping keys are not allowed", "值以问号加空格开头，看不出意思", _QUOTE),
    ("simple key", "这一行少了冒号，或者引号、括号没有配对", "写成“名称: 值”，冒号用英文的，后面空一格"),
    ("expected ':'", "这一行少了冒号，或者冒号后面没有空格", "写成“名称: 值”，冒号用英文的，后面空一格"),
    ("block mapping", "这一行的缩进与上面各行不齐，或者引号后面还有字", "让同一级的行开头对齐；" + _QUOTE),
    ("block collection", "列表各行的缩进不齐", "让每个减号上下对齐"),
    ("block sequence", "列表各行的缩进不齐", "让每个减号上下对齐"),
    ("document start", "上面的内容已经完整，这一行是多余的，或者缩进不对", "让同一级的行开头对齐"),
    ("node content", "这里应当有一个值", "检查括号和逗号，" + _QUOTE),
)


def _translated(error: yaml.MarkedYAMLError, source: _SourceText) -> YamlError:
    words = f"{error.problem or ''} {error.context or ''}"
    unclosed = any(part in words for part in _UNCLOSED)  # then the place to mend is where it was opened
    line, column = source.place(error.context_mark if unclosed else error.problem_mark or error.context_mark)
    typed = source.line(line)
    message, remedy = _message(words, typed, column)
    return YamlError(message, line, column, _remedy(remedy, typed))


def _message(words: str, typed: str, column: int) -> tuple[str, str]:
    if "cannot start any token" in words and typed[column - 1 : column] in _STARTS:
        return _STARTS[typed[column - 1 : column]]
    if "mapping values" in words and ":" not in typed[: column - 1]:
        return "这一行看起来成了上一行的一部分，多半是行首多了空格", f"删掉行首多余的空格，改成：{typed.strip()}"
    known = ((message, remedy) for part, message, remedy in _TRANSLATIONS if part in words)
    return next(known, ("这一行的写法看不懂", _QUOTE))


def _remedy(remedy: str, typed: str) -> str:
    name, colon, value = typed.strip().partition(":")
    if "\t" in typed and "制表符" in remedy:
        return f"{remedy}，改成：{typed.replace(chr(9), '  ')}"
    if remedy.endswith(_QUOTE) and colon and value.strip():
        return f"{remedy}，改成：{name}: {quoted(value.strip())}"
    if "改成" in remedy:
        return remedy
    return f"{remedy}。这一行是：{typed.strip()[:60]}" if typed.strip() else f"{remedy}"
