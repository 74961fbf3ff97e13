"""Captions of photos in documents: the line below a photo, and marks that stand for one (【图1】)."""

from __future__ import annotations

import re

from newsgen.authoring.importers.blocks import Paragraph
from newsgen.authoring.importers.markdown_text import plain
from newsgen.content.markdown.captions import caption, shown_alt

LONGEST_CAPTION = 45
_IN_BRACKETS = re.compile(r"[（(【]([^（()）【】]*)[)）】]")
_PHOTO_NUMBER = re.compile(
    r"[▲△↑■◆]*\s*(?:图\s*(?:\d{1,3}(?:\s*[-–—.．]\s*\d{1,3})?\s*(?:[：:、.．]|(?![为是示中]))|[一二三四五六七八九十]{1,3}\s*(?:[：:、.．]|(?<=\s)|$)|[：:])\s*)?"
)
_PHOTO_MARK = re.compile(r"[【（(]\s*(?:附?图片?|照片|插图)\s*\d{1,3}\s*(?:[：:][^】）)]*)?[】）)]")


_MACHINE_ALT = re.compile(
    r"(?:(?:图片|图像|图|照片|微信图片|微信截图|QQ图片|QQ截图|屏幕截图|截图|图形|组合|image|img|dsc[nf]?|picture|pic|photo|graphic|mmexport"
    r"|screenshot|untitled|未命名|未标题)?[\s\d_().（）-]*"
    r"|[0-9a-f]{16,}"
    r"|.*(?:描述已自动生成|自动生成的说明|AI ?生成的内容可能不正确|generated)(?:\W.*)?)",
    re.IGNORECASE | re.DOTALL,
)
"""Alt texts that programs write, and names that cameras and phones give to pictures."""


def typed_alt(alt: str) -> str:
    """The alt text of a picture, if somebody wrote it; "" for one that a program wrote, and for the path of a file."""
    text = " ".join(alt.split())
    return "" if _MACHINE_ALT.fullmatch(text.strip("_")) or re.search(r"[\\/]", text) else shown_alt(text)


def is_photo_mark(words: str) -> bool:
    """Whether a line stands for a photo: 【图1】."""
    return _PHOTO_MARK.fullmatch(words) is not None


def holds_more(paragraph: Paragraph) -> bool:
    """Whether a paragraph holds a link or the mark of a footnote, which no caption can hold."""
    return any(run.note or run.link for run in paragraph.runs)


def caption_of(below: Paragraph, hangs_on_text: bool = False) -> str:
    """The caption in the paragraph below a photo; "" if it is text, or words that no page shows as a caption.

    `hangs_on_text`: the photo stands in a paragraph with words, so a centred line below it need not be a caption.
    """
    if holds_more(below):
        return ""
    words = plain(below.text, " ")
    is_named = words.startswith(("图", "▲", "△", "（图", "(图"))
    if (
        below.pictures
        or below.level
        or not (is_named or (below.align == "center" and not hangs_on_text))
        or is_photo_mark(words)
    ):
        return ""
    found = caption_in(words) if len(words) <= LONGEST_CAPTION and words[-1:] not in "。；：" else ""
    return found if caption(found, "") == found else ""


def caption_in(words: str) -> str:
    """A caption without brackets around it, and without 图1： or ▲ at its beginning."""
    inside = _IN_BRACKETS.fullmatch(words)
    return _PHOTO_NUMBER.sub("", inside[1] if inside else words, count=1).strip()
