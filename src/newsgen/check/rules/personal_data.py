"""Rules about personal data: numbers that identify a person. Sources: GB 11643-1999 (identity number, check digit),
ISO/IEC 7812-1 (bank cards, Luhn), the numbering plan of China's mobile networks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from newsgen.check.article_text import ArticleText
from newsgen.check.finding import Finding
from newsgen.check.rule import Rule, over_article
from newsgen.check.rules.columns import COLUMN_CODES, cells_under
from newsgen.core.patterns import lazy_pattern

_IDENTITY = lazy_pattern(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[- ]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[- ]?\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_NAMED_IDENTITY = lazy_pattern(
    r"身份证(?:件)?(?:号码?|编号)?\s*(?:为|是)?\s*[:：]?\s*(?P<number>[1-9]\d{16}[0-9Xx]|[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?![0-9A-Za-z])"
)
"""An identity number that the text calls so: it may have 15 digits, as before 2000, or a mistyped check digit."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = lazy_pattern(r"(?<![0-9A-Za-z.\-/_=])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Za-z_元万亿%])(?!\.\d)")
_LANDLINE = lazy_pattern(r"(?<![\d-])(?:0\d{2,3}[-－ ]\d{7,8}|[（(]0\d{2,3}[)）]\s?\d{7,8})(?:[-－转]\d{1,5})?(?!\d)")
_BANK = lazy_pattern(r"(?<![\d.])[1-9]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\d.])")
_MEMBER = lazy_pattern(
    r"(?:学号|工号|教工号|职工号|学生证号|准考证号|考生号)\s*(?:为|是)?\s*[:：]?\s*(?P<number>[A-Za-z]{0,2}\d{6,16})"
)
_MAIL = lazy_pattern(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@(?:qq|163|126|sina|sohu|foxmail|gmail|hotmail|outlook|139|189|wo|aliyun|yeah|live|icloud|yahoo|tom|21cn|vip\.[a-z0-9]+)\.(?:com|net|cn|com\.cn)(?![A-Za-z0-9-])",
    re.IGNORECASE,
)
_BIRTH = lazy_pattern(
    r"(?P<date>(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)\s*(?:出?生)|(?:出生(?:日期|年月日?)?|生日)\s*[:：]?\s*(?P<date2>(?:19|20)\d{2}(?:[年./-]\d{1,2}(?:[月./-]\d{1,2}日?)?)?)"
)
_HOME = lazy_pattern(
    r"(?:家庭住址|家庭地址|现住址|现居住地|居住地址|居住地|住址|户籍所在地|户口所在地|户籍地址)\s*(?:为|是)?\s*[:：]?\s*(?P<place>[^\s，。；,;|]{4,60})"
)


_FULL_WIDTH = str.maketrans("０１２３４５６７８９ＸｘＡＢ－＠．", "0123456789XxAB-@.")
_IS_FULL_WIDTH = re.compile(r"[０-９＠]")


class PersonalNumber(NamedTuple):
    """A personal number in a text: the code of its rule, its place, and a masked form to show."""

    code: str
    start: int
    typed: str
    name: str
    masked: str


def numbers_in(text: str) -> Iterator[PersonalNumber]:
    """The personal numbers in a text, in the order of their kinds; each character belongs to one at most."""
    typed, text = text, text.translate(_FULL_WIDTH)
    if not _may_hold(text):
        return
    taken = set[int]()
    for code, form, name, is_real, mask in _KINDS:
        for match in form.finditer(text):
            group = next((key for key, value in match.groupdict().items() if value), 0)
            start, end = match.span(group)
            if is_real(match[group]) and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                yield PersonalNumber(code, start, typed[start:end], name, mask(match[group]))


def is_identity_number(text: str) -> bool:
    """Whether the check digit of an identity number is right (GB 11643)."""
    plain = text.replace(" ", "").replace("-", "")
    total = sum(int(digit) * weight for digit, weight in zip(plain, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == plain[17].upper()


def is_bank_card(text: str) -> bool:
    """Whether the digits pass Luhn's check, have a bank card's length and are not all alike."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    doubled = (digit * 2 - 9 * (digit > 4) if index % 2 else digit for index, digit in enumerate(reversed(digits)))
    return 16 <= len(digits) <= 19 and len(set(digits)) > 2 and digits[0] in (3, 4, 5, 6) and sum(doubled) % 10 == 0


def _masked(front: int, back: int) -> Callable[[str], str]:
    def mask(text: str) -> str:
        digits = "".join(letter for letter in text if letter.isalnum())
        return f"{digits[:front]}{'*' * (len(digits) - front - back)}{digits[len(digits) - back :] if back else ''}"

    return mask


def _masked_mobile(text: str) -> str:
    digits = "".join(letter for letter in text if letter.isdigit())[-11:]
    return f"{digits[:3]}****{digits[7:]}"


def _masked_mail(text: str) -> str:
    name, _, host = text.partition("@")
    return f"{name[:2]}***@{host}"


_Kind = tuple[str, re.Pattern[str], str, Callable[[str], bool], Callable[[str], str]]
_KINDS: tuple[_Kind, ...] = (
    ("personal.identity", _IDENTITY, "身份证号", is_identity_number, _masked(6, 4)),
    ("personal.identity", _NAMED_IDENTITY, "身份证号", lambda text: True, _masked(6, 4)),
    ("personal.bank-card", _BANK, "银行卡号", is_bank_card, _masked(4, 4)),
    ("personal.mobile", _MOBILE, "手机号", lambda text: True, _masked_mobile),
    ("personal.number", _MEMBER, "学号、工号或考号", lambda text: True, _masked(4, 2)),
    ("personal.landline", _LANDLINE, "固定电话", lambda text: len(set(text[-7:])) > 1, lambda text: ""),
    ("personal.mail", _MAIL, "私人邮箱", lambda text: True, _masked_mail),
    ("personal.birth", _BIRTH, "出生日期", lambda text: True, lambda text: text[:4] + "年"),
    ("personal.home", _HOME, "家庭住址", lambda text: not text.startswith("*"), lambda text: ""),
)


def _finder(code: str) -> Callable[[ArticleText], Iterator[Finding]]:
    def find(article: ArticleText) -> Iterator[Finding]:
        if code in ("personal.birth", "personal.home") and getattr(article.matter, "kind", "") != "announcement":
            return
        found = [(line, number) for line, number in _numbers(article.typed) if number.code == code]
        yield from (_finding(number, line) for line, number in found)
        seen = {(line, number.start) for line, number in found}
        for cell in cells_under(article, code) if code in COLUMN_CODES and "|" in article.typed else ():
            if (cell.line, cell.columns[0]) not in seen:
                typed = cell.raw[cell.columns[0] : cell.columns[-1] + 1]
                _, _, name, _, mask = next(kind for kind in _KINDS if kind[0] == code)
                yield _finding(PersonalNumber(code, cell.columns[0], typed, name, mask(typed)), cell.line)

    return find


@lru_cache(maxsize=1)
def _numbers(typed: str) -> tuple[tuple[int, PersonalNumber], ...]:
    """The personal numbers of a file with their lines, found once for all rules of this family."""
    lines = enumerate(typed.split("\n") if _may_hold(typed) or _IS_FULL_WIDTH.search(typed) else (), 1)
    return tuple((line, number) for line, text in lines for number in numbers_in(text))


def _may_hold(text: str) -> bool:
    """Whether a text has the digits or words without which none of _KINDS matches."""
    return bool(_DIGITS.search(text) or _WORDS.search(text))


_DIGITS, _WORDS = (
    re.compile(r"\d(?:\d{5}|[- ）)－]\d{4})"),
    re.compile(r"@|住址|地址|所在地|居住地|生日|出生|月\s*生|日\s*生"),
)
"""Two patterns, since one whose alternatives all begin with literals is searched several times faster."""


def _finding(number: PersonalNumber, line: int) -> Finding:
    if not number.masked:
        hint = "确实要公开就不用改；是私人的，请删去" if number.code == "personal.landline" else "删去，公示不需要它"
    else:
        hint = f"不需要就删去；一定要写，遮住中间几位：{number.masked}"
    message = f"这里有{number.name}，会公开在网上"
    return Finding("", "info", message, hint, "", line, number.start + 1, number.typed, None)


RULES = (
    Rule(
        "personal.identity",
        "error",
        "身份证号",
        "身份证号不能公开；一定要写，只留前 6 位和后 4 位。",
        "身份证号：11010519491231002X",
        "身份证号：110105********002X",
        over_article(_finder("personal.identity")),
        only_by_site=True,
    ),
    Rule(
        "personal.bank-card",
        "error",
        "银行卡号",
        "银行卡号不能公开。",
        "卡号：6222020200112233446",
        "卡号：6222***********3446",
        over_article(_finder("personal.bank-card")),
        only_by_site=True,
    ),
    Rule(
        "personal.mobile",
        "warning",
        "手机号",
        "个人的手机号不宜公开；一定要写，只留前 3 位和后 4 位。",
        "联系电话：13912345678",
        "联系电话：139****5678",
        over_article(_finder("personal.mobile")),
    ),
    Rule(
        "personal.number",
        "warning",
        "学号、工号、考号",
        "学号、工号、考号能对到个人，不宜公开。",
        "学号：202012345678",
        "学号：2020******78",
        over_article(_finder("personal.number")),
    ),
    Rule(
        "personal.landline",
        "info",
        "固定电话",
        "办公电话可以公开，住宅电话不可以。",
        "咨询电话：010-62781234",
        "咨询电话：见学院主页",
        over_article(_finder("personal.landline")),
    ),
    Rule(
        "personal.mail",
        "info",
        "私人邮箱",
        "公务用单位的邮箱；私人的邮箱不宜公开。",
        "材料发至zhiban@qq.com",
        "材料发至dangban@sm.example.edu.cn",
        over_article(_finder("personal.mail")),
    ),
    Rule(
        "personal.birth",
        "warning",
        "公示里的出生日期",
        "公示里的出生日期最多写到年。",
        "张某，女，2003年5月6日生",
        "张某，女，2003年生",
        over_article(_finder("personal.birth")),
    ),
    Rule(
        "personal.home",
        "warning",
        "公示里的家庭住址",
        "公示不需要家庭住址。",
        "家庭住址：幸福路12号3单元401",
        "籍贯：山东济南",
        over_article(_finder("personal.home")),
    ),
)
