"""The keys of front matter: names, Chinese aliases, and what kind of value each takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from newsgen.content.frontmatter import aliases, approvals, converters, reviews
from newsgen.content.frontmatter.converters import Convert
from newsgen.core.model import Record
from newsgen.core.scalars import parse_bool, parse_integer, parse_list, parse_moment, parse_url

Shape = Literal["text", "value", "list", "items"]


class Key(Record, frozen=True):
    """One row: `name` is the field of the frozen value; `aliases` are what authors may type besides.

    `shape` says what can be meant: free text (punctuation never matters), one value, a list, or items that
    have keys of their own (`parts`: what may be typed -> canonical).
    `parse` is what `convert` makes of one plain text, or raises FieldError; None where its place matters too.
    `is_path` says that it names files or addresses, in which a backslash is a slash.
    """

    name: str
    aliases: tuple[str, ...]
    convert: Convert
    shape: Shape = "value"
    parts: tuple[tuple[str, str], ...] = ()
    parse: Callable[[str], object] | None = None
    is_path: bool = False


Keys = Mapping[str, Key]
"""Everything an author may type, in lower case with `_`, -> its key."""


def _one(name: str, aliases: tuple[str, ...], parse: Callable[[str], object], shape: Shape = "value") -> Key:
    return Key(name, aliases, converters.one_value(parse), shape, parse=parse)


def _text(name: str, *aliases: str) -> Key:
    return _one(name, aliases, converters.one_line, "text")


def _names(name: str, *aliases: str) -> Key:
    return Key(name, aliases, converters.names, "list", parse=parse_list)


_KIND = converters.choice(converters.KINDS, "新闻、通知、公示、转载、page")
_FOCUS = converters.choice(converters.FOCUSES, converters.FOCUS_HINT, "位置")
_LIST_KIND = converters.choice(converters.LIST_KINDS, "列表、图文")

ARTICLE_KEYS: tuple[Key, ...] = (
    _text("title", "标题"),
    _text("subtitle", "副题", "副标题"),
    _text("short_title", "短标题"),
    _one("kind", ("类型",), _KIND),
    _one("original", ("原文链接",), parse_url),
    _names("author", "作者"),
    _text("source", "来源"),
    _one("date", ("时间", "日期"), parse_moment),
    _one("updated", ("更新",), parse_moment),
    _names("photographer", "摄影"),
    _names("editor", "编辑"),
    _text("summary", "摘要"),
    _names("tags", "标签"),
    _names("branch", "支部"),
    Key("cover", ("封面",), converters.located(converters.file_name), is_path=True),
    _one("focus", ("焦点", "封面焦点"), _FOCUS),
    _one("pinned", ("置顶",), converters.pinned),
    _one("draft", ("草稿",), parse_bool),
    _one("publish_at", ("定时发布",), parse_moment),
    _one("expires", ("下线",), parse_moment),
    Key("slug", (), converters.located(converters.slug)),
    Key("aliases", ("旧地址",), aliases.old_addresses, "list", is_path=True),
    _one("redirect", ("外链",), parse_url),
    Key("attachments", ("附件",), converters.attachments, "items", converters.ATTACHMENT_PARTS, is_path=True),
    _text("signature", "落款"),
    Key("reviews", ("审核", "审核人"), reviews.reviews, "items", reviews.REVIEW_PARTS),
    Key("approvals", ("审签",), approvals.approvals, "items", approvals.APPROVAL_PARTS),
    _one("views_base", ("浏览基数",), converters.view_count),
    Key("unchecked", ("check", "检查"), converters.unchecked, "items", converters.UNCHECKED_PARTS),
)
SECTION_KEYS: tuple[Key, ...] = (
    _text("title", "标题"),
    _one("weight", ("排序", "权重"), parse_integer),
    _text("description", "简介", "描述"),
    _names("keywords", "关键词"),
    _one("menu", ("菜单",), parse_bool),
    _one("kind", ("类型",), _LIST_KIND),
)


def _by_name(keys: tuple[Key, ...]) -> Keys:
    return {name: key for key in keys for name in (key.name, *key.aliases)}


ARTICLE = _by_name(ARTICLE_KEYS)
SECTION = _by_name(SECTION_KEYS)
