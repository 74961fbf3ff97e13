"""The allow-list: what HTML may reach the page; and what to tell an author whose HTML does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import nh3

from newsgen.markup.source import FILLER, Line, without_code
from newsgen.markup.tags import TAG
from newsgen.model import Diagnostic
from newsgen.text import clean as without_forbidden

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""What links and media may begin with; anything else is no address for a web page."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var wbr video audio source track"
)
_EVERYWHERE = frozenset({"id", "class", "title", "lang", "dir"})
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": _EVERYWHERE,
    "a": frozenset({"href", "download"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "li": frozenset({"value"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"colspan", "rowspan", "headers", "scope"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "time": frozenset({"datetime"}),
    "del": frozenset({"datetime"}),
    "ins": frozenset({"datetime"}),
    "details": frozenset({"open"}),
    "video": frozenset({"src", "poster", "controls", "width", "height", "preload", "muted", "loop", "playsinline"}),
    "audio": frozenset({"src", "controls", "preload", "muted", "loop"}),
    "source": frozenset({"src", "type"}),
    "track": frozenset({"src", "kind", "srclang", "label", "default"}),
}
_WITH_CONTENT = _words(
    "script style iframe object applet svg math template noscript noembed noframes title textarea select xmp"
)

_SWALLOWER = re.compile(rf"<({'|'.join(sorted(_WITH_CONTENT))}|plaintext)(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'=<>/]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?")

_DESTINATION = re.compile(r"(?<=\]\()<[^<>]*>")

_MEDIA = (
    '视频请上传到学校的视频平台，写成链接：[观看视频](https://…)；小视频可以写 <video controls src="视频.mp4"></video>'
)
_ELEMENT_HINTS = {
    "script": "网页里不能有脚本，请删去这一段",
    "style": "样式由网站统一管理，请删去这一段",
    "iframe": _MEDIA,
    "embed": _MEDIA,
    "object": _MEDIA,
    "form": "报名、问卷请用学校的表单系统，在这里写链接",
    "input": "报名、问卷请用学校的表单系统，在这里写链接",
    "font": "字体和颜色由网站统一管理；要强调就写 **文字**",
    "center": "居中由网站的样式管理，删去这个标记即可；图片单独占一行就会居中",
}
_ATTRIBUTE_HINTS = {
    "style": "字体、颜色、缩进由网站的样式管理，删去 style 即可",
    "align": "表格的对齐写在分隔行里，例如 | :---: |；其他对齐由网站的样式管理",
    "target": "删去 target 即可：在哪里打开由读者决定",
}


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        link_rel=None,
        url_schemes=set(SCHEMES),
    )


def without_swallowing(html: str) -> str:
    """`html` with each `<script>`, `<title>` and the like that is never closed made visible as text.

    HTML lets such a tag take all that follows for its own text, to the end of the page.
    """
    if not _SWALLOWER.search(html):
        return html
    lower = html.lower()
    last = {name: lower.rfind(f"</{name}") for name in _WITH_CONTENT}
    return _SWALLOWER.sub(
        lambda match: match[0] if last.get(match[1].lower(), -1) > match.start() else "&lt;" + match[0][1:], html
    )


def clean(html: str) -> str:
    """`html` with nothing but what the allow-list holds, well-formed. Raw HTML that is broken is mended.

    Entities such as `&#2;` stand for characters that no page may hold. Without them an address may begin otherwise
    (`&#x200B;javascript:`), so that what is left is judged once more.
    """
    cleaned = _cleaner().clean(html)
    visible = without_forbidden(cleaned)
    return cleaned if visible == cleaned else _cleaner().clean(visible)


def removed(lines: Sequence[Line]) -> Iterator[Diagnostic]:
    """What of the raw HTML in `lines` is not on the page: each element and attribute once, where it stands first."""
    seen: set[str] = set()
    for line in lines:
        if "<" not in line.text:
            continue
        for match in TAG.finditer(_DESTINATION.sub(_blank, without_code(line.text))):
            for name, hint in _dropped(match[1].lower(), match[2]):
                if name not in seen:
                    seen.add(name)
                    message = f"网页不支持 {name}，已经去掉"
                    column = line.column + match.start()
                    yield Diagnostic("markdown.html-removed", "warning", message, hint, "", line.number, column)


def _blank(match: re.Match[str]) -> str:
    return FILLER * len(match[0])


def _dropped(tag: str, attributes: str) -> Iterator[tuple[str, str]]:
    """(what, remedy) for each thing of one tag that is not on the allow-list."""
    if tag not in _TAGS:
        yield f"<{tag}>", _ELEMENT_HINTS.get(tag, "删去这个标记；如果要显示尖括号本身，写成 &lt; 和 &gt;")
        return
    allowed = _EVERYWHERE | _ATTRIBUTES.get(tag, frozenset())
    for match in _ATTRIBUTE.finditer(attributes):
        name = match[1].lower()
        if name not in allowed:
            hint = "网页里不能有脚本，请删去它" if name.startswith("on") else "删去它即可"
            yield f"<{tag}> 的 {name}", _ATTRIBUTE_HINTS.get(name, hint)
