"""Python-Markdown, set up once: its extensions and ours (listed in `__init__.py`)."""

from __future__ import annotations

import re
from functools import lru_cache
from string import punctuation
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, AtomicString

from newsgen.content.markdown.block_processors import (
    BreakTreeprocessor,
    MarkedBlockProcessor,
    PlainTableProcessor,
    QuoteProcessor,
)
from newsgen.content.markdown.captions import shown_alt
from newsgen.content.markdown.emphasis_elements import EmphasisTreeprocessor
from newsgen.content.markdown.figures import to_figures
from newsgen.content.markdown.footnotes import ChineseFootnoteExtension
from newsgen.content.markdown.headings import levels
from newsgen.content.markdown.link_targets import without_note

_ALIGN = re.compile(r"text-align:\s*(left|center|right)")


def to_html(text: str, stash: list[str]) -> str:
    """The HTML of prepared lines; `stash` holds what their placeholders stand for. Not sanitised."""
    parser = _parser()
    parser.reset()
    for html in stash:
        parser.htmlStash.store(_RawBlock(html))
    return parser.convert(text + "\n\n")


@lru_cache(maxsize=1)
def _parser() -> markdown.Markdown:
    # By name, Python-Markdown would look for extensions in all that is installed: 30 modules and as many milliseconds.
    extensions = [TableExtension(), ChineseFootnoteExtension(), SaneListExtension(), ChineseExtension()]
    return markdown.Markdown(extensions=extensions, output_format="html")


class _RawBlock(str):
    """Code or raw HTML that the line pass has put aside: a block of its own, whatever it begins with."""

    __slots__ = ()


class _StashPostprocessor(RawHtmlPostprocessor):
    """Puts back what was put aside; no paragraph is made around a block."""

    def stash_to_string(self, text: str) -> str:
        """The text as it is, so that a block is known."""
        return text

    def isblocklevel(self, html: str) -> bool:
        """Whether no paragraph is wanted."""
        return isinstance(html, _RawBlock) or super().isblocklevel(html)


class _EscapeProcessor(EscapeInlineProcessor):
    """A backslash before any ASCII punctuation goes (CommonMark 2.4); `\\&lt;` is no entity."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int, int]:  # type: ignore[override]  # noqa: N802
        """The text for the character: its number, which is read last; None where the backslash is one (`C:\\图`)."""
        shown = f"{AMP_SUBSTITUTE}amp;" if m[1] == "&" else f"\x02{ord(m[1])}\x03"
        return shown if m[1] in punctuation else None, m.start(), m.end()


class ChineseExtension(Extension):
    """Everything of ours that lives inside Python-Markdown."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Replace what the line pass has done already, and add our rules."""
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in ("code", "hashheader", "setextheader"):
            md.parser.blockprocessors.deregister(name)
        md.inlinePatterns.register(_EscapeProcessor(ESCAPE_RE, md), "escape", 180)
        md.block_level_elements += ["audio", "picture"]
        md.parser.blockprocessors.register(MarkedBlockProcessor(md.parser), "marked", 72)
        md.parser.blockprocessors.register(PlainTableProcessor(md.parser, {"use_align_attribute": False}), "table", 75)
        md.parser.blockprocessors.register(QuoteProcessor(md.parser), "quote", 20)
        md.inlinePatterns.deregister("em_strong")
        md.treeprocessors.register(PlainTextTreeprocessor(md), "plain_text", 25)
        md.treeprocessors.register(BreakTreeprocessor(md), "breaks", 19)
        md.treeprocessors.register(EmphasisTreeprocessor(md), "emphasis", 18)
        md.treeprocessors.register(StrictAttrListTreeprocessor(md), "attr_list", 8)
        md.postprocessors.register(_StashPostprocessor(md), "raw_html", 30)
        md.treeprocessors.register(ShapeTreeprocessor(md), "shape", -5)


class PlainTextTreeprocessor(Treeprocessor):
    """Before the inline patterns: text that holds none of the characters that they look for need not be shown to each."""

    _LOOKED_FOR = re.compile(r"[`\\\[<&*_\x02]")

    def run(self, root: Element) -> None:
        """Mark such texts in the tree in place."""
        for element in root.iter():
            if element.text and not self._LOOKED_FOR.search(element.text):
                element.text = AtomicString(element.text)


class StrictAttrListTreeprocessor(AttrListTreeprocessor):
    """attr_list that takes only `{#id}`, `{.class}` and `{key=value}`: `{注}` and `{A组}` are text."""

    # The stubs call final what Python-Markdown itself leaves to subclasses.
    _TOKEN = r"(?:[#.][^\s{}\"'=]+|[A-Za-z-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+))"
    BASE_RE = rf"\{{:?[ ]*({_TOKEN}(?:[ ]+{_TOKEN})*)[ ]*\}}"  # type: ignore[misc]
    HEADER_RE = re.compile(rf"[ ]+{BASE_RE}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{BASE_RE}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{BASE_RE}")  # type: ignore[misc]


class ShapeTreeprocessor(Treeprocessor):
    """The finished tree: levels of headings, figures, alt texts, alignment by class."""

    def run(self, root: Element) -> None:
        """Change the tree in place, as Python-Markdown's tree processors do."""
        marked = [element for element in root.iter("h2") if "kind" in element.attrib]
        for element, level in zip(marked, levels([element.attrib.pop("kind") for element in marked]), strict=True):
            element.tag = f"h{level}"
        to_figures(root)
        for image in root.iter("img"):
            image.set("alt", shown_alt(image.get("alt", "")))
        for element in (*root.iter("a"), *root.iter("img")):
            for name in {"href", "src"} & element.attrib.keys():
                element.set(name, without_note(element.attrib[name]))
        for cell in (*root.iter("td"), *root.iter("th")):
            _align_by_class(cell)


def _align_by_class(cell: Element) -> None:
    match = _ALIGN.match(cell.attrib.pop("style", ""))
    if match:
        cell.set("class", f"{cell.get('class', '')} align-{match[1]}".strip())
