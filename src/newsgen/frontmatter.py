"""Front matter: the block between two lines of `---` on top of a file becomes a frozen value (design 5.1).

1. block     text   -> typed values, body     (plainlines.py where each line is plain, else blocks.py)
2. checks    what one value demands of another
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from newsgen.keys import ARTICLE, SECTION, Keys
from newsgen.model import Diagnostic, FrontMatter, Moment, SectionMatter
from newsgen.plainlines import Block, read_plain
from newsgen.text import SOFT_BREAK

MAX_TITLE = 120
_EXAMPLE = "在文件最上面加上：\n---\ntitle: 文章标题\ndate: 2024-03-13\n---"
_SECTION_EXAMPLE = "在文件最上面加上：\n---\ntitle: 栏目名称\n---"


def read_article(text: str) -> tuple[FrontMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The front matter of a report, its body, the line at which the body starts, and all remarks.

    The front matter is None when there is an error. Never raises, whatever the text.
    """
    block = _block(text, ARTICLE, _EXAMPLE)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    values, lines, body, first_line, remarks = block
    checked = (*remarks, *_check_article(values, lines, first_line - 1))
    if _hold_error(checked):
        return None, body, first_line, checked
    _split_pinned(values)
    return FrontMatter(lines=tuple(lines.items()), **values), body, first_line, checked


def read_section(text: str) -> tuple[SectionMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The same for `_index.md`."""
    block = _block(text, SECTION, _SECTION_EXAMPLE)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    values, lines, body, first_line, remarks = block
    checked = remarks if "title" in values else (*remarks, *_no_title(lines, "党建动态"))
    if _hold_error(checked):
        return None, body, first_line, checked
    if "kind" in values:
        values["list_kind"] = values.pop("kind")
    return SectionMatter(**values), body, first_line, checked


def _block(text: str, keys: Keys, example: str) -> Block | Diagnostic:
    plain = read_plain(text, keys)
    if plain is not None:
        return plain
    from newsgen.blocks import read_block, without_soft_breaks

    return read_block(without_soft_breaks(text, keys) if SOFT_BREAK in text else text, keys, example)


def _body_without_block(problem: Diagnostic, text: str) -> str:
    """All of it where there is no block; nothing where it is unknown where the body starts."""
    return text if problem.code == "front-matter.missing" else ""


def _hold_error(remarks: tuple[Diagnostic, ...]) -> bool:
    return any(item.severity == "error" for item in remarks)


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
