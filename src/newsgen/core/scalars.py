"""Scalars: typed text to typed values, for front matter and site.yaml alike.

Each function takes the text after the colon and returns the value, or raises FieldError, whose message and hint
(Chinese) say what is wrong and what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import quote, urlsplit, urlunsplit

from newsgen.core.date_hints import FIRST_YEAR, FORMAT, LAST_YEAR, days_of, of_incomplete, of_no_such_day
from newsgen.core.model import SHANGHAI, Moment

_DAY = "<day>"
"""A placeholder in hints about times for the day that was typed."""


class FieldError(Exception):
    """A text is no value of the type that its key needs."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# ---------------------------------------------------------------- dates

# 2024-03-13 and 2024年3月13日, alone or with 09:30.
_USUAL = re.compile(r"(\d{4})(?:(-)|年)(\d{1,2})(?(2)-|月)(\d{1,2})(?(2)|日)(?: (\d{1,2}):(\d{2}))?", re.ASCII)
_DATE = re.compile(
    r"(?:(\d{4}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})(?!\d)[日号]?"
    r"|(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2})(?!\d) ?[日号]?"
    r"|(\d{4})(\d{2})(\d{2})(?!\d))",
    re.ASCII,
)
_TIME = re.compile(
    r"[ T,]*(?P<half>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚|am|pm)? ?"
    r"(?P<hour>\d{1,2}) ?(?:[:时点] ?(?:(?P<minute>\d{1,2})(?: ?分| ?: ?(?P<second>\d{1,2})(?:\.\d+)?| ?)|(?P<thirty>半)|整|钟)?)"
    r"(?: ?(?P<seconds>\d{1,2}) ?秒)? ?(?P<after>am|pm)? ?"
    r"(?P<zone>z|utc|gmt|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\(? ?(?:星期|礼拜|周)[一二三四五六日天] ?\)?")
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十]+(?= ?[年月日号时点分])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-") | {"。": ".", "号": "日", "點": "点", "時": "时"})
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_RELATIVE = re.compile(r"(今|昨|明|前|后)[天日]|刚刚|现在|上周|本周|today|yesterday|now", re.IGNORECASE)


def parse_moment(text: str) -> Moment:
    """A day or a minute in Asia/Shanghai, in any common Chinese form. Seconds are dropped.

    Another offset (`Z`, `+09:00`) is converted. Raises FieldError; nothing that is missing is ever guessed.
    """
    usual = _USUAL.fullmatch(text)
    return (_usual_moment(usual) if usual else None) or parse_any_moment(text)


def _usual_moment(match: re.Match[str]) -> Moment | None:
    """The moment of a date in the usual form; None where there is no such day or minute."""
    year, month, day, hour, minute = match.group(1, 3, 4, 5, 6)
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
    except ValueError:
        return None
    return Moment(at.isoformat(" ", "minutes"), hour is not None) if FIRST_YEAR <= at.year <= LAST_YEAR else None


def parse_any_moment(text: str) -> Moment:
    """The result of parse_moment(), without its fast path for the usual forms."""
    typed = _normalized(text[:100])
    match = _DATE.match(typed)
    if not match:
        raise _not_a_day(text, typed)
    year, month, day = (int(group) for group in match.groups() if group is not None)
    _check_day(year, month, day)
    rest = typed[match.end() :].strip()
    if not rest:
        return _moment((year, month, day), None, SHANGHAI)
    time = _TIME.fullmatch(rest)
    written = f"{year}-{month:02}-{day:02}"
    if not time:
        hint = f"写成 {written}；要写时间，后面空一格，再写“时:分”，用 24 小时制"
        raise FieldError(f"「{text[:40]}」里的「{rest[:40]}」看不懂", hint)
    try:
        return _moment((year, month, day), _clock(time), _zone(time["zone"]))
    except FieldError as error:
        raise FieldError(error.message, error.hint.replace(_DAY, written)) from None


def _normalized(text: str) -> str:
    typed = unicodedata.normalize("NFKC", text).translate(_DASHES)
    typed = _NUMERAL.sub(lambda match: str(_number(match[0])), typed)
    return re.sub(r"\s+", " ", _WEEKDAY.sub(" ", typed)).strip()


def _number(numeral: str) -> int | str:
    """The number of a Chinese numeral: 二〇二四 digit by digit, 二十三 with tens. One that is none is returned as typed."""
    if "十" not in numeral:
        return "".join(str(_DIGITS[character]) for character in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def _not_a_day(text: str, typed: str) -> FieldError:
    if not typed:
        return FieldError("这里要写日期", FORMAT)
    if _RELATIVE.search(typed):
        return FieldError(f"「{text[:40]}」过几天就不对了，要写具体的日期", FORMAT)
    incomplete = of_incomplete(typed)
    if incomplete:
        return FieldError(f"日期「{text[:40]}」{incomplete[0]}", incomplete[1])
    return FieldError(f"「{text[:40]}」不是日期", FORMAT)


def _check_day(year: int, month: int, day: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FieldError(f"年份 {year} 不对，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间", "检查年份是不是多打或少打了数字")
    if not 1 <= month <= 12:
        raise FieldError(f"没有 {month} 月", of_no_such_day(year, month, day))
    if not 1 <= day <= days_of(year, month):
        wrong = f"{year}年{month}月只有{days_of(year, month)}天，没有 {day} 日" if day else "没有 0 日"
        raise FieldError(wrong, of_no_such_day(year, month, day))


def _clock(match: re.Match[str]) -> tuple[int, int]:
    hour = _hour(int(match["hour"]), (match["half"] or match["after"] or "").lower())
    minute = 30 if match["thirty"] else int(match["minute"] or 0)
    seconds = int(match["second"] or match["seconds"] or 0)
    if minute > 59 or seconds > 59:
        wrong, unit = (minute, "分") if minute > 59 else (seconds, "秒")
        raise FieldError(f"没有 {wrong} {unit}", f"{unit}是 0 到 59")
    return hour, minute


def _hour(hour: int, half: str) -> int:
    """The hour of a 24-hour clock. Raises FieldError where 12 o'clock may mean noon or midnight."""
    if hour > 23:
        raise FieldError(
            f"没有 {hour} 点，一天从 00:00 到 23:59", f"写成 {_DAY} 加“时:分”；半夜 12 点写成第二天的 00:00"
        )
    if half in ("下午", "傍晚", "晚上", "晚", "pm"):
        if hour == 0 or (hour == 12 and half.startswith("晚")):
            hint = f"请用 24 小时制：{_DAY} 00:00 是这一天开始的时候，{_DAY} 12:00 是中午"
            raise FieldError(f"「{half}{hour} 点」说不清是哪一天", hint)
        return hour + 12 if hour < 12 else hour
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if half and hour >= 12:
        if half in ("凌晨", "am") and hour == 12:
            return 0
        raise FieldError(f"「{half}{hour} 点」前后矛盾", f"请用 24 小时制，例如 {_DAY} {hour:02}:00")
    return hour


def _zone(text: str | None) -> tzinfo:
    digits = re.sub(r"[^0-9+-]", "", text or "")
    if not text:
        return SHANGHAI
    if not digits:
        return UTC
    hours, minutes = (int(digits[1:-2]), int(digits[-2:])) if len(digits) > 3 else (int(digits[1:]), 0)
    if hours > 14 or minutes > 59:
        raise FieldError(f"没有「{text}」这个时区", f"北京时间不用写时区：写成 {_DAY} 加“时:分”")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if digits[0] == "-" else offset)


def _moment(day: tuple[int, int, int], clock: tuple[int, int] | None, zone: tzinfo) -> Moment:
    hour, minute = clock or (0, 0)
    at = datetime(*day, hour, minute, tzinfo=zone)
    return Moment.of(at, clock is not None)


# ---------------------------------------------------------------- other values

_YES = frozenset(("yes", "y", "true", "on", "1", "是", "对", "√", "✓", "✔"))
_NO = frozenset(("no", "n", "false", "off", "0", "否", "不", "不是", "×", "✗", "✘"))
_SEPARATOR = re.compile(r"[,，、;；\n]")
_ITEM = re.compile(r"[^,，、;；\n]+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f\\<>\"'`{}|^]")


def parse_bool(text: str) -> bool:
    """The truth value of 是/否, yes/no, true/false, on/off, 1/0 or √/×, in any case and width."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise FieldError(f"「{text[:40]}」看不出是“是”还是“否”", "写 是 或 否")


def parse_list(text: str) -> tuple[str, ...]:
    """The items between `,` `，` `、` `;` `；`, stripped, without empty ones and repetitions."""
    if not _SEPARATOR.search(text):
        item = text.strip()
        return (item,) if item else ()
    return tuple(dict.fromkeys(filter(None, map(str.strip, _SEPARATOR.split(text)))))


def list_items(text: str) -> tuple[tuple[int, str], ...]:
    """The items as in parse_list(), repetitions included, each with its offset in `text`."""
    found = ((match.start(), match[0]) for match in _ITEM.finditer(text))
    return tuple((start + len(item) - len(item.lstrip()), item.strip()) for start, item in found if item.strip())


def parse_integer(text: str) -> int:
    """A whole number, also in full-width digits or with thousands separators (1,234)."""
    digits = unicodedata.normalize("NFKC", text).strip()
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _INTEGER.fullmatch(digits):
        (found, *others) = re.findall(r"\d+", digits.replace(",", "")) or ("",)
        hint = f"只写数字：{int(found)}" if found and len(found) < 12 and not others else "只写数字，不写单位"
        raise FieldError(f"「{text[:40]}」不是整数", hint)
    return int(digits)


def parse_url(text: str) -> str:
    """An absolute http or https URL, in ASCII: other characters are encoded (IDNA, percent signs)."""
    example = "从浏览器地址栏复制完整的网址，开头是 https:// 或 http://"
    typed = unicodedata.normalize("NFKC", text)
    if not text.lower().startswith(("http://", "https://")):
        close = typed.lower().startswith(("http:", "https:", "www."))
        better = re.sub(r"^(?:(https?):/*)?", lambda match: f"{match[1] or 'https'}://", typed, flags=re.IGNORECASE)
        raise FieldError(f"「{text[:80]}」不是完整的网址", f"改成 {better[:80]}" if close else example)
    if _UNSAFE.search(text) or len(text) > 2000:
        raise FieldError(f"网址「{text[:80]}」里有空格或不能用的符号", example)
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise FieldError(f"「{text[:80]}」不是正确的网址", example)
    return text if text.isascii() else _in_ascii(text, example)


def _in_ascii(url: str, example: str) -> str:
    parts = urlsplit(url)
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        raise FieldError(f"「{url[:80]}」不是正确的网址", example) from None
    netloc = f"{host}:{parts.port}" if parts.port else host
    rest = (quote(part, safe="/%:=&?~!$'()*+,;@-._") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, *rest))
