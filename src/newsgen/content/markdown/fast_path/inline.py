"""One scan of a text's inline marks: bold words, emphasis, links, code, escapes, entities, signs that mean nothing, plain tags.

What is understood becomes what the full pipeline makes of it, to the byte. A text that holds anything else gives None.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from newsgen.content.markdown.masks import ELEMENT, may_be_masked
from newsgen.content.markdown.preprocess.lines import HAN

REFERENCE_MARK = "\x02"
"""Where an address goes, with its attribute: a character that no text holds."""
NOTE_MARK = "\x03"
"""Where the mark of a footnote goes."""

_WORD = (
    " \"$%'()+,./0-9;?@A-GI-Za-gi-z~"
    "\u00a1-\u00ac\u00ae-\u052f\u2010-\u2027\u2030-\u205e\u2070-\u2bff\u2e80-\u2fff\u3001-\u3010\u3012-\ud7a3\uf900-\ufaff"
    "\ufe10-\ufe6f\uff01\uff02\uff04-\uff09\uff0b-\uff19\uff1b-\uff1d\uff1f-\uff3c\uff3e-\uff5b\uff5d-\uffee\U0001f000-\U0001faff\U00020000-\U0002fa1f\U00030000-\U000323af"
)
WORDS = re.compile(rf"(?:[!Hh{_WORD}]++|[:：](?![/／]{{2}})|[】］](?!\s*[(（]))++")
"""The characters of mere words. All others are left out, for these reasons:

    ＊ ＞         emphasis and quotes in full width: reported
    】］ and （    links in Chinese brackets: reported
    # ＃          headings, topics, the marks behind a heading
    &            entities
    * _          emphasis
    < >          HTML, addresses, quotes
    =            rules, `==marked==`, attributes of HTML (` id="x"` is looked for in the finished page)
    [ ] ^        links, images, definitions, footnotes, tasks
    \\            escapes and line breaks
    `            code
    { }          attributes
    | ｜          tables
    ://          addresses, which become links; with ： or ／: reported
    blanks       tabs, U+3000 and NBSP inside a line, U+2028 and the like: lines are split and joined at them
    the rest     controls, surrogates, invisible and private characters: removed, refused, or fillers of our own
"""

_PATH = r"(?!//|[Ww]{3}\.)[A-Za-z0-9_./\u4e00-\u9fff-]++"
"""No scheme, no blank, and no sign that has a meaning in URLs."""
_HOST = r"https?://(?:(?!..--)[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}"
_REST = r"[/?](?:[A-Za-z0-9_./?=~+-]|&(?![^()]*;)|%[0-9A-Fa-f]{2})*+"
LINK = re.compile(
    rf"(?<![!！])(?<![!！] )\[(?! *\])([^\[\]]++)\]"
    rf"\(({_HOST}(?:{_REST})?(?:#[A-Za-z0-9_-]+)?|{_PATH}(?:#[A-Za-z0-9_\u4e00-\u9fff-]+)?)\)"
)
"""A complete address or one of this site, without signs that are written otherwise in a page."""
IMAGE = re.compile(rf"!\[([^\[\]\"]*)\]\(({_PATH})\)")

MARK = re.compile(r"(?<=[^!])\[\^([0-9]{1,3})\](?! ?[(（])")
"""Neither first in its line, where a footnote may begin, nor before a parenthesis, which may hold an address."""

_TAGS = "b|i|u|s|em|strong|sub|sup|small|mark|del|ins"
_BOLD = re.compile(r"(?:[^*]*+\*\*(?![ *])[^*]++(?<! )\*\*(?!\*))++[^*]*+")
_BOLD_WORDS = re.compile(r"\*\*([^*]+)\*\*")
_EDGE = rf"(?:[{HAN}]{{3}}|{ELEMENT})"
_PAIRED = re.compile(
    rf"[^*_]*+(?:(?:\*\*(?![\s*])[^*_]++(?<!\s)\*\*(?!\*)|\*\*\*(?![\s*])[^*_]++(?<!\s)\*\*\*(?!\*)"
    rf"|(?<![A-Za-z0-9])\*(?={_EDGE})[^*_]++(?:(?<=[{HAN}]{{3}})|(?<=[0-9][{HAN}])|(?<={ELEMENT}))\*(?![*A-Za-z0-9]))[^*_]*+)++"
)
"""Marks beyond doubt: `**words**`, `***words***`, and `*words*` that begins with three Chinese characters, code or a link, and
ends so or with a number and its measure word (`3次`); none in another."""
_TOKEN = re.compile(
    rf"(?P<words>(?:[{_WORD}]++|[Hh](?!(?i:ttps?)://)|[:：](?![/／]{{2}})|!(?!\[)|[】］](?!\s*[(（]))++)"
    rf"|(?P<mark>[*_]+)"
    rf"|(?P<code>(?<!`)`[^`\\&|｜]+`(?!`))"
    rf"|(?P<link>\[[^\[\]]++\]\([^()]++\))"
    rf"|(?P<note>{MARK.pattern})"
    rf"|(?P<literal>\[[^\[\]^*_`\\<>&!]*\](?! ?[(（\[:：])(?!$))"
    rf"|(?P<bare>(?<![A-Za-z0-9@/_]){_HOST}(?:[/?#][A-Za-z0-9_./?=-]*+(?<![.?_]))?(?![A-Za-z0-9._~:/?#@!$&'()*+,;=%\\-]))"
    rf"|(?P<sign>[#>＃\u3000】］])"
    rf"|(?P<amp>&(?![#A-Za-z0-9]))"
    rf"|(?P<entity>&(?:amp|lt|gt|nbsp|[lr]dquo|[mn]dash|middot|hellip|times);)"
    rf"|(?P<less><(?=[ 0-9=]|[^\x00-\x7f]))"
    rf"|(?P<tag></?(?:{_TAGS})>|<br ?/?>)"
    rf"|\\(?P<escape>[*_#.+()\[\]!>-])"
)
"""Few of its sets hold the Chinese characters, since re takes a millisecond to compile one; what an address may hold and
which character may follow `<` is looked at by _MAKERS."""
_FAR_OPENING = re.compile(r"<[ \t]?[!！]|<[^<>]*@")
"""What may open a comment or an address of mail."""
_STASH = "\x02wzxhzdk:0\x03"
"""As Python-Markdown's own mark for what stands for itself: what is beside emphasis decides about it."""


class Link(NamedTuple):
    """An address in a text: what it is, and where it begins."""

    address: str
    start: int


class Inline(NamedTuple):
    """A text understood. `html` has REFERENCE_MARK and NOTE_MARK for the `links` and `notes`, in their order; `words` are what
    readers see, a line for each part between line breaks. `silent` says that no check has anything to say of the text."""

    html: str
    words: str
    links: Sequence[Link] = ()
    notes: Sequence[str] = ()
    silent: bool = True


_Piece = tuple[str, str, str, bool]
"""A part of a text: its HTML, what emphasis sees of it, what readers see, and whether no check has anything to say of it."""


def scan(text: str) -> Inline | None:
    """The HTML and words of a stripped text; None where it is not understood."""
    if is_bold(text):
        return Inline(_BOLD_WORDS.sub(r"<strong>\1</strong>", text), text.replace("**", ""))
    if "<" in text and _FAR_OPENING.search(text):
        return None
    pieces: list[_Piece] = []
    links: list[Link] = []
    notes: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() != end:
            return None
        end = match.end()
        kind, token = match.lastgroup or "", match[0]
        if kind in ("words", "mark"):
            pieces.append((token, token, token, True))
            continue
        piece = _MAKERS[kind](match)
        if piece is None:
            return None
        pieces.append(piece)
        if kind == "link":
            start = token.index("](") + 2
            links.append(Link(token[start:-1], match.start() + start))
        elif kind == "bare":
            links.append(Link(token, match.start()))
        elif kind == "note":
            notes.append(match["note"][2:-1])
    return _joined(text, pieces, links, notes) if end == len(text) else None


def is_bold(text: str) -> bool:
    """Whether a text is words with `**words**` among them; those that stand for something hidden are no marks."""
    if "**" not in text or "://" in text or not WORDS.fullmatch(text.replace("**", "")):
        return False
    return _BOLD.fullmatch(text) is not None and not may_be_masked(text)


def _joined(text: str, pieces: Sequence[_Piece], links: Sequence[Link], notes: Sequence[str]) -> Inline | None:
    htmls, flats, words, silences = map(list, zip(*pieces, strict=True))
    silent, flat = all(silences), "".join(flats)
    if "*" in flat or "_" in flat:
        plain = _PAIRED.fullmatch(flat) is not None and not may_be_masked(flat) and not may_be_masked(text)
        made = _alternating(pieces) if plain else _found(pieces, flat)
        if made is None:
            return None
        htmls, words = made
        silent = silent and plain
    html, shown = "".join(htmls), "".join(words)
    if not silent:
        if "<" in text and not _is_nested(html):
            return None
        shown = "\n".join([" ".join(part.split()) for part in shown.split("\n")])
    return Inline(html, shown, links, notes, silent)


def _alternating(pieces: Sequence[_Piece]) -> tuple[list[str], list[str]]:
    """(HTML, words) of pieces whose marks open and close in turn."""
    htmls, words, opens = [], [], True
    for html, flat, shown, _ in pieces:
        if flat[0] == "*":
            htmls.append(_ELEMENTS[len(flat)][not opens])
            opens = not opens
        else:
            htmls.append(html)
            words.append(shown)
    return htmls, words


_ELEMENTS = {
    1: ("<em>", "</em>"),
    2: ("<strong>", "</strong>"),
    3: ("<strong><em>", "</em></strong>"),
}


def _found(pieces: Sequence[_Piece], flat: str) -> tuple[list[str], list[str]] | None:
    """(HTML, words) of pieces whose marks belong together as emphasis.py finds; None where one stands in an address."""
    from newsgen.content.markdown.emphasis import pairs

    tags: dict[int, tuple[int, str]] = {}
    for pair in pairs(flat):
        name = "strong" if pair.size == 2 else "em"
        tags[pair.start] = pair.size, f"<{name}>"
        tags[pair.end] = pair.size, f"</{name}>"
    htmls: list[str] = []
    words: list[str] = []
    start = used = 0
    for html, piece_flat, shown, _ in pieces:
        if piece_flat[0] in "*_":
            marks = list(_marks(piece_flat, start, tags))
            htmls += [tag or typed for typed, tag in marks]
            words += [typed for typed, tag in marks if not tag]
            used += sum(tag != "" for _, tag in marks)
        else:
            htmls.append(html)
            words.append(shown)
        start += len(piece_flat)
    return (htmls, words) if used == len(tags) else None


def _marks(run: str, start: int, tags: Mapping[int, tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """(what is typed, its tag or nothing) for the parts of a run that begins at `start`."""
    index = 0
    while index < len(run):
        size, tag = tags.get(start + index, (1, ""))
        yield run[index : index + size], tag
        index += size


_TAG = re.compile(r"<(/?)([a-z]+)[^>]*>")


def _is_nested(html: str) -> bool:
    """Whether all elements end in the order in which they began."""
    names: list[str] = []
    for slash, name in _TAG.findall(html):
        if name == "br":
            continue
        if not slash:
            names.append(name)
        elif not names or names.pop() != name:
            return False
    return not names


# ---------------------------------------------------------------- tokens


def _code(match: re.Match[str]) -> _Piece | None:
    inside = match[0][1:-1]
    text = inside.strip()
    if not text or not text.isprintable():
        return None
    return f"<code>{entities.escape(text, quote=False)}</code>", ELEMENT, text, True  # checks see no code


_UNCLEAR = re.compile(r"(?:^|>)\s|\s(?:$|<)|&nbsp;|<(?!/?[a-z]+>)|<br")
"""Blanks that may meet others outside the link, and what opens no plain tag."""


def _link(match: re.Match[str]) -> _Piece | None:
    typed = match[0][1 : match[0].index("](")]
    if not LINK.match(match.string, match.start()) or _UNCLEAR.search(typed):
        return None
    if WORDS.fullmatch(typed):
        return f"<a{REFERENCE_MARK}>{typed}</a>", ELEMENT, typed, True
    inside = scan(typed)
    if inside is None or inside.links or inside.notes or "://" in typed:
        return None
    return f"<a{REFERENCE_MARK}>{inside.html}</a>", ELEMENT, inside.words, False


def _bare(match: re.Match[str]) -> _Piece:
    return f"<a{REFERENCE_MARK}>{match[0]}</a>", match[0], match[0], False


def _note(match: re.Match[str]) -> _Piece:
    return NOTE_MARK, ELEMENT, "\n", True


def _literal(match: re.Match[str]) -> _Piece | None:
    return (match[0], match[0], match[0], False) if WORDS.fullmatch(match[0][1:-1]) else None


def _sign(match: re.Match[str]) -> _Piece:
    return "&gt;" if match[0] == ">" else match[0], match[0], match[0], False


def _amp(match: re.Match[str]) -> _Piece:
    return "&amp;", "&", "&", False


def _entity(match: re.Match[str]) -> _Piece:
    character = entities.unescape(match[0])
    kept = match[0] in ("&amp;", "&lt;", "&gt;", "&nbsp;")
    return match[0] if kept else character, _STASH, character, False


def _less(match: re.Match[str]) -> _Piece | None:
    following = match.string[match.end()]
    return ("&lt;", _STASH, "<", False) if following.isascii() or "\u4e00" <= following <= "\u9fff" else None


def _tag(match: re.Match[str]) -> _Piece:
    is_break = match[0].startswith("<br")
    return "<br>" if is_break else match[0], _STASH, "\n" if is_break else "", False


def _escape(match: re.Match[str]) -> _Piece:
    sign = match["escape"]
    return entities.escape(sign), f"\x02{ord(sign)}\x03", sign, False


_MAKERS: Mapping[str, Callable[[re.Match[str]], _Piece | None]] = {
    "code": _code,
    "link": _link,
    "bare": _bare,
    "note": _note,
    "literal": _literal,
    "sign": _sign,
    "amp": _amp,
    "entity": _entity,
    "less": _less,
    "tag": _tag,
    "escape": _escape,
}
