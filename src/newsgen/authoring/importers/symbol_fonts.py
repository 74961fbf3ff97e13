"""Characters of the fonts Wingdings and Symbol that reports hold, by their codes in the private area (F000 to F0FF)."""

from __future__ import annotations

UNKNOWN = "□"
_SYMBOLS = {
    "": "",
    "F020": " ",
    "F022": "✂",
    "F028": "☎",
    "F02A": "✉",
    "F046": "☞",
    "F04A": "☺",
    "F052": "☑",
    "F053": "☒",
    "F054": "☒",
    "F06C": "●",
    "F06D": "○",
    "F06E": "■",
    "F06F": "□",
    "F071": "❑",
    "F072": "❒",
    "F075": "◆",
    "F076": "❖",
    "F0A7": "▪",
    "F0A8": "□",
    "F0AB": "★",
    "F0B7": "•",
    "F0D8": "➢",
    "F0DF": "←",
    "F0E0": "→",
    "F0E8": "➔",
    "F0FB": "×",
    "F0FC": "√",
    "F0FD": "☒",
    "F0FE": "☑",
    **{f"F0{0x81 + number:02X}": chr(0x2460 + number) for number in range(10)},
}


def symbol(code: str) -> str | None:
    """The character of a code such as `F0FC`; None where it is not known."""
    return _SYMBOLS.get(code if len(code) == 4 or not code else f"F0{code[-2:].rjust(2, '0')}")


def symbols(text: str) -> str:
    """A text in one of these fonts, as it looks."""
    return "".join(
        [symbol(f"F0{ord(letter) & 0xFF:02X}") or UNKNOWN if _is_code(letter) else letter for letter in text]
    )


def _is_code(letter: str) -> bool:
    return ("!" <= letter <= "\xff" and letter != "\xa0") or "\uf020" <= letter <= "\uf0ff"
