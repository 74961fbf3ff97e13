"""Raw HTML repaired before the sanitizer sees it: a tag that nobody knows goes and its text stays, an inline element ends
with its paragraph. HTML's own rules would take away what follows, or style the rest of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from newsgen.content.markdown.html_tags import ATTRIBUTE, TAG, without_destinations
from newsgen.content.markdown.preprocess.lines import Line, paragraphs, without_code
from newsgen.content.markdown.sanitize import ELEMENTS, REMOVED_WHOLE, words
from newsgen.core.model import Diagnostic

_TOKEN = re.compile(
    r"<!--.*?-->|<(?P<slash>/?)(?P<name>[a-zA-Z][^\s/<>]*+)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>", re.DOTALL
)
_BLOCKS = words(
    "p h1 h2 h3 h4 h5 h6 div ul ol li dl dt dd table caption colgroup thead tbody tfoot tr td th blockquote figure figcaption pre "
    "hr details summary section"
)
_VOID = words("br wbr img hr col source track")
_INLINE = ELEMENTS - _BLOCKS - _VOID


DEEPEST = 400
"""Elements within elements: browsers build some 500 levels, and the sanitizer looks through all of them at each tag."""
_ENDS_ITSELF = words("p li dt dd caption colgroup thead tbody tfoot tr td th hr")
"""Blocks that end where the next of their kind begins, written or not."""


class _Tag(NamedTuple):
    """A tag of the HTML: where it stands, its name in lower case, whether it closes."""

    start: int
    end: int
    name: str
    closes: bool
    rest: str


class _OpenBlock(NamedTuple):
    """A block that is open: its name, the index of its tag, the names of the inline tags in it."""

    name: str
    start: int
    inline: set[str]


def repaired(html: str) -> str:
    """`html` with inline elements closed in their blocks, without unknown tags; `<a name>` has an id."""
    tags = _tags(html)
    ends, strays = _matched(tags)
    out: list[str] = []
    done = 0
    unclosed: list[str] = []
    for index, tag in enumerate(tags):
        out.append(html[done : tag.start])
        done = tag.end
        if tag.name in _BLOCKS and unclosed:
            out += [f"</{name}>" for name in reversed(unclosed)]
            unclosed.clear()
        if index in strays:
            continue
        out.append(_written(html, tag))
        if tag.name in _INLINE and not tag.closes and index not in ends:
            unclosed.append(tag.name)
    return "".join([*out, html[done:], *(f"</{name}>" for name in reversed(unclosed))])


def is_too_deep(html: str) -> bool:
    """Whether more than DEEPEST elements of repaired HTML stand in one another."""
    if html.count("<") <= DEEPEST:
        return False
    open_tags: list[str] = []
    names = Counter[str]()
    for tag in _tags(html):
        if tag.name in _VOID or tag.name in _ENDS_ITSELF:
            continue
        if not tag.closes:
            open_tags.append(tag.name)
            names[tag.name] += 1
            if len(open_tags) > DEEPEST:
                return True
        while tag.closes and names[tag.name]:
            last = open_tags.pop()
            names[last] -= 1
            if last == tag.name:
                break
    return False


def unclosed(prose: Sequence[Line], shared: Collection[int], raw: Sequence[Line]) -> Iterator[Diagnostic]:
    """What: `甲<u>乙` without `</u>`. Why: it ends with the paragraph, maybe too late. `shared` are the numbers of lines
    in longer paragraphs, `raw` are the lines of raw HTML."""
    for lines in (*paragraphs(prose, shared), raw):
        texts = [without_destinations(without_code(line.text)) for line in lines]
        for start, name in _unclosed_tags("\n".join(texts)) if any("<" in text for text in texts) else ():
            line, index = _place(lines, texts, start)
            message = f"<{name}> 没有结束，到这一段的末尾为止"
            hint = f"在应当结束的地方写 </{name}>；每一段各写各的"
            yield line.warning("markdown.html-unclosed", message, hint, index)


def _unclosed_tags(text: str) -> Iterator[tuple[int, str]]:
    """(index, name) of each inline tag in a text that is not closed in it; an anchor without href needs no end."""
    tags = [tag for tag in _tags(text) if tag.closes or TAG.match(text, tag.start)]
    closed, _ = _matched(tags)
    for index, tag in enumerate(tags):
        is_anchor = tag.name == "a" and "href" not in tag.rest.lower()
        if tag.name in _INLINE and not tag.closes and index not in closed and not is_anchor:
            yield tag.start, tag.name


def _place(lines: Sequence[Line], texts: Sequence[str], start: int) -> tuple[Line, int]:
    """The line in which a character of the joined texts stands, and its index there."""
    for line, text in zip(lines, texts, strict=True):
        if start <= len(text):
            return line, start
        start -= len(text) + 1
    raise IndexError(start)


def _tags(html: str) -> list[_Tag]:
    return [
        _Tag(*match.span(), match["name"].lower(), bool(match["slash"]), match["rest"])
        for match in _TOKEN.finditer(html)
        if match["name"]
    ]


def _matched(tags: Sequence[_Tag]) -> tuple[set[int], set[int]]:
    """The indexes of inline tags that are closed before their block is, and of closing inline tags that close nothing."""
    found = _Matching()
    for index, tag in enumerate(tags):
        if tag.name in _BLOCKS:
            found.note_block(index, tag)
        elif tag.name in _INLINE:
            found.note_inline(index, tag)
    return found.closed, found.strays


class _Matching:
    """The state of matching tags: inline tags that are `closed`, closing ones that are `strays`; the tags that are open."""

    def __init__(self) -> None:
        self.closed: set[int] = set()
        self.strays: set[int] = set()
        self._open: dict[str, list[int]] = {}
        self._frames = [_OpenBlock("", -1, set())]
        self._names = Counter[str]()

    def note_inline(self, index: int, tag: _Tag) -> None:
        same = self._open.setdefault(tag.name, [])
        if not tag.closes:
            same.append(index)
            self._frames[-1].inline.add(tag.name)
        elif same:
            self.closed.add(same.pop())
        else:
            self.strays.add(index)

    def note_block(self, index: int, tag: _Tag) -> None:
        """Enter or leave a block; one that is closed without having been opened is nothing."""
        if not tag.closes and tag.name != "hr":
            self._frames.append(_OpenBlock(tag.name, index, set()))
            self._names[tag.name] += 1
        while tag.closes and self._names[tag.name]:
            if self._leave() == tag.name:
                return

    def _leave(self) -> str:
        """Leave the innermost block, with all that is open in it."""
        frame = self._frames.pop()
        self._names[frame.name] -= 1
        for name in frame.inline:
            while self._open[name] and self._open[name][-1] > frame.start:
                self._open[name].pop()
        return frame.name


def _written(html: str, tag: _Tag) -> str:
    """A tag as the sanitizer shall see it."""
    typed = html[tag.start : tag.end]
    if tag.name == "image" and re.search(r"\ssrc\s*=", tag.rest, re.IGNORECASE) and not tag.closes:
        return f"<img{tag.rest}>"
    if tag.name not in ELEMENTS and tag.name not in REMOVED_WHOLE:
        return ""
    return f"<a{_with_id(tag.rest)}>" if tag.name == "a" and not tag.closes else typed


def _with_id(attributes: str) -> str:
    """The attributes of an anchor with `id` for `name`, as links to it want it."""
    found = {match["name"].lower(): match for match in ATTRIBUTE.finditer(attributes)}
    if "name" not in found or "id" in found:
        return attributes
    start, end = found["name"].span("name")
    return f"{attributes[:start]}id{attributes[end:]}"
