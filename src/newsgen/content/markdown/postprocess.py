"""Postprocessing of sanitised HTML: no space where Chinese lines join, tables that scroll, footnotes named."""

from __future__ import annotations

import re

_CJK = (("\u2e80", "\ufaff"), ("\ufe30", "\ufe4f"), ("\uff01", "\uff60"), ("\U00020000", "\U0003ffff"))
_CJK_PUNCTUATION = frozenset("—‘’“”…·")
_INLINE = r"(?:</?(?:a|abbr|b|bdi|cite|del|dfn|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|u|var)\b[^>]*>)*"
_NEWLINE = re.compile(rf"(([^\x00-\x7f]){_INLINE})\n *({_INLINE})(?=([^\x00-\x7f]))")
"""A line end that may stand between Chinese characters: re takes milliseconds to compile a set of them."""
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.DOTALL)

_BLOCKS = (
    "p|h[1-6]|div|ul|ol|li|dl|dt|dd|table|caption|colgroup|thead|tbody|tfoot|tr|td|th|blockquote|figure|figcaption|pre"
    "|hr|details|summary|section|video|audio"
)
BLOCK_TAG = re.compile(rf"<(/?)({_BLOCKS})(?:\s(?:[^<>\"]|\"[^\"]*\")*)?>")
_TAG = re.compile(r"<[^>]*>")

_MEDIA = re.compile(r"<(img|video)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*/?>")
_SIZE = re.compile(r" (width|height)=\"(?:(\d+)(?:px)?|[^\"]*)\"")
_PLAYER = re.compile(r"(<(?:video|audio)\b.*?</(?:video|audio)>)", re.DOTALL)
_SOURCE = re.compile(r"<source\b[^>]*>\s*")
_EMPTY_SOURCE = re.compile(r"<source\b(?![^>]* src=)[^>]*>\s*")
_START = re.compile(r'<ol start="(\d{1,9})"')
"""The first number of a list, in any script's digits (`３.`); HTML knows ASCII alone."""
_UNNAMED = re.compile(r"<details\b[^>]*>(?!\s*<summary)")

_SCROLL = '<div class="table-scroll" role="region" aria-label="表格" tabindex="0"><table'


def postprocess(html: str) -> str:
    """`html` as it goes to the page."""
    html = wrapped(_joined(html))
    if "<img" in html or "<source" in html or "<video" in html:
        html = _MEDIA.sub(_sound, _without_stray_sources(html))
    if "<details" in html:
        html = _UNNAMED.sub(r"\g<0><summary>详情</summary>", html)
    if "<table" in html:
        html = html.replace("<table", _SCROLL).replace("</table>", "</table></div>")
    if "<ol start" in html:
        html = _START.sub(lambda match: f'<ol start="{int(match[1])}"', html)
    if 'class="footnote"' in html:
        html = html.replace('<div class="footnote">', '<div class="footnote" role="doc-endnotes" aria-label="注释">')
    return html.replace("<p></p>", "").strip()


def _sound(match: re.Match[str]) -> str:
    """A picture or video of raw HTML as HTML wants it: with `alt`, its size in digits."""
    attributes = _SIZE.sub(lambda size: f' {size[1]}="{size[2]}"' if size[2] else "", match[2])
    alt = ' alt=""' if match[1] == "img" and " alt=" not in attributes else ""
    return f"<{match[1]}{alt}{attributes}>"


def _without_stray_sources(html: str) -> str:
    """`<source>` belongs into a video or audio; `<picture>` is not on the allow-list, its `<img>` stays."""
    parts = _PLAYER.split(html)
    return "".join(
        (_EMPTY_SOURCE if part.startswith(("<video", "<audio")) else _SOURCE).sub("", part) for part in parts
    )


def wrapped(html: str) -> str:
    """`html` with each run of text and inline elements that stands in no block made a paragraph.

    Such runs are left where the allow-list took a block away (`<center>图</center>`) or raw HTML ended too early.
    """
    out: list[str] = []
    depth, end = 0, 0
    for tag in BLOCK_TAG.finditer(html):
        between = html[end : tag.start()]
        out += [between if depth else _paragraph(between), tag[0]]
        end = tag.end()
        depth = max(0, depth + (0 if tag[2] == "hr" else -1 if tag[1] else 1))
    return "".join(out) + (html[end:] if depth else _paragraph(html[end:]))


def _paragraph(run: str) -> str:
    text = run.strip()
    if not text or not ("<img" in text or _TAG.sub("", text).strip()):
        return run
    return f"<p>{text}</p>\n"


def _joined(html: str) -> str:
    """A line end between two Chinese characters is no space; code keeps its lines."""
    if "<code" not in html and "<pre" not in html:
        return _NEWLINE.sub(_without_newline, html)
    parts = _CODE.split(html)
    return "".join(part if index % 2 else _NEWLINE.sub(_without_newline, part) for index, part in enumerate(parts))


def _without_newline(match: re.Match[str]) -> str:
    return match[1] + match[3] if _is_cjk(match[2]) and _is_cjk(match[4]) else match[0]


def _is_cjk(character: str) -> bool:
    return any(first <= character <= last for first, last in _CJK) or character in _CJK_PUNCTUATION
