"""The values of the line pass: lines as typed, and what is gathered from them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from newsgen.core.model import Diagnostic, Record, field

Container = Literal["", "item", "quote", "footnote"]

MAX_DEPTH = 40
"""Lists and quotes may stand in one another this deep; nobody writes more than five."""

STASH = "\x02wzxhzdk:%d\x03"
"""Python-Markdown's placeholder for raw HTML (markdown.util.HTML_PLACEHOLDER)."""

MARK = "\x02%s\x03"
"""Opens a line that the line pass has understood: `\\x02h2\\x03标题`, `\\x02p.signoff\\x03管理学院` (extensions.py)."""

EMPTY = MARK % "-"
"""A block that is nothing: it opens an item that begins with no text."""

BREAK = MARK % "br"
"""A line break at the end of a line within a paragraph."""

HAN = r"\u3400-\u9fff"
"""The Chinese characters, as a range of regular expressions."""
MAX_MARKS = 1_000
"""The most of one kind of mark that one line or paragraph may hold: beyond it Python-Markdown's time grows with the square."""
FILLER = "\ue000"
"""Neither letter nor space nor sign: stands for what a check shall not see."""
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_UNSEEN = re.compile(f"{FILLER}+")
_INDENT = re.compile(r"^(?:\s|&(?:emsp|ensp|thinsp|nbsp|#(?:12288|160|8194|8195|[xX](?:3000|[aA]0|200[23])));)+")


def without_code(text: str) -> str:
    """`text` with code spans filled in, so that columns stay."""
    return _CODE.sub(lambda match: FILLER * len(match[0]), text) if "`" in text else text


def as_typed(words: str, text: str, checked: str, start: int) -> str:
    """The words of a check on a text from `start` on, with what it did not see in `checked`: code and addresses."""
    if FILLER not in words:
        return words
    unseen = (text[match.start() : match.end()] for match in _UNSEEN.finditer(checked, start))
    return _UNSEEN.sub(lambda match: next(unseen, match[0]), words)


class Line(NamedTuple):
    """One line: `text` is stripped, `column` is where it begins, `indent` the width of its leading ASCII blanks.

    `foreign` says that the indent holds U+3000, NBSP or the like, as in Word: only the ASCII blanks in front of them are
    Markdown's indent. `hard` says that the line ends with a backslash, a line break; `spaced`, that it ends with two
    blanks, a line break by the standard rule.
    """

    number: int
    column: int
    indent: int
    text: str
    foreign: bool
    hard: bool
    spaced: bool
    raw: str

    def dedented(self, width: int) -> Line:
        """The line as the content of a list item or fence that begins `width` columns further right."""
        return self._replace(indent=max(0, self.indent - width))

    def after(self, length: int) -> Line:
        """The rest of the line behind its first `length` characters (a list marker, a `>`)."""
        rest = read_line(self.number, self.text[length:], self.column + length)
        return rest._replace(hard=self.hard, spaced=self.spaced)

    def narrowed(self, part: str) -> Line:
        """The line as if a part of its text stood alone, in its place."""
        return self._replace(text=part, column=self.column + self.text.index(part))

    def warning(self, code: str, message: str, hint: str, index: int = 0) -> Diagnostic:
        """The warning about the text from an index on."""
        return Diagnostic(code, "warning", message, hint, "", self.number, self.column + index)

    @property
    def verse_indent(self) -> str:
        """The blanks in front that are not ASCII, as entities: the indent of a verse."""
        lead = html.unescape(self.raw[: self.raw.find(self.text)]) if self.foreign else ""
        return "".join(f"&#{ord(blank)};" for blank in lead if not blank.isascii())


def read_line(number: int, raw: str, column: int = 1) -> Line:
    """A line as typed. Indents may be typed as entities (`&emsp;`, `&nbsp;`), as Typora and WeChat do."""
    body = raw.lstrip()
    if body.startswith("&"):
        body = _INDENT.sub("", body, count=1)
    lead = raw[: len(raw) - len(body)]
    foreign = "&" in lead or not lead.isascii()
    indent = _width(lead)
    text = body.rstrip()
    hard = text.endswith("\\") and not text.endswith("\\\\")
    if hard:
        text = text[:-1].rstrip()
    return Line(number, column + len(lead), indent, text, foreign, hard, body.endswith("  "), raw)


def _width(lead: str) -> int:
    """The width of the ASCII blanks that `lead` begins with."""
    blanks = lead if lead.isspace() and lead.isascii() else lead[: len(lead) - len(lead.lstrip(" \t"))]
    return len(blanks.expandtabs(4))


def next_text(lines: Sequence[Line], index: int) -> int | None:
    """The index of the first line from `index` on that is not blank."""
    return next((i for i in range(index, len(lines)) if lines[i].text), None)


def read_lines(source: str, first_line: int) -> list[Line]:
    """The lines of a text, numbered as in its file; without the characters that make placeholders."""
    return [read_line(number, raw) for number, raw in enumerate(without_marks(source).split("\n"), first_line)]


def without_marks(source: str) -> str:
    """`source` without the characters that make placeholders (STASH, MARK)."""
    if "\x02" in source or "\x03" in source:
        return source.replace("\x02", "").replace("\x03", "")
    return source


class ParseState(Record, frozen=True):
    """The state of parsing one text: `stash` (code and raw HTML by placeholder), the lines outside code
    (`prose` is Markdown, `html` raw) for the checks, the numbers of lines that share a paragraph, the lines
    of the footnotes by name, and the diagnostics."""

    stash: list[str] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    html: list[Line] = field(default_factory=list)
    shared: set[int] = field(default_factory=set)
    notes: dict[str, Line] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def keep(self, html: str) -> str:
        """Put `html` aside; returns its placeholder."""
        self.stash.append(html)
        return STASH % (len(self.stash) - 1)


class Nesting(Record, frozen=True):
    """The nesting of lines: how deep they stand in lists and quotes (0 is the article itself), and which rules hold there.

    `one_line` is the Chinese rule that each line is a paragraph, wherever it stands; `classes` gives the paragraphs at some line
    numbers a class (`salutation`, `signoff`); the lines in `enumerated` look like headings and are none. `container` is what
    holds them.
    """

    depth: int = 0
    one_line: bool = False
    classes: Mapping[int, str] = field(default_factory=dict)
    enumerated: frozenset[int] = frozenset()
    container: Container = ""

    def inner(self, container: Container) -> Nesting:
        """The inside of a list item, quote or footnote that stands here."""
        if self.depth >= MAX_DEPTH:
            raise RecursionError
        return Nesting(self.depth + 1, self.one_line, container=container)


class BlockContext(Record, frozen=True):
    """The lines among which a block stands.

    `nested` runs the whole pass over the inside of a list item, quote or footnote; `text_at` says whether the line
    at an index is plain text. Both come from line_pass.py, which knows all kinds of block.
    """

    lines: Sequence[Line]
    nesting: Nesting
    state: ParseState
    nested: Callable[[Sequence[Line], Nesting, ParseState], list[str]]
    text_at: Callable[[BlockContext, int], bool]

    def inside(self, lines: Sequence[Line], container: Container) -> list[str]:
        """The prepared lines of what stands inside a list item, quote or footnote."""
        return self.nested(lines, self.nesting.inner(container), self.state)

    def is_text(self, index: int) -> bool:
        """Whether the line at `index` is plain text of a paragraph."""
        return self.text_at(self, index)


class PreparedBlock(NamedTuple):
    """A prepared block: its lines, the index after it, and whether it may touch an item's text above."""

    lines: list[str]
    after: int
    tight: bool = False


def paragraphs(prose: Sequence[Line], shared: Collection[int]) -> Iterator[list[Line]]:
    """The lines of Markdown by paragraphs; `shared` are the numbers of lines in longer ones."""
    lines: list[Line] = []
    for line in prose:
        if lines and not (line.number in shared and line.number == lines[-1].number + 1):
            yield lines
            lines = []
        lines.append(line)
    if lines:
        yield lines
