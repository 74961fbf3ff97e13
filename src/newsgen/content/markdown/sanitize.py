"""The allow-list: what HTML may reach the page; and what to tell an author whose HTML does not."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from newsgen.content.markdown.figures import is_zoom
from newsgen.content.markdown.html_tags import ATTRIBUTE, TAG, without_destinations
from newsgen.content.markdown.preprocess.lines import Line, without_code
from newsgen.core.model import Diagnostic
from newsgen.core.text import clean as without_forbidden

if TYPE_CHECKING:
    import nh3

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""What links and media may begin with; anything else is no address for a web page."""


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


ELEMENTS = words(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var wbr video audio source track"
)
_EVERYWHERE = frozenset({"id", "class", "title", "lang", "dir"})
ATTRIBUTES: dict[str, frozenset[str]] = {
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
REMOVED_WHOLE = words(
    "script style iframe object applet svg math template noscript noembed noframes title textarea select xmp"
)

_SWALLOWER = re.compile(
    rf"<(?P<slash>/?)(?:(?P<name>{'|'.join(sorted(REMOVED_WHOLE))}|plaintext)|(?P<block>p|li|td|th|h[1-6]))(?=[\s/>])",
    re.IGNORECASE,
)
_CENTRED = re.compile(r"<(center|p|div)\b[^<>]*>\s*(<img\b[^<>]*>)\s*</\1>", re.IGNORECASE)
_CLOSING = re.compile(r"</([a-zA-Z][^\s/>]*)")

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
    import nh3

    return nh3.Cleaner(
        tags=set(ELEMENTS),
        clean_content_tags=set(REMOVED_WHOLE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        link_rel=None,
        url_schemes=set(SCHEMES),
    )


def without_swallowing(html: str) -> str:
    """`html` with each `<script>`, `<title>` and the like that is not closed in its paragraph made visible as text.

    HTML lets such a tag take all that follows for its own text, to the end of the page.
    """
    found = list(_SWALLOWER.finditer(html))
    if not any(match["name"] for match in found):
        return html
    ends: dict[str, list[int]] = {}
    for match in found:
        if match["slash"]:
            ends.setdefault((match["name"] or "block").lower(), []).append(match.start())
    out, done, inside = [], 0, False
    for match in found:
        if match["block"]:
            inside = not match["slash"]
        elif not match["slash"] and not _is_closed(match, ends, inside, len(html)):
            out += [html[done : match.start()], "&lt;"]
            done = match.start() + 1
    return "".join([*out, html[done:]])


def _is_closed(match: re.Match[str], ends: Mapping[str, Sequence[int]], inside: bool, length: int) -> bool:
    """Whether an element ends before the block does in which it stands, or at all where it is `inside` none."""
    end = _next(ends.get(match["name"].lower(), ()), match.start(), length)
    return end < (_next(ends.get("block", ()), match.start(), length) if inside else length)


def _next(places: Sequence[int], start: int, otherwise: int) -> int:
    index = bisect(places, start)
    return places[index] if index < len(places) else otherwise


def clean(html: str) -> str:
    """`html` with nothing but what the allow-list holds, well-formed. Raw HTML that is broken is mended.

    Entities such as `&#2;` stand for characters that no page may hold. Without them an address may begin otherwise
    (`&#x200B;javascript:`), so that what is left is judged once more.
    """
    cleaned = _cleaner().clean(html)
    visible = without_forbidden(cleaned)
    return cleaned if visible == cleaned else _cleaner().clean(visible)


def removed(lines: Sequence[Line]) -> Iterator[Diagnostic]:
    """The parts of the raw HTML in `lines` that are not on the page: each element and attribute once, where it stands first."""
    closed = {name.lower() for line in lines if "</" in line.text for name in _CLOSING.findall(line.text)}
    seen: set[str] = set()
    for line in lines:
        if "<" not in line.text:
            continue
        centred = _CENTRED.fullmatch(line.text.strip())  # what centres a picture is not missed: it is centred
        text, start = (centred[2], line.text.index(centred[2])) if centred else (line.text, 0)
        for match in TAG.finditer(without_destinations(without_code(text))):
            for name, message, hint in _dropped(match, closed):
                if name not in seen:
                    seen.add(name)
                    yield line.warning("markdown.html-removed", message, hint, start + match.start())


def _dropped(match: re.Match[str], closed: Container[str]) -> Iterator[tuple[str, str, str]]:
    """(what, message, remedy) for each thing of one tag that is not on the allow-list."""
    tag, attributes = match[1].lower(), match[2]
    if tag not in ELEMENTS:
        if tag != "image" or "src" not in attributes.lower():
            yield f"<{tag}>", _unknown(tag, closed), _ELEMENT_HINTS.get(tag, _as_text(match))
        return
    allowed = _EVERYWHERE | ATTRIBUTES.get(tag, frozenset())
    for attribute in ATTRIBUTE.finditer(attributes):
        name = attribute[1].lower()
        if (tag, name) == ("img", "style") and is_zoom(attribute[0]):
            continue
        if name not in allowed and (tag, name) != ("a", "name"):
            hint = "网页里不能有脚本，请删去它" if name.startswith("on") else "删去它即可"
            what = f"<{tag}> 的 {name}"
            yield what, f"网页不支持 {what}，已经去掉", _ATTRIBUTE_HINTS.get(name, hint)


def _unknown(tag: str, closed: Container[str]) -> str:
    if tag in REMOVED_WHOLE and tag not in closed:
        return f"<{tag}> 没有结束，成了网页上的文字"
    return f"网页不支持 <{tag}>，已经去掉"


def _as_text(match: re.Match[str]) -> str:
    """The hint for a tag that is meant as text."""
    typed = "&lt; 和 &gt;" if match[2].strip() else f"&lt;{match[1]}&gt;"
    return f"删去这个标记；如果要显示尖括号本身，写成 {typed}"
