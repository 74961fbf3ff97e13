"""The text of an article as a reader sees it, passage by passage, each character with its place in the file.

A passage is a continuous text on one line: a paragraph, a heading, a list item, one cell of a table, a caption, a value
of the front matter. Marks of Markdown are left out. Code, addresses and pictures are one FILLER each, so that no rule
joins the texts on either side.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from newsgen.content.frontmatter import read_article, read_section
from newsgen.content.frontmatter.entries import normalise_key, split_head
from newsgen.content.frontmatter.keys import ARTICLE, SECTION, Key
from newsgen.core.model import FrontMatter, Record, SectionMatter
from newsgen.core.text import SOFT_BREAK, decode

Role = Literal["front", "heading", "paragraph", "item", "quote", "cell", "caption", "footnote"]

FILLER = "\ue000"
"""The character in place of code, an address or a picture: it is neither a letter nor a punctuation mark."""
HAN = "\u3400-\u9fff"

_INLINE = re.compile(
    r"(?P<code>(?<!`)(`+)(?!`).{1,5000}?(?<!`)\2(?!`))"
    r"|(?P<image>!\[(?P<alt>[^\]]{0,2000}+)\](?:\([^)]{0,2000}+\)|\[[^\]]{0,2000}+\])(?:\{[^}]{0,500}+\})?)"
    r"|(?P<note>\[\^[^\]\s]{1,200}+\]:?)"
    r"|(?P<link>\[(?=[^\]]{0,2000}+\][(\[]))"
    r"|(?P<target>\](?:\([^()]{0,2000}+(?:\([^()]{0,500}+\)[^()]{0,500}+){0,9}+\)|\[[^\]]{0,2000}+\]))"
    r"|(?P<comment><!--.*?(?:-->|$))"
    r"|(?P<address><[A-Za-z][\w+.-]{0,30}+:[^<>\s]{1,2000}+>|\b(?:https?|ftp)://[!-;=?-~]+|\bwww\.[!-;=?-~]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<attributes>\{[:.#][^}]{0,500}+\})"
    r"|(?P<escape>\\(?=[!-/:-@\[-`{-~]))"
    r"|(?P<entity>&(?:#\d{1,9}+|#[xX][0-9a-fA-F]{1,9}+|[A-Za-z]\w{0,40}+);)"
    r"|(?P<emphasis>\*+|~~|__)"
)
"""The parts of a line that readers do not see. The lengths are bounded to avoid quadratic time."""
_MARK = re.compile(r"[`!\[\]<\\&*~_{@/w]")
"""The characters of which a line must hold one for _INLINE to match: most lines hold none."""
_PLAIN = re.compile(
    rf"[ \u3000\xa0]*(?!\d{{1,9}}[.)]\s)(?P<text>[{HAN}0-9“‘《（【][^`!\[\]<\\&*~_{{@/w|\t{SOFT_BREAK}]*)"
)
"""A line of plain text, as most lines are: without any mark that _MARK, _MARKERS, _FENCE or _is_no_text look for."""
_UNSEEN = frozenset(("link", "target", "tag", "attributes", "escape", "emphasis", "comment"))
_FENCE = re.compile(r"\s*(?:>\s*)*(`{3,}|~{3,})")
_MARKERS = re.compile(
    r"[\s\u3000]*(?:(?P<quote>>)|(?P<item>[-*+](?=\s)|\d{1,9}[.)](?=\s))|(?P<heading>#{1,6}(?=\s)))[ \t\u3000\xa0]*"
)
_FOOTNOTE = re.compile(r"\s*\[\^[^\]\s]+\]:\s*")
_DEFINITION = re.compile(r"\s*\[[^\]^][^\]]*\]:\s*\S")
_RULE = re.compile(r"[\s|:+=_*—-]+")
_CELL = re.compile(r"(?:\\.|[^|\\])+")
_OUTLINE = re.compile(r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")
_SIMPLE_ENTRY = re.compile(rf"(?P<name>[A-Za-z_]{{1,20}}|[{HAN}]{{1,8}})[:：] ?(?=[^\s/])")
"""A usual entry of front matter: nothing before the key, and at most one blank before the value."""
_TEXT_KEYS = frozenset(
    [
        *("title", "subtitle", "short_title", "summary", "author", "source", "photographer", "editor"),
        *("tags", "branch", "signature", "attachments", "description", "keywords", "reviews"),
    ]
)


class Passage(Record, frozen=True):
    """A continuous text on one line: `text` as a reader sees it, and `columns`, the index of each of its characters in
    `raw`.

    `raw` is the line as typed. `key` is the front matter key if the role is "front", else "".
    """

    line: int
    role: Role
    raw: str
    text: str
    columns: Sequence[int]
    key: str = ""

    def place(self, start: int, end: int) -> tuple[int, str]:
        """The column (from 1) of `text[start:end]` in the file, and the characters typed there, marks included."""
        first = self.columns[start] if start < len(self.columns) else len(self.raw)
        last = self.columns[end - 1] + 1 if end > start else first
        return first + 1, self.raw[first:last]


class ArticleText(Record, frozen=True):
    """One Markdown file, as rules read it. `typed` is the whole file, `lines` are its lines; the body begins at line
    number `body_line`.

    `body` are the passages below the front matter. `text` is what readers see: all passages, a line each; `passages[i]`
    begins at `starts[i]`. One search in `text` finds the passages that concern a rule.
    """

    path: str
    matter: FrontMatter | SectionMatter | None
    typed: str
    lines: tuple[str, ...]
    body_line: int
    passages: tuple[Passage, ...]
    body: tuple[Passage, ...]
    text: str
    starts: tuple[int, ...]

    def lines_with(self, mark: str) -> Iterator[tuple[int, str]]:
        """The lines of the body that hold `mark`, with their numbers, as typed; lines in code blocks are left out."""
        if mark not in self.typed:
            return
        fence = ""
        for number, line in enumerate(self.lines[self.body_line - 1 :], self.body_line):
            opening = _FENCE.match(line)
            if opening and (not fence or opening[1].startswith(fence)):
                fence = "" if fence else opening[1]
            elif not fence and mark in line:
                yield number, line

    def holding(self, form: re.Pattern[str]) -> Iterator[Passage]:
        """The passages in which a match of the pattern begins; it may run on into the next passage."""
        ends = (*self.starts[1:], len(self.text))
        position = 0
        while self.starts and (match := form.search(self.text, position)):
            index = self._index(match.start())
            yield self.passages[index]
            position = ends[index]
            if index + 1 == len(ends):
                return

    def place(self, start: int) -> tuple[Passage, int]:
        """The passage to which `text[start]` belongs, and the index there."""
        index = self._index(start)
        return self.passages[index], start - self.starts[index]

    def _index(self, start: int) -> int:
        return bisect_right(self.starts, start) - 1

    @property
    def year(self) -> int | None:
        """The year of the article's date."""
        date = self.matter.date if isinstance(self.matter, FrontMatter) else None
        return int(date.minute[:4]) if date else None


def read_text(path: str, data: bytes) -> ArticleText | None:
    """The text of a Markdown file; None for bytes that are not text."""
    text, _ = decode(data, SOFT_BREAK)
    if text is None:
        return None
    is_section = path.endswith("_index.md")
    matter, body, first_line, _ = (read_section if is_section else read_article)(text)
    lines = tuple(text.split("\n"))
    if first_line == 1 and matter is None and not body:
        first_line = len(lines) + 1
    keys = SECTION if is_section else ARTICLE
    body_passages = tuple(_body_passages(lines, first_line))
    passages = (*_front_passages(lines[: first_line - 1], keys), *body_passages)
    texts = [passage.text for passage in passages]
    starts = tuple(accumulate((len(shown) + 1 for shown in texts[:-1]), initial=0)) if texts else ()
    return ArticleText(path, matter, text, lines, first_line, passages, body_passages, "\n".join(texts), starts)


def _front_passages(lines: Sequence[str], keys: Mapping[str, Key]) -> Iterator[Passage]:
    """The front matter values that readers see, line by line."""
    key = ""
    for number, line in enumerate(lines, 1):
        simple = _SIMPLE_ENTRY.match(line)
        if simple:
            found, start = _key_named(simple["name"], keys is SECTION), simple.end()
            key = found.name if found else ""
            if key in _TEXT_KEYS:
                yield _front_passage(number, line, start, line[start:].rstrip(), key)
            continue
        head = split_head(line)
        found = keys.get(normalise_key(head.name)) if head and not line[:1].isspace() else None
        start = head.column - 1 if head else len(line) - len(line.lstrip(" \t\u3000-"))
        key = found.name if found else key if line[:1] in " -\t\u3000" else ""
        value = line[start:].strip()
        if key in _TEXT_KEYS and value:
            yield _front_passage(number, line, line.index(value, start), value, key)


@lru_cache(maxsize=256)
def _key_named(name: str, is_section: bool) -> Key | None:
    return (SECTION if is_section else ARTICLE).get(normalise_key(name))


def _front_passage(number: int, line: str, start: int, value: str, key: str) -> Passage:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        start, value = start + 1, value[1:-1]
    return Passage(number, "front", line, value, range(start, start + len(value)), key)


def _body_passages(lines: Sequence[str], first_line: int) -> Iterator[Passage]:
    fence, in_comment = "", False
    for number, line in enumerate(lines[first_line - 1 :], first_line):
        plain = _PLAIN.fullmatch(line) if line and not fence and not in_comment else None
        if plain:
            yield _plain_passage(number, line, plain)
        if plain or not line:
            continue
        opening = _FENCE.match(line)
        if opening and (not fence or opening[1].startswith(fence)):
            fence = "" if fence else opening[1]
            continue
        if fence or (not in_comment and _is_no_text(line)):
            continue
        visible, in_comment = _without_comment(line, in_comment)
        for piece, start in _pieces(visible):
            yield from _passages(number, piece, start, line)


def _plain_passage(number: int, line: str, plain: re.Match[str]) -> Passage:
    """The passage of a line of plain text."""
    text, start = plain["text"].rstrip(), plain.start("text")
    return Passage(number, _role_of(text), line, text, range(start, start + len(text)))


def _role_of(text: str) -> Role:
    """The role of a line without marks: a heading if it is short and has a numeral (一、加强学习), else a paragraph."""
    return "heading" if len(text) <= 40 and _OUTLINE.match(text) else "paragraph"


def _is_no_text(line: str) -> bool:
    """Whether a line is blank, a horizontal rule, the delimiter row of a table, or a link definition."""
    return not line.strip() or _RULE.fullmatch(line) is not None or _DEFINITION.match(line) is not None


def _without_comment(line: str, is_inside: bool) -> tuple[str, bool]:
    """The line without its part of a comment that spans lines, and whether the next line begins inside that comment."""
    if is_inside:
        end = line.find("-->")
        if end < 0:
            return "", True
        line = " " * (end + 3) + line[end + 3 :]
    start = line.rfind("<!--")
    return (line[:start], True) if start >= 0 and line.find("-->", start) < 0 else (line, False)


def _pieces(line: str) -> Iterator[tuple[str, int]]:
    """The pieces between Word's soft returns, with the index of each."""
    start = 0
    for piece in line.split(SOFT_BREAK):
        yield piece, start
        start += len(piece) + 1


def _passages(number: int, piece: str, offset: int, raw: str) -> Iterator[Passage]:
    """The passages of a line, or of a piece of it between soft returns, without the marks in front."""
    role: Role = "paragraph"
    start = 0
    if note := _FOOTNOTE.match(piece):
        role, start = "footnote", note.end()
    while marker := _MARKERS.match(piece, start):
        role = "quote" if marker["quote"] else "heading" if marker["heading"] else "item"
        start = marker.end()
    if "|" in piece[start:] and piece.strip().startswith("|"):
        for cell in _CELL.finditer(piece, start):
            yield from _passage(number, cell[0], offset + cell.start(), raw, "cell")
    elif "\t" in piece.strip():
        for cell in re.finditer(r"[^\t]+", piece[start:]):
            yield from _passage(number, cell[0], offset + start + cell.start(), raw, "cell")
    else:
        text = piece[start:]
        if role == "heading":
            text = text.rstrip("# \t")
        elif role == "paragraph":
            role = _role_of(text.strip())
        yield from _passage(number, text, offset + start, raw, role)


def _passage(number: int, typed: str, offset: int, raw: str, role: Role) -> Iterator[Passage]:
    """The visible text of `typed`, and the captions of the pictures in it as passages of their own."""
    characters: list[str] = []
    columns: list[int] = []
    position = len(typed) - len(typed.lstrip(" \t\u3000\xa0"))
    end = len(typed.rstrip())
    if not _MARK.search(typed):
        if position < end:
            yield Passage(number, role, raw, typed[position:end], range(offset + position, offset + end))
        return
    for match in _INLINE.finditer(typed, position):
        characters += typed[position : match.start()]
        columns += range(offset + position, offset + match.start())
        kind = match.lastgroup or ""
        if kind == "alt" or match["image"]:
            start = match.start("alt")
            if match["alt"].strip():
                places = range(offset + start, offset + match.end("alt"))
                yield Passage(number, "caption", raw, match["alt"], places)
            kind = "image"
        if kind not in _UNSEEN and (not match["note"]):
            characters.append(FILLER)
            columns.append(offset + match.start())
        position = match.end()
    if position < end:
        characters += typed[position:end]
        columns += range(offset + position, offset + end)
    if any(character != FILLER for character in characters):
        yield Passage(number, role, raw, "".join(characters), tuple(columns))
