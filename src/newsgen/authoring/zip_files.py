"""The files of a ZIP that somebody sent, with names that are safe on every system. Nothing is unpacked to disk.

The whole ZIP is refused, before any of it is used, if it is too large, or if a name leads out of its folder or would name
another file on another system. Files that systems add by themselves are left out.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping

from newsgen.core.errors import UsageError
from newsgen.core.files import visible
from newsgen.core.model import Record
from newsgen.core.text import is_device
from newsgen.core.zip_archives import directory_size, entry_name, read_entry

MOST_BYTES = 400_000_000
"""Maximum bytes of a ZIP, and of all its files together."""
MOST_FILES = 500
MOST_DIRECTORY = 2_000_000
"""Maximum bytes of the list of files at the end of a ZIP: zipfile reads it whole before files can be counted."""
DEEPEST = 8
LONGEST = 180
"""Maximum bytes of a name in UTF-8: most systems take 255, and add some of their own."""
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)
"""The errors that zipfile raises for a damaged ZIP."""
_OF_SYSTEMS = re.compile(r"(?:\.|~\$).*|__MACOSX|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_NOT_EVERYWHERE = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f]|[. ]$|^ ')


class ZipContents(Record, frozen=True):
    """The files of a ZIP by their paths, with `/` and in NFC. `left_out` are the names of files that systems add.

    `is_gbk`: a Windows wrote the names without saying in which encoding.
    """

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()
    is_gbk: bool = False


def files_in_zip(data: bytes, shown: str) -> ZipContents:
    """The files in a ZIP, which is called `shown` in messages. Raises UsageError with the reason for a refusal."""
    check_directory(data, shown)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise refused(shown, f"里面有 {len(entries)} 个文件，最多 {MOST_FILES} 个", "一篇稿子一个压缩包")
            names = {id(entry): _path(entry, shown) for entry in entries}
            inside = [entry for entry in entries if not entry.is_dir()]
            left_out = [entry for entry in inside if _is_of_system(names[id(entry)])]
            taken = [entry for entry in inside if entry not in left_out]
            _check_names((names[id(entry)] for entry in taken), shown)
            files = dict(_read(archive, {names[id(entry)]: entry for entry in taken}, shown))
    except BROKEN:
        raise refused(shown, "打不开，可能没有传完，或者已经损坏", "请对方再发一次") from None
    return ZipContents(
        files, tuple(names[id(entry)] for entry in left_out), any(entry_name(entry)[1] for entry in taken)
    )


def refused(shown: str, why: str, hint: str) -> UsageError:
    """The error for a ZIP that is refused."""
    return UsageError(f"没有收 {visible(shown)}：{why}", hint, "receive.zip")


def check_directory(data: bytes, shown: str) -> None:
    """Refuse a list of files that is too long to be read."""
    if len(data) > MOST_BYTES:
        raise refused(shown, f"有 {len(data) // 1_000_000} MB，最多 {MOST_BYTES // 1_000_000} MB", "视频另外传")
    size = directory_size(io.BytesIO(data))
    if size is None:
        raise refused(shown, "这不是 ZIP 压缩包，或者没有传完", "请对方用“交稿”再做一个，或者用系统自带的压缩做成 ZIP")
    if size > MOST_DIRECTORY:
        raise refused(shown, "里面的文件太多了", "一篇稿子一个压缩包")


# ---------------------------------------------------------------- names


def _path(entry: zipfile.ZipInfo, shown: str) -> str:
    """The path of an entry with `/`, in NFC. Raises UsageError if it leads out, or is no plain file or folder."""
    typed = entry_name(entry)[0]
    path = unicodedata.normalize("NFC", typed.replace("\\", "/"))
    parts = path.removesuffix("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.startswith("/") or {"", ".", ".."} & set(parts) or re.match(r"[A-Za-z]:", path):
        raise refused(shown, f"里面的 {visible(typed)[:100]} 会跑到文件夹外面去", "请对方用“交稿”再做一个")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused(shown, f"里面的 {visible(path)[:100]} 不是普通的文件（是快捷方式一类）", "放文件本身")
    if entry.flag_bits & 1:
        raise refused(shown, "有密码", "请对方做一个没有密码的")
    if not entry.is_dir() and entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(shown, "用了不常见的压缩方法", "用系统自带的压缩做成 ZIP")
    return path.removesuffix("/")


def is_portable(name: str) -> bool:
    """Whether every system can have a file or folder of this name."""
    is_long = len(name.encode("utf-8", "surrogatepass")) > LONGEST
    return bool(name) and not (_NOT_EVERYWHERE.search(name) or is_device(name) or is_long) and name.isprintable()


def _is_of_system(path: str) -> bool:
    return any(map(_OF_SYSTEMS.fullmatch, path.split("/")))


def _check_names(paths: Iterable[str], shown: str) -> None:
    """Refuse names that some system cannot hold, or takes for the same as another."""
    seen: dict[str, str] = {}
    folders: set[str] = set()
    files: set[str] = set()
    for path in paths:
        parts = path.split("/")
        for part in parts:
            if not is_portable(part):
                hint = '文件名里不要有 < > : " | ? *，结尾不要有点和空格，也不要太长；请对方改名再发'
                raise refused(shown, f"文件名 {visible(part)[:100]} 在有的电脑上用不了", hint)
        if len(parts) > DEEPEST:
            raise refused(shown, f"文件夹一层套一层，超过了 {DEEPEST} 层", "照片和正文放在同一个文件夹里")
        above = ["/".join(parts[:count]) for count in range(1, len(parts))]
        for name in (*above, path):
            other = seen.setdefault(name.casefold(), name)
            if other != name or name in files:
                raise refused(shown, f"{other} 和 {name} 在有的电脑上是同一个文件", "给其中一个换一个名字")
        if path in folders:
            raise refused(shown, f"{path} 又是文件又是文件夹", "请对方用“交稿”再做一个")
        folders.update(above)
        files.add(path)


def _read(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], shown: str) -> Iterator[tuple[str, bytes]]:
    """The bytes of each file. The sizes that the ZIP states are not trusted."""
    left = MOST_BYTES
    for path, entry in entries.items():
        content = read_entry(archive, entry, left + 1)
        left -= len(content)
        if left < 0:
            raise refused(shown, f"解压以后超过 {MOST_BYTES // 1_000_000} MB", "视频另外传")
        yield path, content
