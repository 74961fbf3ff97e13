"""Converters of front-matter values: from a YAML node to the typed value of one key.

A converter takes (diagnostic code, node) and returns (value, diagnostics); with an error among the diagnostics
the value is None or incomplete. Converters never raise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from newsgen.core.date_hints import FORMAT
from newsgen.core.model import AttachmentEntry, Diagnostic, Located
from newsgen.core.scalars import FieldError, list_items, parse_bool, parse_integer, parse_list, parse_moment
from newsgen.core.text import did_you_mean, join_lines
from newsgen.core.text import slug as safe_slug
from newsgen.core.yaml.nodes import Mapping, Node, Scalar, Sequence, items_of

Converted = tuple[object, tuple[Diagnostic, ...]]
Convert = Callable[[str, Node], Converted]


class ValueErrorAt(FieldError):
    """A FieldError at a place within the value."""

    def __init__(self, message: str, hint: str, node: Node | Located) -> None:
        super().__init__(message, hint)
        self.line = node.line
        self.column = node.column


def error_at(code: str, error: FieldError, node: Node) -> Diagnostic:
    place = error if isinstance(error, ValueErrorAt) else node
    return Diagnostic(code, "error", error.message, error.hint, line=place.line, column=place.column)


# ---------------------------------------------------------------- one value


def one_value(parse: Callable[[str], object]) -> Convert:
    """A converter for keys that take one value."""

    def convert(code: str, node: Node) -> Converted:
        try:
            return parse(scalar_of(node)), ()
        except FieldError as error:
            return None, (error_at(code, error, node),)

    return convert


def scalar_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text.strip()
    what = "一个列表" if isinstance(node, Sequence) else "一组带冒号的设置"
    raise ValueErrorAt(f"这里要写一行文字，现在是{what}", "把内容写在冒号后面的同一行", node)


def one_line(text: str) -> str:
    """The text on one line, tabs as spaces."""
    return join_lines(text.split("\n")).replace("\t", " ") if "\n" in text or "\t" in text else text


def file_name(text: str) -> str:
    """The path of a file with `/` between its parts, as Windows does not write it."""
    return one_line(text).replace("\\", "/")


def located(check: Callable[[str], str]) -> Convert:
    """A converter for one text that is looked up later, with its place."""

    def convert(code: str, node: Node) -> Converted:
        try:
            text = scalar_of(node)
            return Located(check(text), node.line, node.column + quote_width(node)), ()
        except FieldError as error:
            return None, (error_at(code, error, node),)

    return convert


def quote_width(node: Node) -> int:
    """The distance of a node's text from its column."""
    return int(isinstance(node, Scalar) and node.quoted)


KINDS = {
    "新闻": "news", "通知": "notice", "公示": "announcement", "转载": "reprint", "单页": "page", "页面": "page",
    "news": "news", "notice": "notice", "announcement": "announcement", "reprint": "reprint", "page": "page",
}  # fmt: skip
LIST_KINDS = {
    "列表": "titles", "标题": "titles", "list": "titles", "titles": "titles",
    "图文": "thumbnails", "图片": "thumbnails", "thumbnails": "thumbnails",
}  # fmt: skip


FOCUSES = {
    "上": "top", "下": "bottom", "左": "left", "右": "right", "中": "center", "中间": "center",
    "左上": "top-left", "上左": "top-left", "右上": "top-right", "上右": "top-right",
    "左下": "bottom-left", "下左": "bottom-left", "右下": "bottom-right", "下右": "bottom-right",
    "top": "top", "bottom": "bottom", "left": "left", "right": "right", "center": "center",
    "top-left": "top-left", "top-right": "top-right", "bottom-left": "bottom-left", "bottom-right": "bottom-right",
}  # fmt: skip
FOCUS_HINT = "上、下、左、右、中、左上、右上、左下、右下"


def choice(choices: dict[str, str], shown: str, what: str = "一类") -> Callable[[str], str]:
    """A parser that accepts the words of `choices`; `shown` lists them in the hint."""

    def parse(text: str) -> str:
        chosen = choices.get(text.casefold())
        if chosen:
            return chosen
        guess = did_you_mean(text, choices)
        raise FieldError(
            f"没有「{text[:40]}」这{what if what == '一类' else '个' + what}",
            f"是不是「{guess}」？可以写：{shown}" if guess else f"可以写：{shown}",
        )

    return parse


def pinned(text: str) -> bool | datetime:
    """Yes or no, or the first moment after the last pinned day; a minute is that minute."""
    try:
        return parse_bool(text)
    except FieldError:
        if not re.search(r"[\d〇零一二三四五六七八九十]", text):
            raise FieldError(f"「{text[:40]}」看不懂", f"写 是 或 否，或者置顶的最后一天：{FORMAT}") from None
    moment = parse_moment(text)
    return moment.at if moment.to_the_minute else moment.at + timedelta(days=1)


def view_count(text: str) -> int:
    """A number of views, not negative."""
    number = parse_integer(text)
    if number < 0:
        raise FieldError("浏览数不能是负数", f"写原来网站上的浏览次数：{-number}")
    return number


def _slug_hint(text: str) -> str:
    """A name made of the letters and digits that were typed; without any, where the name comes from."""
    words = re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFKC", text))
    better = "-".join(words).lower()[:60].strip("-")
    if better and not better.isdigit() and better != "index" and safe_slug(better):
        return f"改成 slug: {better}"
    return "只用英文字母、数字和减号；或者删掉这一行，网址就从文件名来"


def slug(text: str) -> str:
    """The last part of an address: ASCII, safe as a file name."""
    example = _slug_hint(text)
    if not re.fullmatch(r"[A-Za-z0-9._-]+", text):
        raise FieldError(f"网址名「{text[:80]}」里只能有英文字母、数字、点、减号和下划线", example)
    if text.startswith(".") or text.endswith(".") or ".." in text:
        raise FieldError(f"网址名「{text[:80]}」不能以点开头或结尾，也不能有两个连着的点", example)
    if text.lower().endswith((".html", ".htm")):
        raise FieldError("网址名后面不用写 .html，会自动加上", _slug_hint(text.rpartition(".")[0]))
    if text.lower() == "index" or len(text) > 80:
        raise FieldError("网址名不能是 index（那是栏目首页），也不能超过 80 个字符", example)
    if safe_slug(text) is None:
        raise FieldError(f"网址名不能是 {text}：Windows 上不能有这个名字的文件", example)
    return text


# ---------------------------------------------------------------- lists


def scalars_of(node: Node) -> tuple[Scalar, ...]:
    """The texts of a list, of a list within a list, or the one text."""
    if isinstance(node, Scalar):
        return (node,) if node.text.strip() else ()
    if isinstance(node, Sequence):
        return tuple(scalar for item in node.items for scalar in scalars_of(item))
    hint = "用顿号隔开写成一行；或者每项一行，前面写减号和空格“  - ”"
    raise ValueErrorAt("列表的一项里有“冒号加空格”，看不出是什么", hint, node)


def names(code: str, node: Node) -> Converted:
    """A converter for lists of names, however they are separated."""
    try:
        items = (item for scalar in scalars_of(node) for item in parse_list(scalar.text))
        return tuple(dict.fromkeys(items)), ()
    except FieldError as error:
        return None, (error_at(code, error, node),)


_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def _paths(node: Scalar) -> Iterable[Located]:
    """Paths in one line. File names may hold 、 and ，: a path ends at a separator only after an extension."""
    start = end = 0
    for offset, item in list_items(node.text):
        start, end = (offset if end == 0 else start), offset + len(item)
        if _EXTENSION.search(item):
            yield Located(file_name(node.text[start:end]), node.line, node.column + start + quote_width(node))
            end = 0
    if end:
        yield Located(file_name(node.text[start:end]), node.line, node.column + start + quote_width(node))


# ---------------------------------------------------------------- items with keys of their own

ATTACHMENT_PARTS = (("file", "file"), ("文件", "file"), ("name", "name"), ("名称", "name"))


def parts_of(node: Mapping, table: tuple[tuple[str, str], ...], what: str) -> dict[str, Scalar]:
    """The scalars of one item by canonical part."""
    names, found = dict(table), dict[str, Scalar]()
    for key, value in node.entries:
        part = names.get(key.text.strip().casefold())
        if part is None:
            guess = did_you_mean(key.text, names)
            asked = f"是不是「{guess}」？" if guess else ""
            raise ValueErrorAt(f"{what}没有「{key.text}」这一项", f"{asked}可以写：{'、'.join(names)}", key)
        if part in found:
            raise ValueErrorAt(f"「{key.text}」在同一项{what}里写了两次", "删掉一个；另一项要以减号“- ”开头另起", key)
        text = scalar_of(value)
        if text:
            found[part] = Scalar(text, value.line, value.column, bool(quote_width(value)))
    return found


def _attachment(node: Node) -> Iterable[AttachmentEntry]:
    if isinstance(node, Sequence):
        raise ValueErrorAt("附件的一项里又是一个列表", "每个附件单独写一行“  - 文件名.pdf”", node)
    if isinstance(node, Scalar):
        return (AttachmentEntry(path, None) for path in (_whole(node),) if path.text)
    parts = parts_of(node, ATTACHMENT_PARTS, "附件")
    if "file" not in parts:
        raise ValueErrorAt("这个附件没有写文件", "加上“文件: ”，后面写文件名，连同后缀", node)
    return (AttachmentEntry(_whole(parts["file"]), parts["name"].text if "name" in parts else None),)


def _whole(node: Scalar) -> Located:
    return Located(file_name(node.text.strip()), node.line, node.column + quote_width(node))


def attachments(code: str, node: Node) -> Converted:
    """A converter for `attachments`: file names, or {file, name}."""
    try:
        if isinstance(node, Scalar):
            return tuple(AttachmentEntry(path, None) for path in _paths(node)), ()
        return tuple(entry for item in items_of(node) for entry in _attachment(item)), ()
    except FieldError as error:
        return None, (error_at(code, error, node),)


UNCHECKED_PARTS = (("忽略", "ignore"), ("ignore", "ignore"))


def unchecked(code: str, node: Node) -> Converted:
    """A converter for `check: {忽略: [代码]}`: the rules that do not hold for this text."""
    entries = node.entries if isinstance(node, Mapping) else ()
    names = dict(UNCHECKED_PARTS)
    try:
        for key, _ in entries:
            if key.text.strip().casefold() not in names:
                raise ValueErrorAt(f"检查没有「{key.text}」这一项", "写成：check: {忽略: [规则的代码]}", key)
        values = [value for _, value in entries] if entries else [node]
        scalars = [scalar for value in values for scalar in scalars_of(value)]
    except FieldError as error:
        return None, (error_at(code, error, node),)
    return tuple(Located(text, item.line, item.column) for item in scalars for text in parse_list(item.text)), ()
