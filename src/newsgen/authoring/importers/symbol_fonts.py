"""Characters of symbol fonts (Wingdings, Symbol, Webdings): the look of a letter or a private-use code in these fonts."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNKNOWN = "□"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LETTER = re.compile("[!-~\xa1-\xff\ue000-\uf8ff]")
_BLANKS = "\uf020\ue5e5\ue4c6"
"""Blanks in the private use area: the blank of these fonts, and the wide ones of older Chinese encodings."""


def _row(start: int, signs: str) -> dict[int, str]:
    """Signs at consecutive codes; a blank stands for an unknown sign."""
    return {start + index: sign for index, sign in enumerate(signs) if sign != " "}


_WINGDINGS = {
    **_row(0x21, "✏✂✁"),
    **_row(0x28, "☎✆✉"),
    **_row(0x36, "⌛"),
    **_row(0x3E, "✇✍ ✌   ☜☞☝☟ ☺ ☹ ☠"),
    **_row(0x51, "✈☼ ❄ ✞ ✠✡☪☯ ☸♈♉♊♋♌♍♎♏♐♑♒♓"),
    **_row(0x6C, "●❍■□□❑❒◆◆◆❖◆⌧ ⌘  “”"),
    **_row(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_row(0x9E, "·•▪○○○◉◎○▪□▲✦★✶✴✹✵"),
    **_row(0xB5, "✪✰"),
    **_row(0xD5, "⌫⌦ ➢   ➲"),
    **_row(0xDF, "←→↑↓↖↗↙↘←➔↑↓↖↗↙↘⇦⇨⇧⇩⬄"),
    **_row(0xFB, "×√☒☑"),
}
_WINGDINGS_2 = {
    **_row(0x4F, "×√☒☑☒☒"),
    **_row(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_row(0x96, "●●●○"),
    **_row(0xA0, "■■■□"),
    **_row(0xAE, "◆◆"),
}
_WEBDINGS = {**_row(0x33, "◀▶▲▼"), **_row(0x61, "✓ □"), **_row(0x67, "■"), **_row(0x6E, "●"), **_row(0x72, "×")}
_SYMBOL = {
    **_row(0x21, "!∀#∃%&∍()∗+,−./0123456789:;<=>?"),
    **_row(0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"),
    **_row(0x60, "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    **_row(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈… —↵"),
    **_row(0xC0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√·¬∧∨⇔⇐⇑⇒⇓"),
    **_row(0xE0, "◊⟨®©™∑"),
    **_row(0xF1, "⟩∫"),
}
_FONTS: Mapping[str, Mapping[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _row(0x7D, "▶"),
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}
_ANY_FONT = {
    **{code: sign for code, sign in _WINGDINGS.items() if code < 0x52 or sign in "①②③④⑤⑥⑦⑧⑨⑩●○■□◆❖▪★➢←→➔×√☒☑❑❒"},
    0x52: "☑",
    0x53: "☒",
    0x54: "☒",
    0xA3: "□",
    0xB7: "•",
}
"""Code -> sign if its font is not named: the boxes, ticks and bullets of forms and lists."""


def symbol_font(names: str) -> str:
    """The first font of a `font-family`, if it is a symbol font, in lower case; else ""."""
    name = names.split(",", 1)[0].strip("\"' ").lower()
    return name if name in _FONTS else ""


def symbol(code: str, font: str = "") -> str | None:
    """The character for a code such as `F0FC` or `FC`; None if unknown. A code in no symbol font's range is Unicode."""
    try:
        number = int(code, 16) if code else 0x20
    except ValueError:
        return None
    if not 0x20 <= number <= 0x10FFFF:
        return None
    if number > 0xFF and not _PRIVATE.match(chr(number)):
        return chr(number) if not 0xD800 <= number <= 0xDFFF else None
    if number & 0xFF == 0x20 or chr(number) in _BLANKS:
        return " " if code else ""
    fonts = _FONTS.get(symbol_font(font), _ANY_FONT)
    return fonts.get(number & 0xFF) if number <= 0xFF or number >> 8 == 0xF0 else None


def symbols(text: str, font: str = "") -> tuple[str, int]:
    """A text as it looks in a symbol font ("" for any other font), and the number of its unknown signs.

    In any font, a character of the private use area is a sign of a symbol font, or of a font that only its author has.
    """
    unknown = 0

    def shown(match: re.Match[str]) -> str:
        nonlocal unknown
        found = symbol(f"{ord(match[0]):04X}", font)
        unknown += found is None
        return UNKNOWN if found is None else found

    if font:
        return _LETTER.sub(shown, text), unknown
    return (_PRIVATE.sub(shown, text), unknown) if _PRIVATE.search(text) else (text, 0)
