"""Captions of photos in documents: the line below a photo, and marks that stand for one (【图1】)."""

from __future__ import annotations

import re

from newsgen.authoring.importers.blocks import Paragraph
from newsgen.authoring.importers.markdown_text import plain
from newsgen.content.markdown.captions import caption

LONGEST_CAPTION = 45
_IN_BRACKETS = re.compile(r"[（(【]([^（()）【】]*)[)）】]")
_PHOTO_NUMBER = re.compile(
    r"[▲△↑■◆]*\s*(?:图\s*(?:\d{1,3}\s*(?:[：:、.．]|(?![为是示中]))|[一二三四五六七八九十]{1,3}\s*(?:[：:、.．]|(?<=\s)|$)|[：:])\s*)?"
)
_PHOTO_MARK = re.compile(r"[【（(]\s*(?:附?图片?|照片|插图)\s*\d{1,3}\s*(?:[：:][^】）)]*)?[】）)]")


def is_photo_mark(words: str) -> bool:
    """Whether a line stands for a photo: 【图1】."""
    return _PHOTO_MARK.fullmatch(words) is not None


def caption_of(below: Paragraph) -> str:
    """The caption that the line below a photo is; "" where it is text, or a word that no page shows as a caption."""
    words = plain(below.text, " ")
    is_named = words.startswith(("图", "▲", "△", "（图", "(图"))
    if below.pictures or below.level or not (is_named or below.align == "center") or is_photo_mark(words):
        return ""
    found = caption_in(words) if len(words) <= LONGEST_CAPTION and words[-1:] not in "。；：" else ""
    return found if caption(found, "") == found else ""


def caption_in(words: str) -> str:
    """A caption without the brackets around it, and without 图1： or ▲ before it."""
    inside = _IN_BRACKETS.fullmatch(words)
    return _PHOTO_NUMBER.sub("", inside[1] if inside else words, count=1).strip()
