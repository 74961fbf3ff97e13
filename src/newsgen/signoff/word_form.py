"""The 审批单 of an article as a Word file, for colleges that file it in their OA: the form of form.py, to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

from newsgen.content.images import probe, published
from newsgen.content.images.errors import ImageError
from newsgen.core.file_types import MOST_OF_A_PICTURE
from newsgen.core.files import read_file
from newsgen.core.office_files import TEXT_WIDTH, WordLine, WordPhoto, WordTable, word_document
from newsgen.signoff.article import ReviewedArticle
from newsgen.signoff.form import STAGE_HEADS, rows_of, stage_rows

PHOTO_WIDTH = 1_200
"""The maximum width of a photo in pixels: at 170 mm as sharp as a printer prints."""
_BLANKS = re.compile(r"[ \t\r\n]+")
_BLOCKS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "blockquote", "tr", "div", "pre"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LABEL, _STAGES = 22, (22, 34, 38, 46, 30)
"""The widths of columns in millimetres."""


def word_form(root: Path, article: ReviewedArticle) -> bytes:
    """The form as a .docx. Raises OSError if a photo cannot be read."""
    head = WordTable(tuple(rows_of(article.matter).items()), (_LABEL, TEXT_WIDTH - _LABEL))
    stages = WordTable((STAGE_HEADS, *stage_rows(article)), _STAGES)
    attached = "、".join(entry.name or entry.file.text for entry in article.matter.attachments)
    foot = [WordLine(f"附件：{attached}")] if attached else []
    foot.append(WordLine(f"版本 {article.standing.digest}　文件 {article.path}", size=9))
    title = WordLine("稿件审批单", "center", 20, bold=True)
    return word_document([title, head, WordLine(""), stages, WordLine(""), *_body(root, article), *foot])


def _body(root: Path, article: ReviewedArticle) -> Iterator[WordLine | WordPhoto]:
    body, files = article.parsed_body, {file.typed: root / real for file, real in article.files}
    pieces = []
    for chunk in body.chunks:
        if isinstance(chunk, str):
            pieces.append(chunk)
        elif body.references[chunk].attribute == "src":
            pieces.append(f' data-file="{chunk}"')
    targets = {str(number): reference.target for number, reference in enumerate(body.references)}
    reader = _FormBodyParser({number: files[target] for number, target in targets.items() if target in files})
    reader.feed("".join(pieces))
    reader.close()
    yield from reader.parts
    if body.signature:
        yield WordLine(body.signature, "right")


class _FormBodyParser(HTMLParser):
    """Reads a body into lines and photos; `files` are the photos by the number of their reference."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        super().__init__()
        self.parts: list[WordLine | WordPhoto] = []
        self._files, self._words, self._tag = files, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block; a photo stands alone."""
        if tag in _BLOCKS:
            self._end()
            self._tag = tag
        elif tag in ("td", "th") and self._words:
            self._words += "　"
        elif tag == "br":
            self._end()
        elif tag == "img":
            self._end()
            file = self._files.get(dict(attrs).get("data-file") or "")
            self.parts.append(_photo(file) if file else WordLine(f"［图片：{dict(attrs).get('alt') or ''}］", "center"))

    def handle_endtag(self, tag: str) -> None:
        """End a block."""
        if tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        """Add text, in which one blank replaces each run of blanks and line ends."""
        self._words += _BLANKS.sub(" ", data)

    def close(self) -> None:
        """End the last block."""
        super().close()
        self._end()

    def _end(self) -> None:
        words, self._words = self._words.strip(), ""
        if words:
            is_caption, is_heading = self._tag == "figcaption", self._tag in _HEADINGS
            self.parts.append(
                WordLine(words, "center" if is_caption else "left", bold=is_heading, indent=not is_caption)
            )


def _photo(file: Path) -> WordLine | WordPhoto:
    """A photo, scaled down to PHOTO_WIDTH; a line of text instead for an image that Word does not show."""
    data = read_file(file, MOST_OF_A_PICTURE)
    try:
        seen = probe(data)
        width = min(seen.width, PHOTO_WIDTH) if seen.kind == "photo" else seen.width
        (made,) = published(data, seen, [(width, seen.suffix)]) if seen.kind != "moving" else (b"",)
    except ImageError:
        made = b""
    if not made:
        return WordLine(f"［图片：{file.name}］", "center")
    return WordPhoto(made, ".png" if seen.suffix == ".png" else ".jpg", width, round(seen.height * width / seen.width))
