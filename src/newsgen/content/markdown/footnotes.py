"""Footnotes: numbered in the order of their use, each with a way back to all its marks; none of a name used twice is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions.footnotes import FN_BACKLINK_TEXT, NBSP_PLACEHOLDER, FootnoteExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from newsgen.content.markdown.preprocess.containers import as_id

_MARK = r"\[\^([^\]]*)\]"
_NAME = "note"
"""The attribute that holds a mark's name until the marks are numbered."""
_TITLE = "回到正文中的注释 {}"


class ChineseFootnoteExtension(FootnoteExtension):
    """Python-Markdown's footnotes with our own marks, numbers and ways back."""

    def __init__(self) -> None:
        # Notes always stand at the end: a place for them is none that somebody could type.
        super().__init__(BACKLINK_TITLE=_TITLE, PLACE_MARKER="\x03notes\x03")

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Replace what numbers marks by their definitions."""
        super().extendMarkdown(md)
        md.inlinePatterns.register(MarkProcessor(_MARK, self), "footnote", 175)
        md.treeprocessors.deregister("footnote-duplicate")
        md.treeprocessors.register(NumberTreeprocessor(md), "footnote-numbers", 15)

    def setFootnote(self, id: str, text: str) -> None:  # noqa: N802 (Python-Markdown's name)
        """Keep a footnote; another text of the same name goes below the first."""
        id = as_id(id)
        first = self.footnotes.get(id)
        self.footnotes[id] = text if first is None or first == text else f"{first}\n\n{text}"


class MarkProcessor(InlineProcessor):
    """`[^1]` in a text, of which the number is not known yet."""

    def __init__(self, pattern: str, footnotes: FootnoteExtension) -> None:
        super().__init__(pattern)
        self.footnotes = footnotes

    def handleMatch(  # type: ignore[override]  # noqa: N802 (Python-Markdown's name; the stubs know no refusal)
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int] | tuple[None, None, None]:
        """The mark, or nothing where there is no footnote of the name."""
        name = as_id(m[1])
        if name not in self.footnotes.footnotes:
            return None, None, None
        mark = Element("sup", {_NAME: name})
        SubElement(mark, "a", {"class": "footnote-ref", "href": f"#{self.footnotes.makeFootnoteId(name)}"})
        return mark, m.start(), m.end()


class NumberTreeprocessor(Treeprocessor):
    """The finished tree: numbers of the marks, order of the notes, ways back."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        notes = next((div for div in root.iter("div") if div.get("class") == "footnote"), None)
        items = notes.find("ol") if notes is not None else None
        if notes is None or items is None:
            return
        by_name = {item.get("id", "").removeprefix("fn:"): item for item in items}
        marks = _by_use(root, notes, by_name)
        items[:] = [by_name[name] for name in marks]
        for number, (name, places) in enumerate(marks.items(), 1):
            for place, mark in enumerate(places, 1):
                del mark.attrib[_NAME]
                mark.set("id", _mark_id(name, place))
                mark[0].text = str(number)
            _lead_back(by_name[name], name, number, len(places))


def _by_use(root: Element, notes: Element, items: Mapping[str, Element]) -> dict[str, list[Element]]:
    """The marks of each footnote by its name, in the order of use: first in the text, then in the notes themselves."""
    inside = set(notes.iter("sup"))
    marks: dict[str, list[Element]] = {}
    _add(marks, (mark for mark in root.iter("sup") if mark not in inside))
    waiting, done = iter(items), 0
    while len(marks) < len(items) or done < len(marks):
        if done == len(marks):
            marks.setdefault(next(name for name in waiting if name not in marks), [])
        # What a note cites comes behind what is known so far.
        names = list(marks)[done:]
        done = len(marks)
        for name in names:
            _add(marks, items[name].iter("sup"))
    return marks


def _add(marks: dict[str, list[Element]], found: Iterator[Element]) -> None:
    for mark in found:
        if _NAME in mark.attrib:
            marks.setdefault(mark.attrib[_NAME], []).append(mark)


def _mark_id(name: str, place: int) -> str:
    return f"fnref:{name}" if place == 1 else f"fnref{place}:{name}"


def _lead_back(item: Element, name: str, number: int, places: int) -> None:
    """Link a note to its marks, numbered where there are several; a note that nothing refers to has no way back."""
    if not len(item):
        return
    paragraph = item[-1]
    link = paragraph[-1]
    paragraph.remove(link)
    if not places:
        _strip_blank(paragraph)
    for place in range(1, places + 1):
        title = _TITLE.format(number) if places == 1 else f"{_TITLE.format(number)}（第 {place} 处）"
        back = Element("a", {**link.attrib, "href": f"#{_mark_id(name, place)}", "title": title})
        back.text = FN_BACKLINK_TEXT if places == 1 else f"{FN_BACKLINK_TEXT}{place}"
        back.tail = " " if place < places else link.tail
        paragraph.append(back)


def _strip_blank(paragraph: Element) -> None:
    """Take away the blank in front of the way back."""
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "").removesuffix(NBSP_PLACEHOLDER)
    else:
        paragraph.text = (paragraph.text or "").removesuffix(NBSP_PLACEHOLDER)
