"""Front matter: the block between two lines of `---` on top of a file becomes a frozen value (design 5.1).

1. split     text    -> block and body
2. entries   block   -> entries, each with its node            (entries.py, mending.py)
3. values    entries -> typed values                           (keys.py, values.py)
4. checks    what one value demands of another
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from newsgen.entries import Entry, folded, looks_like_entry, read_entries, split_head
from newsgen.keys import ARTICLE_KEYS, SECTION_KEYS, by_name
from newsgen.model import Diagnostic, FrontMatter, Moment, SectionMatter
from newsgen.yamltext import Scalar

MAX_TITLE = 120
_ARTICLE = MappingProxyType(by_name(ARTICLE_KEYS))
_SECTION = MappingProxyType(by_name(SECTION_KEYS))

_DASH = "-—–―─－"
_OPENING = re.compile(r"---[ \t]*")
# A closing line: three hyphens or dots; what WPS and Chinese input make of hyphens is taken too.
_CLOSING = re.compile(rf"^(?:[{_DASH}]+|\.\.\.)[ \t\u3000\xa0]*$", re.MULTILINE)
_EXAMPLE = "在文件最上面加上：\n---\ntitle: 文章标题\ndate: 2024-03-13\n---"
_SECTION_EXAMPLE = "在文件最上面加上：\n---\ntitle: 栏目名称\n---"


@dataclass(frozen=True, slots=True)
class FrontMatterBlock:
    """A file cut in two: `lines` stand between the delimiters, the first of them at `first_line`."""

    lines: tuple[str, ...]
    first_line: int
    body: str
    first_body_line: int
    diagnostics: tuple[Diagnostic, ...] = ()


def split(text: str, example: str = _EXAMPLE) -> FrontMatterBlock | Diagnostic:
    """The block and the body of a file's text, or the error `front-matter.missing` or `front-matter.unclosed`.

    `example` is what the hint shows where there is no block.
    """
    blank = len(text) - len(text.lstrip())
    start = text.rfind("\n", 0, blank) + 1
    end = _line_end(text, start)
    opening = text[start:end].strip()
    line = text.count("\n", 0, start) + 1
    if not _is_delimiter(opening):
        return _missing(text, opening, line, example)
    closing = next((match for match in _CLOSING.finditer(text, end + 1) if _closes(match[0])), None)
    lines = text[end + 1 : closing.start() if closing else None].split("\n")
    if closing:
        lines.pop()
    foreign = [index for index, typed in enumerate(lines) if not looks_like_entry(typed)]
    if closing is None or _holds_body(lines, foreign):
        return _unclosed(lines, line, foreign[0] if foreign else None)
    after = _line_end(text, closing.start())
    remarks = (*_delimiter(text[start:end], line), *_delimiter(closing[0], line + len(lines) + 1))
    return FrontMatterBlock(tuple(lines), line + 1, text[after + 1 :], line + len(lines) + 2, remarks)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _is_delimiter(line: str) -> bool:
    """At least three hyphens, or dashes that an input method made of two or more of them."""
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


def _missing(text: str, first: str, line: int, example: str) -> Diagnostic:
    head = split_head(first)
    if head and any(_closes(match[0]) for match in _CLOSING.finditer(text)):
        message, hint = "文件开头缺少一行 ---", f"在「{first[:30]}」上面加一行：---"
    elif head and folded(head.name) in _ARTICLE:
        message, hint = (
            "标题、时间等信息要放在两行 --- 中间",
            f"在这几行的上面和下面各加一行 ---，{example.replace('加上', '写成')}",
        )
    elif first.startswith("+++"):
        message, hint = "文件信息要放在两行 --- 中间，不是 +++", example
    else:
        message, hint = "文件开头没有标题、时间等信息", example
    return Diagnostic("front-matter.missing", "error", message, hint, line=line)


def _unclosed(lines: list[str], opening: int, stop: int | None) -> Diagnostic:
    """Names the last line that can belong to the block."""
    end = len(lines) if stop is None else stop
    heads = [index for index in range(end) if split_head(lines[index]) is not None]
    blank = next((index for index in range(end) if not lines[index].strip()), end)
    last = max((index for index in heads if index < blank), default=-1)
    last = blank - 1 if last >= 0 else last
    number = opening + 1 + last
    shown = f"（{lines[last].strip()[:30]}）" if last >= 0 else ""
    message = "开头的信息没有结束：缺少第二行 ---"
    return Diagnostic("front-matter.unclosed", "error", message, f"在第 {number} 行{shown}后面加一行：---", line=number)


# ---------------------------------------------------------------- reports and pages


def read_article(text: str) -> tuple[FrontMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The front matter of a report, its body, the line at which the body starts, and all remarks.

    The front matter is None when there is an error. Never raises, whatever the text.
    """
    block = split(text)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    entries, remarks = read_entries(block.lines, block.first_line, _ARTICLE)
    values, faults = _typed(entries)
    lines = {entry.key.name: entry.line for entry in entries}
    end = block.first_body_line - 1
    checked = (*block.diagnostics, *remarks, *faults, *_check_article(values, lines, end))
    if any(item.severity == "error" for item in checked):
        return None, block.body, block.first_body_line, checked
    _split_pinned(values)
    return FrontMatter(lines=tuple(lines.items()), **values), block.body, block.first_body_line, checked


def read_section(text: str) -> tuple[SectionMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The same for `_index.md`."""
    block = split(text, _SECTION_EXAMPLE)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    entries, remarks = read_entries(block.lines, block.first_line, _SECTION)
    values, faults = _typed(entries)
    lines = {entry.key.name: entry.line for entry in entries}
    missing = () if "title" in values else _no_title(lines, "党建动态")
    checked = (*block.diagnostics, *remarks, *faults, *missing)
    if any(item.severity == "error" for item in checked):
        return None, block.body, block.first_body_line, checked
    if "kind" in values:
        values["list_kind"] = values.pop("kind")
    return SectionMatter(**values), block.body, block.first_body_line, checked


def _body_without_block(problem: Diagnostic, text: str) -> str:
    """All of it where there is no block; nothing where it is unknown where the body starts."""
    return text if problem.code == "front-matter.missing" else ""


def _typed(entries: tuple[Entry, ...]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The values by field; a key that failed is there as None, one with nothing behind it is left out."""
    values: dict[str, Any] = {}
    remarks: list[Diagnostic] = []
    for entry in entries:
        node = entry.node
        if isinstance(node, Scalar) and (not node.text or _is_absent(node)):
            continue
        value, said = entry.key.convert(f"front-matter.{entry.key.name}", node) if node else (None, ())
        remarks += said
        if value != "" and value != ():
            values[entry.key.name] = value
    return values, remarks


def _is_absent(node: Scalar) -> bool:
    return not node.text.strip() or (not node.quoted and node.text in ("~", "null"))


def _split_pinned(values: dict[str, Any]) -> None:
    if isinstance(values.get("pinned"), datetime):
        values |= {"pinned": True, "pinned_until": Moment.of(values["pinned"], to_the_minute=False)}


# ---------------------------------------------------------------- what one value demands of another


def _check_article(values: Mapping[str, Any], lines: Mapping[str, int], end: int) -> Iterator[Diagnostic]:
    kind = values.get("kind", "news")
    if "title" not in values:
        yield from _no_title(lines, "学院党委召开支部工作会议")
    elif values["title"] and len(values["title"]) > MAX_TITLE:
        message = f"标题有 {len(values['title'])} 个字，超过 {MAX_TITLE} 个，列表里排不下"
        yield _warning("title", message, "缩短标题，其余写进 subtitle（副题）或 summary（摘要）", lines["title"])
    if "date" not in values and kind != "page":
        yield _error("date", "没有写时间", "加上一行：date: 2024-03-13", lines.get("date", end))
    if kind == "announcement" and "expires" not in values:
        yield _error("expires", "公示要写明哪天结束", "加上一行：expires: 2024-03-20", lines.get("expires", end))
    if kind == "reprint" and "source" not in values:
        yield _error("source", "转载要写明来源", "加上一行：source: 新华社", lines.get("source", end))
    if kind == "reprint" and "original" not in values:
        hint = "加上一行：original: https://www.example.com/news/1.html"
        yield _error("original", "转载要写明原文链接", hint, lines.get("original", end))
    slug = values.get("slug")
    if kind == "page" and slug and slug.text.isdigit():
        message = f"网址名「{slug.text}」全是数字，会和栏目的列表页重名"
        yield _error("slug", message, "加上英文字母，例如 slug: about", slug.line, slug.column)
    yield from _check_times(values, lines)


def _no_title(lines: Mapping[str, int], example: str) -> Iterator[Diagnostic]:
    message = "标题是空的" if "title" in lines else "没有写标题"
    yield _error("title", message, f"写一行：title: {example}", lines.get("title", 1))


def _check_times(values: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[Diagnostic]:
    expires, publish_at, date = (values.get(key) for key in ("expires", "publish_at", "date"))
    if expires and publish_at and expires.at <= publish_at.at:
        message = f"下线时间 {expires.minute} 不晚于定时发布的时间 {publish_at.minute}，这篇永远不会出现"
        yield _error("expires", message, "把下线时间改到发布之后", lines["expires"])
    elif expires and date and expires.at < date.at:
        message = f"下线时间 {expires.minute} 早于文章的时间 {date.minute}"
        yield _warning("expires", message, "检查两个时间哪一个写错了", lines["expires"])


def _error(key: str, message: str, hint: str, line: int, column: int = 1) -> Diagnostic:
    return Diagnostic(f"front-matter.{key}", "error", message, hint, "", line, column)


def _warning(key: str, message: str, hint: str, line: int) -> Diagnostic:
    return Diagnostic(f"front-matter.{key}", "warning", message, hint, line=line)
