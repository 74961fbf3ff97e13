"""Chinese numerals up to 999 and Arabic ones, as numbers and back."""

from __future__ import annotations

from functools import lru_cache

_DIGITS = "零一二三四五六七八九"
_ALIKE = str.maketrans("〇两０１２３４５６７８９", "零二0123456789")


@lru_cache(maxsize=1024)
def chinese_number(text: str) -> int | None:
    """The number that `text` writes: 十二, 二十, 两, 一百零三, 12; None if it is not a numeral."""
    text = text.translate(_ALIKE)
    if text.isascii():
        return int(text) if text.isdigit() else None
    total, rest = 0, text
    for unit, value in (("百", 100), ("十", 10)):
        before, found, after = rest.partition(unit)
        if found:
            digit = before.removeprefix("零")
            if digit and digit not in _DIGITS[1:]:
                return None
            total += value * (_DIGITS.index(digit) if digit else 1)
            rest = after
    rest = rest.removeprefix("零") if total else rest
    if not rest:
        return total
    return total + _DIGITS.index(rest) if len(rest) == 1 and rest in _DIGITS else None


def number_in_chinese(number: int) -> str:
    """`number`, from 1 to 99, in Chinese."""
    tens, ones = divmod(number, 10)
    return f"{'' if tens == 1 else _DIGITS[tens]}十{_DIGITS[ones] if ones else ''}" if tens else _DIGITS[ones]
