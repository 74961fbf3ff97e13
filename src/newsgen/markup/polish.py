"""The last touches to sanitised HTML: no space where Chinese lines join, tables that scroll, footnotes named."""

from __future__ import annotations

import re

_CJK = "\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\u2e80-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff"
_INLINE = r"(?:</?(?:a|abbr|b|bdi|cite|del|dfn|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|time|u|var)\b[^>]*>)*"
_NEWLINE = re.compile(rf"([{_CJK}]{_INLINE})\n *({_INLINE})(?=[{_CJK}])")
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.DOTALL)

_SCROLL = '<div class="table-scroll" role="region" aria-label="表格" tabindex="0"><table'


def polish(html: str) -> str:
    """`html` as it goes to the page."""
    html = _joined(html)
    if "<table" in html:
        html = html.replace("<table", _SCROLL).replace("</table>", "</table></div>")
    if 'class="footnote"' in html:
        html = html.replace('<div class="footnote">', '<div class="footnote" role="doc-endnotes" aria-label="注释">')
    return html.strip()


def _joined(html: str) -> str:
    """A line end between two Chinese characters is no space; code keeps its lines."""
    if "<code" not in html and "<pre" not in html:
        return _NEWLINE.sub(r"\1\2", html)
    parts = _CODE.split(html)
    return "".join(part if index % 2 else _NEWLINE.sub(r"\1\2", part) for index, part in enumerate(parts))
