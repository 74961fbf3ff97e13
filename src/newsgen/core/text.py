"""Text: bytes to clean text, and small functions for Chinese text that several stages use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from newsgen.core.model import Diagnostic

MAX_BYTES = 2_000_000
MAX_LINE = 100_000
"""Characters of a line at most. Longer ones are pictures pasted as base64."""
LEFTOVERS = ("~", ".tmp", ".temp", ".bak", ".swp", ".swo", ".swx", ".part", ".crdownload", ".lock")
"""Endings of the names of temporary files of editors and browsers."""

_SAVE_AS = "用记事本打开这个文件，选“文件 → 另存为”，把“编码”选成 UTF-8，再保存"
_RETYPE = "请新建一个文本文件（.md），把正文粘贴进去，按 UTF-8 保存；照片和附件另存成文件，放在它旁边"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF 文件"),
    (b"\xff\xd8\xff", "JPEG 照片"),
    (b"\x89PNG\r\n", "PNG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM\x00", "BMP 图片"),
    (b"RIFF", "图片或音视频文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 WPS 文档（.doc、.wps、.xls）"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x1f\x8b", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"Rar!", "压缩包"),
)
_STARTS = tuple(magic for magic, _ in _MAGIC)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OFFICE: tuple[tuple[bytes, str], ...] = (
    (b"word/", "Word 文档（.docx）"),
    (b"xl/", "Excel 表格（.xlsx）"),
    (b"ppt/", "演示文稿（.pptx）"),
)

_CJK_PUNCTUATION = frozenset("“”‘’—…·")
"""East Asian width A(mbiguous): wide in Chinese text (Unicode UAX #11)."""

# HTML and XML allow none of these; bidi overrides reorder what a reader sees.
_FORBIDDEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
)
_REMOVED = re.compile(
    f"[{_FORBIDDEN}{''.join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))}]"
)
# Some programs break lines here, editors do not: a space keeps the line numbers that authors see.
_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_SPACED = re.compile(f"[{_BREAKS}]")
SOFT_BREAK = "\u2028"
"""The character for each of them where a caller keeps them: a line break typed within a paragraph."""
# Byte order marks and zero-width spaces come with every second paste from the web: they are dropped without a word.
_SILENT = "\ufeff\u200b"
# A text without any of these holds none of the above. All that lies above U+FFFF counts as one range here, since re
# tries one range after the other there, for each character of a text: this search takes a seventh of the time.
_SUSPECT = re.compile(f"[{_FORBIDDEN}{_BREAKS}\U00010000-\U0010ffff]")

_SIMPLIFIED = str.maketrans(
    "標題類鏈連來時間攝編輯籤簽頂發佈線舊審核瀏覽數關鍵詞權網欄單專門術設圖導航頁腳備號機構組織語雲",
    "标题类链连来时间摄编辑签签顶发布线旧审核浏览数关键词权网栏单专门术设图导航页脚备号机构组织语云",
)
_SLUG = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,80}(?<!\.)")
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|clock\$|con(?:in|out)\$|(?:com|lpt)[0-9¹²³]) *(?:[.:].*)?", re.IGNORECASE | re.DOTALL
)
"""Names that Windows reserves for devices, with any suffix ("Naming Files", learn.microsoft.com)."""


_DIGITS = re.compile(r"[0-9]+")
_NUMERALS = re.compile(r"[〇一二三四五六七八九十]+|[0-9]+")


def decode(data: bytes, soft_break: str = " ") -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a file, with LF line ends and no invisible or forbidden characters.

    UTF-8 with or without BOM is accepted silently, GB18030 with a warning; for dropped characters there is an info,
    `file.control`. `soft_break` takes the place of Word's soft return and its like. The text is None exactly when there
    is an error: `file.binary`, `file.encoding`, `file.too-large`, `file.long-line`, `file.empty`.
    """
    error = _binary(data) or (too_large(len(data)) if len(data) > MAX_BYTES else None)
    if error:
        return None, (error,)
    text, diagnostic = _decoded(data)
    if text is None:
        return None, (diagnostic,) if diagnostic else ()
    typed = _with_line_feeds(text)
    text = clean(typed, soft_break)
    dropped = _dropped(typed) if text is not typed else None
    error = _empty(text) or _long_line(text)
    return (None, (error,)) if error else (text, tuple(filter(None, (diagnostic, dropped))))


def decode_exactly(data: bytes) -> tuple[str, str, bytes]:
    """Text, encoding and byte order mark of a file, with its own line ends, for who changes a few of its characters."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        return data[len(mark) :].decode(), "utf-8", mark
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030", b""


def decode_or_empty(data: bytes) -> str:
    """The text of bytes in UTF-8 or GBK, without a byte order mark; "" where they are neither."""
    try:
        return decode_exactly(data)[0]
    except UnicodeDecodeError:
        return ""


def unreadable(data: bytes) -> Diagnostic | None:
    """The error that decode() has for bytes that are no text at all; None where they can be shown and edited.

    A NUL, an overlong line or an empty file is a fault of a text, for its author to mend.
    """
    error = _foreign(data) or (too_large(len(data)) if len(data) > MAX_BYTES else None)
    if error:
        return error
    text, diagnostic = _decoded(data)
    return diagnostic if text is None else None


def clean(text: str, soft_break: str = " ") -> str:
    """The text with LF line ends, without characters that no page may hold. Lines keep their numbers."""
    text = _with_line_feeds(text)
    if text.replace("\n", "").replace("\u3000", "").isprintable():  # as most are; it takes a third of the search
        return text
    return _SPACED.sub(soft_break, _REMOVED.sub("", text)) if _SUSPECT.search(text) else text


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def is_clean(text: str) -> bool:
    """Whether `text` holds nothing that clean() would change."""
    return "\r" not in text and not _REMOVED.search(text) and not _SPACED.search(text)


def _dropped(text: str) -> Diagnostic | None:
    """The diagnostic on forbidden characters in a file's text, at the first of them."""
    found = [match for match in _REMOVED.finditer(text) if match[0] not in _SILENT]
    if not found:
        return None
    before = clean(text[: found[0].start()])
    line = before.count("\n") + 1
    more = f"，全文共 {len(found)} 个" if len(found) > 1 else ""
    message = f"第 {line} 行有看不见的控制字符（U+{ord(found[0][0]):04X}{more}），已经去掉"
    hint = "网页不受影响；要去掉这条说明，把这一行删掉，重新输入一遍"
    return Diagnostic("file.control", "info", message, hint, "", line, len(before) - before.rfind("\n"))


def _error(code: str, message: str, hint: str, line: int = 1) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, line=line)


def _foreign(data: bytes) -> Diagnostic | None:
    """The error for a file of another type, or of an encoding that is not read."""
    name = _file_type(data)
    if name:
        return _error("file.binary", f"这不是文本文件，而是{name}，只是名字以 .md 结尾", _RETYPE)
    if data.startswith(_UTF16) or (b"\x00" in data and _looks_like_utf16(data)):
        return _error("file.encoding", "文件的编码是 UTF-16（记事本里叫 Unicode），请改用 UTF-8", _SAVE_AS)
    return None


def _binary(data: bytes) -> Diagnostic | None:
    error = _foreign(data)
    nul = data.find(b"\x00")
    if error is None and nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        return _error("file.binary", "文件里有空字符（NUL），不是纯文本，可能已经损坏", _RETYPE, line)
    return error


def _file_type(data: bytes) -> str | None:
    if data.startswith(b"PK\x03\x04"):
        return next((name for mark, name in _OFFICE if mark in data), "压缩包（.zip）")
    if data[4:8] == b"ftyp":
        return "HEIC 照片或视频"
    if data.startswith(_STARTS):
        return next(name for magic, name in _MAGIC if data.startswith(magic))
    return None


def _looks_like_utf16(data: bytes) -> bool:
    """Whether these are probably UTF-16 without a BOM: ASCII then has a NUL as every second byte.

    Chinese in UTF-8 is never that, however many NULs a damaged file has besides.
    """
    with suppress(UnicodeDecodeError):
        if not data.decode().isascii():
            return False
    even, odd = data[0::2].count(0), data[1::2].count(0)
    return even + odd > max(1, len(data) // 100) and min(even, odd) * 10 < max(even, odd)


def too_large(size: int) -> Diagnostic:
    """The error for a text of so many bytes."""
    message = f"文件有 {size / 1_000_000:.1f} MB，一篇文章最多 2 MB"
    return _error("file.too-large", message, "照片不要直接粘贴进正文：另存成文件放在文章旁边，再写 ![说明](照片.jpg)")


def _decoded(data: bytes) -> tuple[str | None, Diagnostic | None]:
    try:
        return data.decode().removeprefix("\ufeff"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if _is_damaged_utf8(data):
        return None, _error(
            "file.encoding", f"文件是 UTF-8，但第 {line} 行有损坏的字符", "请重新输入这一行后保存", line
        )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None, _error("file.encoding", f"认不出文件的编码：第 {line} 行的字符读不出来", _SAVE_AS, line)
    return text, Diagnostic(
        "file.encoding", "warning", "文件的编码是 GBK（ANSI），已按 GBK 读入；请改用 UTF-8", _SAVE_AS
    )


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether these are UTF-8 with a few bad bytes, which would be gibberish if read as GB18030."""
    text = data.decode("utf-8", "replace")
    sound = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return text.count("\ufffd") * 10 < sound


def _empty(text: str) -> Diagnostic | None:
    if text.strip():
        return None
    return _error("file.empty", "文件是空的，一个字也没有", "写上标题、时间和正文；不要这一篇就删掉这个文件")


def _long_line(text: str) -> Diagnostic | None:
    if len(text) <= MAX_LINE:
        return None
    line = next((number for number, line in enumerate(text.split("\n"), 1) if len(line) > MAX_LINE), None)
    if line is None:
        return None
    hint = "多半是照片粘贴成了一大串字符：删掉它，把照片另存成文件，再写 ![说明](照片.jpg)"
    return _error("file.long-line", f"第 {line} 行超过 {MAX_LINE:,} 个字符", hint, line)


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant by `word`, or None.

    Case, `-` for `_`, full-width letters and traditional characters count as equal; a Chinese word of two to
    four characters may differ in half of them, an English one in about a quarter.
    """
    typed = _folded(word)
    if not 0 < len(typed) <= 60:
        return None
    best = max(((_likeness(typed, _folded(name)), name) for name in candidates), default=(0.0, ""))
    return best[1] if best[0] >= (0.7 if typed.isascii() else 0.5) else None


def _folded(word: str) -> str:
    return re.sub(r"[-\s]+", "_", unicodedata.normalize("NFKC", word).strip()).casefold().translate(_SIMPLIFIED)


def _likeness(typed: str, name: str) -> float:
    if typed.isascii() and len(typed) >= 3 and name.startswith(typed):
        return 0.95 if typed != name else 1.0
    from difflib import SequenceMatcher

    return SequenceMatcher(None, typed, name, autojunk=False).ratio()


def is_leftover(name: str) -> bool:
    """Whether this is the name of a temporary file: `~$x.docx`, `.x.md.swp`, `x.md~`, `x.tmp`, vim's `4913`."""
    return (name[-3:] != ".md" and (name.endswith(LEFTOVERS) or name.isdecimal())) or name[0] in ".~"


def slug(text: str) -> str | None:
    """`text` when it can stand in an address as it is, else None.

    It can when it is made of `A-Za-z0-9._-`, at most 80 long, neither starts nor ends with a dot, and is no
    device name of Windows (`con`, `nul`), where such a file cannot be created.
    """
    return text if _SLUG.fullmatch(text) and not _DEVICES.fullmatch(text) else None


def is_device(name: str) -> bool:
    """Whether Windows takes a file of this name for a device, whatever its suffix is: `con.md`, `aux`, `LPT1.txt`, `com¹`."""
    return _DEVICES.fullmatch(name) is not None


@lru_cache(maxsize=10_000)
def is_cjk(character: str) -> bool:
    """Whether one character is set full-width in Chinese text: ideographs, full-width signs, “ ” ‘ ’ — … ·."""
    return unicodedata.east_asian_width(character) in "WF" or character in _CJK_PUNCTUATION


def join_lines(lines: Iterable[str]) -> str:
    """The lines, stripped and joined with spaces, but without one between two Chinese characters."""
    joined = ""
    for line in filter(None, map(str.strip, lines)):
        glue = "" if not joined or (is_cjk(joined[-1]) and is_cjk(line[0])) else " "
        joined += glue + line
    return joined


def reading_order(name: str) -> tuple[bytes, str]:
    """The sort key of a name for Chinese readers: 第二 before 第十, and by pinyin.

    GB 2312 orders its 3,755 common characters by pinyin; rarer ones follow.
    """
    counted = _NUMERALS.sub(lambda match: f"{_numeral(match[0]):04}", name)
    return counted.encode("gb18030", "replace"), name


def name_order(name: str) -> tuple[bytes, str]:
    """The sort key of a file's name as file managers list files: 2 before 10, and Chinese by pinyin, see reading_order()."""
    return _DIGITS.sub(lambda match: match[0].zfill(20), name).encode("gb18030", "replace"), name


def _numeral(text: str) -> int:
    """The number that Chinese numerals up to 99 stand for; other numerals as digits in a row."""
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten and len(tens) < 2 and len(ones) < 2:
        return ("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 + "一二三四五六七八九".find(ones or "零") + 1
    return int("".join(str("〇一二三四五六七八九十".find(letter)) for letter in text))


def shorten(text: str, length: int) -> str:
    """The first `length` characters of `text`; a cut text ends with …, and not within a Latin word."""
    if len(text) <= length:
        return text
    head = text[:length]
    if text[len(head)].isascii() and text[len(head)].isalnum():
        head = re.sub(r"(?<=[^A-Za-z0-9])[A-Za-z0-9]{1,20}$", "", head)
    return head.rstrip(" \u3000，、；：,;:") + "…"
