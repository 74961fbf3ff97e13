"""The ZIP of a report that was handed in (see hand_in.py), read and checked."""

from __future__ import annotations

import hashlib
import posixpath
import unicodedata
from collections.abc import Iterator, Mapping

import msgspec

from newsgen.authoring.file_kinds import is_program
from newsgen.authoring.hand_in import ELSEWHERE, FORMAT, LIST, SLIP, HandInList, folder_name
from newsgen.authoring.new import NOT_IN_NAMES
from newsgen.authoring.zip_files import LONGEST, files_in_zip, is_portable, refused
from newsgen.content.scan import SECTION_FILE, is_hidden
from newsgen.core.file_types import FILE_SUFFIXES
from newsgen.core.files import size_in_words
from newsgen.core.model import Record
from newsgen.core.text import MAX_BYTES


class ReceivedReport(Record, frozen=True):
    """A report in a ZIP: the name of its folder, the bytes of its text, and its files by their paths in the folder.

    `summary` is the list that hand_in.py wrote, None where a ZIP was made by hand; `remarks` are messages for the receiver.
    """

    name: str
    text: bytes
    files: Mapping[str, bytes]
    summary: HandInList | None
    remarks: tuple[str, ...] = ()


def read_received(data: bytes, shown: str) -> ReceivedReport:
    """Read the report in the bytes of a ZIP, which is called `shown`. Raises UsageError for any other file."""
    contents = files_in_zip(data, shown)
    text = _text_of(contents.files, shown)
    folder, name = posixpath.split(text)
    inside = {path: data for path, data in contents.files.items() if not folder or path.startswith(f"{folder}/")}
    if len(inside) < len(contents.files):
        other = next(path for path in contents.files if path not in inside)
        raise refused(shown, f"{other} 和正文 {text} 不在同一个文件夹里", "照片和正文放在同一个文件夹里，再压缩")
    below = {path[len(folder) + 1 if folder else 0 :]: data for path, data in inside.items()}
    files = {path: data for path, data in below.items() if path != name and not path.startswith(f"{SLIP}/")}
    _check_types(files, shown)
    if len(below[name]) > MAX_BYTES:
        raise refused(shown, f"正文有 {size_in_words(len(below[name]))}", "请对方检查：这多半不是文字")
    summary = _summary(below.get(LIST))
    remarks = [*_changed_on_the_way(summary, {name: below[name], **files}), *_elsewhere(summary)]
    if summary is None:
        remarks.append("这个压缩包不是用“交稿”做的，里面没有交稿单：没法核对路上有没有改过")
    if contents.is_gbk:
        remarks.append("压缩包里的文件名是 GBK 编码的，已经按中文认出来了；看一看文件名对不对")
    if contents.left_out:
        remarks.append(
            f"没有收电脑自己放进去的 {len(contents.left_out)} 个文件（{posixpath.basename(contents.left_out[0])} 一类）"
        )
    stem = folder_name(f"{folder or _stem(shown)}/{name}")
    is_plain = bool(folder) and is_portable(stem) and not is_hidden(stem)
    return ReceivedReport(stem if is_plain else plain_folder_name(stem), below[name], files, summary, tuple(remarks))


def _text_of(files: Mapping[str, bytes], shown: str) -> str:
    """The path of the report's text: there is one."""
    texts = [path for path in files if path.lower().endswith(".md") and f"/{SLIP}/" not in f"/{path}"]
    if len(texts) == 1:
        if posixpath.basename(texts[0]) == SECTION_FILE:
            raise refused(shown, "里面是一个栏目，不是一篇报道", "栏目由网站管理员来建")
        return texts[0]
    if texts:
        found = "、".join(sorted(texts)[:5])
        raise refused(shown, f"里面有 {len(texts)} 篇（{found}）", "一篇稿子一个压缩包")
    if any(path.lower().endswith((".docx", ".doc", ".wps")) for path in files):
        raise refused(
            shown,
            "里面是 Word 稿，不是“交稿”做的",
            f"用 Word 导入：newsgen import-word {shown}，或者写稿台的“导入”",
        )
    raise refused(shown, "里面没有稿子（.md 文件）", "请对方在写稿台里点“交稿”，把得到的 ZIP 发来")


def _check_types(files: Mapping[str, bytes], shown: str) -> None:
    """Refuse what may not be published, by its name or by what it begins with."""
    for path, data in files.items():
        suffix = posixpath.splitext(path)[1].lower()
        if suffix not in FILE_SUFFIXES or any(map(is_hidden, path.split("/"))):
            raise refused(shown, f"里面的 {path} 不是能公开的文件", "只放照片、视频和 PDF、Word、Excel、ZIP 一类的附件")
        if is_program(path, data):
            raise refused(shown, f"{path} 的名字是 {suffix}，里面却是程序或网页", "请对方检查这个文件")


def _summary(data: bytes | None) -> HandInList | None:
    """The list in a ZIP; None if there is none, or one that newsgen cannot read."""
    try:
        found = msgspec.json.decode(data or b"", type=HandInList)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.format == FORMAT else None


def _changed_on_the_way(summary: HandInList | None, files: Mapping[str, bytes]) -> Iterator[str]:
    """Messages for the differences between the files and their list."""
    if summary is None:
        return
    listed = {unicodedata.normalize("NFC", item.name): item.sha256 for item in summary.files}
    for name in dict.fromkeys((*listed, *files)):
        if name not in files:
            yield f"交稿单上有 {name}，压缩包里没有：路上丢了，请对方再发一次"
        elif name not in listed:
            yield f"{name} 是后来放进压缩包的，交稿单上没有"
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} 交稿以后被改过，和交稿单上的摘要对不上"


def _elsewhere(summary: HandInList | None) -> Iterator[str]:
    for item in summary.elsewhere if summary else ():
        yield f"正文用到别处的文件 {item.name}：没有动它；这里没有的话，从压缩包的“{ELSEWHERE}”里取"


def _stem(shown: str) -> str:
    return posixpath.basename(shown.replace("\\", "/")).removesuffix(".zip").removesuffix(".ZIP")


def plain_folder_name(typed: str) -> str:
    """A typed name, changed where needed so that a folder of content/ may have it."""
    name = NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", typed)).strip("-. _~")
    name = name.encode()[:LONGEST].decode(errors="ignore").rstrip("-. ")
    return name if is_portable(name) else "shougao"
