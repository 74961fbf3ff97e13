"""Front matter: the block between two lines of `---` on top of a file becomes a frozen value.

1. block     text   -> typed values, body     (fast_path.py where each line is plain, else block.py)
2. checks    what one value demands of another

block.py reads entry by entry (entries.py, repair.py); keys.py has the table of keys, converters.py, aliases.py,
approvals.py and reviews.py what their values mean, examples.py what hints show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from newsgen.content.frontmatter.examples import (
    SECTION_TITLE,
    TITLE,
    date_hint,
    end_hint,
    left_over,
    title_hint,
    year_in,
)
from newsgen.content.frontmatter.fast_path import PlainBlock, parse_fast
from newsgen.content.frontmatter.keys import ARTICLE, SECTION, Keys
from newsgen.core.date_hints import OPEN_YEAR, with_year
from newsgen.core.model import Diagnostic, FrontMatter, Moment, SectionMatter, changed
from newsgen.core.text import SOFT_BREAK

MAX_TITLE = 120


def read_article(text: str) -> tuple[FrontMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The front matter of a report, its body, the line at which the body starts, and all diagnostics.

    The front matter is None when there is an error. Never raises, whatever the text.
    """
    block = _block(text, ARTICLE, TITLE)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    values, lines, body, first_line, diagnostics = block
    checked = (*diagnostics, *_check_article(values, lines, first_line - 1, body))
    if _has_error(checked):
        checked = _with_known_year(checked, values, body)
        return None, body, first_line, checked
    _split_pinned(values)
    checked = (*checked, *left_over(values["title"], body, lines["title"], first_line))
    return FrontMatter(lines=tuple(lines.items()), **values), body, first_line, checked


def read_section(text: str) -> tuple[SectionMatter | None, str, int, tuple[Diagnostic, ...]]:
    """The same for `_index.md`."""
    block = _block(text, SECTION, SECTION_TITLE)
    if isinstance(block, Diagnostic):
        return None, _body_without_block(block, text), 1, (block,)
    values, lines, body, first_line, diagnostics = block
    checked = diagnostics
    if "title" not in values:
        checked = (*diagnostics, *_no_title(lines, "加上一行 title: ，冒号后面写栏目的名称"))
    if _has_error(checked):
        return None, body, first_line, checked
    checked = (*checked, *left_over(values["title"], body, lines["title"], first_line))
    if "kind" in values:
        values["list_kind"] = values.pop("kind")
    return SectionMatter(**values), body, first_line, checked


def _block(text: str, keys: Keys, title: str) -> PlainBlock | Diagnostic:
    plain = parse_fast(text, keys)
    if plain is not None:
        return plain
    from newsgen.content.frontmatter.block import read_block, without_soft_breaks

    return read_block(without_soft_breaks(text, keys) if SOFT_BREAK in text else text, keys, title)


def _body_without_block(diagnostic: Diagnostic, text: str) -> str:
    """The body of a text without a block: all of it, or nothing where it is unknown where the body starts."""
    return text if diagnostic.code == "front-matter.missing" else ""


def _has_error(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(item.severity == "error" for item in diagnostics)


def _split_pinned(values: dict[str, Any]) -> None:
    if isinstance(values.get("pinned"), datetime):
        values |= {"pinned": True, "pinned_until": Moment.of(values["pinned"], to_the_minute=False)}


# ---------------------------------------------------------------- what one value demands of another


def _check_article(values: Mapping[str, Any], lines: Mapping[str, int], end: int, body: str) -> Iterator[Diagnostic]:
    kind = values.get("kind", "news")
    if "title" not in values:
        yield from _no_title(lines, title_hint(body))
    elif values["title"] and len(values["title"]) > MAX_TITLE:
        message = f"标题有 {len(values['title'])} 个字，超过 {MAX_TITLE} 个，列表里排不下"
        yield _warning("title", message, "缩短标题，其余写进 subtitle（副题）或 summary（摘要）", lines["title"])
    if "date" not in values and kind != "page":
        yield _lacking("date", "没有写时间", date_hint(body), lines, end)
    if kind == "announcement" and "expires" not in values:
        hint = end_hint(values.get("date"), values.get("publish_at"))
        yield _lacking("expires", "公示要写明哪天结束", hint, lines, end)
    if kind == "reprint" and "source" not in values:
        hint = "加上一行 source: ，冒号后面写原文登在哪家报刊或网站"
        yield _lacking("source", "转载要写明来源", hint, lines, end)
    if kind == "reprint" and "original" not in values:
        hint = "加上一行 original: ，冒号后面写原文的网址，从浏览器地址栏复制"
        yield _lacking("original", "转载要写明原文链接", hint, lines, end)
    slug = values.get("slug")
    if kind == "page" and slug and slug.text.isdigit():
        message = f"网址名「{slug.text}」全是数字，会和栏目的列表页重名"
        yield _error("slug", message, f"加上英文字母，例如 slug: page-{slug.text}", slug.line, slug.column)
    yield from _check_times(values, lines, kind)


def _no_title(lines: Mapping[str, int], hint: str) -> Iterator[Diagnostic]:
    yield _lacking("title", "标题是空的" if "title" in lines else "没有写标题", hint, lines, 1)


def _lacking(key: str, message: str, hint: str, lines: Mapping[str, int], end: int) -> Diagnostic:
    """The error about a key that is needed, at its line where it stands there without a value."""
    if key in lines:
        hint = hint.replace("加上一行：", "写成：").replace(f"加上一行 {key}: ，冒号后面", "在冒号后面")
    return _error(key, message, hint, lines.get(key, end))


def _check_times(values: Mapping[str, Any], lines: Mapping[str, int], kind: str) -> Iterator[Diagnostic]:
    expires, publish_at, date = (values.get(key) for key in ("expires", "publish_at", "date"))
    if expires and publish_at and expires.at <= publish_at.at:
        message = f"下线时间 {expires.minute} 不晚于定时发布的时间 {publish_at.minute}，这篇永远不会出现"
        yield _error("expires", message, f"把下线时间改到 {publish_at.shown} 之后", lines["expires"])
    elif expires and date and kind != "page" and expires.at <= date.at:
        message = f"下线时间 {expires.shown} 不晚于文章的时间 {date.shown}，这篇不会出现"
        hint = "检查两个时间哪一个写错了；只写日期，就是那天零点消失"
        if kind == "announcement":
            hint += "\n" + end_hint(date, publish_at).replace("加上一行：", "写成：")
        yield _error("expires", message, hint, lines["expires"])


def _with_known_year(
    diagnostics: tuple[Diagnostic, ...], values: Mapping[str, Any], body: str
) -> tuple[Diagnostic, ...]:
    """Hints that leave a year open, with the one year that is written elsewhere in the file."""
    if not any(OPEN_YEAR in item.hint for item in diagnostics):
        return diagnostics
    year = year_in(values, body)
    if year is None:
        return diagnostics
    found = (changed(item, hint=with_year(item.hint, year)) for item in diagnostics)
    return tuple(_after_the_date(item, values.get("date"), year) for item in found)


def _after_the_date(item: Diagnostic, date: Moment | None, year: str) -> Diagnostic:
    """The hint about an end or an update in the year in which it is later than the article."""
    is_earlier = date is not None and item.hint.startswith(f"写成 {year}-") and item.hint[3:13] <= date.day
    if not is_earlier or item.code.rpartition(".")[2] not in ("expires", "pinned", "publish_at", "updated"):
        return item
    return changed(item, hint=item.hint.replace(f"写成 {year}-", f"写成 {int(year) + 1}-"))


def _error(key: str, message: str, hint: str, line: int, column: int = 1) -> Diagnostic:
    return Diagnostic(f"front-matter.{key}", "error", message, hint, "", line, column)


def _warning(key: str, message: str, hint: str, line: int) -> Diagnostic:
    return Diagnostic(f"front-matter.{key}", "warning", message, hint, line=line)
