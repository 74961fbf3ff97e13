"""Automatic numbers of Word, as they stand on paper: 一、 （一） 1. ① (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from newsgen.authoring.importers.word_xml import W, switched, value

LEVELS = 9
_WORDS_BEHIND = frozenset("章节条款项目篇部编讲课回期号件一二三四五六七八九十百")
"""Last characters of numbers that are words, such as 第三条 or 附件一: a blank separates these from the words after."""
BULLET = "bullet"
_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting")
)
_DIGITAL = frozenset(("ideographDigital", "taiwaneseDigital", "koreanDigital2"))
_LEGAL = {
    "chineseLegalSimplified": str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"),
    "ideographLegalTraditional": str.maketrans("一二三四五六七八九十百千", "壹貳參肆伍陸柒捌玖拾佰仟"),
}
_CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
_SIGNS = {
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": "".join(map(chr, range(0x2474, 0x2488))),
    "decimalEnclosedFullstop": "".join(map(chr, range(0x2488, 0x249C))),
    "ideographEnclosedCircle": "".join(map(chr, range(0x3280, 0x328A))),
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
"""Form of numbers -> its characters for the first numbers."""
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


class NumberingLevel(NamedTuple):
    """One level of a list: its first number, the form of its numbers, and their text, in which `%1` is the first level's.

    `style` is the paragraph style that stands for it, "" for none; if it `is_legal`, numbers of the levels above are in
    digits. Its count restarts after an item of the levels up to `begins_below` (from 1), never if that is 0 (articles
    counted through all chapters). `touches`: nothing stands between the number and the words.
    """

    start: int
    form: str
    text: str
    style: str = ""
    is_legal: bool = False
    begins_below: int = LEVELS
    touches: bool = False


class ListNumber(NamedTuple):
    """The number of a paragraph: the text before its words, including a blank after it if needed, or a bullet.

    `depth` is the level of its list, from 0.
    """

    text: str
    is_bullet: bool
    depth: int


class Numbering:
    """The lists of a document, with their counts; each call of numbered() counts one paragraph."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, tuple[str, dict[int, NumberingLevel]]] = {}
        self._counters: dict[str, list[int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._restarts: dict[str, frozenset[int]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        kinds = {item.get(W + "abstractNumId", ""): item for item in root.iter(W + "abstractNum")}
        by_style = {style: item for item in kinds.values() if (style := value(item, "styleLink"))}
        abstract = {name: _levels(by_style.get(value(item, "numStyleLink"), item)) for name, item in kinds.items()}
        for item in root.iter(W + "num"):
            name, kind = item.get(W + "numId", ""), value(item, "abstractNumId")
            levels, restarts = dict(abstract.get(kind, {})), set()
            for override in item.iter(W + "lvlOverride"):
                number = _integer(override.get(W + "ilvl"), 0)
                levels |= _levels(override)
                start = override.find(W + "startOverride")
                if start is not None and number in levels:
                    levels[number] = levels[number]._replace(start=_integer(start.get(W + "val"), 1))
                    restarts.add(number)
            self._lists[name] = kind, levels
            self._restarts[name] = frozenset(restarts)

    def level_of(self, name: str, style: str) -> int | None:
        """The level of a list, from 0, that a paragraph style stands for; None if it stands for none."""
        levels = self._lists.get(name, ("", {}))[1]
        return next((depth for depth, level in levels.items() if style and level.style == style), None)

    def numbered(self, name: str, depth: int) -> ListNumber | None:
        """The next number of a list at a depth (from 0); None if there is no such list or level."""
        kind, levels = self._lists.get(name, ("", {}))
        level = levels.get(depth)
        if level is None or depth >= LEVELS:
            return None
        if level.form == BULLET:
            return ListNumber("", is_bullet=True, depth=depth)
        counters = self._counters.setdefault(kind, [0] * LEVELS)
        if depth in self._restarts[name] and (name, depth) not in self._begun:
            self._begun.add((name, depth))
            counters[depth] = 0
        counters[depth] = counters[depth] + 1 if counters[depth] else level.start
        for deeper in range(depth + 1, LEVELS):
            if deeper not in levels or depth < levels[deeper].begins_below:
                counters[deeper] = 0

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = levels.get(place, level)
            form = "decimal" if level.is_legal and place < depth else other.form
            return in_form(counters[place] or other.start, form)

        text = _PLACE.sub(shown, level.text)
        shown_number = text if level.touches and not text.isascii() else apart(text)
        return ListNumber(shown_number, is_bullet=False, depth=depth)


def apart(number: str) -> str:
    """A number with the blank that separates it from the words: after 1. and 第一条, but not after 一、 and ①."""
    if not number or number.isascii():
        return number + " " * bool(number)
    return (
        number + "\u3000" if number[-1] in _WORDS_BEHIND or (number[-1].isascii() and number[-1].isalnum()) else number
    )


def _levels(item: Element) -> dict[int, NumberingLevel]:
    return {
        _integer(level.get(W + "ilvl"), 0): NumberingLevel(
            _integer(value(level, "start"), 1),
            _format(level),
            value(level, "lvlText"),
            value(level, "pStyle"),
            bool(switched(level, "isLgl")),
            _integer(value(level, "lvlRestart"), LEVELS),
            value(level, "suff") == "nothing",
        )
        for level in item.iter(W + "lvl")
    }


def _format(level: Element) -> str:
    """The form of the numbers of a level; forms newer than Word 2007 stand deeper, in alternate content."""
    return value(level, "numFmt") or next((item.get(W + "val", "") for item in level.iter(W + "numFmt")), "decimal")


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def in_form(number: int, form: str) -> str:
    """A number in the form of a list; in digits if the form is unknown or has no sign for that number."""
    if form in _CHINESE:
        return chinese(number)
    if form in _LEGAL:
        whole = "一" + chinese(number) if 10 <= number < 20 else chinese(number)
        return whole.translate(_LEGAL[form])
    if form in _SIGNS and 1 <= number <= len(_SIGNS[form]):
        return _SIGNS[form][number - 1]
    if form in _DIGITAL:
        return "".join([_DIGITS[int(digit)] for digit in str(number)])
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return _in_digits(number, form)


def _in_digits(number: int, form: str) -> str:
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join([chr(0xFF10 + int(digit)) for digit in str(number)])
    if form == "numberInDash":
        return f"- {number} -"
    return "" if form == "none" else str(number)


def chinese(number: int) -> str:
    """A number in Chinese: 十二, 二十, 一百零三; in digits beyond 1 to 9,999."""
    if not 0 < number < 10_000:
        return str(number)
    text, is_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if is_gap and text else "") + _DIGITS[digit] + name
            is_gap = False
        else:
            is_gap = True
    return text.removeprefix("一") if 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for amount, letters in _ROMAN:
        text += letters * (number // amount)
        number %= amount
    return text
