"""Underlined blanks, to be filled in by hand: 姓名：＿＿＿. They become ideographic spaces, which a page does not merge."""

from __future__ import annotations

import re

LONGEST = 20
"""Maximum characters of a blank to be filled in: as many as a line of a phone holds."""
_BLANK = r"[ \u3000\xa0\u2002\u2003\t]"
_AROUND = re.compile(rf"^{_BLANK}+$|^{_BLANK}{{2,}}|{_BLANK}{{2,}}$|\t")
_IN_HTML = re.compile(r"[ \n\t]*(?:[\u3000\xa0\u2002\u2003][ \n\t]*){2,}")
"""Two or more blanks that HTML does not merge, with the mergeable ones around them."""
_WIDTHS = {"\u3000": 2, "\u2003": 2, "\t": 8, "\n": 0}


def blanks_of_word(text: str) -> str:
    """An underlined text of Word with ideographic spaces for the blanks to be filled in; blanks between words stay."""
    return text if text == " " else _AROUND.sub(_wide, text)


def blanks_of_html(text: str) -> str:
    """An underlined text of HTML with ideographic spaces for the blanks to be filled in."""
    return _IN_HTML.sub(_wide, text)


def _wide(match: re.Match[str]) -> str:
    width = sum(_WIDTHS.get(letter, 1) for letter in match[0])
    return "\u3000" * max(1, min(LONGEST, width // 2))
