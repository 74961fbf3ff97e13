"""Kinds of HTML elements: elements that a report cannot hold, headings, and pictures that show nothing."""

from __future__ import annotations

import re

from newsgen.authoring.importers.html_styles import is_tracked
from newsgen.authoring.importers.html_tree import HtmlNode
from newsgen.authoring.importers.html_visibility import Declarations, is_hidden
from newsgen.content.markdown.sanitize import words

NOTHING = words("head select datalist object applet canvas map rp")
PLAYED = words(
    "iframe video audio embed mpvoice mpvideo mpvideosnap mp-common-videosnap mp-common-mpaudio qqmusic mp-miniprogram"
)
CARDS = words("mp-common-profile mp-weapp mp-common-product mp-common-poi mp-common-sticker")
_OUTLINE = re.compile(r"[1-6]")


def left_out(node: HtmlNode, found: Declarations) -> str:
    """The kind of an element that a report cannot hold, in the words of omissions.py; "" for all others."""
    element, names = found.get("mso-element", ""), node.attributes.get("class", "").lower()
    is_comment = found.get("mso-special-character") == "comment"
    if element == "comment-list" or is_comment or "msocomanchor" in names:
        return "批注"
    if names.startswith("msotoc") and node.tag == "p":
        return "目录"
    if element in ("header", "footer"):
        return "页眉和页脚"
    if is_hidden(node, found):
        return "隐藏的文字"
    if node.tag in PLAYED:
        return "视频、音频、嵌入的网页"
    if node.tag in CARDS:
        return "公众号名片、小程序卡片"
    if node.tag == "del" and is_tracked(node):
        return "删除线修订"
    return "汉字上的注音" if node.tag == "rt" else ""


def level_of(node: HtmlNode, found: Declarations) -> int:
    """The level of a heading; 0 for any other element."""
    if len(node.tag) == 2 and node.tag[0] == "h" and _OUTLINE.fullmatch(node.tag[1]):
        return int(node.tag[1])
    outline = found.get("mso-outline-level", "")
    if node.attributes.get("role") == "heading":
        outline = node.attributes.get("aria-level", "2")
    if _OUTLINE.fullmatch(outline):
        return int(outline)
    return int("MsoTitle" in node.attributes.get("class", "").split())


def is_speck(node: HtmlNode) -> bool:
    """Whether a picture is at most 2 pixels wide or high: it counts readers or makes space."""
    sizes = (node.attributes.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size in ("0", "1", "2") for size in sizes)
