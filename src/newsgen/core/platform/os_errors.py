"""Reasons for errors of the system, in Chinese: its own messages are English, or in the code page of the machine."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping

from newsgen.core.platform.paths import LIMIT, is_too_long

WINDOWS = os.name == "nt"

MISSING = "找不到这个文件或文件夹"
DENIED = "没有权限"
HELD = "它正被别的程序打开着"
EXISTS = "已经有一个同名的文件或文件夹"
NO_FOLDER = "路径里有一段不是文件夹"
FULL = "磁盘满了"
TOO_LONG = "名字或路径太长"
READ_ONLY = "那里只能读，不能写"
NO_SPACE_FOR_USER = "分给你的磁盘空间用完了"
BROKEN = "磁盘读写出错，可能坏了"
BAD_NAME = "系统不接受这样的名字"
LOOP = "快捷方式（符号链接）绕成了圈"
OTHER_DISK = "两处不在同一个磁盘上"
UNSUPPORTED = "那里不支持这样做"
NO_DEVICE = "磁盘没有接好，或者已经拔掉"
MEMORY = "内存不够"
TOO_MANY = "同时打开的文件太多"
REFUSED = "对方拒绝连接"
CUT = "连接断了"
SILENT = "等了很久没有回音"
NO_NETWORK = "网络不通"
NO_HOST = "找不到这台主机"
NO_ADDRESS = "这台电脑没有这个地址"
PORT_TAKEN = "端口已经被占用"
CLOUD = "这个文件还在云盘上，没有下载到这台电脑；打开云盘（OneDrive）等它同步好"


def _numbered(names: Mapping[str, str]) -> dict[int, str]:
    """The reasons by error number; names that this system does not know are left out."""
    return {getattr(errno, name): words for row, words in names.items() for name in row.split() if hasattr(errno, name)}


ERRNO = _numbered(
    {
        "ENOENT": MISSING,
        "EACCES EPERM WSAEACCES": DENIED,
        "EBUSY": HELD,
        "ETXTBSY": "它正在运行，或正被别的程序打开着",
        "EEXIST": EXISTS,
        "ENOTDIR": NO_FOLDER,
        "EISDIR": "这是一个文件夹，不是文件",
        "ENOTEMPTY": "文件夹不是空的",
        "ENOSPC": FULL,
        "EDQUOT": NO_SPACE_FOR_USER,
        "EROFS": READ_ONLY,
        "ENAMETOOLONG": TOO_LONG,
        "EINVAL EILSEQ": BAD_NAME,
        "EIO": BROKEN,
        "EXDEV": OTHER_DISK,
        "ELOOP": LOOP,
        "EFBIG": "文件太大",
        "EMLINK": "链接太多",
        "ENODEV ENXIO ENOMEDIUM": NO_DEVICE,
        "ENOMEM ENOBUFS": MEMORY,
        "EMFILE ENFILE": TOO_MANY,
        "ENOSYS ENOTSUP EOPNOTSUPP": UNSUPPORTED,
        "ESTALE": "网络文件夹断开过，要重新打开",
        "EAGAIN EINTR EALREADY EINPROGRESS": "系统这会儿忙，请再试一次",
        "EBADF": "文件已经关上了",
        "EDEADLK ENOLCK": "文件锁用不了",
        "ESPIPE": "它不是普通的文件",
        "EPIPE ESHUTDOWN": "对方已经关上了",
        "ECONNREFUSED": REFUSED,
        "ECONNRESET ECONNABORTED ENOTCONN ENETRESET": CUT,
        "ETIMEDOUT ETIME": SILENT,
        "ENETUNREACH ENETDOWN EHOSTUNREACH EHOSTDOWN ENONET": NO_NETWORK,
        "EADDRINUSE": PORT_TAKEN,
        "EADDRNOTAVAIL EAFNOSUPPORT": NO_ADDRESS,
    }
)

_WINDOWS: tuple[tuple[Iterable[int], str], ...] = (
    ((2, 3), MISSING),
    ((5,), "没有权限，或者它正被别的程序打开着"),
    ((4,), TOO_MANY),
    ((8, 14, 1450, 1455), MEMORY),
    ((15, 20, 21, 55, 1005, 1006, 1167), NO_DEVICE),
    ((17,), OTHER_DISK),
    ((19,), "磁盘有写保护"),
    ((23, 1117, 1392, 1393), BROKEN),
    ((32, 33, 170, 303, 1224), HELD),
    ((39, 112), FULL),
    ((1295, 1816), NO_SPACE_FOR_USER),
    ((51, 53, 59, 64, 67, 121, 1231, 1232), "网络文件夹连不上"),
    ((50,), UNSUPPORTED),
    ((65, 1314), "没有权限（要管理员才能这样做）"),
    ((80, 183), EXISTS),
    ((87, 123, 161), BAD_NAME),
    ((111, 206), TOO_LONG),
    ((145,), "文件夹不是空的"),
    ((225, 226), "被杀毒软件拦下了"),
    ((267,), NO_FOLDER),
    ((*range(358, 399), 404, 426), CLOUD),
    ((681, 682, 1921), LOOP),
    ((10013,), DENIED),
    ((10048,), PORT_TAKEN),
    ((10047, 10049), NO_ADDRESS),
    ((10050, 10051, 10065), NO_NETWORK),
    ((10052, 10053, 10054, 10057), CUT),
    ((10060,), SILENT),
    ((10061,), REFUSED),
    ((11001, 11002, 11003, 11004), NO_HOST),
)
WINERROR: Mapping[int, str] = {number: words for numbers, words in _WINDOWS for number in numbers}
"""System Error Codes (learn.microsoft.com), as `OSError.winerror` holds them."""


_KINDS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, MISSING),
    (PermissionError, DENIED),
    (FileExistsError, EXISTS),
    (NotADirectoryError, NO_FOLDER),
    (ConnectionRefusedError, REFUSED),
    (ConnectionError, CUT),
)
"""The reasons for errors that a library raises without a number."""


def reason(error: OSError) -> str:
    """The reason for an error: a few Chinese words without a full stop; for an unknown number, the number."""
    if type(error).__name__ in ("gaierror", "herror"):  # of socket, which a build has no need to import
        return NO_HOST
    if isinstance(error, TimeoutError):
        return SILENT
    number = getattr(error, "winerror", None)
    if number is not None:
        return WINERROR.get(number) or f"系统报错，编号 {number}"
    if too_long := _too_long(error):
        return too_long
    return _by_errno(error)


def is_full(error: OSError) -> bool:
    """Whether an error says that there is no room: the disk is full, or what this person may have of it is used up."""
    return reason(error) in (FULL, NO_SPACE_FOR_USER)


def _too_long(error: OSError) -> str:
    """The reason for an error at a path that is too long for Windows, which reports a missing file; "" for others."""
    name = error.filename
    if error.errno in (errno.ENOENT, errno.EINVAL) and isinstance(name, str) and is_too_long(name):
        return f"路径太长（{len(os.path.abspath(name))} 个字，Windows 最多 {LIMIT} 个）；把网站移到浅一些的文件夹，或把名字改短"
    return ""


def _by_errno(error: OSError) -> str:
    if WINDOWS and error.errno in (
        errno.EACCES,
        errno.EPERM,
    ):  # all that open() says of a file that another program holds
        return WINERROR[5]
    if error.errno is not None:
        return ERRNO.get(error.errno) or f"系统报错，编号 {error.errno}"
    if error.strerror:  # words of our own
        return error.strerror
    return next((words for kind, words in _KINDS if isinstance(error, kind)), "系统报错")
