"""Transport errors with stable codes and Chinese messages, recognised in errors of ssh, rsync and the system."""

from __future__ import annotations

import errno
import re

from newsgen.core.errors import HostError
from newsgen.core.platform import reason

MESSAGES: dict[str, tuple[str, str]] = {
    "publish.refused": ("服务器拒绝连接", "检查 host 和 port；服务器上的 SSH 服务可能没有开，或防火墙不让这台机器连接"),
    "publish.unreachable": ("连不上服务器", "检查网络和 host；校外往往要先连 VPN"),
    "publish.no-such-host": ("找不到这个服务器的地址", "检查 site.yaml 里的 host 有没有写错"),
    "publish.unknown-host-key": (
        "不认识这台服务器的主机密钥，没有连接",
        "向服务器管理员核对指纹，再把它的主机公钥写进 known_hosts 文件（known_hosts: 指明的，或 ~/.ssh/known_hosts）",
    ),
    "publish.changed-host-key": (
        "服务器的主机密钥变了，没有连接：可能换了机器，也可能有人冒充",
        "打电话向服务器管理员核对；确实换了，才改 known_hosts 里的那一行",
    ),
    "publish.denied-key": (
        "服务器不接受这把密钥",
        "检查 user 和 key（或 key_env）；公钥要写在服务器上这个用户的 ~/.ssh/authorized_keys 里",
    ),
    "publish.bad-key": (
        "用不了这把密钥",
        "检查密钥文件在不在、只有自己可读、没有设口令；有口令的密钥先用 ssh-add 加进代理",
    ),
    "publish.cut": ("和服务器的连接断了", "网站没有变成半新半旧；网络好了再运行一次，已经传好的不用再传"),
    "publish.no-space": ("服务器上没有空间了", "请服务器管理员清理磁盘或加大配额，或把 keep 改小；线上的网站没有改动"),
    "publish.read-only": ("服务器上的文件夹是只读的", "请服务器管理员让这个用户可以写；磁盘出错时系统也会把它变成只读"),
    "publish.not-permitted": ("没有权限写服务器上的文件夹", "请服务器管理员把这个文件夹交给发布用的用户"),
    "publish.in-use": (
        "有文件正被别的程序打开着，等了一会儿也没有放开",
        "关掉打开它的程序（也可能是杀毒软件在检查），再发布一次，会接着做完",
    ),
    "publish.no-rsync": ("服务器上没有 rsync", "请服务器管理员安装 rsync，或在 site.yaml 里把 kind 改成 sftp"),
    "publish.no-rsync-here": ("这台机器上没有 rsync", "安装 rsync，或在 site.yaml 里把 kind 改成 sftp"),
    "publish.not-on-windows": (
        "Windows 上做不到",
        "在 site.yaml 里把 kind 改成 sftp；签名用密钥文件（key:），不用环境变量",
    ),
    "publish.no-ssh-here": ("这台机器上没有 OpenSSH", "安装 openssh-client，或在 site.yaml 里把 kind 改成 sftp"),
    "publish.no-shell": ("这个用户在服务器上不能运行命令", "在 site.yaml 里把 kind 改成 sftp"),
    "publish.noisy-shell": ("服务器登录时打印了别的文字", "请管理员去掉这个用户登录脚本（.bashrc）里的打印"),
    "publish.old-server": (
        "服务器上的系统工具太旧或不全",
        "kind: ssh 需要 Linux 的 mv -T、cp -l 和 sha256sum；可把 kind 改成 sftp",
    ),
    "publish.no-folder": ("没有这个文件夹", "检查 path；是共享文件夹的话，看它有没有挂上"),
    "publish.silent": ("服务器一直不回答", "网站没有变成半新半旧；过一会儿再试，还是这样就请服务器管理员检查"),
    "publish.strange-answer": (
        "服务器的回答不对，没有再听下去",
        "对方不像是一台正常的服务器，或它坏了：请服务器管理员检查；线上的网站没有改动",
    ),
    "publish.lost-lock": (
        "发布权已经被收走",
        "连接断得太久，或有人运行了 newsgen unlock；看看 newsgen releases，再发布一次",
    ),
    "publish.strange-file": (
        "这里应是 newsgen 自己的一个小文件，现在不是普通文件，或大得不像",
        "请服务器管理员看看是谁放的，把它移开",
    ),
    "publish.strange-folder": (
        "这里应是 newsgen 自己的一个文件夹，现在是别的东西",
        "请服务器管理员看看是谁放的，把它移开，再运行一次",
    ),
    "publish.leftover": (
        "有人放在 newsgen 的文件夹里的东西删不掉",
        "请服务器管理员删去它（它不是网站的一部分），再发布一次",
    ),
    "publish.failed": ("服务器上的操作没有成功", "把下面这句话告诉服务器管理员"),
}
"""Code -> (what is wrong, what to do)."""

_SIGNS: tuple[tuple[str, str], ...] = (
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", "publish.changed-host-key"),
    ("host key is known for", "publish.unknown-host-key"),
    ("Host key verification failed", "publish.unknown-host-key"),
    ("Connection refused", "publish.refused"),
    ("Could not resolve hostname", "publish.no-such-host"),
    ("No route to host", "publish.unreachable"),
    ("Network is unreachable", "publish.unreachable"),
    ("Connection timed out", "publish.unreachable"),
    ("Operation timed out", "publish.unreachable"),
    ("UNPROTECTED PRIVATE KEY", "publish.bad-key"),
    ("Load key", "publish.bad-key"),
    ("Identity file", "publish.bad-key"),
    (r"Permission denied \([a-z]", "publish.denied-key"),
    ("Too many authentication failures", "publish.denied-key"),
    ("rsync: not found", "publish.no-rsync"),
    ("rsync: command not found", "publish.no-rsync"),
    ("rsync: No such file", "publish.no-rsync"),
    ("is your shell clean", "publish.noisy-shell"),
    ("This service allows sftp connections only", "publish.no-shell"),
    ("account is currently not available", "publish.no-shell"),
    ("No space left on device", "publish.no-space"),
    ("Disk quota exceeded", "publish.no-space"),
    ("Read-only file system", "publish.read-only"),
    ("invalid option", "publish.old-server"),
    ("unrecognized option", "publish.old-server"),
    ("not found", "publish.old-server"),
    ("Permission denied", "publish.not-permitted"),
    ("Operation not permitted", "publish.not-permitted"),
    ("Connection reset", "publish.cut"),
    ("Connection closed", "publish.cut"),
    ("closed by remote host", "publish.cut"),
    ("not responding", "publish.cut"),
    ("Broken pipe", "publish.cut"),
    ("connection unexpectedly closed", "publish.cut"),
    ("Connection to", "publish.cut"),
)
"""Regular expressions for messages of OpenSSH, rsync and coreutils (under LC_ALL=C) -> code. The first match counts."""

_HELD = (32, 33)
"""ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION of Windows. Their `errno` is EACCES, like that of a refused
permission."""
_NUMBERS = {
    errno.ENOSPC: "publish.no-space",
    errno.EDQUOT: "publish.no-space",
    errno.EROFS: "publish.read-only",
    errno.EACCES: "publish.not-permitted",
    errno.EPERM: "publish.not-permitted",
    errno.ECONNREFUSED: "publish.refused",
    errno.EHOSTUNREACH: "publish.unreachable",
    errno.ENETUNREACH: "publish.unreachable",
    errno.ETIMEDOUT: "publish.unreachable",
    errno.ECONNRESET: "publish.cut",
    errno.EPIPE: "publish.cut",
}


def plain(text: str) -> str:
    """A server's text made safe for a terminal: unprintable characters, and bytes that are not UTF-8, are escaped."""
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    if "\udc80" <= sign <= "\udcff":
        return f"\\x{ord(sign) - 0xDC00:02x}"
    return sign.encode("unicode_escape").decode("ascii")


UNDELETABLE = frozenset(("publish.not-permitted", "publish.failed"))
"""The codes for a file that cannot be deleted, while others can be."""


class TransportError(HostError):
    """An error of the target or of the connection. `code` is one of MESSAGES."""

    def __init__(self, code: str, shown: str, words: str = "") -> None:
        message, hint = MESSAGES[code]
        lines = [line.strip() for line in words.splitlines() if line.strip()]
        quoted = f"\n原话：{plain(lines[-1][:300])}" if lines else ""
        super().__init__(f"{message}：{plain(shown)}", hint + quoted, code)
        self.code = code


def from_words(words: str, shown: str, otherwise: str = "publish.failed") -> TransportError:
    """The error for a tool's English message; `otherwise` is the code if the message is not known."""
    code = next((code for sign, code in _SIGNS if re.search(sign, words)), otherwise)
    return TransportError(code, shown, words)


def from_system(error: OSError, shown: str) -> TransportError:
    """The error for an error of the system."""
    code = (
        "publish.in-use"
        if getattr(error, "winerror", None) in _HELD
        else _NUMBERS.get(error.errno or 0, "publish.failed")
    )
    return TransportError(code, shown, reason(error))
