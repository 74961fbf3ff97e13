"""Lines that stand for a photo in manuscripts: `【图1】`, `【图 2：图注】`, `（图1）`; and lines that were meant to become one.

A mark alone on its line is the photo of the report's own folder that has this number (content/photo_numbers.py); its
reference is `【图1】`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsgen.content.markdown.checks import LineFinding
from newsgen.core.text import is_cjk

_WHAT = r"(?:附?图片?|照片|插图)"
_MARK = re.compile(
    rf"(?:【\s*{_WHAT}\s*(\d{{1,3}})(?:\s*[：:，,、\s]\s*([^【】\[\]]*?))?\s*】|[（(]\s*{_WHAT}\s*(\d{{1,3}})\s*[）)])"
)
_OPENINGS = frozenset("【（(")
_BARE = re.compile(
    r"[^\s\[\]()（）<>|`\"“”。；;，,]+\.(?:jpe?g|jfif|png|gif|webp|bmp|tiff?|heic|heif|avif)", re.IGNORECASE
)
_HERE = re.compile(
    rf"[（(【\[]\s*(?:此处|这里|此)?\s*(?:插入?|放置?|配|附|加)\s*(?:\d{{1,2}}|[一二三四五六七八九十两几])?\s*[张幅]?\s*{_WHAT}\s*[）)】\]]"
    rf"|[（(【\[]\s*(?:此处|这里)(?:有|为|放)?\s*{_WHAT}\s*[）)】\]]"
    r"|[（(【\[]\s*[插配附]图\s*(?:\d{1,2}|[一二三四五六七八九十两几])\s*[张幅]\s*[）)】\]]"
)


def is_special(text: str) -> bool:
    """Whether a line stands for a photo, or was meant to."""
    if text[0] in _OPENINGS:
        return bool(_MARK.fullmatch(text) or _HERE.fullmatch(text))
    return text[-1].isascii() and text[-1].isalpha() and _BARE.fullmatch(text) is not None


def as_image(text: str) -> str | None:
    """The image that a line stands for; None where it is no mark. A mark without caption is its own alt text."""
    match = _MARK.fullmatch(text) if text[0] in _OPENINGS else None
    if match is None:
        return None
    number = int(match[1] or match[3])
    return f"![{match[2] or f'图{number}'}](【图{number}】)"


def reference_of(text: str) -> str | None:
    """The reference that a line stands for, as `as_image` has it."""
    image = as_image(text) if text[:1] in _OPENINGS else None
    return image and image[image.rindex("(") + 1 : -1]


def bare_name(text: str) -> Iterator[LineFinding]:
    """What: `IMG_1.JPG` alone on a line. Why: a name is text; a photo takes `![图注](…)`."""
    if _BARE.fullmatch(text) and not text.lower().startswith(("http:", "https:", "www.")):
        words = text.rpartition(".")[0]
        shown = words if any(map(is_cjk, words)) else "图注"
        address = text if "(" not in text else f"<{text}>"
        yield LineFinding("image.bare", 0, f"这一行只有文件名，照片不会显示：{text}", f"写成：![{shown}]({address})")


def photo_here(text: str) -> Iterator[LineFinding]:
    """What: `（此处插图）`. Why: a note to the editor, which readers would see."""
    if _HERE.fullmatch(text):
        hint = "把照片放在文章旁边，这一行写成：![图注](照片.jpg)；没有照片就删去这一行"
        yield LineFinding("image.placeholder", 0, f"这一行是留给照片的位置，会原样显示：{text}", hint)
