"""Rules about the files beside the articles: the content of attachments, and names of files."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.check.attachments import LIMIT, TEXTUAL, AttachmentText, text_of
from newsgen.check.finding import Finding
from newsgen.check.original_metadata import original_metadata
from newsgen.check.rule import Rule
from newsgen.check.rules.personal_data import RULES as PERSONAL_RULES
from newsgen.check.rules.personal_data import numbers_in
from newsgen.core.file_types import PICTURE_SUFFIXES, suffix_of
from newsgen.core.files import size_in_words

_SEVERITIES = {rule.code: rule.severity for rule in PERSONAL_RULES}
HEAD = 1_000_000
_SHOWN = 3
"""The maximum number of places that one finding names: a roster of a thousand students is one finding."""


def bytes_to_read(path: str) -> int:
    """The maximum number of bytes to read of a file; 0: only its name is checked. A JPEG begins with its metadata."""
    suffix = suffix_of(path)
    if suffix in (".jpg", ".jpeg", ".jfif"):
        return HEAD
    return LIMIT if suffix in TEXTUAL or suffix in PICTURE_SUFFIXES else 0


def photo_findings(path: str, data: bytes) -> Iterator[Finding]:
    """The findings about a photo: its name, and its metadata about people and places."""
    yield from file_findings(path, None)
    found = original_metadata(data)
    numbers = [number for text in (*found.names, *found.texts) for number in numbers_in(text) if number.masked]
    parts = ["拍摄地点"] if found.has_place else []
    parts += [f"姓名（{'、'.join(found.names[:_SHOWN])}）"] if found.names else []
    parts += [f"{number.name}（{number.masked}）" for number in numbers[:_SHOWN]]
    if parts:
        hint = "newsgen 发布时会去掉；把原来的照片发给别人以前，也请去掉"
        yield Finding("pictures.metadata", "info", f"照片里记着{'、'.join(parts)}", hint, path)


def file_findings(path: str, data: bytes | None) -> Iterator[Finding]:
    """The findings about a file beside an article; `data` None: only its name is checked."""
    name = path.rpartition("/")[2]
    for number in numbers_in(name):
        if number.code in ("personal.identity", "personal.mobile", "personal.bank-card"):
            hint = "改名，去掉号码；文章里写的文件名也一起改"
            yield Finding(
                "files.name", _SEVERITIES[number.code], f"文件名里有{number.name}：{number.masked}", hint, path
            )
    if data is not None:
        text = text_of(name, data)
        if text.problem:
            yield unread(path, text.problem)
        yield from _in_attachment(path, text)


def unread(path: str, problem: str) -> Finding:
    """The finding about an attachment that could not be read, or not to its end."""
    hint = "打开看看里面有没有个人信息；打不开就重新导出一份"
    return Finding("files.unreadable", "warning", f"附件没有检查：{problem}", hint, path)


def too_large(path: str, size: int) -> Finding:
    """The finding about an attachment that is too large to be read."""
    message = f"附件有 {size_in_words(size)}，超过 {size_in_words(LIMIT)}，没有检查"
    return Finding("files.unreadable", "warning", message, "打开看看里面有没有个人信息", path)


def _in_attachment(path: str, text: AttachmentText) -> Iterator[Finding]:
    found: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for where, line in text.lines:
        for number in numbers_in(line):
            if number.code != "personal.birth" and number.masked:
                found.setdefault(number.code, []).append((where, number.masked))
                names[number.code] = number.name
    for code, places in found.items():
        distinct = list(dict.fromkeys(places))
        shown = "；".join(f"{where}：{masked}".lstrip("：") for where, masked in distinct[:_SHOWN])
        more = f" 等 {len(distinct)} 处" if len(distinct) > _SHOWN else ""
        hint = "在附件里删去，或者遮住中间几位，再重新放进来"
        yield Finding(code, _SEVERITIES[code], f"附件里有{names[code]}（{shown}{more}），会公开在网上", hint, path)
    if text.has_macros:
        yield Finding(
            "files.macros", "warning", "附件里有宏，收到的人不敢打开", "另存为不带宏的格式（.docx、.xlsx）", path
        )


RULES = (
    Rule(
        "files.name",
        "warning",
        "文件名里的个人信息",
        "附件的文件名会显示在网页上。",
        "![](13912345678.jpg)",
        "![](heying.jpg)",
    ),
    Rule(
        "files.unreadable",
        "warning",
        "打不开的附件",
        "有密码、损坏、太大或者读起来没有完的附件，没有办法检查里面的个人信息。",
        "附件：名单.docx（有密码）",
        "附件：名单.docx",
    ),
    Rule(
        "files.macros",
        "warning",
        "带宏的附件",
        "宏能在别人的电脑上运行程序。",
        "附件：报名表.docm",
        "附件：报名表.docx",
    ),
)
