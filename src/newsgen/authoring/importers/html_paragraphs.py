"""Paragraphs of HTML, built from runs of text, with the blanks that readers see, and from pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsgen.authoring.importers.blocks import Block, InlinePicture, Paragraph, Run
from newsgen.authoring.importers.html_lists import ListMarker
from newsgen.authoring.importers.html_styles import InheritedStyle
from newsgen.authoring.importers.underlined_blanks import blanks_of_html
from newsgen.core.text import clean, is_cjk

_BLANKS = re.compile(r"[ \n]+")
_TYPED_BLANKS = re.compile(r"[ \t\n\f]+")
_LINE = "\n"
_TO_BLANKS = str.maketrans("\xa0\u2002\u2003\u2009\u202f\u2028\u2029\x0b", "        ")


class ParagraphBuilder:
    """Builder of paragraphs and other blocks. `level` is the level of the heading that is being read, 0 for text;
    `marker` is the list's marker for the next paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.level = 0
        self.marker = ListMarker()
        self._runs: list[Run] = []
        self._pictures: list[InlinePicture] = []
        self._style: InheritedStyle | None = None

    def add_text(self, text: str, style: InheritedStyle) -> None:
        """Add text. Blanks in sequence are one blank, as in all HTML, unless line ends count."""
        text = blanks_of_html(text) if "underline" in style.marks else text
        text = clean(text.translate(_TO_BLANKS))
        first, *others = text.split("\n") if style.has_lines else [_TYPED_BLANKS.sub(_blank_of, text)]
        self._add(first, style)
        for line in others:
            self.end()
            self._add(line, style)

    def _add(self, text: str, style: InheritedStyle) -> None:
        if not text:
            return
        if self._pictures and not self._has_words and text.strip():
            self.end()
        if self._style is None and text.strip():
            self._style = style
        self._runs.append(Run(text, style.marks, style.link))

    def add_note(self, number: int, style: InheritedStyle) -> None:
        """Add the mark of a footnote."""
        self._style = self._style or style
        self._runs.append(Run("", note=number))

    def add_picture(self, picture: InlinePicture, style: InheritedStyle) -> None:
        """Add a picture to the paragraph; a picture between words comes after them."""
        self._style = self._style or style
        self._pictures.append(picture)

    @property
    def _has_words(self) -> bool:
        return any(run.note or run.text.strip() for run in self._runs)

    def words_before(self) -> str:
        """The last words so far, to say in a message where something was; "" at the beginning."""
        for paragraph in (Paragraph(tuple(self._runs)), *reversed(self.blocks[-20:])):
            words = _BLANKS.sub("", paragraph.text) if isinstance(paragraph, Paragraph) else ""
            if words:
                return words[-12:]
        return ""

    def add_block(self, block: Block) -> None:
        """End the paragraph that is being read, and add a whole block after it."""
        self.end()
        self.blocks.append(block)

    def end(self) -> None:
        """End the paragraph that is being read."""
        style, pictures = self._style or InheritedStyle(), tuple(self._pictures)
        if self._has_words:
            marker, self.marker = self.marker, ListMarker()
            self.blocks.append(
                Paragraph(
                    tuple(_settled(self._runs)),
                    0 if marker.is_bullet else self.level,
                    marker.number,
                    marker.is_bullet,
                    marker.depth,
                    style.align,
                    pictures,
                    style.is_quoted,
                )
            )
        elif pictures:
            self.blocks.append(Paragraph(align=style.align, pictures=pictures))
        self._runs, self._pictures, self._style = [], [], None


def _blank_of(match: re.Match[str]) -> str:
    return _LINE if _LINE in match[0] else " "


def _settled(runs: Sequence[Run]) -> Iterator[Run]:
    """Runs with the blanks that readers see: one between words, none at the ends of the paragraph, and none for a line
    end of the source between Chinese characters."""
    letters = list("".join([run.text for run in runs]))
    whole = "".join(letters)
    for match in _BLANKS.finditer(whole):
        start, end = match.span()
        letters[start:end] = [""] * (end - start)
        if start > 0 and end < len(whole):
            is_torn = _LINE in match[0] and is_cjk(whole[start - 1]) and is_cjk(whole[end])
            letters[start] = "" if is_torn else " "
    index = 0
    for run in runs:
        text = "".join(letters[index : index + len(run.text)])
        index += len(run.text)
        if text or run.note:
            yield Run(text, run.marks, run.link, run.note)
