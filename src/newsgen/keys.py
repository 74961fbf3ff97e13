"""The keys of front matter (design 5.1): names, Chinese aliases, and what kind of value each takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newsgen import values
from newsgen.fields import parse_bool, parse_integer, parse_moment, parse_url
from newsgen.values import Convert

Shape = Literal["text", "value", "list", "items"]


@dataclass(frozen=True, slots=True)
class Key:
    """One row: `name` is the field of the frozen value; `aliases` are what authors may type besides.

    `shape` says what can be meant: free text (punctuation never matters), one value, a list, or items that
    have keys of their own (`parts`: what may be typed -> canonical).
    """

    name: str
    aliases: tuple[str, ...]
    convert: Convert
    shape: Shape = "value"
    parts: tuple[tuple[str, str], ...] = ()


_FREE = values.one_value(values.one_line)
_MOMENT = values.one_value(parse_moment)
_YES_NO = values.one_value(parse_bool)
_PATH = values.located(values.one_line)
_KIND = values.choice(values.KINDS, "新闻、通知、公示、转载、page")
_LIST_KIND = values.choice(values.LIST_KINDS, "列表、图文")

ARTICLE_KEYS: tuple[Key, ...] = (
    Key("title", ("标题",), _FREE, "text"),
    Key("subtitle", ("副题", "副标题"), _FREE, "text"),
    Key("short_title", ("短标题",), _FREE, "text"),
    Key("kind", ("类型",), values.one_value(_KIND)),
    Key("original", ("原文链接",), values.one_value(parse_url)),
    Key("author", ("作者",), values.names, "list"),
    Key("source", ("来源",), _FREE, "text"),
    Key("date", ("时间", "日期"), _MOMENT),
    Key("updated", ("更新",), _MOMENT),
    Key("photographer", ("摄影",), values.names, "list"),
    Key("editor", ("编辑",), values.names, "list"),
    Key("summary", ("摘要",), _FREE, "text"),
    Key("tags", ("标签",), values.names, "list"),
    Key("branch", ("支部",), values.names, "list"),
    Key("cover", ("封面",), _PATH),
    Key("pinned", ("置顶",), values.one_value(values.pinned)),
    Key("draft", ("草稿",), _YES_NO),
    Key("publish_at", ("定时发布",), _MOMENT),
    Key("expires", ("下线",), _MOMENT),
    Key("slug", (), values.located(values.slug)),
    Key("aliases", ("旧地址",), values.old_addresses, "list"),
    Key("redirect", ("外链",), values.one_value(parse_url)),
    Key("attachments", ("附件",), values.attachments, "items", values.ATTACHMENT_PARTS),
    Key("signature", ("落款",), _FREE, "text"),
    Key("reviews", ("审核",), values.reviews, "items", values.REVIEW_PARTS),
    Key("views_base", ("浏览基数",), values.one_value(values.view_count)),
)
SECTION_KEYS: tuple[Key, ...] = (
    Key("title", ("标题",), _FREE, "text"),
    Key("weight", ("排序", "权重"), values.one_value(parse_integer)),
    Key("description", ("简介", "描述"), _FREE, "text"),
    Key("keywords", ("关键词",), values.names, "list"),
    Key("menu", ("菜单",), _YES_NO),
    Key("kind", ("类型",), values.one_value(_LIST_KIND)),
)


def by_name(keys: tuple[Key, ...]) -> dict[str, Key]:
    """Everything an author may type, in lower case with `_`, -> its key."""
    return {name: key for key in keys for name in (key.name, *key.aliases)}
